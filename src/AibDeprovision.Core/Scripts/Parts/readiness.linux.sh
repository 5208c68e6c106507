#!/bin/sh
# Looks whether this machine can be deprovisioned, and changes nothing: for a Shell customizer before the end of an Azure
# Image Builder build (sudo sh FILE). Each finding is a line '>>> AibDeprovision [ ...s] readiness: SEVERITY RULE: ...', and
# the last line is the verdict. Exit codes: 0 ready, 12 not ready, 1 when the script itself fails, 15 at the deadline.
# --- settings -------------------------------------------------------------
DEADLINE='300'
# --- end of settings ------------------------------------------------------
# --- facts ----------------------------------------------------------------
PACKAGE_MANAGERS='apt apt-get aptitude apt.systemd.dai dpkg dpkg-deb unattended-upgr dnf dnf5 dnf-automatic microdnf tdnf yum rpm zypper Zypp-main'
# Whether a boot loader tells that there is to be no cloud-init.
boot_says_no() { grep -qs '^[^#]*cloud-init=disabled' /proc/cmdline /etc/kernel/cmdline /etc/default/grub /etc/default/grub.d/*.cfg /boot/loader/entries/*.conf /boot/grub/grub.cfg /boot/grub2/grub.cfg; }

# Every check: its rule and its words, and the probes that all have to hold.
checks() {
    asks NotRoot Error 'This does not run as root, and neither would a deprovision. Run it by sudo, in an inline Shell step.' &&
        is_not_root '' '' &&
        holds
    asks AgentMissing Error 'There is no waagent in any of the folders where distributions put it. Install it: the package is waagent, walinuxagent or WALinuxAgent.' &&
        is_missing '' '' /usr/sbin/waagent /usr/bin/waagent /sbin/waagent /bin/waagent /usr/local/sbin/waagent /usr/local/bin/waagent /usr/share/oem/bin/waagent /usr/share/oem/python/bin/waagent &&
        is_not_in_path '' '' waagent &&
        holds
    asks AgentElsewhere Warning 'waagent is in {found} and not in /usr/sbin, where one of the documented scripts (linux-1) looks for it. Use the hardened deprovision script (New-AibDeprovisionScript Linux), which finds it, or linux-2 where it is in PATH.' &&
        is_there '' '' /usr/bin/waagent /sbin/waagent /bin/waagent /usr/local/sbin/waagent /usr/local/bin/waagent /usr/share/oem/bin/waagent /usr/share/oem/python/bin/waagent &&
        is_missing '' '' /usr/sbin/waagent &&
        holds
    asks AgentWithoutPython Warning 'The program that the first line of {found} names is missing, so that waagent cannot be run by itself. Install the Python that it was packaged for; the hardened deprovision script tries others.' &&
        lacks_interpreter '' '' /usr/sbin/waagent /usr/bin/waagent /sbin/waagent /bin/waagent /usr/local/sbin/waagent /usr/local/bin/waagent /usr/share/oem/bin/waagent /usr/share/oem/python/bin/waagent &&
        holds
    asks AgentOutdated Warning 'waagent is version {found}, and Azure'\''s own checks of images ask for 2.2.53.1 at least. Update its package.' &&
        has_version_below '2.2.53.1 ^AGENT_VERSION = '\''([0-9.]+)'\''' /usr/lib/python*/dist-packages/azurelinuxagent/common/version.py /usr/lib/python*/dist-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py /usr/lib/python*/site-packages/azurelinuxagent/common/version.py /usr/lib/python*/site-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py /usr/lib64/python*/dist-packages/azurelinuxagent/common/version.py /usr/lib64/python*/dist-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py /usr/lib64/python*/site-packages/azurelinuxagent/common/version.py /usr/lib64/python*/site-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py /usr/local/lib/python*/dist-packages/azurelinuxagent/common/version.py /usr/local/lib/python*/dist-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py /usr/local/lib/python*/site-packages/azurelinuxagent/common/version.py /usr/local/lib/python*/site-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py /usr/share/oem/python/lib/python*/dist-packages/azurelinuxagent/common/version.py /usr/share/oem/python/lib/python*/dist-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py /usr/share/oem/python/lib/python*/site-packages/azurelinuxagent/common/version.py /usr/share/oem/python/lib/python*/site-packages/WALinuxAgent-*.egg/azurelinuxagent/common/version.py &&
        holds
    asks ProvisioningAgentAbsent Error 'By {found} cloud-init sets VMs up, and it is not installed or would not run: waagent waits half an hour for it and gives up. Set Provisioning.Agent=auto: Repair-AibDeprovisionReadiness ProvisioningAgentAbsent; or install and enable cloud-init.' &&
        has_line '' '^Provisioning\.Agent *= *cloud-init *$' /etc/waagent.conf /usr/share/oem/waagent.conf &&
        cloud_init_is_off '' '' &&
        is_missing '' '' /usr/bin/azure-init /usr/sbin/azure-init /usr/local/bin/azure-init &&
        holds
    asks ProvisioningAgentConflict Warning 'By {found} waagent itself sets VMs up, and cloud-init is enabled as well: waagent then says '\''this is not expected, cannot continue'\''. Set Provisioning.Agent=auto: Repair-AibDeprovisionReadiness ProvisioningAgentConflict.' &&
        has_line '' '^Provisioning\.Agent *= *waagent *$' /etc/waagent.conf /usr/share/oem/waagent.conf &&
        cloud_init_is_on '' '' &&
        holds
    asks ProvisioningOff Warning 'By {found} waagent sets no VM up, and there is no cloud-init that would. Set Provisioning.Agent=auto: Repair-AibDeprovisionReadiness ProvisioningOff.' &&
        has_line '' '^Provisioning\.Agent *= *disabled *$' /etc/waagent.conf /usr/share/oem/waagent.conf &&
        cloud_init_is_off '' '' &&
        is_missing '' '' /usr/bin/azure-init /usr/sbin/azure-init /usr/local/bin/azure-init &&
        holds
    asks CloudInitRunning Warning 'cloud-init is still at work. Wait for it at the begin of the build: cloud-init status --wait; the hardened deprovision script waits by itself.' &&
        is_there '' '' /run/cloud-init/status.json &&
        is_missing '' '' /run/cloud-init/result.json &&
        is_missing '' '' /run/cloud-init/disabled &&
        holds
    asks CloudInitOff Information 'cloud-init is installed, and would not run at the first boot; waagent sets VMs up then. Enable it if that is not meant: remove /etc/cloud/cloud-init.disabled and cloud-init=disabled, and enable its units.' ProvisioningAgentAbsent ProvisioningOff &&
        is_there '' '' /usr/bin/cloud-init /usr/sbin/cloud-init /usr/local/bin/cloud-init &&
        cloud_init_is_off '' '' &&
        holds
    asks CloudInitErrors Information 'cloud-init had errors on this machine. Read /var/log/cloud-init.log; the same may happen on every VM from the image.' &&
        has_line '' '"errors": *\[ *("|$)' /run/cloud-init/result.json &&
        holds
    asks AzureInitToo Information 'azure-init is enabled ({found}), which sets VMs up in the place of cloud-init and waagent. Let only one of them do it.' &&
        is_there '' '' /etc/systemd/system/*.wants/azure-init.service /usr/lib/systemd/system/*.wants/azure-init.service &&
        holds
    asks PackageManagerBusy Warning '{found} is at work. Wait for it; switch unattended upgrades off for the build. The hardened deprovision script waits by itself.' &&
        package_manager_runs '' '' &&
        holds
    asks OvfEnvMalformed Error '{found} is no XML: waagent does nothing at all then, and newer ones end with 0 all the same. Look what has written into the file; without it, waagent does all but delete the user.' &&
        is_not_xml '' '' /var/lib/waagent/ovf-env.xml &&
        holds
    asks OvfEnvMissing Warning 'There is no {found}, or it names no user: waagent skips the user and ends with 0. Use the hardened deprovision script (New-AibDeprovisionScript Linux), which finds the user in other ways.' OvfEnvMalformed &&
        has_no_line '' 'UserName>[^<]' /var/lib/waagent/ovf-env.xml &&
        is_there '' '' /var/lib/waagent/provisioned &&
        holds
    asks NetworkFileMissing Warning 'waagent edits {found} on this distribution, and there is none: it gives up with most undone, and may end with 0. Use the hardened deprovision script (New-AibDeprovisionScript Linux), which lends it one, or put an empty file there.' &&
        is_missing '' '' /etc/sysconfig/network-scripts/ifcfg-e* &&
        has_line '' '^ID(_LIKE)?=.*(rhel|fedora|centos)' /etc/os-release &&
        holds
    asks NetworkFileMissing Warning 'waagent edits {found} on this distribution, and there is none: it gives up with most undone, and may end with 0. Use the hardened deprovision script (New-AibDeprovisionScript Linux), which lends it one, or put an empty file there.' &&
        is_missing '' '' /etc/sysconfig/network/dhcp &&
        has_line '' '^ID(_LIKE)?=.*(suse|sle_hpc|sles)' /etc/os-release &&
        holds
    asks MountedOver Warning '{found} is a mount point, and waagent cannot replace it: it stops there, and may end with 0. Unmount it before the end of the build.' &&
        has_line '/etc/resolv.conf' '^[^ ]+ /etc/resolv\.conf ' /proc/self/mounts &&
        holds
    asks MountedOver Warning '{found} is a mount point, and waagent cannot replace it: it stops there, and may end with 0. Unmount it before the end of the build.' &&
        has_line '/etc/hostname' '^[^ ]+ /etc/hostname ' /proc/self/mounts &&
        holds
    asks RootSpaceLow Information 'Only {found} MB are free on the root file system. Remove what the build has left, or use a bigger disk.' &&
        free_is_below '' '100' / &&
        holds
    asks SshNotListening Warning 'Nothing listens on port 22, by which Azure Image Builder works. Leave sshd as it is until the end of the build.' &&
        has_no_line '' '^ *[0-9]+: [0-9A-F]+:0016 [0-9A-F]+:[0-9A-F]+ 0A ' /proc/self/net/tcp /proc/self/net/tcp6 &&
        holds
    asks SshDisabled Warning 'sshd is installed, and systemd would not start it at the next boot. Enable it: systemctl enable ssh (or sshd).' &&
        is_not_enabled '' '' ssh.service sshd.service ssh.socket sshd.socket &&
        holds
    asks SshPortChanged Warning '{found} gives sshd another port than 22, by which Azure Image Builder works. Leave the port as it is until the end of the build.' &&
        has_line '' '^[[:blank:]]*[Pp][Oo][Rr][Tt][[:blank:]]+([013-9]|2([013-9]|2[0-9]|[[:blank:]]*$))' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf &&
        has_no_line '' '^[[:blank:]]*[Pp][Oo][Rr][Tt][[:blank:]]+22[[:blank:]]*$' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf &&
        holds
    asks SshConfigBroken Error 'sshd -t refuses the settings, so that sshd will not start again: {found}. Correct the line that it names; sshd -t says nothing when all is well.' &&
        fails '' 'line [0-9]+|terminating,' sshd -t &&
        holds
    asks SudoersBroken Warning 'visudo -c finds an error: {found}. Correct the line that it names, by visudo.' &&
        fails '' 'error' visudo -c &&
        holds
    asks UdfDisabled Error '{found} keeps the kernel module udf from being loaded: a VM cannot read the CD with its settings at the first boot. Leave udf out of the hardening: Repair-AibDeprovisionReadiness UdfDisabled takes the line out.' &&
        has_line '' '^[[:blank:]]*install[[:blank:]]+udf[[:blank:]]+(/usr)?(/s?bin/)?(true|false)[[:blank:]]*$' /etc/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf &&
        has_no_line '' '/udf\.ko' /lib/modules/*/modules.builtin /usr/lib/modules/*/modules.builtin &&
        holds
    asks UdfBlacklisted Warning '{found} blacklists the kernel module udf: a VM may not be able to read the CD with its settings at the first boot. Leave udf out of the hardening: Repair-AibDeprovisionReadiness UdfBlacklisted takes the line out.' UdfDisabled &&
        has_line '' '^[[:blank:]]*blacklist[[:blank:]]+udf[[:blank:]]*$' /etc/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf &&
        has_no_line '' '/udf\.ko' /lib/modules/*/modules.builtin /usr/lib/modules/*/modules.builtin &&
        holds
    asks NoSerialConsole Information 'No boot loader'\''s file tells the kernel console=ttyS0 (ttyAMA0 on Arm), so that Azure'\''s serial console and boot log stay empty. Add console=ttyS0 (ttyAMA0 on Arm) to the kernel'\''s parameters.' &&
        has_no_line '' '^[^#]*console=tty(S0|AMA0)([^0-9]|$)' /etc/kernel/cmdline /etc/default/grub /etc/default/grub.d/*.cfg /boot/loader/entries/*.conf /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/grub2/grubenv /boot/efi/EFI/*/grubenv /boot/efi/EFI/*/grub.cfg /boot/efi/loader/entries/*.conf /efi/loader/entries/*.conf &&
        is_there '' '' /etc/kernel/cmdline /etc/default/grub /etc/default/grub.d/*.cfg /boot/loader/entries/*.conf /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/grub2/grubenv /boot/efi/EFI/*/grubenv /boot/efi/EFI/*/grub.cfg /boot/efi/loader/entries/*.conf /efi/loader/entries/*.conf &&
        holds
}
# --- end of facts ---------------------------------------------------------
# --- shared ---------------------------------------------------------------
set -u
unset HISTFILE
export HISTSIZE=0 PATH="${PATH:-/usr/bin}:/usr/sbin:/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/share/oem/bin:/usr/share/oem/python/bin"
cd / || exit 1
# A log that nobody reads any more is no reason to stop half-way.
trap '' PIPE
if [ -d /proc/self/fd ]; then
    [ -e /proc/self/fd/1 ] || exec >/dev/null
    [ -e /proc/self/fd/2 ] || exec 2>/dev/null
fi
exec 3>&1 # what the script itself says goes here, also while the output of a command is captured
STARTED=0 VERDICT='' WORK='' CHILD='' BUSY='' CLOUD_INIT=''

# --- output, time and limits
# ELAPSED in tenths of a second. /proc/uptime, because the wall clock jumps when the time is first synchronized.
tick() {
    if read -r now _ 2>/dev/null </proc/uptime; then
        tenth=${now#*.}
        now=$((${now%.*} * 10 + ${tenth%"${tenth#?}"}))
    else
        now=$(($(date +%s) * 10))
    fi
    ELAPSED=$((now - STARTED))
}

# say PHASE TEXT: one line, whatever the text holds.
say() {
    tick
    printf '>>> %s [%5d.%ds] %s: %s\n' AibDeprovision "$((ELAPSED / 10))" "$((ELAPSED % 10))" "$1" \
        "$(printf '%s' "$2" | LC_ALL=C tr -c '\040-\176' '?')" >&3
} 2>/dev/null

# finish CODE NAME SENTENCE: ends the script; its last line comes from on_exit.
finish() {
    VERDICT="$2 (exit code $1): $3"
    exit "$1"
}

on_signal() {
    [ -z "$CHILD" ] || kill "$CHILD" 2>/dev/null
    finish 1 Unexpected "stopped by the signal $1"
}

have() { command -v "$1" >/dev/null 2>&1; }
exists() { [ -e "$1" ] || [ -L "$1" ]; }

# bounded SECONDS COMMAND...: not longer than that, and never beyond the deadline. Sets STATUS and TIMED_OUT.
# The command is a background process, so that a signal to the script is acted upon at once.
bounded() {
    tick
    began=$ELAPSED limit=$((DEADLINE - ELAPSED / 10)) TIMED_OUT=no
    [ "$limit" -gt 0 ] || finish 15 DeadlinePassed "the deadline of $DEADLINE s passed before '$2' was run"
    [ "$limit" -le "$1" ] || limit=$1
    shift
    if [ "$HAVE_TIMEOUT" = yes ]; then set -- timeout -k 5 "$limit" "$@"; fi
    (trap - PIPE && exec "$@") </dev/null 3>&- &
    CHILD=$!
    if [ "$HAVE_TIMEOUT" = no ]; then watchdog "$CHILD" "$limit" >/dev/null 2>&1 3>&- & fi
    wait "$CHILD"
    STATUS=$? CHILD=''
    tick
    # coreutils' timeout says 124 (137 when it had to kill); busybox and the watchdog leave the signal's status.
    case $STATUS in 124 | 137 | 143) [ $((ELAPSED - began)) -lt $((limit * 10 - 10)) ] || TIMED_OUT=yes ;; esac
    return "$STATUS"
}

quietly() { bounded "$@" >"$WORK/out" 2>&1; }

# Stands in where there is no timeout command; ends by itself soon after the process has.
watchdog() {
    passed=0
    while kill -0 "$1"; do
        [ "$passed" -ne "$2" ] || kill "$1"
        [ "$passed" -le $(($2 + 5)) ] || kill -9 "$1"
        sleep 1
        passed=$((passed + 1))
    done
}
# Sets BUSY to the package manager that runs. From /proc: not every image has fuser or lsof.
find_package_manager() {
    BUSY=''
    for dir in /proc/[0-9]*; do
        pid=${dir#/proc/} name='' state=''
        case $ANCESTORS in *" $pid "*) continue ;; esac
        while read -r key value _; do
            case $key in Name:) name=$value ;; State:) state=$value && break ;; esac
        done 2>/dev/null <"$dir/status"
        case $state in Z | '') continue ;; esac
        case " $PACKAGE_MANAGERS " in *" $name "*) ;; *) continue ;; esac
        # Ubuntu always has an unattended-upgrade-shutdown, which only waits for the shutdown.
        if tr '\0' ' ' 2>/dev/null <"$dir/cmdline" | grep -q -e --wait-for-signal; then continue; fi
        BUSY="$name (process $pid)" && return 0
    done
}

# Sets CLOUD_INIT. Without 'status --wait', which may never come back.
find_cloud_init() {
    have cloud-init || { CLOUD_INIT=absent && return 0; }
    CLOUD_INIT=disabled
    if [ -e /etc/cloud/cloud-init.disabled ] || grep -qs 'cloud-init=disabled' /proc/cmdline || ! cloud_init_is_wanted; then return 0; fi
    if [ -e /run/cloud-init/disabled ] && [ ! -e /run/cloud-init/result.json ]; then return 0; fi
    CLOUD_INIT='done'
    if [ -e /run/cloud-init/result.json ]; then return 0; fi
    quietly 15 cloud-init status
    CLOUD_INIT=$(sed -n 's/^status: *//p' "$WORK/out")
    case $CLOUD_INIT in
        done* | error* | degraded* | disabled* | not*) ;;
        *) CLOUD_INIT=running ;;
    esac
    # Installed during the build: there is no run to wait for.
    if [ ! -e /run/cloud-init/status.json ] && [ "$STATUS" -ne 0 ] && [ "$TIMED_OUT" = no ]; then CLOUD_INIT='not started'; fi
}

