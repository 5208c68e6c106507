#!/bin/sh
# fuser and lsof: of all files only the locks of the package manager are ever held.
case " $* " in *dpkg* | *apt*) [ -e /opt/rehearsal/package-lock ] && cat /opt/rehearsal/package-lock && exit 0 ;; esac
exit 1
