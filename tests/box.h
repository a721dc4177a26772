/*
 * A box: a throw-away host for one test, and a container in it that the real
 * shim has built.
 *
 * The host is a mount namespace of the test's own, all of it shared as on a
 * machine with systemd, with a tmpfs on /tmp: there are the rootfs and, beside
 * it, a directory of sentinels.  The test prepares the rootfs, hands over the
 * part of a plan that it is about, and asks the kernel what has become of it,
 * from outside, while the target waits to be killed.
 *
 *	box_dir(box, "/run", 01770);
 *
 *	box_run(box, JSON("mounts": [
 *		{"type": "tmpfs", "destination": "/run"}]));
 *
 *	assert_string_equal(box->error, "");
 *	assert_string_equal(box_fstype(box, "/run"), "tmpfs");
 *
 * When the box is closed no process may be left, the sentinels must be as
 * they were, and so must the host's table of mounts.
 */

#ifndef BOX_H
#define BOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cmocka.h>

/* Members of a plan, without the braces around them. */
#define JSON(...) #__VA_ARGS__

#define BOX_ROOTFS "/tmp/rootfs"
#define BOX_OUTSIDE "/tmp/outside"	/* file, dir/file ...: box.c */

/* In a user namespace, where 0 is this outside and 65,536 ids are mapped. */
#define BOX_USERS 100000

/* As a user without privileges makes one: 0 is this id outside, and no other
   is mapped, and setgroups(2) is denied.  No test counts its processes. */
#define BOX_USER 200000

#define BOX_ANSWERS 32

struct box {
	/* For the test to set, before box_run(). */
	void (*hooks)(struct box *box);	/* at "hooks", before "resume" */
	void (*at_ready)(struct box *box); /* before "start" */
	void (*before)(struct box *box); /* in the child, before the shim */
	/* a descriptor came with a message: the function's own */
	void (*given)(struct box *box, const char *type, int fd);
	int stdio[3];		/* the child's; -1: /dev/null, the output */
	bool stays;		/* process.init: the shim does, pid is its */
	void *context;		/* the test's, for these three */

	/* What came of it. */
	pid_t pid;		/* the target; 0: it does not run */
	int status;		/* exit status, 128 and more: the signal; -1: it
				   runs */
	bool ready;		/* the shim said so */
	char heard[256];	/* the types of its messages, a space behind */
	char stage[32];		/* of the message "error"; all "" without */
	char pointer[640];
	char operation[64];
	char path[4096];
	char errno_name[32];
	char kernel[512];
	char hint[1024];
	char error[16384];	/* its sentence; "" when it worked */
	char output[65536];	/* what shim and target wrote to 1 and 2 */

	/* The box's own. */
	uid_t owner;		/* of what is in the rootfs: 0, BOX_USERS, BOX_USER */
	const char *skip;	/* why there is no box on this machine */
	int host;		/* the mount namespace around it */
	int host_root;
	int shim;		/* what is found there no more once /tmp is */
	int helpers;		/* covered */
	int log;
	char *sentinels;	/* as they were */
	char *mounts;		/* the host's table, at box_run() */
	char *answers[BOX_ANSWERS];
	size_t answer;
};

/* For cmocka. */
int box_open(void **state);
int box_open_in_userns(void **state);
int box_open_with_one_id(void **state);
int box_close(void **state);

/*
 * The same on another filesystem than a tmpfs: mount_tmp() mounts it on /tmp.
 * Returns 0, or -1 with errno.
 */
int box_open_on(void **state, uid_t owner, int (*mount_tmp)(void));

#define BOX_TEST(function) \
	cmocka_unit_test_setup_teardown(function, box_open, box_close)
#define BOX_TEST_IN_USERNS(function) \
	{ #function " in a user namespace", function, box_open_in_userns, \
	  box_close, NULL }
#define BOX_TEST_WITH_ONE_ID(function) \
	{ #function " with one id", function, box_open_with_one_id, \
	  box_close, NULL }
#define BOX_TEST_BOTH(function) \
	BOX_TEST(function), BOX_TEST_IN_USERNS(function)
#define BOX_TEST_ALL(function) \
	BOX_TEST_BOTH(function), BOX_TEST_WITH_ONE_ID(function)

/*
 * Every test of a box runs again on kernels that lack something: the rows of
 * tests/meson.build.  Does this one lack the call?
 */
bool box_lacks(const char *call);

/* Skip the test where it lacks the call, and say why. */
void box_need(const char *call, const char *reason);

