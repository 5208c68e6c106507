#!/bin/sh
# Generalizes a Linux build VM of Azure Image Builder: runs waagent, clears what waagent leaves, and proves it.
# Azure Image Builder runs it as the last step of the build: sudo sh /tmp/DeprovisioningScript.sh
# Exit codes: 0 Sealed, 1 Unexpected, 12 NotReady, 15 DeadlinePassed, 16 WaagentNotFound, 17 WaagentFailed,
#             18 ResidueLeft, 19 NotElevated, 20 HookFailed. The last line of the output is always the verdict.
# --- settings -------------------------------------------------------------
KEEP_USER='no'
KEEP_MACHINE_ID='no'
KEEP_CLOUD_INIT='no'
KEEP_LOGS='no'
KEEP_HISTORY='no'
KEEP_TEMP_FILES='no'
KEEP_ROOT_SSH_KEYS='no'
AGENT_TIMEOUT='900'
DEADLINE='3600'
BEFORE_SCRIPT=''
AFTER_SCRIPT=''
# --- end of settings ------------------------------------------------------
set -u
umask 077
unset HISTFILE
export HISTSIZE=0
PATH=${PATH:-/usr/bin}:/usr/sbin:/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/share/oem/bin:/usr/share/oem/python/bin
export PATH
case $0 in /*) SELF=$0 ;; *) SELF=$PWD/$0 ;; esac
cd / || exit 1
exec 3>&1 # what the script itself says goes here, also while the output of a command is captured

WORK='' VERDICT='' CHILD='' TIMED_OUT='' CLOUD_INIT='' BUSY=''
AGENT='' AGENT_PYTHON='' BUILD_USER='' BUILD_HOME='' USER_RE=''
LEFT=0 FIRST=''

# --- output, time and limits ----------------------------------------------

# ELAPSED in tenths of a second. /proc/uptime is monotonic: the wall clock jumps when the time is first synchronized.
tick() {
    if read -r up _ 2>/dev/null </proc/uptime; then
        tenths=${up#*.}
        now=$((${up%.*} * 10 + ${tenths%"${tenths#?}"}))
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
}

# The captured output of the last command, as evidence.
evidence() {
    LC_ALL=C tr -c '\012\040-\176' '?' <"$WORK/out" | tail -n 200 | sed 's/^/    | /' >&3
}

# finish CODE NAME SENTENCE
finish() {
    VERDICT=$1
    say verdict "$2 (exit code $1): $3"
    exit "$1"
}

on_exit() {
    code=$?
    trap - EXIT
    [ -z "$WORK" ] || rm -rf "$WORK"
    [ -z "$VERDICT" ] || exit "$VERDICT"
    say verdict "Unexpected (exit code 1): the script stumbled (status $code); see the lines above"
    exit 1
}

on_signal() {
    [ -z "$CHILD" ] || kill "$CHILD" 2>/dev/null
    finish 1 Unexpected "stopped by signal $1"
}

have() { command -v "$1" >/dev/null 2>&1; }

# bounded SECONDS COMMAND...: runs it for at most that long and never beyond the deadline. Sets TIMED_OUT.
# It waits for a background process, so that a signal to the script is acted upon at once.
bounded() {
    tick
    began=$ELAPSED limit=$1 TIMED_OUT=''
    shift
    rest=$((DEADLINE - ELAPSED / 10))
    [ "$rest" -gt 0 ] || finish 15 DeadlinePassed "the deadline of $DEADLINE s passed before '$1' could run"
    [ "$limit" -le "$rest" ] || limit=$rest
    if [ "$HAVE_TIMEOUT" = yes ]; then
        timeout -k 5 "$limit" "$@" </dev/null 3>&- &
        CHILD=$!
    else
        "$@" </dev/null 3>&- &
        CHILD=$!
        watchdog "$CHILD" "$limit" >/dev/null 2>&1 3>&- &
    fi
    wait "$CHILD"
    status=$?
    CHILD=''
    tick
    # coreutils says 124 (137 when it had to kill), busybox and the watchdog leave the status of the signal.
    case $status in
        124 | 137 | 143) [ $((ELAPSED - began)) -lt $((limit * 10 - 10)) ] || TIMED_OUT=$limit ;;
    esac
    return "$status"
}

# Stands in for a missing timeout command. Ends by itself soon after the process does.
watchdog() {
    seconds=0
    while kill -0 "$1"; do
        if [ "$seconds" -eq "$2" ]; then kill "$1"; fi
        if [ "$seconds" -ge $(($2 + 5)) ]; then kill -9 "$1"; fi
        sleep 1
        seconds=$((seconds + 1))
    done
}

# hook PHASE TEXT: in a shell of its own, so that neither an exit nor a cd in it reaches this one.
hook() {
    [ -n "$2" ] || return 0
    say "$1" "running the script given as ${1%e*}e"
    bounded "$DEADLINE" sh -c "$2" 2>&1
    status=$?
    [ -z "$TIMED_OUT" ] || finish 15 DeadlinePassed "the script given for '$1' did not end before the deadline of $DEADLINE s"
    [ "$status" -eq 0 ] || finish 20 HookFailed "the script given for '$1' ended with status $status"
}

# --- the agent ------------------------------------------------------------

run_agent() {
    limit=$1
    shift
    bounded "$limit" ${AGENT_PYTHON:+"$AGENT_PYTHON"} "$AGENT" "$@"
}

# Sets AGENT, and AGENT_PYTHON where the file cannot be run by itself: Flatcar keeps agent and Python in /usr/share/oem.
find_agent() {
    for AGENT in "$(command -v waagent)" /usr/sbin/waagent /usr/bin/waagent /sbin/waagent /usr/local/sbin/waagent \
        /usr/share/oem/bin/waagent /usr/share/oem/python/bin/waagent; do
        [ -f "$AGENT" ] || continue
        for AGENT_PYTHON in '' python3 python /usr/share/oem/python/bin/python3 /usr/share/oem/python/bin/python \
            /usr/libexec/platform-python; do
            if [ -z "$AGENT_PYTHON" ]; then [ -x "$AGENT" ] || continue; else have "$AGENT_PYTHON" || continue; fi
            run_agent 60 -version >"$WORK/out" 2>&1
            # 126 and 127: the file or the interpreter in its first line cannot be run.
            case $? in 126 | 127) ;; *) return 0 ;; esac
        done
        say start "$AGENT is there, but neither it nor a Python that could run it can be started"
    done
    finish 16 WaagentNotFound "no waagent that runs was found, neither in PATH nor in the places distributions use"
}

stop_agent() {
    have systemctl || return 0
    for unit in walinuxagent waagent; do
        if bounded 90 systemctl stop "$unit.service" >"$WORK/out" 2>&1; then say waagent "stopped the service $unit"; fi
    done
}

# Whoever uses the image must not take the half that was done for the whole.
agent_failed() {
    say waagent "not done: clean, verify and after; cloud-init's state, machine-id, logs and the rest are as they were"
    [ -z "$(uid_of "$BUILD_USER")" ] || say waagent "not done: the account $BUILD_USER is still there"
    [ ! -e /var/lib/waagent/provisioned ] || say waagent "not done: /var/lib/waagent is still that of this machine"
    finish 17 WaagentFailed "$1"
}

run_waagent() {
    action=-deprovision+user
    [ "$KEEP_USER" = no ] || action=-deprovision
    stop_agent
    say waagent "running $AGENT -force $action"
    run_agent "$DEADLINE" -force "$action" >"$WORK/out" 2>&1
    status=$?
    evidence
    [ -z "$TIMED_OUT" ] || finish 15 DeadlinePassed "waagent did not end within the $TIMED_OUT s that were left of the deadline"
    # waagent catches its own exceptions, logs this line and exits 0.
    cause=$(sed -n "/Failed to run 'deprovision/{p;q;}" "$WORK/out")
    [ -z "$cause" ] || agent_failed "waagent logged: $cause"
    [ "$status" -eq 0 ] || agent_failed "waagent ended with status $status: $(tail -n 1 "$WORK/out")"
    if grep -q -e 'Skip delete user' -e 'ovf-env.xml is not found' "$WORK/out"; then
        say waagent "waagent itself has not deleted the user"
    fi
    # The agent that is still running may have written again behind waagent's back.
    each remove 'what the agent left in /var/lib/waagent' /var/lib/waagent/* /var/lib/waagent/.[!.]*
}

# --- waiting --------------------------------------------------------------

# Sets BUSY to the package manager that runs, if any. /proc only: fuser and lsof are not there on every image.
find_package_manager() {
    BUSY=''
    for dir in /proc/[0-9]*; do
        pid=${dir#/proc/} name='' state=''
        case $ANCESTORS in *" $pid "*) continue ;; esac
        while read -r key value _; do
            case $key in Name:) name=$value ;; State:) state=$value && break ;; esac
        done 2>/dev/null <"$dir/status"
        case $name in
            apt | apt-get | aptitude | apt.systemd.dai | dpkg | dpkg-deb | unattended-upgr) ;;
            dnf | dnf5 | microdnf | tdnf | yum | rpm | dnf-automatic | zypper | Zypp-main | transactional-u) ;;
            *) continue ;;
        esac
        [ "$state" != Z ] || continue
        # Ubuntu keeps one of that name for ever, which only waits for the shutdown.
        if tr '\0' ' ' 2>/dev/null <"$dir/cmdline" | grep -q -e --wait-for-signal; then continue; fi
        BUSY="$name (process $pid)"
        return 0
    done
}

# Sets CLOUD_INIT to absent, disabled, done, running and so on.
find_cloud_init() {
    CLOUD_INIT=absent
    have cloud-init || return 0
    CLOUD_INIT=disabled
    if [ -e /etc/cloud/cloud-init.disabled ] || grep -qs 'cloud-init=disabled' /proc/cmdline; then return 0; fi
    CLOUD_INIT=done
    if [ -e /run/cloud-init/result.json ] || [ -e /run/cloud-init/disabled ]; then return 0; fi
    # Without --wait: that may never come back.
    bounded 15 cloud-init status >"$WORK/out" 2>&1
    CLOUD_INIT=$(sed -n 's/^status: *//p' "$WORK/out")
    case $CLOUD_INIT in
        done* | error* | degraded* | disabled* | not*) return 0 ;;
        running*) CLOUD_INIT=running ;;
        *) if [ -e /run/cloud-init/status.json ] || [ -n "$TIMED_OUT" ]; then CLOUD_INIT=running; else CLOUD_INIT='not started'; fi ;;
    esac
}

