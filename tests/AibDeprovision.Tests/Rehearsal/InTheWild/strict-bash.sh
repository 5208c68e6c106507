#!/bin/bash
set -euo pipefail
paths=(/usr/sbin/waagent /usr/local/sbin/waagent /usr/share/oem/bin/waagent)
agent=''
for path in "${paths[@]}"; do
    if [[ -x "$path" ]]; then agent="$path"; break; fi
done
if [[ -z "$agent" ]]; then
    echo "no waagent in ${paths[*]}" >&2
    exit 3
fi
"$agent" -force -deprovision+user
history -c
sync
