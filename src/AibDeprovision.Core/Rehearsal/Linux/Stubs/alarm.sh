#!/bin/sh
# alarm DURATION PROCESS: sends the process USR1 when that much of the machine's own time has passed. Keeps time as sleep does.
trap 'kill -USR1 "$2" 2>/dev/null; exit 0' USR1
while :; do read -r _ <>/opt/rehearsal/clock/never; done