/*
 * The sentence of the error is this one, with the call that refused for CALL:
 * the one that a kernel without it has instead.
 */
void box_refused(struct box *box, const char *sentence, const char *call,
		 const char *instead);

/* Skip the test, and say why. */
void box_skip(const char *reason);

/*
 * Make something in the rootfs, or at a path of the host that starts with
 * "/tmp/outside" or another place in /tmp.  Parents are made 0755, symlinks
 * stay inside of the rootfs, and all belongs to the root of the container.
 */
void box_dir(struct box *box, const char *path, mode_t mode);
void box_file(struct box *box, const char *path, const char *text);
void box_symlink(struct box *box, const char *path, const char *text);
void box_node(struct box *box, const char *path, mode_t mode, dev_t device);
void box_chmod(struct box *box, const char *path, mode_t mode);
void box_chown(struct box *box, const char *path, uid_t uid, gid_t gid);

/* A helper (tests/helpers) becomes /bin/NAME of the rootfs. */
void box_program(struct box *box, const char *name);

/* mount(2) outside, at a path as above; data may be NULL. */
void box_mount(struct box *box, const char *source, const char *path,
	       const char *type, unsigned long flags, const char *data);

/*
 * Run the shim with a plan: the members in format (as for printf) and, where
 * it lacks them, these:
 *
 *	"version": 1, "rootfs": {"path": "/tmp/rootfs"},
 *	"namespaces": ["mount", "pid", "ipc", "uts"] and "user" where that is,
 *	"process": {"args": ["/bin/pause"]}
 *
 * The child is in new namespaces, as the plan has them.  Descriptors that are
 * not close-on-exec are the shim's too.  Returns when the target runs or the
 * shim has ended.  Can be called again: the target before is gone then.
 */
void box_run(struct box *box, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Kill the target, and see that the host is as it was; box_run() does too. */
void box_end(struct box *box);

/* A target that ends by itself: wait for it, fill status and output. */
void box_wait(struct box *box);

/*
 * Ask the kernel about the container, or before box_run() about the rootfs.
 * Strings live as long as the box.
 */

/* What is there; owners are those that the host sees. */
bool box_exists(struct box *box, const char *path);
struct stat box_stat(struct box *box, const char *path); /* of links too */
mode_t box_mode(struct box *box, const char *path);	/* 07777 */
/* "dir", "file", "link", "char 1:3", "block 7:0", "fifo", "socket", "" */
const char *box_type(struct box *box, const char *path);
/* The text; "<No such file or directory>" for none. */
const char *box_read(struct box *box, const char *path);
const char *box_readlink(struct box *box, const char *path);
const char *box_list(struct box *box, const char *path); /* names, sorted */

/* 0, or the errno of trying as root of the host: EROFS, EACCES ... */
int box_write(struct box *box, const char *path, const char *text);

/* The topmost mount whose root is at path; "" where there is none. */
const char *box_fstype(struct box *box, const char *path);
const char *box_source(struct box *box, const char *path);
const char *box_mount_options(struct box *box, const char *path);
const char *box_super_options(struct box *box, const char *path);
const char *box_device(struct box *box, const char *path);	/* "0:42" */
/* "private", "shared", "slave", "shared,slave", "unbindable" */
const char *box_propagation(struct box *box, const char *path);

/* Is the word in a list with commas, as options are? */
bool box_has(const char *options, const char *word);

/* The whole table of mounts of a process; 0: of the host. */
const char *box_mountinfo(struct box *box, pid_t pid);

/* How many lines of the container's table have this filesystem type. */
size_t box_count(struct box *box, const char *type);

/* A file of /proc/PID of the target: box_status(box, "status"). */
const char *box_proc(struct box *box, const char *file);

/*
 * For the parts of the box.
 */

/* Keep a string as long as the box lives, if no more are kept than fit. */
const char *box_keep(struct box *box, char *text);

/* In the child: lack what is to be lacked.  False: it cannot be had. */
bool box_lack(void);

/* Open inside the rootfs or the container, as openat2(2) with IN_ROOT. */
int box_open_path(struct box *box, const char *path, int flags);

/* All of a file from its current offset on, or NULL with errno; free(3). */
char *box_read_all(int fd);

/* The text of the plan; free(3). */
char *box_plan(struct box *box, const char *fragment);

/* The value of an outermost member of a plan, with what follows; or NULL. */
const char *box_member(const char *members, const char *key);

/* What a directory and all in it is like, a line each; free(3). */
char *box_digest(const char *path);

#endif
