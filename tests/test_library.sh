#!/bin/sh
# libinit-shim as it is installed: a program that is written from README.md
# alone is compiled, and what else the library has is nobody's business
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
example=$top/tests/parents/example.c

meson install -C "$INIT_SHIM_BUILD" --no-rebuild --destdir "$tmp/root" \
	>"$tmp/log" 2>&1
include=$(dirname "$(find "$tmp/root" -name init-shim.h)")
lib=$(dirname "$(find "$tmp/root" -name libinit-shim.so)")
package=$lib/pkgconfig/init-shim.pc

# compile ARGS...: without a word of the compiler
compile() {
	equal "what the compiler says" \
		"$(${CC:-cc} -Wall -Wextra -I"$include" "$@" -o "$tmp/program" 2>&1)" ""
	[ -x "$tmp/program" ] || wrong "there is no program"
	rm -f "$tmp/program"
}

program_of_the_readme_is_the_tested_one() {
	shown=$(awk '/^```c$/ { text = ""; inside = 1; next }
		/^```$/ && inside {
			inside = 0
			if (text ~ /init_shim_spawn/)
				printf "%s", text
		}
		inside { text = text $0 "\n" }' "$top/README.md")
	equal "the program in README.md" "$shown" "$(cat "$example")"
}

it_compiles_with_the_shared_library() {
	compile -std=c99 "$example" -L"$lib" -linit-shim
}

it_compiles_with_the_archive() {
	compile "$example" "$lib/libinit-shim.a" -pthread
}

header_can_be_included_alone() {
	echo '#include <init-shim.h>' >"$tmp/alone.c"
	compile -std=c99 -pedantic -Wstrict-prototypes \
		-shared -fPIC "$tmp/alone.c"
}

# the functions of the header, a line each
declared() {
	grep -o 'init_shim_[a-z_]*(' "$include/init-shim.h" | tr -d '(' |
		sort -u
}

shared_library_has_what_the_header_declares() {
	equal "what is exported" "$(nm -D --defined-only "$lib/libinit-shim.so" |
		sed -n 's/.* T \([a-z_]*\)@@INIT_SHIM_[0-9.]*$/\1/p' | sort)" \
		"$(declared)"
}

archive_has_what_the_header_declares() {
	equal "what can be linked to" \
		"$(nm --defined-only --extern-only "$lib/libinit-shim.a" |
		sed -n 's/.* [A-Z] //p' | sort)" "$(declared)"
}

package_says_how_to_compile() {
	contains "$package" "$(cat "$package")" "-linit-shim"
	contains "$package" "$(cat "$package")" "Cflags: -I"
}

run_tests \
	program_of_the_readme_is_the_tested_one \
	it_compiles_with_the_shared_library \
	it_compiles_with_the_archive \
	header_can_be_included_alone \
	shared_library_has_what_the_header_declares \
	archive_has_what_the_header_declares \
	package_says_how_to_compile
