#!/bin/sh
# runc: what it shows a process is what the shim shows it, for one config.json
. "$(dirname "$0")/run.sh"

make_bundle
cp "$INIT_SHIM_HELPERS/show" "$bundle/rootfs/bin"
cat >"$bundle/rootfs/etc/passwd" <<-END
	root:x:0:0::/root:/bin/sh
	user:x:1000:1000::/home/user:/bin/sh
END

# Not the keys: a session keyring of runc's has a name, and lets others search.
sections="ids capabilities limits signals session env"

# config PROCESS: members to add, each with a comma before it
config() {
	# shellcheck disable=SC2086
	args=$(printf ', "%s"' $sections)
	cat >"$bundle/config.json" <<-END
	{"ociVersion": "1.0.2", "root": {"path": "rootfs"},
	 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
	 "process": {"args": ["/bin/show"$args], "cwd": "/",
	  "env": ["PATH=/bin", "A=1"]$1},
	 "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"},
	  {"type": "ipc"}, {"type": "uts"}]}}
	END
}

# Run it with both, and compare.
both_show_the_same() {
	theirs=$(runc --root "$tmp/runc" run --bundle "$bundle" \
		"show-$$" 2>"$tmp/said" </dev/null) || {
		skip "runc runs no container here: $(tail -1 "$tmp/said" |
			sed 's/.*msg=//')"
		return
	}
	run_it "$run"
	equal "the status" "$status $said" "0 "
	contains "what is shown" "$out" "rlimit_CPU"
	[ "$out" = "$theirs" ] || wrong "$(printf '%s\n' "$theirs" >"$tmp/theirs"
		diff "$tmp/theirs" "$tmp/out")"
}

no_runc() {
	command -v runc >/dev/null && [ "$(id -u)" -eq 0 ] && return 1
	skip "runc is not installed, or we are not root"
}

root_without_anything() {
	no_runc && return
	config ''
	both_show_the_same
}

root_with_some_capabilities() {
	no_runc && return
	config ', "noNewPrivileges": true, "oomScoreAdj": 300,
		"user": {"uid": 0, "gid": 0, "umask": 63,
			"additionalGids": [0, 5, 4000]},
		"capabilities": {"effective": ["CAP_KILL"],
			"bounding": ["CAP_KILL", "CAP_CHOWN", "CAP_NET_RAW"],
			"permitted": ["CAP_KILL", "CAP_CHOWN"]}'
	both_show_the_same
}

user_with_some_capabilities() {
	no_runc && return
	caps='["CAP_NET_BIND_SERVICE", "CAP_KILL"]'
	config ', "user": {"uid": 1000, "gid": 1001,
			"additionalGids": [2000, 5, 1001]},
		"capabilities": {"bounding": '"$caps"', "effective": '"$caps"',
			"permitted": '"$caps"', "inheritable": '"$caps"',
			"ambient": '"$caps"'}'
	both_show_the_same
}

user_without_anything() {
	no_runc && return
	config ', "user": {"uid": 1000, "gid": 1001}, "noNewPrivileges": true'
	both_show_the_same
}

user_that_is_in_no_list() {
	no_runc && return
	config ', "user": {"uid": 4711, "gid": 4711}'
	both_show_the_same
}

all_limits() {
	no_runc && return
	limits=
	# below what an ordinary machine inherits: no privilege is needed
	for limit in AS:900000000 CORE:900000000 CPU:9000 DATA:900000000 \
		FSIZE:900000000 LOCKS:900 MEMLOCK:9000 MSGQUEUE:9000 NICE:0 \
		NOFILE:900 NPROC:9000 RSS:900000000 RTPRIO:0 RTTIME:900000000 \
		SIGPENDING:900 STACK:90000000; do
		limits="$limits, {\"type\": \"RLIMIT_${limit%:*}\",
			\"soft\": $((${limit#*:} / 2)), \"hard\": ${limit#*:}}"
	done
	config ", \"rlimits\": [${limits#, }]"
	both_show_the_same
}

run_tests \
	root_without_anything \
	root_with_some_capabilities \
	user_with_some_capabilities \
	user_without_anything \
	user_that_is_in_no_list \
	all_limits
