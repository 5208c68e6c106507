#!/bin/sh
# sleep in the machine's own time: who keeps the clock reads from this command line how long, and ends it with USR1.
[ $# -gt 0 ] || { echo 'sleep: missing operand' >&2 && exit 1; }
for word; do
    case $word in
        inf | infinity) ;;
        '' | *[!0-9.smhd]* | [smhd]*) echo "sleep: invalid time interval '$word'" >&2 && exit 1 ;;
    esac
done
trap 'exit 0' USR1
# The pipe is open for writing here as well, so it never ends, and nobody ever writes into it.
while :; do read -r _ <>/opt/rehearsal/clock/never; done
