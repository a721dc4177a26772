/* document: the strict pass first, then cJSON */

#include "document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fd.h"
#include "kernel/file.h"
#include "kernel/text.h"
#include "plan/fault.h"
#include "plan/strict.h"
#include "plan/tree.h"

void *must(void *pointer)
{
	if (pointer)
		return pointer;
	fputs("init-shim-run: there is not enough memory\n", stderr);
	exit(EXIT_SHIM);
}

/*
 * Each number keeps its text: what cJSON makes of it is a double, which does
 * not hold RLIM_INFINITY.
 */
static void keep_digits(cJSON *value)
{
	size_t length;

	for (; value; value = value->next) {
		if (cJSON_IsNumber(value)) {
			length = strspn(value->valuestring, "+-.0123456789Ee");
			value->valuestring =
				must(strndup(value->valuestring, length));
		}
		keep_digits(value->child);
	}
}

static bool is_strict(const struct text *text, struct plan_faults *faults)
{
	struct arena keep = {0}, scratch = {0};
	struct members members = {0};
	size_t before = faults->count;

	strict_check(text->bytes, text->length, &keep, &scratch, faults,
		     &members);
	arena_free(&keep);
	arena_free(&scratch);
	return faults->count == before;
}

static cJSON *parse(const struct text *text, struct plan_faults *faults)
{
	cJSON *tree;

	if (!is_strict(text, faults))
		return NULL;
	tree = must(cJSON_ParseWithLength(text->bytes, text->length));
	tree_attach_digits(tree, text->bytes, text->bytes + text->length);
	keep_digits(tree);
	return tree;
}

cJSON *document_read(const char *path, struct plan_faults *faults,
		     struct failure *why)
{
	struct text text = {0};
	autoclose int file = -1;
	cJSON *tree;

	attempt(why, NULL, WHOLE, "read", path);
	file = file_open(AT_FDCWD, path, O_RDONLY | O_NOCTTY, why);
	/* the byte behind the text is a NUL, where searches for digits end */
	if (file < 0 || text_read(&text, file, why) < 0 ||
	    text_reserve(&text, 1, why) < 0)
		return NULL;
	tree = parse(&text, faults);
	text_free(&text);
	return tree;
}

/* A number as it was written: cJSON prints what is raw as it is. */
static void digits_as_written(cJSON *value)
{
	for (; value; value = value->next) {
		if (cJSON_IsNumber(value) && value->valuestring)
			value->type = cJSON_Raw;
		digits_as_written(value->child);
	}
}

char *document_print(const cJSON *tree, bool for_people)
{
	cJSON *copy = must(cJSON_Duplicate(tree, true));
	char *text;

	digits_as_written(copy);
	text = must(for_people ? cJSON_Print(copy) :
				 cJSON_PrintUnformatted(copy));
	cJSON_Delete(copy);
	return text;
}

bool document_integer(const cJSON *value, int64_t least, int64_t most,
		      int64_t *number)
{
	long long read;
	char *end;

	if (!cJSON_IsNumber(value) || !value->valuestring ||
	    strlen(value->valuestring) > 18)
		return false;
	read = strtoll(value->valuestring, &end, 10);
	if (*end || read < least || read > most)
		return false;
	*number = read;
	return true;
}

bool document_natural(const cJSON *value, uint64_t *number)
{
	const char *text = value->valuestring;

	if (!cJSON_IsNumber(value) || !text ||
	    text[strspn(text, "0123456789")])
		return false;
	errno = 0;
	*number = strtoull(text, NULL, 10);
	return errno == 0;
}

cJSON *document_number(int64_t number)
{
	char digits[24];
	cJSON *value = must(cJSON_CreateNumber(0));

	snprintf(digits, sizeof(digits), "%lld", (long long)number);
	value->valuestring = must(strdup(digits));
	return value;
}

cJSON *document_member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

void document_add(cJSON *object, const char *key, cJSON *value)
{
	must(value);
	must(cJSON_AddItemToObject(object, key, value) ? value : NULL);
}

void document_copy(cJSON *object, const char *key, const cJSON *value)
{
	cJSON_DeleteItemFromObjectCaseSensitive(object, key);
	document_add(object, key, cJSON_Duplicate(value, true));
}

cJSON *document_object(cJSON *object, const char *key)
{
	cJSON *member = document_member(object, key);

	if (member)
		return member;
	member = must(cJSON_CreateObject());
	document_add(object, key, member);
	return member;
}
