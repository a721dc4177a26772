#!/bin/sh
# run: what a bundle and the options ask for is what the container has
. "$(dirname "$0")/run.sh"

needs_root() {
	[ "$(id -u)" -eq 0 ] && return
	skip "needs root"
	return 1
}

# runc_spec [--rootless]: a new config.json, as the user whose it is
runc_spec() {
	rm -f "$bundle/config.json"
	(cd "$bundle" && runc spec "$@") || wrong "runc spec fails"
}

# Its command is "sh", which reads from stdin.
run_with_script() {
	printf '%s\n' "$1" >"$tmp/script"
	shift
	"$@" --shim "$shim" "$bundle" >"$tmp/out" 2>"$tmp/said" <"$tmp/script"
	status=$?
	out=$(cat "$tmp/out")
	said=$(cat "$tmp/said")
}

what_runc_writes_runs_unchanged() {
	needs_root || return
	command -v runc >/dev/null || {
		skip "runc is not installed"
		return
	}
	runc_spec
	run_with_script 'id -u; hostname; cat /sys/class/net/lo/flags; exit 7' \
		"$run"
	equal "what is said" "$said" ""
	equal "the output" "$out" "0
runc
0x9"
	equal "the exit status" $status 7
}

what_runc_writes_for_the_rootless_runs_unchanged() {
	reason=$(no_rootless)
	[ -z "$reason" ] && ! command -v runc >/dev/null &&
		reason="runc is not installed"
	[ -z "$reason" ] || {
		skip "$reason"
		return
	}
	rm -f "$bundle/config.json"
	chown $user "$bundle"
	(cd "$bundle" && as_user runc spec --rootless)
	run_with_script 'id -u; hostname; cat /proc/self/uid_map; exit 7' \
		as_user "$run"
	chown 0 "$bundle"
	equal "what is said" "$said" ""
	equal "the output" "$(echo "$out" | tr -s ' ')" "0
runc
 0 $user 1"
	equal "the exit status" $status 7
}

an_ordinary_user_needs_no_special_bundle() {
	reason=$(no_rootless)
	[ -z "$reason" ] && ! command -v runc >/dev/null &&
		reason="runc is not installed"
	[ -z "$reason" ] || {
		skip "$reason"
		return
	}
	runc_spec
	run_with_script 'id -u; cat /sys/class/net/lo/flags' as_user "$run"
	equal "the output" "$out" "0
0x9"
	equal "what is said" "$said" "init-shim-run: note: no group has the \
number of gid=5 here, terminals get their maker's"
	equal "the exit status" $status 0
}

# What the user gets where /etc/subuid and /etc/subgid have ranges for it.
run_with_ranges() {
	mkdir -p "$tmp/path"
	for name in newuidmap newgidmap; do
		cp "$INIT_SHIM_HELPERS/newidmap" "$tmp/path/$name"
		chmod 4755 "$tmp/path/$name"
	done
	chmod 755 "$tmp/path"
	printf '%s\n' nobody:1:1 $user:300000:1000 >"$tmp/subuid"
	printf '%s\n' $user:400000:500 $user:500000:500 >"$tmp/subgid"
	# shellcheck disable=SC2016
	unshare --mount sh -c 'mount --bind "$1" /etc/subuid
		mount --bind "$2" /etc/subgid
		shift 2
		exec setpriv --reuid '$user' --regid '$user' --groups 4711 "$@"' \
		sh "$tmp/subuid" "$tmp/subgid" \
		env HOME=/ PATH="$tmp/path:$PATH" "$@"
}

