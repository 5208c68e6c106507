#!/bin/sh
# timeout in the machine's own time, with the options and exit codes of coreutils.
# shellcheck disable=SC2317 # the traps call it
signal=TERM kill_after='' preserve=no
fail() { echo "timeout: $1" >&2 && exit 125; }
while [ $# -gt 0 ]; do
    case $1 in
        -k | --kill-after) kill_after=${2:-} && shift ;;
        -k*) kill_after=${1#-k} ;;
        --kill-after=*) kill_after=${1#*=} ;;
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
limit=$1 signal=${signal#SIG} over='' again=no alarm=''
shift

# In a session of its own, so that all it has started can be ended with it.
exec 3<&0
setsid "$@" <&3 3<&- &
child=$!
exec 3<&-

set_alarm() { /opt/rehearsal/alarm "$1" $$ </dev/null >/dev/null 2>&1 & alarm=$!; }

# The first time the limit has passed, the second time what is given to a process that does not heed the signal.
on_alarm() {
    again=yes
    if [ -z "$over" ]; then
        over=$signal
        kill -s "$signal" -- "-$child" 2>/dev/null
        [ -z "$kill_after" ] || set_alarm "$kill_after"
    else
        over=KILL
        kill -s KILL -- "-$child" 2>/dev/null
    fi
}

pass_on() {
    again=yes
    kill -s "$1" -- "-$child" 2>/dev/null
}

trap on_alarm USR1
for name in TERM INT HUP QUIT; do
    # shellcheck disable=SC2064 # the name of now is meant
    trap "pass_on $name" "$name"
done
case $limit in 0 | 0[smhd]) ;; *) set_alarm "$limit" ;; esac
while :; do
    again=no
    wait "$child" 2>/dev/null
    status=$?
    [ "$again" = yes ] || break
done
trap '' USR1
if [ -n "$alarm" ]; then
    # Not TERM: it would be lost on one that has not quite become the alarm yet.
    kill -s KILL "$alarm" 2>/dev/null
    wait "$alarm" 2>/dev/null
fi
case $over:$preserve in
    :* | *:yes) exit "$status" ;;
    KILL:*) exit 137 ;;
    *) exit 124 ;;
esac
