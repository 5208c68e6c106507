#!/bin/sh
# First process of a worker's namespaces: makes a root of what the host lends, read-only, and runs a command in it that
# can neither undo that nor make namespaces of its own.
#   worker.sh ROOT COUNT SOURCE TARGET... COMMAND...
set -eu
root=$1 count=$2
shift 2
mount -t tmpfs -o mode=755,nosuid,nodev,nr_inodes=5000,size=64m none "$root"
while [ "$count" -gt 0 ]; do
    if [ -d "$1" ]; then
        mkdir -p "$root$2"
        mount -o rbind,ro "$1" "$root$2"
    else
        mkdir -p "$root${2%/*}"
        [ -e "$root$2" ] || : >"$root$2"
        mount -o bind "$1" "$root$2"
    fi
    count=$((count - 1))
    shift 2
done
mkdir -p "$root/proc" "$root/tmp" "$root/etc"
echo 'root:x:0:0::/tmp:/bin/false' >"$root/etc/passwd" # .NET wants to know who it is
chmod 1777 "$root/tmp"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -o bind "$root/dev/null" "$root/proc/cmdline"
cd "$root"
# One more user namespace, in which the command is, and the mounts of that; then none of any kind.
for most in proc/sys/user/max_*_namespaces; do
    case $most in
        *_user_*) echo 1 >"$most" ;;
        *_mnt_*) echo 2 >"$most" ;; # this one has mounts of its own already
        *) echo 0 >"$most" ;;
    esac
done
# shellcheck disable=SC2016 # the inner shell expands it
exec prlimit --nproc=512 --fsize=33554432 --core=0 -- unshare --user --map-root-user --mount -- sh -c '
    mount --rbind . . && cd "$PWD" && pivot_root . . && umount -l . && cd / || exit 126
    exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"' sh "$@"
