#!/bin/sh
nohup waagent -force -deprovision+user >/tmp/deprovision.log 2>&1 &