ranges_of_ids_are_the_users() {
	reason=$(no_rootless)
	[ -e /etc/subuid ] && [ -e /etc/subgid ] ||
		reason="there is no /etc/subuid to put another on"
	findmnt --noheadings --output OPTIONS --target "$tmp" |
		grep -q nosuid && reason="$tmp is nosuid"
	[ -z "$reason" ] || {
		skip "$reason"
		return
	}
	config 'id -u; id -G; cat /proc/self/uid_map /proc/self/gid_map' \
		', "hostname": "name"'
	sed -i 's,"/dev"\, "type": "tmpfs"},&\, {"destination": "/dev/pts"\, "type": "devpts"\, "options": ["gid=5"]},' \
		"$bundle/config.json"
	run_it run_with_ranges "$run"
	equal "what is said" "$said" ""
	equal "the output" "$(echo "$out" | tr -s ' ')" "0
0
 0 $user 1
 1 300000 1000
 0 $user 1
 1 400000 500
 501 500000 500"
}

groups_that_cannot_be_given_up_are_planned() {
	reason=$(no_rootless)
	[ -z "$reason" ] || {
		skip "$reason"
		return
	}
	config 'id -G'
	setpriv --reuid $user --regid $user --groups 4711 \
		"$run" --shim "$shim" "$bundle" >"$tmp/out" 2>"$tmp/said"
	equal "the exit status" $? 0
	equal "the output" "$(cat "$tmp/out")" "0 65534"
	contains "what is said" "$(cat "$tmp/said")" "additional groups stay"
}

exit_status_is_the_containers() {
	needs_root || return
	config 'exit 42'
	run_it "$run"
	equal "the exit status" "$status $said" "42 "
	sed -i 's/"sh", "-c", "[^"]*"/"nothing"/' "$bundle/config.json"
	run_it "$run"
	equal "that of a command that is not there" $status 127
	contains "the error" "$said" "No such file"
	sed -i 's/"nothing"/"\/etc"/' "$bundle/config.json"
	run_it "$run"
	equal "that of one that is a directory" $status 126
}

an_error_of_the_shims_is_blamed_on_config_json() {
	needs_root || return
	config true '' '' ', "sysctl": {"kernel.panic": "1"}'
	run_it "$run"
	equal "the exit status" $status 125
	contains "the error" "$said" \
		"(config.json item /linux/sysctl/kernel.panic)"
	config true ', "mounts": [{"destination": "/a", "type": "none",
		"source": "nowhere"}]'
	sed -i '/^ "mounts"/,/tmpfs/d' "$bundle/config.json"
	run_it "$run"
	contains "the error" "$said" "(config.json item /mounts/0)"
	contains "the error" "$said" "$bundle/nowhere"
}

# hook NAME SCRIPT [$0]
hook() {
	printf '{"path": "/bin/sh", "env": ["A=%s"], "args": ["sh", "-c", "%s",
		"%s"]}' "$1" "$2" "${3-sh}"
}

hooks_run_in_order_with_the_state() {
	needs_root || return
	echo '{ echo $A $PWD; cat; echo; } >>"$0.log"' >"$tmp/hook"
	inside='{ echo $A; cat; } >/tmp/log'
	config 'exec sleep 100' ', "annotations": {"a": "b"}, "hooks": {
		"prestart": ['"$(hook prestart ". $tmp/hook" "$tmp/hook")"'],
		"createRuntime": ['"$(hook createRuntime ". $tmp/hook" "$tmp/hook")"'],
		"createContainer": ['"$(hook createContainer ". $tmp/hook" "$tmp/hook")"'],
		"startContainer": ['"$(hook startContainer "$inside")"'],
		"poststart": ['"$(hook poststart ". $tmp/hook; read pid <$tmp/pid; kill -9 \$pid" "$tmp/hook")"'],
		"poststop": ['"$(hook poststop 'exit 3')"',
			'"$(hook poststop ". $tmp/hook" "$tmp/hook")"']}'
	rm -f "$tmp/hook.log" "$tmp/pid"
	run_it "$run" --pid-file "$tmp/pid" --id name
	pid=$(cat "$tmp/pid")
	state='{"id":"name","bundle":"'$bundle'","ociVersion":"1.0.2",'
	state=$state'"annotations":{"a":"b"},"status":"%s"%s}\n'
	# the shim writes the state of those that it runs, and its own number
	sed -i 's/^{"ociVersion.*creating","pid":1,.*/CREATING/' "$tmp/hook.log"
	# shellcheck disable=SC2059
	equal "what the hooks saw" "$(cat "$tmp/hook.log")" "$(
		printf "prestart $bundle\n$state" creating ",\"pid\":$pid"
		printf "createRuntime $bundle\n$state" creating ",\"pid\":$pid"
		printf "createContainer /\nCREATING\n"
		printf "poststart $bundle\n$state" running ",\"pid\":$pid"
		printf "poststop $bundle\n$state" stopped ""
	)"
	contains "what the hook inside saw" "$(cat "$bundle/rootfs/tmp/log")" \
		"\"status\":\"created\",\"pid\":1,"
	contains "what is said" "$said" "exited with 3 (config.json item \
/hooks/poststop/0)"
	equal "the exit status" $status 137
}

