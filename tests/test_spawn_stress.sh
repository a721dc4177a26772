#!/bin/sh
# Many containers of one daemon with many threads (tests/parents/stress.c): a
# tenth fail, a tenth are killed, and nothing is left.  Here 200 of them;
# scripts/stress makes a thousand.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# seconds, until something hangs
patience=${STRESS:+700}
patience=${patience:-100}
stress=$INIT_SHIM_BUILD/tests/parents/parents_stress

mkdir -p "$tmp/rootfs/bin" "$tmp/rootfs/dev" "$tmp/rootfs/tmp"
cp "$INIT_SHIM_HELPERS/show" "$tmp/rootfs/bin"
chmod 755 "$tmp"

# leaves_nothing COUNT AT-ONCE COMMAND...
leaves_nothing() {
	number=$1 at_once=$2
	shift 2
	if [ "$(id -u)" -ne 0 ]; then
		skip "it takes root to make a container"
		return
	fi
	status=0
	said=$(timeout "$patience" "$@" "$INIT_SHIM" "$tmp/rootfs" "$number" \
		"$at_once" 2>"$tmp/log") || status=$?
	[ "$status" -eq 0 ] || wrong "$(cat "$tmp/log")"
	equal "the exit status" "$status" 0
	equal "what is said" "$said" "$((number * 8 / 10)) ran,\
 $((number / 10)) failed, $((number / 10)) were killed, 0 went wrong"
}

many_containers_leave_nothing() {
	leaves_nothing "${STRESS:-200}" 50 "$stress"
}

# The processes between are copies of it, and have its memory at their end.
they_leave_no_memory_to_valgrind() {
	if ! command -v valgrind >/dev/null; then
		skip "there is no valgrind"
		return
	fi
	leaves_nothing "${STRESS:-20}" 10 valgrind -q --leak-check=full \
		--errors-for-leak-kinds=definite,indirect \
		--error-exitcode=9 "$stress"
}

they_leave_no_memory_to_sanitizers() {
	if [ ! -x "${stress}_watched" ]; then
		skip "this compiler has no sanitizers"
		return
	fi
	leaves_nothing "${STRESS:-200}" 50 "${stress}_watched"
}

run_tests \
	many_containers_leave_nothing \
	they_leave_no_memory_to_valgrind \
	they_leave_no_memory_to_sanitizers
