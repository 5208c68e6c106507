#!/bin/sh
# timeout in the machine's own time, with the options and exit codes of coreutils. Who keeps the clock reads from this
# command line how long, and sends USR1 when the time is over, and again when that of -k is.
# shellcheck disable=SC2317 # the traps call it
signal=TERM preserve=no
fail() { echo "timeout: $1" >&2 && exit 125; }
while [ $# -gt 0 ]; do
    case $1 in
        -k | --kill-after) shift ;;
        -k* | --kill-after=*) ;;
        -s | --signal) signal=${2:-} && shift ;;
        -s*) signal=${1#-s} ;;
        --signal=*) signal=${1#*=} ;;
        --preserve-status) preserve=yes ;;
        --foreground | -v | --verbose) ;;
        --) shift && break ;;
        -*) fail "unrecognized option '$1'" ;;
        *) break ;;
    esac
    shift
done
[ $# -ge 2 ] || fail 'missing operand'
case $1 in *[!0-9.smhd]* | [smhd]*) fail "invalid time interval '$1'" ;; esac
signal=${signal#SIG} over='' again=no
shift

# In a session of its own, so that all it has started can be ended with it.
exec 3<&0
setsid "$@" <&3 3<&- &
child=$!
exec 3<&-

send() {
    again=yes
    kill -s "$1" -- "-$child" 2>/dev/null
}

on_time() {
    if [ -z "$over" ]; then over=$signal; else over=KILL; fi
    send "$over"
}

trap on_time USR1
for name in TERM INT HUP QUIT; do
    # shellcheck disable=SC2064 # the name of now is meant
    trap "send $name" "$name"
done
while :; do
    again=no
    wait "$child" 2>/dev/null
    status=$?
    [ "$again" = yes ] || break
done
case $over:$preserve in
    :* | *:yes) exit "$status" ;;
    KILL:*) exit 137 ;;
    *) exit 124 ;;
esac
