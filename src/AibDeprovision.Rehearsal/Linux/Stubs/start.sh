#!/bin/sh
# Brings the machine into the scenario's state and runs the script as Azure Image Builder does.
[ ! -e /opt/rehearsal/boot ] || /opt/rehearsal/boot
exec sh /tmp/DeprovisioningScript.sh
