#!/bin/sh
# The Azure Linux agent when it deprovisions: its order, its messages, and its habit of exiting with 0 after an exception.
# How it behaves today stands in /opt/rehearsal/agent; without that file it does its work.
way=$(cat /opt/rehearsal/agent 2>/dev/null)
action='' force=no
for word; do
    case ${word##*[-/]} in
        version)
            printf '%s\n' 'WALinuxAgent-2.15.0.1 running on debian 12' 'Python: 3.11.2' 'Goal state agent: 2.15.0.1'
            exit 0
            ;;
        deprovision | deprovision+user) action=${word##*[-/]} ;;
        force) force=yes ;;
    esac
done
[ -n "$action" ] || { echo "usage: waagent [-verbose] [-force] [-help] -deprovision[+user]|-version" && exit 0; }

# What it says of an exception; nothing after it is done.
give_up() {
    echo "$(date -u +%FT%TZ) ERROR MainThread Failed to run '$action': $1"
    printf '%s\n' 'Traceback (most recent call last):' "$1"
    exit 0
}

remove() { error=$(rm -rf -- "$@" 2>&1) || give_up "OSError: $(printf '%s\n' "$error" | head -n 1)"; }

[ "$(id -u)" = 0 ] || { echo 'PermissionError: waagent has to be run as root' >&2 && exit 1; }
sleep 0 # who keeps the clock sees then what this was asked for
case $way in
    does-nothing) exit 0 ;;
    fails) echo "RuntimeError: the agent's configuration cannot be read" >&2 && exit 1 ;;
    hangs) sleep 1000000 ;;
    slow) sleep 1200 ;;
esac

ovf=/var/lib/waagent/ovf-env.xml user=''
if [ "$action" = deprovision+user ] && [ -f "$ovf" ]; then
    # Read before anything is done.
    grep -q '</[a-z0-9:]*Environment>' "$ovf" || give_up 'xml.parsers.expat.ExpatError: no element found: line 3, column 0'
    user=$(sed -n 's/.*<[a-z0-9]*:*UserName>\([^<]*\)<.*/\1/p' "$ovf")
fi
[ "$way" != leaves-user ] || user=''
regenerate=no
! grep -qs '^Provisioning.RegenerateSshHostKeyPair=y' /etc/waagent.conf || regenerate=yes

echo 'WARNING! The waagent service will be stopped.'
[ "$regenerate" = no ] || echo 'WARNING! All SSH host key pairs will be deleted.'
echo 'WARNING! Cached DHCP leases will be deleted.'
echo 'WARNING! root password will be disabled. You will not be able to login as root.'
echo 'WARNING! /etc/resolv.conf will be deleted.'
if [ "$action" = deprovision+user ] && [ "$way" != leaves-user ]; then
    if [ -n "$user" ]; then
        echo "WARNING! $user account and entire home directory will be deleted."
    else
        printf '%s\n' 'WARNING! ovf-env.xml is not found.' 'WARNING! Skip delete user.'
    fi
fi
if [ "$force" = no ]; then
    printf 'Do you want to proceed (y/n)'
    read -r answer || give_up 'EOFError: EOF when reading a line'
    case $answer in [yY]*) ;; *) exit 0 ;; esac
fi

systemctl stop walinuxagent.service >/dev/null 2>&1
[ "$regenerate" = no ] || remove /etc/ssh/ssh_host_*key*
remove /var/lib/dhcp/* /var/lib/dhclient/* /var/lib/dhcpcd/* /var/lib/NetworkManager/dhclient-*.lease
[ "$way" != raises ] || give_up "OSError: [Errno 39] Directory not empty: '/var/lib/waagent/history'"
usermod -p '*LOCK*' root
remove /var/lib/waagent/* /var/log/azure/* /root/.bash_history /var/log/waagent.log
remove /etc/resolv.conf
if [ -n "$user" ]; then
    # What comes of it is not looked at.
    userdel -f -r "$user"
    sed -i "/$user/d" /etc/sudoers.d/waagent
fi
exit 0