# The file of a unit: what /etc says stands before the rest.
unit_file() {
    for UNIT in "/etc/systemd/system/$1" "/run/systemd/system/$1" "/usr/lib/systemd/system/$1" "/lib/systemd/system/$1"; do
        if exists "$UNIT"; then return 0; fi
    done
    return 1
}

# Masked: its file is empty, or a link to /dev/null.
is_masked() { unit_file "$1" && [ ! -s "$UNIT" ]; }

# Whether another unit of systemd wants it: that is what 'enabled' comes to. A * stands for any instance.
# shellcheck disable=SC2231
is_wanted() {
    for link in /etc/systemd/system/*.wants/$1 /etc/systemd/system/*.requires/$1 /usr/lib/systemd/system/*.wants/$1 /lib/systemd/system/*.wants/$1; do
        if exists "$link"; then return 0; fi
    done
    return 1
}

# Whether systemd would start cloud-init at a boot; true where its units are none of systemd's.
cloud_init_is_wanted() {
    for unit in cloud-init-main.service cloud-init-local.service cloud-init-network.service cloud-init.service cloud-init.target; do
        if is_masked "$unit"; then return 1; fi
    done
    ! unit_file cloud-init-local.service || is_wanted cloud-init-local.service || is_wanted cloud-init-main.service
}
prepare() {
    # Where what waagent says can be written down: without it, a failure would look like success.
    for place in /run /tmp /var/tmp; do
        WORK=$(mktemp -d "$place/aib-deprovision.XXXXXX") || continue
        if dd if=/dev/zero of="$WORK/out" bs=65536 count=8 && true >"$WORK/out"; then break; fi
        rm -rf "$WORK"
        WORK=''
    done 2>/dev/null
    [ -n "$WORK" ] || finish 1 Unexpected "there is no space for a folder in /run, /tmp or /var/tmp"
    HAVE_TIMEOUT=no # not every busybox has it
    if timeout -k 1 5 true >/dev/null 2>&1; then HAVE_TIMEOUT=yes; fi
    ANCESTORS=" $$ " pid=$$
    while [ "${pid:-0}" -gt 1 ]; do
        pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
        ANCESTORS="$ANCESTORS$pid "
    done
}
# --- end of shared --------------------------------------------------------
ID='' SEVERITY='' TEXT='' FOUND='' HOLDS=' ' ERRORS=0 WARNINGS=0 NOTES=0

on_exit() {
    trap - EXIT
    [ -z "$WORK" ] || rm -rf "$WORK"
    [ -n "$VERDICT" ] || set -- 1 "Unexpected (exit code 1): the script failed unexpectedly with status $1, see the lines above"
    say verdict "${2:-$VERDICT}"
    exit "$1"
}

# --- findings
# asks RULE SEVERITY TEXT EXPLANATION...: begins a check, unless one of the rules that explain it holds. Probes follow, and holds.
asks() {
    ID=$1 SEVERITY=$2 TEXT=$3 FOUND=''
    shift 3
    for rule; do case $HOLDS in *" $rule "*) return 1 ;; esac; done
}

# What the first probe of a check has found is what the text tells.
found() { [ -n "$FOUND" ] || FOUND=$1; }

holds() {
    HOLDS="$HOLDS$ID "
    case $SEVERITY in
        Error) ERRORS=$((ERRORS + 1)) ;;
        Warning) WARNINGS=$((WARNINGS + 1)) ;;
        *) NOTES=$((NOTES + 1)) ;;
    esac
    case $TEXT in *'{found}'*) TEXT="${TEXT%%'{found}'*}$FOUND${TEXT#*'{found}'}" ;; esac
    say readiness "$SEVERITY $ID: $TEXT"
}

# --- probes: each is given the name that it has found ('' for what it finds itself), a pattern or limit, and the places.
first_there() {
    for PLACE; do if [ -e "$PLACE" ]; then return 0; fi; done
    return 1
}

is_there() {
    name=$1
    shift 2
    first_there "$@" && found "${name:-$PLACE}"
}

is_missing() {
    name=$1
    shift 2
    ! first_there "$@" && found "${name:-$1}"
}

is_not_in_path() { ! have "$3" && found "$3"; }

has_line() {
    name=$1 pattern=$2
    shift 2
    file=$(grep -lEs -e "$pattern" -- "$@" | head -n 1)
    [ -n "$file" ] && found "${name:-$file}"
}

has_no_line() {
    name=$1 pattern=$2
    shift 2
    ! grep -qEs -e "$pattern" -- "$@" && found "${name:-$1}"
}

has_version_below() {
    limit=${1%% *} pattern=${1#* }
    shift
    version=$(cat -- "$@" 2>/dev/null | sed -nE "s/$pattern.*/\\1/p" | head -n 1)
    [ -n "$version" ] && is_below "$version" "$limit" && found "$version"
}

