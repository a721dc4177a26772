// parent PLAN [SHIM]: a parent of init-shim, with the standard library.
//
// Spawns the shim in the namespaces that the plan lists, says what it is told
// and exits as the container does.  (Package syscall clones into no new time
// namespace.)
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"
)

var namespaces = map[string]uintptr{
	"mount": syscall.CLONE_NEWNS, "pid": syscall.CLONE_NEWPID,
	"network": syscall.CLONE_NEWNET, "ipc": syscall.CLONE_NEWIPC,
	"uts": syscall.CLONE_NEWUTS, "user": syscall.CLONE_NEWUSER,
	"cgroup": 0x02000000,
}

type message struct {
	Type, Stage, Pointer, Name, Message string
}

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(125)
	}
}

// memfd makes a file in memory: package syscall does not know the call.
func memfd(name string) *os.File {
	number := map[string]uintptr{"amd64": 319, "arm64": 279}[runtime.GOARCH]
	text, _ := syscall.BytePtrFromString(name)
	const closeOnExec, allowSealing = 1, 2
	fd, _, errno := syscall.Syscall(number, uintptr(unsafe.Pointer(text)),
		closeOnExec|allowSealing, 0)
	if errno != 0 {
		check(errno, "memfd_create")
	}
	return os.NewFile(fd, name)
}

func fcntl(fd, command, argument uintptr) uintptr {
	got, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, command, argument)
	if errno != 0 {
		check(errno, "fcntl")
	}
	return got
}

// seal has the program where no container can write it (CVE-2019-5736), as a
// descriptor that is not in the way of those that the shim gets.
func seal(path string) uintptr {
	text, err := os.ReadFile(path)
	check(err, "read")
	program := memfd("init-shim")
	_, err = program.Write(text)
	check(err, "write")
	const addSeals, allOfThem, aboveTen = 1033, 1 | 2 | 4 | 8, 10
	fcntl(program.Fd(), addSeals, allOfThem)
	return fcntl(program.Fd(), syscall.F_DUPFD_CLOEXEC, aboveTen)
}

// spawn executes the shim with one end of a socket as descriptor 3.
func spawn(program, flags uintptr) (*exec.Cmd, int) {
	ends, err := syscall.Socketpair(syscall.AF_UNIX,
		syscall.SOCK_SEQPACKET|syscall.SOCK_CLOEXEC, 0)
	check(err, "socketpair")
	theirs := os.NewFile(uintptr(ends[1]), "socket")
	defer theirs.Close()
	shim := &exec.Cmd{
		Path: fmt.Sprintf("/proc/self/fd/%d", program),
		Args: []string{"init-shim", "--socket-fd", "3"},
		Env:  []string{}, Stdin: os.Stdin, Stdout: os.Stdout,
		Stderr: os.Stderr, ExtraFiles: []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{Cloneflags: flags},
	}
	if flags&syscall.CLONE_NEWUSER != 0 {
		// written before the shim is executed, as it must be
		ids := []syscall.SysProcIDMap{{HostID: 100000, Size: 65536}}
		shim.SysProcAttr.UidMappings = ids
		shim.SysProcAttr.GidMappings = ids
		shim.SysProcAttr.GidMappingsEnableSetgroups = true
		shim.SysProcAttr.Credential = &syscall.Credential{}
	}
	check(shim.Start(), "start")
	return shim, ends[0]
}

// sendPlan hands it over as a file, which can be of any size.
func sendPlan(ours int, plan string) {
	file := memfd("plan")
	defer file.Close()
	_, err := file.WriteString(plan)
	check(err, "write")
	_, err = file.Seek(0, 0)
	check(err, "seek")
	check(syscall.Sendmsg(ours, []byte(`{"type":"plan"}`),
		syscall.UnixRights(int(file.Fd())), nil, 0), "sendmsg")
}

// talk returns at the end of file: the target runs, or the shim has failed.
func talk(ours int) {
	packet := make([]byte, 65536)
	for {
		length, err := syscall.Read(ours, packet)
		check(err, "read")
		if length == 0 {
			return
		}
		var said message
		check(json.Unmarshal(packet[:length], &said), "message")
		switch said.Type {
		case "hooks":
			fmt.Fprintln(os.Stderr, "hooks: the network would be made now")
			syscall.Write(ours, []byte(`{"type":"resume"}`))
		case "ready":
			fmt.Fprintln(os.Stderr, "ready: the target may start")
			syscall.Write(ours, []byte(`{"type":"start"}`))
		case "error":
			fmt.Fprintf(os.Stderr, "%s [%s %s %s]\n", said.Message,
				said.Stage, said.Pointer, said.Name)
		}
	}
}

func main() {
	var plan struct{ Namespaces []string }
	path := append(os.Args, "/sbin/init-shim")[2]
	check(json.Unmarshal([]byte(os.Args[1]), &plan), "plan")
	flags := uintptr(0)
	for _, name := range plan.Namespaces {
		flags |= namespaces[name]
	}
	shim, ours := spawn(seal(path), flags)
	sendPlan(ours, os.Args[1])
	talk(ours)
	shim.Wait()
	os.Exit(shim.ProcessState.ExitCode())
}
