#!/bin/sh
# cloud-init status and clean. While /opt/rehearsal/clean-fails exists the latter ends with an exception.
case ${1:-} in
    --version | -v) echo '/usr/bin/cloud-init 22.4.2' && exit 0 ;;
    status)
        while [ "${2:-}" = --wait ] && [ ! -e /run/cloud-init/result.json ]; do sleep 0.25; done
        if [ -e /run/cloud-init/result.json ]; then echo 'status: done'; else echo 'status: running'; fi
        exit 0
        ;;
    clean) ;;
    *) echo "cloud-init: error: argument subcommand: invalid choice: '${1:-}'" >&2 && exit 2 ;;
esac
case " $* " in *' --help '* | *' -h '*) echo 'usage: cloud-init clean [-h] [-l] [--machine-id] [-r] [-s]' '[--seed] [--logs]' && exit 0 ;; esac
if [ -e /opt/rehearsal/clean-fails ]; then
    printf '%s\n' 'Traceback (most recent call last):' "ValueError: dictionary update sequence element #0 has length 1; 2 is required" >&2
    exit 1
fi
for path in /var/lib/cloud/*; do
    case "$path: $* " in */seed:*--seed* | */seed:*' -s '*) ;; */seed:*) continue ;; esac
    rm -rf "$path"
done
case " $* " in *' --logs '* | *' -l '*) rm -f /var/log/cloud-init.log /var/log/cloud-init-output.log ;; esac
case " $* " in *' --machine-id '*) echo uninitialized >/etc/machine-id ;; esac
case " $* " in *' --reboot '* | *' -r '*) exec /opt/rehearsal/session-lost ;; esac
exit 0
