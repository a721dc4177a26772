# Shared by tests/test_run*.sh: a bundle with busybox in it, and who runs it.
# shellcheck shell=sh
. "$(dirname "$0")/tap.sh"

# the programs that were built, where an ordinary user may reach them
tmp=$(mktemp -d)
chmod 755 "$tmp"
cp "$INIT_SHIM_RUN" "$tmp/init-shim-run"
cp "$INIT_SHIM" "$tmp/init-shim"
run=$tmp/init-shim-run
shim=$tmp/init-shim
bundle=$tmp/bundle

# All who were started are gone by then, and with them their mounts.
clean_up() {
	[ -z "${cgroup-}" ] || rmdir "$cgroup"
	rm -rf "$tmp"
}
trap clean_up EXIT

# A user without any privilege, whose number nobody else here has.
user=48211

as_user() {
	setpriv --reuid $user --regid $user --clear-groups --bounding-set -all \
		env HOME=/ "$@"
}

# Why an ordinary user cannot make a user namespace here; empty: it can.
no_rootless() {
	if [ "$(id -u)" -ne 0 ]; then
		echo "needs root, to become an ordinary user"
	elif ! command -v setpriv >/dev/null; then
		echo "setpriv is not installed"
	elif ! as_user unshare --user true 2>/dev/null; then
		echo "an ordinary user may make no user namespace here"
	fi
}

make_bundle() {
	mkdir -p "$bundle/rootfs/bin"
	for folder in proc dev sys tmp etc; do
		mkdir "$bundle/rootfs/$folder"
	done
	chmod 1777 "$bundle/rootfs/tmp"
	cp "$(command -v busybox)" "$bundle/rootfs/bin/busybox"
	for applet in sh cat sleep readlink id ls kill hostname; do
		ln -s busybox "$bundle/rootfs/bin/$applet"
	done
}

# config SCRIPT [TOP [PROCESS [LINUX]]]: the container that runs a script, and
# members to add, each with a comma before it
config() {
	cat >"$bundle/config.json" <<-END
	{"ociVersion": "1.0.2", "root": {"path": "rootfs"},
	 "mounts": [{"destination": "/proc", "type": "proc"},
	  {"destination": "/dev", "type": "tmpfs"}],
	 "process": {"args": ["sh", "-c", "$1"], "cwd": "/",
	  "env": ["PATH=/bin"]${3-}},
	 "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"},
	  {"type": "network"}, {"type": "ipc"}, {"type": "uts"}]${4-}}${2-}}
	END
}

# Run it: out, said and status are what came of it.
run_it() {
	"$@" --shim "$shim" "$bundle" >"$tmp/out" 2>"$tmp/said" </dev/null
	status=$?
	out=$(cat "$tmp/out")
	said=$(cat "$tmp/said")
}

# Wait until a command succeeds, half a minute at most.
until_true() {
	tries=1500
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || {
			wrong "this never came true: $*"
			return
		}
		sleep 0.02
	done
}
