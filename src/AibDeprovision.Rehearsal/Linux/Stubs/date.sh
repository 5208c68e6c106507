#!/bin/sh
# date by the machine's own clock.
real=/opt/host/usr/bin/date
read -r now _ </opt/rehearsal/clock/now
wanted=''
for word; do
    case $word in
        -d | --date) wanted=next ;;
        -d?*) wanted=${word#-d} ;;
        --date=*) wanted=${word#*=} ;;
        -f | --file* | -r | --reference* | -s | --set*) exec "$real" "$@" ;;
        *) [ "$wanted" != next ] || wanted=$word ;;
    esac
done
[ -n "$wanted" ] || exec "$real" -d "@$now" "$@"
# Of a relative time (1 hour ago) the present one has to be the machine's; an absolute one cannot be joined to it.
if "$real" -d "$("$real" -d "@$now" '+%F %T %z') $wanted" >/dev/null 2>&1; then
    shift_from="$("$real" -d "@$now" '+%F %T %z') $wanted"
    exec "$real" "$@" -d "$shift_from"
fi
exec "$real" "$@"
