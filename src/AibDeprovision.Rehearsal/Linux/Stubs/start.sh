#!/bin/sh
# Brings the machine into the scenario's state and runs the script as Azure Image Builder does.
[ ! -e /opt/rehearsal/boot ] || /opt/rehearsal/boot
# The service makes the script executable and runs it: its first line says by what; without one it is sh.
script=/tmp/DeprovisioningScript.sh first=''
IFS= read -r first <"$script" || [ -n "$first" ] || first=''
case $first in '#!'*) set -- "$script" ;; *) set -- sh "$script" ;; esac
# What can be mounted can reach further than the machine: the script has to do without.
[ "$(id -u)" != 0 ] || exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin -- "$@"
exec "$@"
