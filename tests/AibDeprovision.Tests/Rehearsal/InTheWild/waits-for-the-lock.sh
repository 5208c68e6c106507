#!/bin/sh
n=0
until apt-get -y autoremove; do
    n=$((n + 1))
    [ "$n" -lt 30 ] || exit 6
    sleep 20
done
waagent -force -deprovision+user
