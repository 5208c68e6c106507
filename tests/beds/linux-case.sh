#!/bin/bash
# One throw-away build VM on the root of linux-root.sh: namespaces of its own, an overlay in memory, seeded as a build
# leaves it. Nothing of it is left when this ends. Needs root. See linux.md.
#   linux-case.sh [OPTION...] COMMAND...   runs the command in it and reports exit code and what is left of the build
#   linux-case.sh [OPTION...]              prints "ready PID FOLDER", and keeps it up until the end of standard input
#     -c SCRIPT     this file becomes /tmp/DeprovisioningScript.sh
#     -b COMMANDS   sh commands that are run in it after the seed
#     -m FROM:TO    shows a folder or file of this machine in it, read-only
#     -s SIZE       the space for what is written (default 512m)
#     -t SECONDS    the limit for the command (default 120)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" != --inside ]; then
    root=$("$here/linux-root.sh")
    # UTS, because waagent changes the host name; PID, so that its end is the end of all that runs in it.
    exec unshare --mount --uts --ipc --pid --net --fork --kill-child -- bash "$here/linux-case.sh" --inside "$root" "$@"
fi
base=$2
shift 2

script='' before='' size=512m limit=120 mounts=()
while getopts c:b:m:s:t: option; do
    case $option in
        c) script=$OPTARG ;; b) before=$OPTARG ;; m) mounts+=("$OPTARG") ;; s) size=$OPTARG ;; t) limit=$OPTARG ;;
        *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

# Seen from outside the new PID namespace: /proc is still the old one.
read -r pid _ </proc/self/stat

# The mount point is shared by all cases, and each sees only its own mounts there.
folder=$(dirname "$base")/case
mkdir -p "$folder"
mount -t tmpfs -o "mode=755,size=$size" case "$folder"
mkdir "$folder/upper" "$folder/work" "$folder/root"
machine=$folder/root
mount -t overlay -o "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work" case "$machine"
mount -t proc proc "$machine/proc"
mount -t sysfs -o ro sysfs "$machine/sys"
mount -t tmpfs -o mode=755,size=16m run "$machine/run"
mount -t tmpfs -o mode=755,size=1m dev "$machine/dev"
mkdir "$machine/dev/pts" "$machine/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$machine/dev/pts"
mknod -m 666 "$machine/dev/null" c 1 3
mknod -m 666 "$machine/dev/zero" c 1 5
mknod -m 666 "$machine/dev/random" c 1 8
mknod -m 666 "$machine/dev/urandom" c 1 9
mknod -m 666 "$machine/dev/tty" c 5 0
ln -s pts/ptmx "$machine/dev/ptmx"
ln -s /proc/self/fd "$machine/dev/fd"
for pair in "${mounts[@]}"; do
    if [ -d "${pair%%:*}" ]; then mkdir -p "$machine${pair#*:}"; else touch "$machine${pair#*:}"; fi
    mount --bind "${pair%%:*}" "$machine${pair#*:}"
    mount -o remount,bind,ro "$machine${pair#*:}"
done

# Without any interface the waagent of the RHEL family looks for one for ever.
hostname build-vm
ip link set lo up
ip link add eth0 address 00:0d:3a:aa:bb:cc type veth peer name far
ip link set far up
ip link set eth0 up
ip addr add 10.0.0.4/24 dev eth0

# enter LIMIT COMMAND...: in the machine, with nothing of this machine's environment.
enter() {
    timeout -k 5 "$1" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        SUDO_USER=packer chroot "$machine" "${@:2}"
}

enter 60 sh -s <"$here/linux-seed.sh"
if [ -n "$script" ]; then cp "$script" "$machine/tmp/DeprovisioningScript.sh"; fi
if [ -n "$before" ]; then enter 60 sh -c "$before"; fi

if [ $# = 0 ]; then
    echo "ready $pid $folder"
    while read -r _; do :; done
    exit 0
fi

status=0
enter "$limit" "$@" || status=$?
echo "--- exit code $status; files that still hold a trace of the build:"
# Every trace was written into the upper layer.
(cd "$folder/upper" && grep -rlaF -D skip CANARY-7f3a . | sed 's/^\.//' | LC_ALL=C sort) || true
exit "$status"
