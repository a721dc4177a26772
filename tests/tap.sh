# Shared by tests/test_*.sh: each function of theirs is one test, named as the
# sentence that it proves, and "run_tests" goes through those that are listed.
# shellcheck shell=sh

set -u
tap_count=0
tap_failed=0
tap_wrong=

# The test goes on, and is red.
wrong() {
	tap_wrong="$tap_wrong$(printf '%s' "$*" | sed 's/^/# /')
"
}

# equal WHAT GOT WANTED
equal() {
	[ "$2" = "$3" ] || wrong "$1 is: $2
instead of: $3"
}

# contains WHAT TEXT PART
contains() {
	case $2 in
	*"$3"*) ;;
	*) wrong "$1 is: $2
without: $3" ;;
	esac
}

# What this machine cannot do: "skip REASON; return" in a test.
skip() {
	tap_skip=$*
}

run_tests() {
	echo "1..$#"
	for tap_test; do
		tap_wrong=
		tap_skip=
		tap_count=$((tap_count + 1))
		$tap_test
		if [ -n "$tap_wrong" ]; then
			printf '%s' "$tap_wrong"
			echo "not ok $tap_count - $tap_test"
			tap_failed=1
		elif [ -n "$tap_skip" ]; then
			echo "ok $tap_count - $tap_test # SKIP $tap_skip"
		else
			echo "ok $tap_count - $tap_test"
		fi
	done
	exit $tap_failed
}
