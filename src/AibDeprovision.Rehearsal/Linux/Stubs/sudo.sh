#!/bin/sh
# sudo for one who is root already.
while [ $# -gt 0 ]; do
    case $1 in
        -u | -g) shift ;;
        -* | *=*) ;;
        *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || exit 0
command -v "$1" >/dev/null 2>&1 || { echo "sudo: $1: command not found" >&2 && exit 1; }
exec "$@"
