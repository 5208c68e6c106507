#!/bin/sh
# Runs a command without what its caller has open, with no core dump and with a limit of memory of its own.
#   limits.sh KILOBYTES COMMAND...
# bash knows descriptors of two digits; where there is none, whoever has such a descriptor open gets nothing run.
for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    case $fd in
        0 | 1 | 2 | '*') ;;
        [3-9]) eval "exec $fd>&-" ;;
        *) if [ -n "${BASH_VERSION:-}" ]; then eval "exec $fd>&-"; elif [ -e "/proc/self/fd/$fd" ]; then exit 126; fi ;;
    esac
done
# shellcheck disable=SC3045 # dash, bash and busybox all have these limits
ulimit -c 0
# shellcheck disable=SC3045
[ "$1" = unlimited ] || ulimit -d "$1" || exit 126
shift
exec "$@"
