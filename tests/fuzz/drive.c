/*
 * drive ROUNDS DICTIONARY FILE...: the short run, without libFuzzer.
 *
 * Each file as it is and cut at each length, then so many variations of them
 * by a generator of numbers that always begins with the same.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define ROOM ((size_t)16384)
#define MOST 256

struct bytes {
	uint8_t at[ROOM];
	size_t length;
};

static struct bytes seeds[MOST], words[MOST];
static size_t seed_count, word_count;

/* xorshift64*, by Vigna */
static size_t random_below(size_t limit)
{
	static uint64_t state = 88172645463325252u;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (size_t)(state * 2685821657736338717u >> 33) % limit;
}

static void read_seed(const char *name)
{
	FILE *file = fopen(name, "re");

	if (!file || seed_count == MOST) {
		perror(name);
		exit(1);
	}
	seeds[seed_count].length = fread(seeds[seed_count].at, 1, ROOM, file);
	seed_count++;
	fclose(file);
}

/* Lines "word", as libFuzzer has them, without escapes but of \" and \\. */
static void read_words(const char *name)
{
	FILE *file = fopen(name, "re");
	char line[256], *at;

	while (file && word_count < MOST && fgets(line, sizeof(line), file)) {
		struct bytes *word = &words[word_count];

		if (*line != '"')
			continue;
		for (at = line + 1; *at && *at != '"'; at++) {
			at += *at == '\\';
			word->at[word->length++] = (uint8_t)*at;
		}
		word_count++;
	}
	if (!word_count) {
		perror(name);
		exit(1);
	}
	fclose(file);
}

/* Put the bytes in the place of so many others. */
static void replace(struct bytes *in, size_t at, size_t others,
		    const uint8_t *by, size_t length)
{
	if (in->length - others + length > ROOM)
		return;
	memmove(in->at + at + length, in->at + at + others,
		in->length - at - others);
	memcpy(in->at + at, by, length);
	in->length += length - others;
}

/* Another string in the place of one: most of what comes of it is JSON. */
static void rename_one(struct bytes *text, size_t at,
		       const struct bytes *word)
{
	const uint8_t *open = memchr(text->at + at, '"', text->length - at);
	const uint8_t *close;

	if (!open++)
		return;
	at = (size_t)(open - text->at);
	close = memchr(open, '"', text->length - at);
	if (close)
		replace(text, at, (size_t)(close - open), word->at,
			word->length);
}

static void vary(struct bytes *text)
{
	static const char marks[] = "{}[]:,\"\\ 0-9.eE+\n\xc3\x28\0u";
	const struct bytes *word = &words[random_below(word_count)];
	const struct bytes *other = &seeds[random_below(seed_count)];
	size_t at = random_below(text->length + 1), length, from;
	uint8_t mark = (uint8_t)marks[random_below(sizeof(marks))];

	length = random_below(text->length - at + 1);
	if (random_below(4))
		length = length < 12 ? length : random_below(12);
	from = random_below(other->length + 1);
	switch (random_below(12)) {
	case 0:
		if (at < text->length)
			text->at[at] ^= (uint8_t)(1 << random_below(8));
		return;
	case 1:
		replace(text, at, length > 0, &mark, 1);
		return;
	case 2:
		replace(text, at, length, &mark, 0);
		return;
	case 3:
		replace(text, at, length, word->at, word->length);
		return;
	case 4:
		replace(text, at, 0, word->at, word->length);
		return;
	case 5:
		replace(text, at, length, other->at + from,
			random_below(other->length - from + 1));
		return;
	default:
		rename_one(text, at, word);
	}
}

static void round_of(void)
{
	struct bytes text = seeds[random_below(seed_count)];
	size_t times = 1 + random_below(4);

	while (times--)
		vary(&text);
	LLVMFuzzerTestOneInput(text.at, text.length);
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 0, i;
	size_t seed, length;

	if (argc < 4)
		return 1;
	read_words(argv[2]);
	for (i = 3; i < argc; i++)
		read_seed(argv[i]);
	printf("1..2\n");
	for (seed = 0; seed < seed_count; seed++)
		for (length = 0; length <= seeds[seed].length; length++)
			LLVMFuzzerTestOneInput(seeds[seed].at, length);
	printf("ok 1 - a_plan_that_is_cut_does_no_harm\n");
	for (i = 0; i < rounds; i++)
		round_of();
	printf("ok 2 - any_bytes_for_a_plan_do_no_harm\n");
	return 0;
}
