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
exec "$@"