wait_until_quiet() {
    tick
    until=$((ELAPSED / 10 + AGENT_TIMEOUT)) told=''
    while :; do
        find_package_manager
        kind=packages
        if [ -z "$BUSY" ]; then
            kind=cloud-init
            find_cloud_init
            [ "$CLOUD_INIT" != running ] || BUSY=cloud-init
        fi
        [ -n "$BUSY" ] || break
        case $told in *$kind*) ;; *) say wait-agent "waiting for $BUSY" ;; esac
        told="$told $kind"
        tick
        [ $((ELAPSED / 10)) -lt "$DEADLINE" ] || finish 15 DeadlinePassed "the deadline of $DEADLINE s passed while waiting for $BUSY"
        [ $((ELAPSED / 10)) -lt "$until" ] || finish 12 NotReady "$BUSY was still at work after $AGENT_TIMEOUT s"
        sleep 1
    done
    say wait-agent "no package manager runs; cloud-init: $CLOUD_INIT"
}

# --- the provisioned user -------------------------------------------------

# The user id of an account in /etc/passwd, or nothing.
uid_of() {
    while IFS=: read -r name _ uid _; do
        if [ "$name" = "$1" ]; then echo "$uid"; fi
    done </etc/passwd
}

# A name that cannot be mistaken for an option, a path or a pattern, and is not root's.
is_user_name() {
    case ${1%\$} in '' | [!a-zA-Z_]* | *[!a-zA-Z0-9_.-]*) return 1 ;; esac
    [ "$1" != root ] && [ "$(uid_of "$1")" != 0 ]
}

