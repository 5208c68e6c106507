#!/bin/bash
# Runs a build on a machine of the Linux bed with Packer, in the order of Azure Image Builder: a customizer, which installs
# the script that comes by standard input as /tmp/DeprovisioningScript.sh, and then the last step, which runs it.
# Prints what Azure Image Builder keeps as customization.log, and ends with Packer's exit code.
# Run beside the machine, in its namespaces: sshd and Packer meet on the loopback device there.
#   linux-packer.sh FOLDER          (the folder that linux-case.sh names)
#   linux-packer.sh FOLDER inline   what comes by standard input is the array of lines of an inline customizer, as JSON
set -euo pipefail
folder=$1
work=$folder/packer
mkdir "$work"

chroot "$folder/root" ssh-keygen -q -t ed25519 -N '' -C build -f /run/build-key
mv "$folder/root/run/build-key" "$work/key"
cat "$folder/root/run/build-key.pub" >>"$folder/root/home/packer/.ssh/authorized_keys"
# PID 1 of the machine has to stay a shell: cloud-init reads its environment, and sshd writes over its own.
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$folder/root" /usr/sbin/sshd -o ListenAddress=127.0.0.1

if [ "${2-}" = inline ]; then
    customizer="\"inline\": $(cat)"
else
    customizer="\"script\": \"$work/customizer.sh\""
    {
        echo "cat >/tmp/DeprovisioningScript.sh <<'END OF THE DEPROVISIONING SCRIPT'"
        cat
        echo 'END OF THE DEPROVISIONING SCRIPT'
    } >"$work/customizer.sh"
fi

# How the service words the last step on Linux is not documented; this follows the documented one for Windows.
cat >"$work/template.json" <<JSON
{
  "builders": [{
    "type": "null", "name": "azure-arm", "communicator": "ssh", "ssh_host": "127.0.0.1", "ssh_timeout": "30s",
    "ssh_username": "packer", "ssh_private_key_file": "$work/key"
  }],
  "provisioners": [
    {"type": "shell", $customizer},
    {"type": "shell", "inline": [
      "if [ ! -f /tmp/DeprovisioningScript.sh ]; then echo 'Deprovisioning script [/tmp/DeprovisioningScript.sh] could not be found.'; fi",
      "chmod +x /tmp/DeprovisioningScript.sh",
      "sudo sh /tmp/DeprovisioningScript.sh"
    ]}
  ]
}
JSON

export CHECKPOINT_DISABLE=1 PACKER_LOG=1 PACKER_CONFIG="$work/config" PACKER_CACHE_DIR="$work/cache" HOME="$work"
status=0
# Line by line, so that none is torn. Where this machine has its folders is nobody's business.
{
    packer build -color=false "$work/template.json" 2> >(sed -u 's/^/PACKER ERR /' >&3) | sed -u 's/^/PACKER OUT /'
} 3>&1 | sed -u "s|$folder|/build|g" || status=$?
exit "$status"