a_hook_that_fails_ends_it() {
	needs_root || return
	rm -f "$tmp/log"
	config 'echo never' ', "hooks": {
		"prestart": ['"$(hook 1 true)"', '"$(hook 2 'echo no; exit 5')"'],
		"createRuntime": ['"$(hook 3 "touch $tmp/never")"'],
		"poststop": ['"$(hook 4 "echo stopped >$tmp/log")"']}'
	run_it "$run"
	equal "what is said" "$said" "init-shim-run: cannot run /bin/sh: \
exited with 5: no (config.json item /hooks/prestart/1)"
	equal "the exit status" $status 125
	equal "the output" "$out$(ls "$tmp/never" 2>/dev/null)" ""
	equal "the poststop hook's word" "$(cat "$tmp/log")" stopped

	config 'sleep 100' ', "hooks": {"poststart": ['"$(hook 1 'exit 5')"']}'
	run_it "$run"
	contains "what is said" "$said" "exited with 5 (config.json item \
/hooks/poststart/0)"
	equal "the exit status" $status 125
}

a_hook_has_its_time() {
	needs_root || return
	config 'echo never' ', "hooks": {"createRuntime": [{"path":
		"/bin/sleep", "args": ["sleep", "100"], "timeout": 1}]}'
	run_it "$run"
	contains "what is said" "$said" "timed out after 1 s"
	equal "the exit status" $status 125
}

signals_reach_the_container() {
	needs_root || return
	config 'trap \"exit 9\" USR1; echo up; while :; do sleep 1; done'
	"$run" --shim "$shim" "$bundle" >"$tmp/out" 2>&1 </dev/null &
	until_true grep -q up "$tmp/out"
	kill -USR1 $!
	wait $!
	equal "the exit status" $? 9
}

# We are stopped while the target starts, so that its output comes first.
a_signal_that_the_target_expects_is_not_too_early() {
	needs_root || return
	rm -f "$tmp/here" "$tmp/go"
	echo "echo >$tmp/here; until [ -e $tmp/go ]; do sleep 0.05; done" \
		>"$tmp/hook"
	config 'trap \"exit 9\" TERM; echo up; while :; do sleep 1; done' \
		', "hooks": {"createContainer": ['"$(hook 1 ". $tmp/hook")"']}'
	"$run" --shim "$shim" "$bundle" >"$tmp/out" 2>&1 </dev/null &
	until_true test -s "$tmp/here"
	kill -STOP $!
	touch "$tmp/go"
	until_true grep -q up "$tmp/out"
	kill -TERM $!
	kill -CONT $!
	wait $!
	equal "the exit status" $? 9
	equal "what is said" "$(cat "$tmp/out")" up
}

a_signal_that_ends_nothing_waits_for_the_target() {
	needs_root || return
	config 'exec sleep 1000' ', "hooks": {"prestart": [
		'"$(hook 1 'kill -USR1 $PPID')"']}'
	sed -i 's/{"type": "pid"},//' "$bundle/config.json"
	run_it "$run" --timeout 60
	equal "the exit status" $status 138
}

