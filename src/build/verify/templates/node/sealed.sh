#!/bin/sh
# Runs a program so that no other process of the same user can look into it or write to its memory and descriptors.
#
# usage: sealed.sh PROGRAM ARGUMENT...
#
# The tests are of the same user as what counts them. Linux closes /proc/PID to that user for a process that was started from
# a file that the user can't read; here that file is a copy of the loader, which then loads the program as it always does.
# Where there is no such loader the program runs as it is.
for loader in /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.* /lib/ld-musl-*.so.*; do
  if [ -e "$loader" ]; then
    sealed=$(mktemp) && cp "$loader" "$sealed" && chmod 0111 "$sealed" && exec "$sealed" "$@"
    exit 1
  fi
done
exec "$@"
