#!/bin/sh
# run_seccomp: a profile of config.json is the filter that binds the target
. "$(dirname "$0")/run.sh"

# seccomp SCRIPT PROFILE
seccomp() {
	config "$1" '' ', "noNewPrivileges": true' ', "seccomp": {'"$2"'}'
}

needs_seccomp() {
	[ "$(id -u)" -eq 0 ] || {
		skip "needs root"
		return 1
	}
	seccomp true '"defaultAction": "SCMP_ACT_ALLOW"'
	case $("$run" --plan-only "$bundle" 2>&1) in
	*"built without libseccomp"*)
		skip "init-shim-run was built without libseccomp"
		return 1 ;;
	esac
}

calls_get_what_the_profile_says() {
	needs_seccomp || return
	seccomp 'busybox mkdir /tmp/a; echo $?; busybox ln -s a /tmp/b; echo $?' '
		"defaultAction": "SCMP_ACT_ALLOW",
		"architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
		"syscalls": [
		 {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO",
		  "errnoRet": 77},
		 {"names": ["symlink", "symlinkat"], "action": "SCMP_ACT_ERRNO"}]'
	run_it "$run"
	equal "the output" "$out" "1
1"
	contains "what is said" "$said" "'/tmp/a': File descriptor in bad state"
	contains "what is said" "$said" "/tmp/b: Operation not permitted"
}

what_is_not_listed_gets_the_default() {
	needs_seccomp || return
	seccomp 'echo never' '"defaultAction": "SCMP_ACT_ERRNO",
		"defaultErrnoRet": 38, "flags": ["SECCOMP_FILTER_FLAG_LOG"],
		"syscalls": [{"names": ["no_such_call", "execve", "exit_group"],
		 "action": "SCMP_ACT_ALLOW"}]'
	run_it "$run"
	equal "the output, and what is said of the profile," "$out$said" ""
	[ $status -ne 0 ] || wrong "it could do without system calls"
}

arguments_are_compared() {
	needs_seccomp || return
	seccomp 'trap : USR1 USR2 WINCH; for s in USR1 USR2 WINCH; do
		kill -$s $$ 2>/dev/null; echo $?; done' '
		"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names":
		["kill", "tkill", "tgkill"], "action": "SCMP_ACT_ERRNO",
		"args": [
		 {"index": 1, "value": 10, "op": "SCMP_CMP_EQ"},
		 {"index": 1, "value": 31, "valueTwo": 12,
		  "op": "SCMP_CMP_MASKED_EQ"}]}]'
	sed -i ':a; /; do$/{N; s/\n[[:space:]]*/ /; ba}' "$bundle/config.json"
	run_it "$run"
	equal "the output" "$(echo "$out" | tr '\n' ' ')" "1 1 0 "
}

what_makes_no_filter_is_blamed() {
	needs_seccomp || return
	while read -r pointer reason profile; do
		seccomp true "$profile"
		said=$("$run" --plan-only "$bundle" 2>&1 >/dev/null)
		contains "the fault" "$said" \
			"(config.json item /linux/seccomp$pointer)"
		contains "the fault" "$said" "$(echo "$reason" | tr _ ' ')"
	done <<-'END'
	/defaultAction must_be_an_action "defaultAction": "ALLOW"
	/architectures/0 no_architecture "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["x86"]
	/x is_no_key "defaultAction": "SCMP_ACT_ALLOW", "x": 1
	/syscalls/0 lacks_"names" "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"action": "SCMP_ACT_ERRNO"}]
	/syscalls/0/names/1 would_be_allowed "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read", "none"], "action": "SCMP_ACT_ERRNO"}]
	/syscalls/0/errnoRet from_0_to_65535 "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [], "action": "SCMP_ACT_ERRNO", "errnoRet": 65536}]
	/syscalls/0/args/0/index from_0_to_5 "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [], "action": "SCMP_ACT_ERRNO", "args": [{"index": 6, "op": "SCMP_CMP_EQ"}]}]
	/syscalls/0/args/0/op must_be_a_comparison "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "op": "="}]}]
	/syscalls/0/args/0/value from_0_on "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": -1}]}]
	END
	seccomp true '"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names":
		["read"], "action": "SCMP_ACT_NOTIFY"}]'
	contains "the fault" "$("$run" --plan-only "$bundle" 2>&1)" \
		'lacks "listenerPath"'
	seccomp true '"defaultAction": "SCMP_ACT_ALLOW", "flags": ["LOG"]'
	run_it "$run"
	contains "the fault" "$said" "(config.json item /linux/seccomp/flags/0)"
}

an_agent_answers_what_is_notified() {
	needs_seccomp || return
	"$INIT_SHIM_HELPERS/agent" "$tmp/agent" >"$tmp/told" &
	agent=$!
	until_true test -S "$tmp/agent"
	seccomp 'busybox mkdir /tmp/c' '"defaultAction": "SCMP_ACT_ALLOW",
		"listenerPath": "'"$tmp"'/agent", "listenerMetadata": "data",
		"syscalls": [{"names": ["mkdir", "mkdirat"],
		 "action": "SCMP_ACT_NOTIFY"}]'
	run_it timeout 60 "$run" --pid-file "$tmp/pid"
	contains "what is said" "$said" "'/tmp/c': No locks available"
	wait $agent
	equal "what the agent was told" "$(cat "$tmp/told")" "$(
		printf '{"ociVersion":"1.0.2","fds":["seccompFd"],"pid":%d,' \
			"$(cat "$tmp/pid")"
		printf '"metadata":"data","state":{"id":"bundle","bundle":"%s",' \
			"$bundle"
		printf '"ociVersion":"1.0.2","status":"creating","pid":%d}}' \
			"$(cat "$tmp/pid")")"
	run_it "$run"
	equal "the exit status" $status 125
	contains "what is said" "$said" "connect: Connection refused \
(config.json item /linux/seccomp/listenerPath)"
}

make_bundle
run_tests \
	calls_get_what_the_profile_says \
	what_is_not_listed_gets_the_default \
	arguments_are_compared \
	what_makes_no_filter_is_blamed \
	an_agent_answers_what_is_notified
