#!/bin/sh
# archive.sh IN OUT CC...: an archive of one object, in which only what the
# public header declares can be linked to: a program may have a function
# failed() of its own.
set -eu
in=$1
out=$2
shift 2

object=$out.o
"$@" -r -nostdlib -Wl,--whole-archive "$in" -Wl,--no-whole-archive -o "$object"
objcopy --localize-hidden "$object"
rm -f "$out"
ar -rcsD "$out" "$object"
rm "$object"
