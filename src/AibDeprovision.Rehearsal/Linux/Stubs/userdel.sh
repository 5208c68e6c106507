#!/bin/sh
# userdel, and deluser. While /opt/rehearsal/accounts-locked exists another program holds the lock of the account files.
home=no user=''
for word; do
    case $word in
        --remove-home | --remove | -r | -rf | -fr) home=yes ;;
        -*) ;;
        *) user=$word ;;
    esac
done
grep -q "^$user:" /etc/passwd || { echo "userdel: user '$user' does not exist" >&2 && exit 6; }
[ ! -e /opt/rehearsal/accounts-locked ] || { echo 'userdel: cannot lock /etc/passwd; try again later.' >&2 && exit 1; }
folder=$(sed -n "s/^$user:.*:\([^:]*\):[^:]*\$/\1/p" /etc/passwd)
for file in passwd shadow group gshadow subuid subgid; do
    [ -f "/etc/$file" ] || continue
    cp "/etc/$file" "/etc/$file-" || exit 1
    sed -i "/^$user:/d" "/etc/$file" || exit 1
done
[ "$home" = no ] || rm -rf "${folder:?}" "/var/mail/$user" || exit 12
