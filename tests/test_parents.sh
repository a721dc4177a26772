#!/bin/sh
# Parents of the shim in C, Python and Go (tests/parents): the protocol is one
# that other languages speak, and each says the same of the same container
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

mkdir -p "$tmp/rootfs/bin"
cp "$INIT_SHIM_HELPERS/show" "$tmp/rootfs/bin"
chmod 755 "$tmp"

whole='hooks: the network would be made now
ready: the target may start
arg 0 /bin/show
arg 1 env
env HOME=/root'
broken="cannot mount /tmp: mount: Invalid argument: tmpfs: Bad value for\
 'size' (plan item /mounts/0) [mounts /mounts/0 EINVAL]"

# plan NAMESPACES MOUNTS
plan() {
	printf '{"version": 1, "rootfs": {"path": "%s"}, "namespaces": [%s],
		"mounts": [%s], "sync": {"start": true}, "process":
		{"args": ["/bin/show", "env"], "env": ["HOME=/root"]}}' \
		"$tmp/rootfs" "$1" "$2"
}

# says STATUS EXPECTED PLAN PARENT...: what it prints, and its exit status
says() {
	wanted=$1 expected=$2 plan=$3
	shift 3
	if [ "$(id -u)" -ne 0 ]; then
		skip "it takes root to make a container"
		return
	fi
	status=0
	timeout 60 "$@" "$plan" "$INIT_SHIM" >"$tmp/said" 2>&1 || status=$?
	# the shim tells people of its failure as well
	equal "the output" "$(grep -v '^init-shim: ' "$tmp/said")" "$expected"
	equal "the exit status" "$status" "$wanted"
}

runs_a_container() {
	says 0 "$whole" "$(plan '"mount", "pid", "uts"' '')" "$@"
}

tells_an_error() {
	says 125 "$broken" "$(plan '"mount"' '{"destination": "/tmp",
		"type": "tmpfs", "options": ["size=x"]}')" "$@"
}

runs_one_in_a_user_namespace() {
	chown -R 100000:100000 "$tmp/rootfs"
	says 0 "$whole" "$(plan '"mount", "pid", "user"' '')" "$@"
	chown -R 0:0 "$tmp/rootfs"
}

example_in_c_runs_a_container() {
	runs_a_container "$INIT_SHIM_EXAMPLE"
}

example_in_c_tells_an_error() {
	tells_an_error "$INIT_SHIM_EXAMPLE"
}

# in_python FUNCTION
in_python() {
	if command -v python3 >/dev/null; then
		$1 python3 "$top/tests/parents/parent.py"
	else
		skip "there is no Python: scripts/setup --tests brings it"
	fi
}

parent_in_python_runs_a_container() {
	in_python runs_a_container
}

parent_in_python_tells_an_error() {
	in_python tells_an_error
}

parent_in_python_makes_a_user_namespace() {
	in_python runs_one_in_a_user_namespace
}

# It compiles the standard library once, and keeps it beside the build.
in_go() {
	if ! command -v go >/dev/null; then
		skip "there is no Go: scripts/setup --tests brings it"
		return
	fi
	[ -x "$tmp/parent" ] ||
		GOCACHE=$INIT_SHIM_BUILD/go-cache GOPATH=$tmp/go \
			GO111MODULE=off \
			go build -o "$tmp/parent" \
			"$top/tests/parents/parent.go" ||
		wrong "it is not compiled"
	$1 "$tmp/parent"
}

parent_in_go_runs_a_container() {
	in_go runs_a_container
}

parent_in_go_tells_an_error() {
	in_go tells_an_error
}

parent_in_go_makes_a_user_namespace() {
	in_go runs_one_in_a_user_namespace
}

parents_are_short() {
	for file in "$top"/tests/parents/parent.*; do
		[ "$(wc -l <"$file")" -lt 150 ] || wrong "$file is long"
	done
}

run_tests \
	example_in_c_runs_a_container \
	example_in_c_tells_an_error \
	parent_in_python_runs_a_container \
	parent_in_python_tells_an_error \
	parent_in_python_makes_a_user_namespace \
	parent_in_go_runs_a_container \
	parent_in_go_tells_an_error \
	parent_in_go_makes_a_user_namespace \
	parents_are_short
