#!/bin/bash
# Builds the root of the Linux test bed: Debian bookworm, or the suite of $AIB_BED_SUITE, with the real waagent, cloud-init, sshd and sudo.
# Prints its folder. It is built once for each suite and list of packages, in about a minute, and is never written to afterwards:
# linux-case.sh lays an overlay on it.
# Cache: $AIB_BED_CACHE, otherwise aibdeprovision-beds in the user's cache folder.
set -euo pipefail

suite=${AIB_BED_SUITE:-bookworm}
packages=(
    waagent cloud-init            # what deprovisions, and what provisions the next machine
    openssh-server sudo           # the way in which Packer comes
    systemd systemd-sysv udev     # for the next boot
    netplan.io isc-dhcp-client    # what cloud-init writes network files for
    ca-certificates iproute2 passwd
)
# As an installer leaves it: without an id, and with nothing of the machine that built it.
# shellcheck disable=SC2016 # mmdebstrap's shell expands it
finish='rm -f "$1"/etc/resolv.conf "$1"/etc/hostname; : >"$1"/etc/machine-id'

cache=${AIB_BED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aibdeprovision-beds}
list=$(printf '%s\n' "$suite" "${packages[@]}" "$finish")
root=$cache/linux-$(sha256sum <<<"$list" | cut -c 1-16)

mkdir -p "$cache"
# Two test runs at once build one root.
exec 9>"$cache/linux.lock"
flock 9

if [ ! -d "$root" ]; then
    # The sources that this machine itself installs from; where it has none for the suite, mmdebstrap knows a mirror.
    mapfile -t sources < <(grep -lsE "^Suites:(.* )?$suite( |\$)|^deb .* $suite " /etc/apt/sources.list /etc/apt/sources.list.d/*)
    scratch=$(mktemp -d "$cache/building.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    chmod 755 "$scratch"
    include=$(IFS=,; echo "${packages[*]}")
    mmdebstrap --mode=root --variant=minbase --format=directory --include="$include" \
        --customize-hook="$finish" "$suite" "$scratch/root" "${sources[@]}" >"$scratch/log" 2>&1 || { tail -n 30 "$scratch/log" >&2; exit 1; }
    mv "$scratch/root" "$root"
fi
echo "$root"
