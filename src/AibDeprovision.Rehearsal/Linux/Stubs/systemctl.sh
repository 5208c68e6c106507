#!/bin/sh
# systemctl for the few services of the machine. While /opt/rehearsal/systemd-hangs exists it gets no answer.
verb='' unit=''
for word; do
    case $word in
        -*) ;;
        *) if [ -z "$verb" ]; then verb=$word; else unit=${word%.service}; fi ;;
    esac
done
case $verb in reboot | halt | poweroff | kexec | soft-reboot) exec /opt/rehearsal/session-lost ;; esac
[ ! -e /opt/rehearsal/systemd-hangs ] || sleep infinity
case $unit in
    walinuxagent | ssh | cloud-init | cloud-config | cloud-final | systemd-random-seed | systemd-journald | rsyslog | '') exit 0 ;;
esac
case $verb in
    is-active) echo inactive && exit 3 ;;
    is-enabled | enable | disable | mask) echo "Failed to get unit file state for $unit.service: No such file or directory" >&2 && exit 1 ;;
    *) echo "Failed to $verb $unit.service: Unit $unit.service not loaded." >&2 && exit 5 ;;
esac
