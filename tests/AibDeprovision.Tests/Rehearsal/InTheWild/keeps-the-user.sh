#!/bin/sh
waagent -force -deprovision && sync
