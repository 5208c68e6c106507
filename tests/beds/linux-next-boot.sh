#!/bin/bash
# Makes the disk of a machine of the Linux bed ready to be booted by systemd-nspawn as a new machine, with data for
# cloud-init in the place of Azure's. Run beside the machine, in its mount namespace.
#   linux-next-boot.sh ROOT            cloud-init shuts the machine down when it has provisioned it
#   linux-next-boot.sh ROOT COMMANDS   without cloud-init: systemd runs the sh commands as a service, and then shuts it down
set -euo pipefail
cd "$1"

# systemd brings its own.
umount dev/pts dev run sys proc

# systemd-nspawn leaves folders here, which are to go with the machine.
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=755 nspawn /run/systemd/nspawn

# There is no network to wait for.
ln -s /dev/null etc/systemd/system/systemd-networkd-wait-online.service

if [ $# -gt 1 ]; then
    touch etc/cloud/cloud-init.disabled
    printf '%s\n' "$2" >opt/bed.sh
    cat >etc/systemd/system/bed.service <<'UNIT'
[Service]
ExecStart=/bin/sh /opt/bed.sh
ExecStopPost=/usr/bin/systemctl --no-block poweroff
UNIT
    mkdir -p etc/systemd/system/multi-user.target.wants
    ln -s ../bed.service etc/systemd/system/multi-user.target.wants/bed.service
    exit 0
fi

# What the image is told of itself, and what the platform says of the machine.
echo 'datasource_list: [NoCloud, None]' >etc/cloud/cloud.cfg.d/99-bed.cfg
mkdir -p var/lib/cloud/seed/nocloud
printf 'instance-id: new-vm\nlocal-hostname: new-vm\n' >var/lib/cloud/seed/nocloud/meta-data
cat >var/lib/cloud/seed/nocloud/user-data <<'YAML'
#cloud-config
# The root has no programs for it.
locale: false
users:
  - name: azureuser
    sudo: ALL=(ALL) NOPASSWD:ALL
power_state: {mode: poweroff, delay: now}
YAML
