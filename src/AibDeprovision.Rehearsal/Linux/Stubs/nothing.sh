#!/bin/sh
# For commands that change nothing that is looked at, or would reach beyond the machine: sync would write the host's disks.
exit 0