# A guess is only taken for an account of a person.
is_person() {
    is_user_name "$1" && uid=$(uid_of "$1") && [ -n "$uid" ] && [ "$uid" -ge 1000 ] && [ "$uid" -lt 60000 ]
}

# Sets BUILD_USER. To be read before waagent deletes the file; without it waagent skips the user and exits 0.
find_build_user() {
    source=/var/lib/waagent/ovf-env.xml
    name=$(tr '\r\n\t' '   ' 2>/dev/null <"$source" |
        sed -n 's/.*<\([A-Za-z_][A-Za-z0-9_.-]*:\)\{0,1\}UserName[^>]*> *\([^<]*[^< ]\) *<\/.*/\2/p')
    if is_user_name "$name"; then BUILD_USER=$name; fi
    if [ -z "$BUILD_USER" ]; then
        say waagent "ovf-env.xml names no user that could be deleted"
        source=/etc/sudoers.d/90-cloud-init-users
        if [ -f "$source" ]; then
            while read -r name _; do
                if is_person "$name"; then BUILD_USER=$name && break; fi
            done <"$source"
        fi
    fi
    if [ -z "$BUILD_USER" ] && is_person "${SUDO_USER:-}"; then BUILD_USER=$SUDO_USER source=SUDO_USER; fi
    if [ -z "$BUILD_USER" ]; then
        say waagent "the provisioned user is not known: no account will be deleted"
        return 0
    fi
    USER_RE=$(printf '%s' "$BUILD_USER" | sed 's/[.$]/\\&/g')
    while IFS=: read -r name _ _ _ _ home _; do
        if [ "$name" = "$BUILD_USER" ]; then BUILD_HOME=$home; fi
    done </etc/passwd
    say waagent "the provisioned user is $BUILD_USER (from $source)"
}

