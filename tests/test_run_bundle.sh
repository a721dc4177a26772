#!/bin/sh
# run_bundle: config.json becomes a plan, or is refused by its own pointers
. "$(dirname "$0")/tap.sh"

# as meson gives it: the real paths of both programs
run=$INIT_SHIM_RUN
shim=$INIT_SHIM
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bundle=$tmp/bundle
mkdir -p "$bundle/rootfs"

# config TOP ROOT PROCESS LINUX: members to add, each with a comma before it
config() {
	cat >"$bundle/config.json" <<-END
	{"ociVersion": "1.0.2", "root": {"path": "rootfs"$2},
	 "process": {"args": ["sh"], "cwd": "/"$3},
	 "linux": {"namespaces": [{"type": "mount"}]$4}$1}
	END
}

# What is said of the bundle, and its exit status behind it.
told() {
	"$run" --plan-only "$bundle" 2>&1 >/dev/null
	echo "$?"
}

# The plan, without what only keeps lines short.
plan() {
	"$run" --plan-only "$bundle" 2>&1 | tr -d '\t\n'
}

# Is the whole of it the fault at the pointer, with this in its reason?
blames() {
	said=$(told)
	contains "the fault" "$said" "(config.json item $1)"
	contains "the fault" "$said" "$2"
	equal "the number of faults, and the exit status," \
		"$(printf '%s\n' "$said" | wc -l) ${said##*
}" "2 125"
}

what_runc_writes_becomes_a_plan() {
	command -v runc >/dev/null || {
		skip "runc is not installed"
		return
	}
	for how in "" --rootless; do
		rm -f "$bundle/config.json"
		# shellcheck disable=SC2086
		runc spec $how --bundle "$bundle"
		"$run" --plan-only "$bundle" >"$tmp/plan" 2>"$tmp/said"
		equal "the exit status" $? 0
		equal "what is said" "$(cat "$tmp/said")" ""
		equal "what the shim says of the plan" \
			"$("$shim" --check --plan "$tmp/plan" 2>&1)" ""
	done
}

the_plan_is_the_whole_bundle() {
	cat >"$bundle/config.json" <<-'END'
	{"ociVersion": "1.3.0",
	 "root": {"path": "rootfs", "readonly": true},
	 "mounts": [
	  {"destination": "/proc", "type": "proc", "source": "proc"},
	  {"destination": "/data", "source": "data", "options": ["ro"]}],
	 "process": {"args": ["sh", "-c", "true"], "cwd": "/", "terminal": true,
	  "consoleSize": {"height": 1, "width": 2},
	  "user": {"uid": 1, "gid": 2, "additionalGids": [3], "umask": 63},
	  "capabilities": {"bounding": ["CAP_KILL"]}, "noNewPrivileges": true,
	  "rlimits": [{"type": "RLIMIT_CORE", "soft": 0,
	   "hard": 18446744073709551615}], "oomScoreAdj": -5},
	 "hostname": "name", "domainname": "domain",
	 "hooks": {"prestart": [{"path": "/bin/true"}],
	  "createContainer": [{"path": "/bin/true", "timeout": 3}],
	  "poststop": []},
	 "annotations": {"a": "b"},
	 "linux": {"namespaces": [{"type": "mount"}, {"type": "uts"},
	   {"type": "network"}, {"type": "ipc", "path": "/proc/self/ns/ipc"},
	   {"type": "time"}],
	  "timeOffsets": {"monotonic": {"secs": -1, "nanosecs": 2}},
	  "devices": [{"path": "/dev/fuse", "type": "c", "major": 10,
	   "minor": 229}, {"path": "/dev/null", "type": "c", "major": 1,
	   "minor": 3, "fileMode": 384}],
	  "sysctl": {"net.ipv4.ip_forward": "1"}, "rootfsPropagation": "private",
	  "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"],
	  "resources": {"devices": [{"allow": false, "access": "rwm"}],
	   "memory": {}}}}
	END
	dev='"type":"c","major":1,"minor":'
	equal "the plan" "$(plan)" "$(printf %s \
		'{"version":1,"rootfs":{"path":"'"$bundle"'/rootfs",' \
		'"readonly":true,"propagation":"private"},' \
		'"namespaces":["mount", "uts", "network", "time"],' \
		'"state":{"id":"bundle","bundle":"'"$bundle"'",' \
		'"ociVersion":"1.3.0","annotations":{"a":"b"}},' \
		'"mounts":[{"destination":"/proc","type":"proc",' \
		'"source":"proc"}, {"destination":"/data",' \
		'"source":"'"$bundle"'/data","options":["ro"]}],' \
		'"process":{"args":["sh", "-c", "true"],"cwd":"/",' \
		'"user":{"uid":1,"gid":2,"additionalGids":[3],"umask":63},' \
		'"capabilities":{"bounding":["CAP_KILL"]},' \
		'"noNewPrivileges":true,"rlimits":[{"type":"RLIMIT_CORE",' \
		'"soft":0,"hard":18446744073709551615}],"oomScoreAdj":-5},' \
		'"hostname":"name","domainname":"domain",' \
		'"hooks":{"createContainer":[{"path":"/bin/true",' \
		'"timeout":3}]},"devices":[{"path":"/dev/fuse","type":"c",' \
		'"major":10,"minor":229}, {"path":"/dev/null",'"$dev"'3,' \
		'"fileMode":384}, {"path":"/dev/zero",'"$dev"'5}, ' \
		'{"path":"/dev/full",'"$dev"'7}, {"path":"/dev/random",' \
		"$dev"'8}, {"path":"/dev/urandom",'"$dev"'9}, ' \
		'{"path":"/dev/tty","type":"c","major":5,"minor":0}],' \
		'"sysctl":{"net.ipv4.ip_forward":"1"},' \
		'"maskedPaths":["/proc/kcore"],"readonlyPaths":["/proc/sys"]}')"
	plan >"$tmp/plan"
	equal "what the shim says of the plan" \
		"$("$shim" --check --plan "$tmp/plan" 2>&1)" ""
}

