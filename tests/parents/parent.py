#!/usr/bin/env python3
"""parent.py PLAN [SHIM]: a parent of init-shim, with the standard library.

Spawns the shim in the namespaces that the plan lists, says what it is told
and exits as the container does.
"""

import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import sys

NAMESPACES = {
    "time": 0x80, "mount": 0x20000, "cgroup": 0x2000000, "uts": 0x4000000,
    "ipc": 0x8000000, "user": 0x10000000, "pid": 0x20000000,
    "network": 0x40000000,
}
CLONE_PIDFD = 0x1000
SYS_CLONE3 = 435        # on every architecture but alpha

libc = ctypes.CDLL(None, use_errno=True)


def seal(path):
    """The program in memory, where no container can write (CVE-2019-5736)."""
    program = os.memfd_create("init-shim",
                              os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(path, "rb") as file:
        os.write(program, file.read())
    fcntl.fcntl(program, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL |
                fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)
    return program


def clone(flags):
    """fork(2) with flags: (0, -1) in the child, (pid, pidfd) in the parent."""
    pidfd = ctypes.c_int(-1)
    args = ctypes.create_string_buffer(struct.pack(
        "=8Q", flags | CLONE_PIDFD, ctypes.addressof(pidfd), 0, 0,
        signal.SIGCHLD, 0, 0, 0))
    pid = libc.syscall(ctypes.c_long(SYS_CLONE3), args, ctypes.c_size_t(64))
    if pid < 0:
        raise OSError(ctypes.get_errno(), "clone3: " +
                      os.strerror(ctypes.get_errno()))
    return pid, pidfd.value


def become_shim(program, theirs, gate):
    """In the child: wait for the maps, then nothing but exec."""
    try:
        os.read(gate, 1)
        if os.getuid() == 65534:        # mapped now, but not to us
            os.setgroups([])
            os.setresgid(0, 0, 0)
            os.setresuid(0, 0, 0)
        os.set_inheritable(theirs, True)
        os.execve(program, ["init-shim", "--socket-fd", str(theirs)], {})
    finally:
        os._exit(125)


def write_maps(pid):
    """Before the shim is executed: that takes an unmapped user's rights."""
    for name in "uid_map", "gid_map":
        with open(f"/proc/{pid}/{name}", "w") as file:
            file.write("0 100000 65536")


def spawn(program, flags):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    gate, opener = os.pipe()
    pid, pidfd = clone(flags)
    if pid == 0:
        os.close(opener)
        ours.close()
        become_shim(program, theirs.fileno(), gate)
    theirs.close()
    os.close(gate)
    if flags & NAMESPACES["user"]:
        write_maps(pid)
    os.close(opener)
    return ours, pid, pidfd


def send_plan(ours, plan):
    """As a file, which can be of any size."""
    file = os.memfd_create("plan", os.MFD_CLOEXEC)
    os.write(file, plan.encode())
    os.lseek(file, 0, os.SEEK_SET)
    socket.send_fds(ours, [b'{"type":"plan"}'], [file])
    os.close(file)


def talk(ours):
    """Until the end of file: the target runs, or the shim has failed."""
    while True:
        packet, fds, _, _ = socket.recv_fds(ours, 65536, 1)
        for fd in fds:
            os.close(fd)        # a daemon would keep its console
        if not packet:
            return
        message = json.loads(packet)
        if message["type"] == "hooks":
            print("hooks: the network would be made now", file=sys.stderr)
            ours.send(b'{"type":"resume"}')
        elif message["type"] == "ready":
            print("ready: the target may start", file=sys.stderr)
            ours.send(b'{"type":"start"}')
        elif message["type"] == "error":
            print("{message} [{stage} {pointer} {name}]".format(**message),
                  file=sys.stderr)


def main(plan, path="/sbin/init-shim"):
    flags = 0
    for name in json.loads(plan).get("namespaces", []):
        flags |= NAMESPACES[name]
    ours, pid, pidfd = spawn(seal(path), flags)
    send_plan(ours, plan)
    talk(ours)
    _, status = os.waitpid(pid, 0)
    os.close(pidfd)
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
