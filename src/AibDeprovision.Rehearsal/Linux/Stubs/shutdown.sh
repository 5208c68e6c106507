#!/bin/sh
# shutdown: at once, or in so many minutes, for which it does not wait.
minutes=1
for word; do
    case $word in
        -c) exit 0 ;;
        now) minutes=0 ;;
        +[0-9]*) minutes=${word#+} ;;
    esac
done
[ "$minutes" != 0 ] || exec /opt/rehearsal/session-lost
{ sleep "${minutes}m" && exec /opt/rehearsal/session-lost; } </dev/null >/dev/null 2>&1 &
echo "Shutdown scheduled in $minutes minutes, use 'shutdown -c' to cancel." >&2
