#!/bin/sh
# reboot, halt and poweroff.
exec /opt/rehearsal/session-lost
