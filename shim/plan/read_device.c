/* read_device: device nodes, and those that every container has */

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sense.h"
#include "shapes.h"

/* What dev_t of the kernel holds: 12 and 20 bits (linux/kdev_t.h). */

#define DEFAULT_MODE 0666

enum device_row {
	DEVICE_PATH,
	DEVICE_TYPE,
	DEVICE_MAJOR,
	DEVICE_MINOR,
	DEVICE_MODE,
	DEVICE_UID,
	DEVICE_GID,
};

/* Both halves of the number have one field. */
void read_major(struct reader *r, const struct row *row,
		const cJSON *value, void *field)
{
	dev_t *rdev = field;
	uint32_t number = 0;

	read_number(r, row, value, &number);
	*rdev = makedev(number, minor(*rdev));
}

void read_minor(struct reader *r, const struct row *row,
		const cJSON *value, void *field)
{
	dev_t *rdev = field;
	uint32_t number = 0;

	read_number(r, row, value, &number);
	*rdev = makedev(major(*rdev), number);
}

#define FIELD(name) .offset = offsetof(struct device, name)

DEFINE_SHAPE(device, struct device,
	[DEVICE_PATH] = { "path", READ(text), SENSE(container_path),
		.required = true, FIELD(path) },
	[DEVICE_TYPE] = { "type", READ(word), WORDS(device_types),
		.required = true, FIELD(type) },
	[DEVICE_MAJOR] = { "major", READ(major), RANGE(major_number),
		FIELD(rdev) },
	[DEVICE_MINOR] = { "minor", READ(minor), RANGE(minor_number),
		FIELD(rdev) },
	[DEVICE_MODE] = { "fileMode", READ(number), RANGE(mode_bits),
		FIELD(mode) },
	[DEVICE_UID] = { "uid", READ(number), RANGE(any_id), FIELD(uid) },
	[DEVICE_GID] = { "gid", READ(number), RANGE(any_id), FIELD(gid) });

void device_begin(struct reader *r, void *object)
{
	struct device *device = object;

	(void)r;
	device->mode = DEFAULT_MODE;
}

static void number_required(struct reader *r, struct seen seen,
			    enum device_row row)
{
	if (!(seen.given & ROW(row)))
		own_fault(r, "lacks \"%s\"", device_shape.rows[row].key);
}

void device_finish(struct reader *r, const cJSON *value, void *object,
		   struct seen seen)
{
	struct device *device = object;

	(void)value;
	if (S_ISFIFO(device->type))
		device->rdev = 0;	/* it has none: as OCI, ignored */
	if (S_ISFIFO(device->type) || !device->type)
		return;
	number_required(r, seen, DEVICE_MAJOR);
	number_required(r, seen, DEVICE_MINOR);
}

static const struct {
	char path[16];
	unsigned major;
	unsigned minor;
} defaults[] = {
	{ "/dev/null", 1, 3 },
	{ "/dev/zero", 1, 5 },
	{ "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 },
	{ "/dev/urandom", 1, 9 },
	{ "/dev/tty", 5, 0 },
};

#define DEFAULTS (sizeof(defaults) / sizeof(defaults[0]))

void default_devices(struct reader *r)
{
	struct device *device = keep_array(r, DEFAULTS, sizeof(*device));
	size_t i;

	if (!device)
		return;
	r->plan->devices = device;
	r->plan->device_count = DEFAULTS;
	for (i = 0; i < DEFAULTS; i++)
		device[i] = (struct device){
			.path = defaults[i].path,
			.type = S_IFCHR,
			.rdev = makedev(defaults[i].major, defaults[i].minor),
			.mode = DEFAULT_MODE,
		};
}
