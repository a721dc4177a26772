/*
 * What the rows of the plan's shapes name by a number: a list each, one byte
 * in the row.  Pointers would say the same, but each one in a table of a
 * static-PIE takes 32 bytes: its own eight and 24 that relocate it at every
 * start.
 */

#ifndef PLAN_LISTS_H
#define PLAN_LISTS_H

/* read_NAME(), and of which type its field is. */
#define READERS(X) \
	X(text)		/* const char * */ \
	X(bool)		/* bool */ \
	X(number)	/* 32 bits, signed or not */ \
	X(long)		/* uint64_t */ \
	X(numbers)	/* uint32_t *, size_t */ \
	X(texts)	/* struct strings */ \
	X(argv)		/* char **, never NULL then */ \
	X(word)		/* 32 bits: the word's value */ \
	X(words)	/* 32 bits: all words' values */ \
	X(bits)		/* uint64_t: a bit a word, by its row */ \
	X(object)	/* the shape's struct */ \
	X(objects)	/* pointer to them, size_t */ \
	/* the rest are for one key only */ \
	X(version)	/* none: the plan's own */ \
	X(no_mounts)	/* none: a list never comes here, read_mounts() */ \
	X(type)		/* const char *, of a mount */ \
	X(options)	/* of a mount: its draft */ \
	X(major)	/* dev_t: one half of it */ \
	X(minor)	/* dev_t: the other */ \
	X(sysctls)	/* struct sysctl *, size_t */ \
	X(annotations)	/* struct annotation *, size_t */ \
	X(cpus)		/* const struct cpus * */ \
	X(process)	/* struct process_plan */

/* What strings must be besides strings: sense.h. */
#define SENSES(X) \
	X(some_text) \
	X(absolute_path) \
	X(container_path) \
	X(short_path) \
	X(environment) \
	X(host_name) \
	X(no_flag)

/* What numbers may be, from and to. */
#define RANGES(X) \
	X(version_1, 1, 1) \
	X(any_id, 0, UINT32_MAX - 1)	/* uid_t, gid_t: -1 is none */ \
	X(any_fd, 0, INT32_MAX) \
	X(any_pid, 0, INT32_MAX) \
	X(any_priority, 0, 99) \
	X(any_long, 0, UINT64_MAX) \
	X(mode_bits, 0, 07777)		/* permissions, setuid and so on */ \
	X(umask_bits, 0, 0777) \
	/* what dev_t of the kernel holds: 12 and 20 bits, linux/kdev_t.h */ \
	X(major_number, 0, 0xfff) \
	X(minor_number, 0, 0xfffff) \
	X(map_size, 1, UINT32_MAX) \
	X(seconds, 1, INT32_MAX) \
	X(oom_score, -1000, 1000) \
	X(nice_value, -20, 19) \
	X(io_level, 0, 7) \
	X(window, 0, UINT16_MAX)

/* Lists of words: words.h. */
#define WORD_LISTS(X) \
	X(capabilities) \
	X(namespaces) \
	X(resources) \
	X(propagations) \
	X(switches) \
	X(device_types) \
	X(mountpoints) \
	X(policies) \
	X(scheduler_flags) \
	X(io_classes) \
	X(domains) \
	X(filter_flags)

/* Objects: NAME_shape. */
#define SHAPES(X) \
	X(plan)		/* struct plan */ \
	X(rootfs) \
	X(hooks) \
	X(command)	/* struct command */ \
	X(state) \
	X(sync) \
	X(device)	/* struct device */ \
	X(mount)	/* its draft */ \
	X(id_map) \
	X(process)	/* its draft */ \
	X(user) \
	X(capabilities) \
	X(limit) \
	X(scheduler) \
	X(io_priority) \
	X(affinity) \
	X(personality) \
	X(console) \
	X(seccomp)	/* struct seccomp_plan */

/* Those that have defaults that are not zero: NAME_begin(). */
#define SHAPES_THAT_BEGIN(X) \
	X(plan) \
	X(rootfs) \
	X(command) \
	X(device) \
	X(mount) \
	X(process) \
	X(limit)

/* Those of which something must be true of all keys: NAME_finish(). */
#define SHAPES_THAT_FINISH(X) \
	X(plan) \
	X(rootfs) \
	X(command) \
	X(sync) \
	X(device) \
	X(mount) \
	X(process) \
	X(capabilities) \
	X(limit) \
	X(scheduler) \
	X(seccomp)

#define READER_NAME(name) READER_##name,
#define SENSE_NAME(name) SENSE_##name,
#define RANGE_NAME(name, min, max) RANGE_##name,
#define WORDS_NAME(name) WORDS_##name,
#define SHAPE_NAME(name) SHAPE_##name,

enum reader_name { READERS(READER_NAME) };
enum sense { ANY_TEXT, SENSES(SENSE_NAME) };
enum range_name { RANGES(RANGE_NAME) };
enum words_name { WORD_LISTS(WORDS_NAME) };
enum shape_name { SHAPES(SHAPE_NAME) };

#endif