is_below() {
    left=$1. right=$2.
    while [ -n "$left$right" ]; do
        [ "${left%%.*}" = "${right%%.*}" ] || { [ "$((${left%%.*} + 0))" -lt "$((${right%%.*} + 0))" ] && return 0 || return 1; }
        left=${left#*.} right=${right#*.}
    done
    return 1
}

# #!/usr/bin/python3, or #!/usr/bin/env python3.
lacks_interpreter() {
    shift 2
    for PLACE; do
        [ -f "$PLACE" ] || continue
        read -r first second _ <"$PLACE"
        case $first in
            '#!'*/env) case $second in -* | '') continue ;; *) have "$second" && continue ;; esac ;;
            '#!/'*) [ -e "${first#??}" ] && continue ;;
            *) continue ;;
        esac
        found "$PLACE"
        return 0
    done 2>/dev/null
    return 1
}

# By the reader that waagent has.
is_not_xml() {
    shift 2
    [ -f "$1" ] && have python3 || return 1
    quietly 30 python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1"
    grep -q ExpatError "$WORK/out" && found "$1"
}

fails() {
    pattern=$2
    shift 2
    have "$1" || return 1
    quietly 30 "$@" && return 1
    [ "$TIMED_OUT" = no ] || return 1
    line=$(grep -E -e "$pattern" "$WORK/out" | head -n 1 | tr -d '\r')
    [ -n "$line" ] && found "$line"
}