a_signal_before_the_target_runs_ends_it() {
	needs_root || return
	config 'echo never' ', "hooks": {"prestart": [
		'"$(hook 1 "echo \$\$ >$tmp/hook; exec sleep 1000")"']}'
	rm -f "$tmp/hook"
	"$run" --shim "$shim" --pid-file "$tmp/pid" "$bundle" >"$tmp/out" 2>&1 \
		</dev/null &
	until_true test -s "$tmp/hook"
	kill -TERM $!
	wait $!
	equal "the exit status" $? 143
	contains "what is said" "$(cat "$tmp/out")" "signal 15 came first"
	equal "who is left" "$(kill -0 "$(cat "$tmp/hook")" 2>&1 >/dev/null |
		sed 's/.*: //') $(ls -d "/proc/$(cat "$tmp/pid")" 2>/dev/null)" \
		"No such process "
}

the_container_does_not_outlive_us() {
	needs_root || return
	config 'echo up; exec sleep 1000'
	"$run" --shim "$shim" --pid-file "$tmp/pid" "$bundle" >"$tmp/out" 2>&1 \
		</dev/null &
	until_true grep -q up "$tmp/out"
	kill -KILL $!
	wait $! 2>/dev/null
	until_true has_ended "$(cat "$tmp/pid")"
	[ -z "$tap_wrong" ] || kill -KILL "$(cat "$tmp/pid")"
}

# A zombie has: whoever adopted it takes its time.
has_ended() {
	! grep -q '^State:[[:space:]]*[^Z]' "/proc/$1/status" 2>/dev/null
}

the_time_is_limited() {
	needs_root || return
	config 'echo up; exec sleep 100'
	run_it "$run" --timeout 1
	equal "the exit status, and the output," "$status $out" "137 up"
	contains "what is said" "$said" "ran for 1 s"
	config 'echo never' ', "hooks": {"prestart": ['"$(hook 1 'sleep 100')"']}'
	run_it "$run" --timeout 1
	equal "the exit status, and the output," "$status $out" "125 "
	contains "what is said" "$said" "took more than 1 s"
}

a_cgroup_is_joined() {
	needs_root || return
	mounted=$(awk '$3 ~ /^cgroup2?$/ && $4 !~ /^ro/ { print $2; exit }' \
		/proc/mounts)
	cgroup=$mounted/init-shim-run-test-$$
	mkdir "$cgroup" 2>/dev/null || {
		cgroup=
		skip "no cgroup can be made here"
		return
	}
	config 'cat /proc/self/cgroup'
	run_it "$run" --cgroup "$cgroup"
	rmdir "$cgroup"
	contains "the cgroups" "$out" ":/init-shim-run-test-$$"
	cgroup=
	run_it "$run" --cgroup "$tmp"
	equal "the exit status" $status 125
	contains "what is said" "$said" "cannot join the cgroup $tmp: it is no"
}

namespaces_are_joined_by_their_paths() {
	needs_root || return
	mkfifo "$tmp/hold"
	unshare --net --uts sh -c "hostname other; echo \$\$ >$tmp/holder
		cat $tmp/hold" >/dev/null &
	until_true test -s "$tmp/holder"
	holder=$(cat "$tmp/holder")
	config 'readlink /proc/self/ns/net; hostname; cat /proc/sys/net/ipv4/ip_forward' \
		'' '' ', "sysctl": {"net.ipv4.ip_forward": "1"}'
	sed -i 's,{"type": "network"},{"type": "network"\, "path": "/proc/'"$holder"'/ns/net"},
		s,{"type": "uts"},{"type": "uts"\, "path": "/proc/'"$holder"'/ns/uts"},' \
		"$bundle/config.json"
	run_it "$run"
	equal "what is said" "$said" ""
	equal "the output" "$out" "$(readlink "/proc/$holder/ns/net")
other
1"
	echo >"$tmp/hold"
	wait
}

