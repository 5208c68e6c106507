#!/bin/sh
# Run by root in a mount namespace of its own: binds what is lent to where a user without rights can reach it, and goes on as that user.
#   stage.sh STAGE COUNT SOURCE... COMMAND...
set -eu
stage=$1 count=$2 n=0
shift 2
mount -t tmpfs -o mode=755,nosuid,nodev,size=1m none "$stage"
mkdir "$stage/root"
chown 65534:65534 "$stage/root"
while [ "$n" -lt "$count" ]; do
    if [ -d "$1" ]; then mkdir "$stage/$n"; else : >"$stage/$n"; fi
    mount -o rbind,ro "$1" "$stage/$n"
    n=$((n + 1))
    shift
done
exec "$@"
