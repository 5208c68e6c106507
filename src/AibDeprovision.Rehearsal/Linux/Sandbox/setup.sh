#!/bin/sh
# First process of the sandbox's namespaces: lays the machine out, runs a command in it, and says what came of it.
#   setup.sh FOLDER DISK_SIZE AS_ROOT COMMAND...
# It sees the host as a user without rights; the command sees the machine and nothing else.
# Standard output: what the command writes. Standard error: lines for the sandbox, then the machine's files as a tar archive.
# Standard input: numbers of processes to be woken; its end means that nobody is left who waits for this.
set -eu
folder=$1 disk=$2 as_root=$3
shift 3
exec 3>&2 4<&0 </dev/null

# With everything else in the machine killed, nobody would be woken any more; main sees then that it is gone.
{ while read -r process; do kill -USR1 "$process" || :; done; kill -s KILL -- -1; } 2>/dev/null >/dev/null 3>&- <&4 4<&- &
waker=$!
exec 4<&-

hostname build-vm 2>/dev/null || :
cd "$folder/machine"
mount -t tmpfs -o "mode=755,nosuid,nodev,nr_inodes=20000,size=$disk" none .
cd "$folder/machine"
mkdir run
mount -t tmpfs -o mode=755,nosuid,nodev,nr_inodes=2000,size=4m none run
tar -xmf ../machine.tar --no-same-owner
chmod 1777 tmp var/tmp
for device in null zero random urandom; do : >"dev/$device"; done
ln -s /proc/self/fd dev/fd
mkfifo ../clock/never
mount --all --fstab ../mounts
mount -t tmpfs -o mode=755,nosuid,nodev,size=64m none opt/host
tar -C / -cf - -T ../programs 2>/dev/null | tar -xf - -C opt/host --no-same-owner
mount -o remount,bind,ro opt/host

# One more user namespace, in which the command is, and the mounts of that; one more for a command that is not root. Then none of any kind.
if [ "$as_root" = yes ]; then users=1; else users=2; fi
for most in proc/sys/user/max_*_namespaces; do
    case $most in
        *_user_*) echo "$users" >"$most" ;;
        *_mnt_*) echo 2 >"$most" ;; # this one has mounts of its own already
        *) echo 0 >"$most" ;;
    esac
done

# In a user namespace of its own nobody can undo the mounts, and what runs out here cannot be looked into.
status=0
# shellcheck disable=SC2016 # the inner shell expands it
prlimit --nproc=256 --fsize=33554432 --as=536870912 --core=0 -- \
    unshare --user --map-root-user --mount -- sh -c '
        mount --rbind . . && cd "$PWD" && pivot_root . . && umount -l . && cd / || exit 126
        [ "$0" = yes ] || exec unshare --user -- "$@"
        exec "$@"' "$as_root" "$@" 2>&1 3>&- || status=$?

# Who was killed before ends by that signal and not by this one, however long it takes to end.
kill -s USR2 "$waker" 2>/dev/null || :
ended=0
wait "$waker" 2>/dev/null || ended=$?
if [ "$(kill -l "$ended")" = USR2 ]; then echo "exit $status" >&3; else echo lost >&3; fi
exec 1>&- # before the others are killed, so that the end of their output is the end of the output
kill -s KILL -- -1 2>/dev/null || :
exec tar --format=gnu --one-file-system --sparse --exclude='./dev/*' -c . ./run >&3 2>/dev/null