clocks_are_set_off() {
	needs_root || return
	[ -e /proc/self/ns/time ] || {
		skip "this kernel has no time namespaces"
		return
	}
	config 'read up rest </proc/uptime; echo ${up%.*}' '' '' \
		', "timeOffsets": {"boottime": {"secs": 1000000}}'
	sed -i 's/{"type": "uts"}/{"type": "time"}/' "$bundle/config.json"
	run_it "$run"
	equal "what is said" "$said" ""
	[ "$out" -ge 1000000 ] || wrong "it is up since $out s"
}

ids_are_mapped() {
	needs_root || return
	config 'cat /proc/self/uid_map /proc/self/gid_map' '' '' ',
		"uidMappings": [{"containerID": 0, "hostID": 100000,
		 "size": 10}], "gidMappings": [{"containerID": 0,
		 "hostID": 200000, "size": 20}]'
	sed -i 's/{"type": "uts"}/{"type": "user"}/' "$bundle/config.json"
	run_it "$run"
	equal "what is said" "$said" ""
	equal "the maps" "$(echo "$out" | tr -s ' ')" " 0 100000 10
 0 200000 20"
}

run_the_plan() {
	"$run" --shim "$shim" "$@" "$tmp/plan" >"$tmp/out" 2>"$tmp/said"
	status=$?
	out=$(cat "$tmp/out")
	said=$(cat "$tmp/said")
}

a_plan_runs_too() {
	needs_root || return
	cat >"$tmp/plan" <<-END
	{"version": 1, "rootfs": {"path": "$bundle/rootfs"},
	 "namespaces": ["mount", "pid", "user"],
	 "process": {"args": ["/bin/sh", "-c", "echo hello; exit 4"]}}
	END
	run_the_plan
	equal "the exit status" $status 125
	contains "what is said" "$said" "give --uid-map and --gid-map"
	run_the_plan --uid-map 0:0:10 --gid-map 0:0:10
	equal "what is said" "$said" ""
	equal "the output" "$out" hello
	equal "the exit status" $status 4
}

descriptors_that_a_plan_names_are_handed_over() {
	needs_root || return
	cat >"$tmp/plan" <<-END
	{"version": 1, "rootfs": {"fd": 5}, "namespaces": ["mount"],
	 "process": {"args": ["/bin/sh"]}}
	END
	run_the_plan 5<"$bundle/rootfs"
	contains "what is said" "$said" "pass one of open_tree(2)"
	run_the_plan 5>&-
	contains "what is said" "$said" "cannot open the rootfs"
}

descriptors_are_kept_where_asked() {
	needs_root || return
	config 'cat <&4; ls /proc/self/fd'
	echo hello >"$tmp/file"
	run_it "$run" --keep-fds 2 3</dev/null 4<"$tmp/file" 5</dev/null
	case $said in
	*"not supported yet"*)
		skip "the shim keeps no descriptors yet"
		return ;;
	esac
	equal "what is said" "$said" ""
	equal "the output" "$(echo "$out" | tr '\n' ' ')" "hello 0 1 2 3 4 5 "
	run_it "$run" --keep-fds 2 3</dev/null 4>&-
	contains "what is said" "$said" "descriptor 4 is not open"
}

make_bundle
run_tests \
	what_runc_writes_runs_unchanged \
	what_runc_writes_for_the_rootless_runs_unchanged \
	an_ordinary_user_needs_no_special_bundle \
	ranges_of_ids_are_the_users \
	groups_that_cannot_be_given_up_are_planned \
	exit_status_is_the_containers \
	an_error_of_the_shims_is_blamed_on_config_json \
	hooks_run_in_order_with_the_state \
	a_hook_that_fails_ends_it \
	a_hook_has_its_time \
	signals_reach_the_container \
	a_signal_that_the_target_expects_is_not_too_early \
	a_signal_that_ends_nothing_waits_for_the_target \
	a_signal_before_the_target_runs_ends_it \
	the_container_does_not_outlive_us \
	the_time_is_limited \
	a_cgroup_is_joined \
	namespaces_are_joined_by_their_paths \
	clocks_are_set_off \
	ids_are_mapped \
	a_plan_runs_too \
	descriptors_that_a_plan_names_are_handed_over \
	descriptors_are_kept_where_asked
