#!/bin/bash
if command -v dnf >/dev/null; then sudo dnf clean all; fi
sudo yum clean all
sudo rm -rf /var/cache/yum
for user in $(getent passwd | awk -F: '$3 >= 1000 { print $1 }'); do chage -d 0 "$user"; done
cloud-init clean --logs
waagent -force -deprovision+user && export HISTSIZE=0 && sync
