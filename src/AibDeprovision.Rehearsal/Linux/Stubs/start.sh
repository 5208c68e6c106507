#!/bin/sh
# Brings the machine into the scenario's state and runs the script as Azure Image Builder does.
[ ! -e /opt/rehearsal/boot ] || /opt/rehearsal/boot
# What can be mounted can reach further than the machine: the script has to do without.
[ "$(id -u)" != 0 ] || exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin -- sh /tmp/DeprovisioningScript.sh
exec sh /tmp/DeprovisioningScript.sh