a_key_that_nobody_knows_is_blamed() {
	config ', "maskedPaths": []' '' '' ''
	blames /maskedPaths "is no key of"
	config '' ', "x": 1' '' ''
	blames /root/x "is no key of"
	config '' '' ', "user": {"name": "root"}' ''
	blames /process/user/name "is no key of"
	config ', "mounts": [{"destination": "/a", "type": "tmpfs",
		"sourceFd": 3}]' '' '' ''
	blames /mounts/0/sourceFd "is no key of"
	config '' '' '' ', "resources": {"a/b": {}}'
	blames "/linux/resources/a~1b" "is no key of"
	config ', "hooks": {"prestart": [{"path": "/a", "dir": "/"}]}' '' '' ''
	blames /hooks/prestart/0/dir "is no key of"
}

limits_are_refused_each_by_its_pointer() {
	for limit in memory cpu pids blockIO hugepageLimits network rdma \
		unified; do
		config '' '' '' ', "resources": {"'$limit'": {"x": 1}}'
		blames /linux/resources/$limit/x "limits no resources"
	done
	config '' '' '' ', "resources": {"hugepageLimits": [{}]}'
	blames /linux/resources/hugepageLimits/0 "limits no resources"
	config '' '' '' ', "resources": {"pids": 1}'
	blames /linux/resources/pids "limits no resources"
}

rules_for_devices_are_refused_where_they_would_not_hold() {
	config '' '' ', "capabilities": {"bounding": ["CAP_MKNOD"]}' \
		', "resources": {"devices": [{"allow": false}]}'
	if [ "$(id -u)" -eq 0 ]; then
		blames /linux/resources/devices/0 "CAP_MKNOD"
	fi
	map='[{"containerID": 0, "hostID": 1, "size": 1}]'
	config '' '' ', "capabilities": {"bounding": ["CAP_MKNOD"]}' \
		', "resources": {"devices": [{"allow": false}]},
		"uidMappings": '"$map"', "gidMappings": '"$map"
	sed -i 's/{"type": "mount"}/&, {"type": "user"}/' "$bundle/config.json"
	equal "what is said in a user namespace" "$(told)" 0
	config '' '' '' ', "resources": {"devices": [{"allow": false},
		{"allow": true, "type": "c", "major": 1, "access": "rw"},
		{"allow": false, "type": "c", "major": 10, "minor": 229}]}'
	blames /linux/resources/devices/2 "only the rule that denies all"
	config '' '' '' ', "resources": {"devices": [{"major": 10}]}'
	blames /linux/resources/devices/0 "only the rule that denies all"
	config '' '' '' ', "resources": {"devices": [{"allow": 1}]}'
	blames /linux/resources/devices/0/allow "must be a boolean"
}

what_others_would_have_to_do_is_refused() {
	for key in intelRdt memoryPolicy netDevices; do
		config '' '' '' ', "'$key'": {}'
		blames /linux/$key "cannot be honoured"
	done
	config '' '' '' ', "cgroupsPath": "/a"'
	blames /linux/cgroupsPath "join it with --cgroup"
	for key in solaris windows freebsd zos vm; do
		config ', "'$key'": {}' '' '' ''
		blames /$key "is for"
	done
	config '' '' ', "commandLine": "a"' ''
	blames /process/commandLine "is for Windows"
	config '' '' ', "user": {"username": "a"}' ''
	blames /process/user/username "is for Windows"
}