delete_user() {
    if [ -n "$(uid_of "$BUILD_USER")" ]; then
        if have userdel; then
            bounded 120 userdel -f -r "$BUILD_USER" >"$WORK/out" 2>&1
        else
            bounded 120 deluser --remove-home "$BUILD_USER" >"$WORK/out" 2>&1
        fi
        if [ -n "$(uid_of "$BUILD_USER")" ]; then evidence; else say clean "deleted the account $BUILD_USER"; fi
    fi
    for file in /etc/subuid /etc/subgid /etc/sudoers /etc/sudoers.d/*; do
        grep -qs "^$USER_RE[[:space:]:]" "$file" || continue
        sed "/^$USER_RE[[:space:]:]/d" "$file" >"$WORK/lines" && cat "$WORK/lines" >"$file"
        say clean "removed the lines for $BUILD_USER from $file"
    done
}

# --- residue --------------------------------------------------------------

# each DO WHAT PATH...: calls "DO PATH WHAT" for the paths that exist; a link counts as itself.
each() {
    do=$1 what=$2 count=0
    shift 2
    for path; do
        if exists "$path"; then "$do" "$path" "$what" && count=$((count + 1)); fi
    done
    [ "$do" != remove ] || [ "$count" -eq 0 ] || say clean "removed $what ($count)"
}

exists() { [ -e "$1" ] || [ -L "$1" ]; }

# rm does not follow links: of a link that a user has planted only the link goes.
remove() {
    rm -rf -- "$1" >"$WORK/out" 2>&1 || evidence
    ! exists "$1"
}

left() {
    LEFT=$((LEFT + 1))
    [ -n "$FIRST" ] || FIRST="$1 ($2)"
    [ "$LEFT" -gt 50 ] || say verify "left: $1 ($2)"
}

# The table of what has to go: clean calls it to remove, verify calls it to look.
residue() {
    each "$1" 'agent state' /var/lib/waagent/* /var/lib/waagent/.[!.]*
    each "$1" 'DHCP leases' /var/lib/dhcp/* /var/lib/dhclient/* /var/lib/dhcpcd/* /var/lib/NetworkManager/*.lease \
        /run/systemd/netif/leases/* /var/lib/systemd/network/*lease* \
        /var/lib/wicked/lease-* /var/lib/wicked/duid.xml /var/lib/wicked/iaid.xml
    each "$1" 'secrets of this machine' /var/lib/NetworkManager/secret_key /var/lib/systemd/credential.secret
    each "$1" 'random seeds' /var/lib/systemd/random-seed /var/lib/random-seed /var/lib/urandom/random-seed \
        /boot/efi/loader/random-seed /boot/loader/random-seed /efi/loader/random-seed
    each "$1" 'persistent network names' /etc/udev/rules.d/70-persistent-net.rules
    # An empty file or a link to /dev/null here switches the generator of such names off, and stays.
    if [ -f /etc/udev/rules.d/75-persistent-net-generator.rules ] && [ -s /etc/udev/rules.d/75-persistent-net-generator.rules ]; then
        each "$1" 'the generator of persistent network names' /etc/udev/rules.d/75-persistent-net-generator.rules
    fi
    # They still hold the lines of deleted accounts.
    each "$1" 'backups of the account files' /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/subuid- /etc/subgid-
    if [ "$HOST_KEYS_RETURN" = yes ]; then each "$1" 'SSH host keys' /etc/ssh/ssh_host_*key*; fi
    if [ "$KEEP_ROOT_SSH_KEYS" = no ]; then
        each "$1" "root's SSH keys" /root/.ssh/authorized_keys* /root/.ssh/known_hosts* /root/.ssh/id_*
    fi
    if [ "$KEEP_MACHINE_ID" = no ] && [ ! -L /var/lib/dbus/machine-id ]; then
        each "$1" "D-Bus' copy of the machine-id" /var/lib/dbus/machine-id
    fi
    if [ "$KEEP_CLOUD_INIT" = no ]; then
        each "$1" 'cloud-init state' /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data/* \
            /var/lib/cloud/sem/* /var/lib/cloud/seed/azure
        if [ "$NETWORK_RETURNS" = yes ]; then network_files "$1"; fi
    fi
    if [ "$KEEP_USER" = no ]; then
        each "$1" "cloud-init's sudo rules" /etc/sudoers.d/90-cloud-init-users
        if [ ! -s /etc/sudoers.d/waagent ]; then each "$1" 'the empty sudo rules of waagent' /etc/sudoers.d/waagent; fi
        if [ -n "$BUILD_USER" ]; then
            each "$1" "crontab and mail of $BUILD_USER" "/var/spool/cron/crontabs/$BUILD_USER" "/var/spool/cron/$BUILD_USER" \
                "/var/spool/cron/tabs/$BUILD_USER" "/var/mail/$BUILD_USER" "/var/spool/mail/$BUILD_USER"
        fi
    fi
    if [ "$KEEP_HISTORY" = no ]; then histories "$1"; fi
    if [ "$KEEP_LOGS" = no ]; then each "$1" 'the journal' /var/log/journal/*; fi
}

# What cloud-init wrote for the network of this VM; it holds the MAC address.
network_files() {
    each "$1" "cloud-init's network files" /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init* \
        /etc/NetworkManager/system-connections/cloud-init-* /etc/systemd/network/10-cloud-init-*
    for file in /etc/sysconfig/network-scripts/ifcfg-* /etc/sysconfig/network/ifcfg-*; do
        if grep -qs 'Created by cloud-init' "$file"; then each "$1" "cloud-init's network files" "$file"; fi
    done
}

# Of root, of every home under /home, and of every account that can log in.
histories() {
    while IFS=: read -r user _ _ _ _ home shell; do
        case $home in /?*) ;; *) continue ;; esac
        case $home in
            /root | /home/*) ;;
            *) case $shell in */nologin | */false | */sync | */halt | */shutdown) continue ;; esac ;;
        esac
        each "$1" "histories of $user" "$home"/.*history "$home"/.histfile "$home"/.lesshst "$home"/.viminfo "$home"/.wget-hsts
        for dir in .local/share/powershell/PSReadLine .local/share/fish; do
            # Not through a link that the user may have put there.
            [ -d "$home/$dir" ] && [ "$(cd "$home/$dir" && pwd -P)" = "$(cd "$home" && pwd -P)/$dir" ] || continue
            each "$1" "histories of $user" "$home/$dir"/*history*
        done
    done </etc/passwd
}

# Calls find with the log files that are not empty. A log is emptied, not removed: its service has it open.
find_logs() {
    if [ "$KEEP_CLOUD_INIT" = yes ]; then set -- ! -name 'cloud-init*' "$@"; fi
    bounded 300 find /var/log/. -type f ! -size 0 "$@"
}

# Calls find with what may go from the temporary folders: nothing on other file systems, no sockets, not this
# script, and not the script through which Packer runs it; Packer removes that itself.
find_temporary() {
    bounded 300 find /tmp/. /var/tmp/. -xdev -mindepth 1 "$@" ! -type s \
        ! -path '/tmp/./script_*' ! -path /tmp/./DeprovisioningScript.sh
}
