#!/bin/sh
# at and batch: the commands are run later, by nobody who waits for them.
file='' seconds=60 number=''
while [ $# -gt 0 ]; do
    case $1 in
        -f) file=$2 && shift ;;
        -*) ;;
        now) seconds=0 ;;
        +) ;;
        [0-9]*) number=${1#+} ;;
        +[0-9]*) number=${1#+} ;;
        min*) seconds=$((number * 60)) ;;
        hour*) seconds=$((number * 3600)) ;;
        day*) seconds=$((number * 86400)) ;;
    esac
    shift
done
if [ -n "$file" ]; then job=$(cat "$file"); else job=$(cat); fi
echo "${0##*/}" >/opt/rehearsal/deferred
# shellcheck disable=SC2016 # the other shell reads its own arguments
setsid sh -c 'sleep "$1"; sh -c "$2"' sh "$seconds" "$job" </dev/null >/dev/null 2>&1 &
echo 'warning: commands will be executed using /bin/sh' >&2
echo 'job 1 at Thu Jan 15 09:01:00 2026' >&2
