#!/bin/sh
# For commands that cannot matter to deprovisioning: taken as done, and said.
echo "${0##*/}" >>/opt/rehearsal/assumed 2>/dev/null
exit 0
