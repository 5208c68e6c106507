set -e
if [[ -x /usr/sbin/waagent ]]; then
    sudo /usr/sbin/waagent -force -deprovision+user
fi
