#!/bin/sh
# apt-get and apt. They change nothing that is looked at; while another one holds the lock they fail at once, as the real ones do.
lock=/opt/rehearsal/package-lock
if [ -n "$REHEARSAL_HOLDS" ]; then
    echo $$ >"$lock"
    sleep "$REHEARSAL_HOLDS"
    rm -f "$lock"
    exit 0
fi
verb='' wait=0
for word; do
    case $word in
        -o*DPkg::Lock::Timeout=* | DPkg::Lock::Timeout=*) wait=${word##*=} ;;
        -*) ;;
        *) [ -n "$verb" ] || verb=$word ;;
    esac
done
case $verb in
    install | reinstall | remove | purge | upgrade | dist-upgrade | full-upgrade | autoremove | autopurge | clean | autoclean) ;;
    *) exit 0 ;;
esac
[ "$(id -u)" = 0 ] || { echo 'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)' >&2 && exit 100; }
while [ -e "$lock" ] && [ "$wait" != 0 ]; do
    sleep 1
    wait=$((wait - 1))
done
[ -e "$lock" ] || exit 0
echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process $(cat "$lock") (apt-get)" >&2
echo 'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?' >&2
exit 100
