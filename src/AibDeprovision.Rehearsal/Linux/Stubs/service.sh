#!/bin/sh
# service NAME VERB.
exec systemctl "$2" "$1"
