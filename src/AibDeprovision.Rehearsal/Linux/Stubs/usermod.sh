#!/bin/sh
# usermod -p HASH USER, usermod -L USER and passwd -l USER.
hash='!' user='' next=no
for word; do
    case $next:$word in
        yes:*) hash=$word next=no ;;
        no:-p) next=yes ;;
        no:-*) ;;
        no:*) user=$word ;;
    esac
done
grep -q "^$user:" /etc/shadow || { echo "usermod: user '$user' does not exist" >&2 && exit 6; }
sed -i "s|^$user:[^:]*:|$user:$hash:|" /etc/shadow