package_manager_runs() {
    find_package_manager
    [ -n "$BUSY" ] && found "$BUSY"
}

is_not_enabled() {
    shift 2
    known=no
    for unit; do
        unit_file "$unit" || continue
        known=yes
        if is_wanted "$unit" && ! is_masked "$unit"; then return 1; fi
    done
    [ "$known" = yes ] && found "$1"
}

cloud_init_is_on() {
    case $CLOUD_INIT in absent | disabled*) return 1 ;; esac
    ! boot_says_no && found cloud-init
}

cloud_init_is_off() {
    case $CLOUD_INIT in absent | disabled*) ;; *) boot_says_no || return 1 ;; esac
    found cloud-init
}

free_is_below() {
    limit=$2
    free=$(df -Pk -- "$3" 2>/dev/null | sed -n '2s/^[^ ]* *[^ ]* *[^ ]* *\([0-9]*\).*/\1/p')
    [ -n "$free" ] && [ "$((free / 1024))" -lt "$limit" ] && found "$((free / 1024))"
}

is_not_root() { [ "$(id -u)" != 0 ] && found root; }

# --- main
main() {
    tick
    STARTED=$now
    prepare
    find_cloud_init
    system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')
    say start "${system:-unknown system}; cloud-init: $CLOUD_INIT; deadline $DEADLINE s"
    checks
    [ "$ERRORS" -eq 0 ] || finish 12 NotReady "$ERRORS errors, $WARNINGS warnings, $NOTES to know"
    VERDICT="Ready (exit code 0): $ERRORS errors, $WARNINGS warnings, $NOTES to know"
}

trap 'on_exit "$?"' EXIT
trap 'on_signal HUP' HUP
trap 'on_signal INT' INT
trap 'on_signal TERM' TERM
main
