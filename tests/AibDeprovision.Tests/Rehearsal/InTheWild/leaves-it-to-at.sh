#!/bin/bash
# So that the session has ended by then.
echo 'waagent -force -deprovision+user && poweroff' | at now + 1 minute
exit 0