namespaces_and_what_goes_with_them_are_looked_at() {
	config '' '' '' ', "timeOffsets": {"boottime": {"secs": 1}}'
	blames /linux/timeOffsets "needs a new time namespace"
	config '' '' '' ', "uidMappings": [{"containerID": 0, "hostID": 0,
		"size": 1}]'
	blames /linux/uidMappings "needs a new user namespace"
	for entry in \
		'0 {"type":"net"} type must_be_one_of' \
		'0 {"path":"/a"} - lacks' \
		'1 {"type":"pid"},{"type":"pid"} - there_once_only' \
		'0 {"type":"pid","path":"a"} path absolute' \
		'0 {"type":"pid","path":"/proc/self/ns/net"} path no_pid' \
		'0 {"type":"pid","path":"/dev/null"} path no_namespace' \
		'0 {"type":"pid","path":"/nowhere"} path No_such_file'; do
		# shellcheck disable=SC2086
		set -- $entry
		cat >"$bundle/config.json" <<-END
		{"ociVersion": "1.0.2", "root": {"path": "rootfs"},
		 "linux": {"namespaces": [$2]}}
		END
		member=/$3
		[ "$3" != - ] || member=
		blames "/linux/namespaces/$1$member" "$(echo "$4" | tr _ ' ')"
	done
}

hooks_are_looked_at_before_anything_is_done() {
	config ', "hooks": {"prestart": [{"path": "a"}]}' '' '' ''
	blames /hooks/prestart/0/path "must be an absolute path"
	config ', "hooks": {"poststop": [{}]}' '' '' ''
	blames /hooks/poststop/0 'lacks "path"'
	config ', "hooks": {"poststart": [{"path": "/a", "args": [1]}]}' '' '' ''
	blames /hooks/poststart/0/args/0 "must be a string"
	config ', "hooks": {"createRuntime": [{"path": "/a", "timeout": 0}]}' \
		'' '' ''
	blames /hooks/createRuntime/0/timeout "must be an integer from 1"
}

all_faults_are_told_at_once() {
	config ', "vm": {}' '' '' ', "cgroupsPath": "/a", "intelRdt": {}'
	equal "the number of faults" "$("$run" "$bundle" 2>&1 | wc -l)" 3
}

a_config_that_is_no_strict_json_is_refused() {
	config ', "hostname": "a", "hostname": "b"' '' '' ''
	blames /hostname "once"
	echo '{"ociVersion": "1.0.2", "root": {}' >"$bundle/config.json"
	contains "the fault" "$(told)" "syntax error"
	echo '{"ociVersion": "2.0.0", "root": {}}' >"$bundle/config.json"
	blames /ociVersion "must be a version 1"
	echo '{"ociVersion": "1.0.2"}' >"$bundle/config.json"
	contains "the fault" "$(told)" 'lacks "root" (config.json)'
	echo '[]' >"$bundle/config.json"
	contains "the fault" "$(told)" 'must be an object'
}

a_config_is_no_plan() {
	config '' '' '' ''
	contains "the fault" "$("$run" "$bundle/config.json" 2>&1)" \
		"name the bundle's directory"
}

a_cgroup_that_is_joined_is_the_callers_choice() {
	config '' '' '' ', "cgroupsPath": "/a"'
	equal "what is said" \
		"$("$run" --plan-only --cgroup / "$bundle" 2>&1 >/dev/null)" ""
}

a_mount_with_mappings_is_idmapped() {
	config ', "mounts": [{"destination": "/a", "source": "/a",
		"uidMappings": [], "options": ["ro"]}, {"destination": "/b",
		"source": "/b", "gidMappings": [], "options": ["ridmap"]}]' \
		'' '' ''
	contains "the plan" "$(plan)" '"options":["ro", "idmap"]'
	contains "the plan" "$(plan)" '"options":["ridmap"]'
}

run_tests \
	what_runc_writes_becomes_a_plan \
	the_plan_is_the_whole_bundle \
	a_key_that_nobody_knows_is_blamed \
	limits_are_refused_each_by_its_pointer \
	rules_for_devices_are_refused_where_they_would_not_hold \
	what_others_would_have_to_do_is_refused \
	namespaces_and_what_goes_with_them_are_looked_at \
	hooks_are_looked_at_before_anything_is_done \
	all_faults_are_told_at_once \
	a_config_that_is_no_strict_json_is_refused \
	a_config_is_no_plan \
	a_cgroup_that_is_joined_is_the_callers_choice \
	a_mount_with_mappings_is_idmapped
