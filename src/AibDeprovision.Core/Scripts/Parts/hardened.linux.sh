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
KEEP_CREDENTIALS='no'
AGENT_TIMEOUT='900'
DEADLINE='3600'
BEFORE_SCRIPT=''
AFTER_SCRIPT=''
# --- end of settings ------------------------------------------------------
set -u
unset HISTFILE
export HISTSIZE=0 PATH="${PATH:-/usr/bin}:/usr/sbin:/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/share/oem/bin:/usr/share/oem/python/bin"
case $0 in /*) SELF=$0 ;; *) SELF=$PWD/$0 ;; esac
cd / || exit 1
exec 3>&1 # what the script itself says goes here, also while the output of a command is captured
STARTED=0 LEFT=0 FIRST='' VERDICT='' WORK='' CHILD='' BUSY='' CLOUD_INIT='' BUILD_USER='' BUILD_HOME='' USER_LINE='' LENT=''

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
}

# What the last command has printed.
evidence() { LC_ALL=C tr -c '\012\040-\176' '?' <"$WORK/out" | tail -n 200 | sed 's/^/    | /' >&3; }

# finish CODE NAME SENTENCE: ends the script; its last line comes from on_exit.
finish() {
    VERDICT="$2 (exit code $1): $3"
    exit "$1"
}

on_exit() {
    trap - EXIT
    give_back
    [ -z "$WORK" ] || rm -rf "$WORK"
    [ -n "$VERDICT" ] || set -- 1 "Unexpected (exit code 1): the script stumbled with status $1, see the lines above"
    say verdict "${2:-$VERDICT}"
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
    if [ "$HAVE_TIMEOUT" = yes ]; then timeout -k 5 "$limit" "$@" </dev/null 3>&- & else "$@" </dev/null 3>&- & fi
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

# hook PHASE NAME TEXT: in a shell of its own, so that neither an exit nor a cd in it reaches this one.
hook() {
    [ -n "$3" ] || return 0
    say "$1" "running $2"
    bounded "$DEADLINE" sh -c "$3" 2>&1
    [ "$TIMED_OUT" = no ] || finish 15 DeadlinePassed "$2 had not ended when the deadline of $DEADLINE s passed"
    [ "$STATUS" -eq 0 ] || finish 20 HookFailed "$2 ended with status $STATUS"
}

# --- waiting
# Sets BUSY to the package manager that runs. From /proc: not every image has fuser or lsof.
find_package_manager() {
    BUSY=''
    for dir in /proc/[0-9]*; do
        pid=${dir#/proc/} name='' state=''
        case $ANCESTORS in *" $pid "*) continue ;; esac
        while read -r key value _; do
            case $key in Name:) name=$value ;; State:) state=$value && break ;; esac
        done 2>/dev/null <"$dir/status"
        case $name:$state in
            *:Z | *:) continue ;;
            apt:* | apt-get:* | aptitude:* | apt.systemd.dai:* | dpkg:* | dpkg-deb:* | unattended-upgr:*) ;;
            dnf:* | dnf5:* | dnf-automatic:* | microdnf:* | tdnf:* | yum:* | rpm:* | zypper:* | Zypp-main:*) ;;
            *) continue ;;
        esac
        # Ubuntu always has an unattended-upgrade-shutdown, which only waits for the shutdown.
        if tr '\0' ' ' 2>/dev/null <"$dir/cmdline" | grep -q -e --wait-for-signal; then continue; fi
        BUSY="$name (process $pid)" && return 0
    done
}

# Sets CLOUD_INIT. Without 'status --wait', which may never come back.
find_cloud_init() {
    have cloud-init || { CLOUD_INIT=absent && return 0; }
    CLOUD_INIT=disabled
    if [ -e /etc/cloud/cloud-init.disabled ] || grep -qs 'cloud-init=disabled' /proc/cmdline; then return 0; fi
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

wait_until_quiet() {
    tick
    since=$((ELAPSED / 10)) until=$((ELAPSED / 10 + AGENT_TIMEOUT)) told=''
    end=$until
    [ "$end" -lt "$DEADLINE" ] || end=$DEADLINE
    while :; do
        find_package_manager
        kind=packages
        if [ -z "$BUSY" ]; then
            find_cloud_init
            kind=cloud-init
            [ "$CLOUD_INIT" != running ] || BUSY=cloud-init
        fi
        [ -n "$BUSY" ] || break
        case $told in *$kind*) ;; *) say wait-agent "waiting for $BUSY" ;; esac
        told="$told $kind"
        tick
        [ $((ELAPSED / 10)) -lt "$DEADLINE" ] || finish 15 DeadlinePassed "$BUSY was still at work when the deadline of $DEADLINE s passed"
        [ $((ELAPSED / 10)) -lt "$until" ] || finish 12 NotReady "$BUSY was still at work after $AGENT_TIMEOUT s"
        # The longer it lasts, the less often it is looked at.
        pause=$(((ELAPSED / 10 - since) / 10 + 1)) left=$((end - ELAPSED / 10))
        [ "$pause" -le 30 ] || pause=30
        [ "$pause" -le "$left" ] || pause=$left
        sleep "$pause"
    done
    say wait-agent "no package manager is at work; cloud-init: $CLOUD_INIT"
}

# --- the agent
run_agent() { quietly "$1" ${AGENT_PYTHON:+"$AGENT_PYTHON"} "$AGENT" "$2" ${3:+"$3"}; }

# Sets AGENT, and AGENT_PYTHON where the file does not run by itself: Flatcar has agent and Python in /usr/share/oem.
find_agent() {
    for AGENT in "$(command -v waagent)" /usr/sbin/waagent /usr/bin/waagent /sbin/waagent /usr/local/sbin/waagent \
        /usr/share/oem/bin/waagent /usr/share/oem/python/bin/waagent; do
        [ -f "$AGENT" ] || continue
        for AGENT_PYTHON in '' python3 python /usr/share/oem/python/bin/python3 /usr/share/oem/python/bin/python /usr/libexec/platform-python; do
            have "${AGENT_PYTHON:-$AGENT}" || continue
            run_agent 60 -version
            # 126 and 127: the file, or the interpreter that its first line names, cannot be run.
            case $STATUS in 126 | 127) ;; *) return 0 ;; esac
        done
        say start "$AGENT is there, but neither by itself nor by a Python could it be run"
    done
    finish 16 WaagentNotFound "no waagent that runs is in PATH or in one of the folders where distributions put it"
}

# agent_failed CODE NAME SENTENCE: nobody is to take the half that was done for the whole.
agent_failed() {
    say waagent "not done: clean, verify, after; cloud-init's state, machine-id, logs and so on are as they were"
    [ -z "$(uid_of "$BUILD_USER")" ] || say waagent "not done: the account $BUILD_USER is still there"
    [ ! -e /var/lib/waagent/provisioned ] || say waagent "not done: /var/lib/waagent still says that this machine is provisioned"
    finish "$@"
}

# To reset the host name that DHCP is told, waagent edits ifcfg-<interface> in the RHEL family and network/dhcp in SUSE's. Where
# there is no such file, because the system has NetworkManager's own, it gives up with most undone: it is lent one meanwhile.
lend_files() {
    if grep -qsE '^ID(_LIKE)?=.*(rhel|fedora|centos)' /etc/os-release; then
        for link in /sys/class/net/*; do
            [ ! -e "$link" ] || [ "${link##*/}" = lo ] || lend "/etc/sysconfig/network-scripts/ifcfg-${link##*/}" ''
        done
    elif grep -qsE '^ID(_LIKE)?=.*(suse|sle_hpc|sles)' /etc/os-release; then
        lend /etc/sysconfig/network/dhcp 'DHCLIENT_HOSTNAME_OPTION="AUTO"'
    fi
    [ -z "$LENT" ] || say waagent "lent waagent the files that it would miss:$LENT"
}

lend() {
    if exists "$1" || ! mkdir -p "${1%/*}"; then return; fi
    if printf '%s\n' "$2" >"$1"; then LENT="$LENT $1"; fi
} 2>/dev/null

# The folders too where they are empty: the system did without them.
take_back_files() {
    set -f # an interface may be called eth*
    for file in $LENT; do
        rm -f "$file"
        rmdir "${file%/*}" /etc/sysconfig 2>/dev/null
    done
    set +f
    LENT=''
}

# What waagent was lent, and what it takes that is not its own; also where it was stopped.
give_back() {
    take_back_files
    [ -n "$WORK" ] || return 0
    restore_sudo_rules
    # The agents of Arch and Flatcar remove it.
    if [ -s "$WORK/machine-id" ] && ! exists /etc/machine-id && cat "$WORK/machine-id" >/etc/machine-id; then say waagent "restored /etc/machine-id"; fi
    rm -f "$WORK/sudoers" "$WORK/machine-id"
}

# waagent drops every line that holds the name of its user, so also that of 'packeradmin'.
restore_sudo_rules() {
    [ -s "$WORK/sudoers" ] || return 0
    while IFS= read -r line; do
        if printf '%s\n' "$line" | grep -q "${USER_LINE:-^$}" || grep -qsxF -e "$line" /etc/sudoers.d/waagent; then continue; fi
        printf '%s\n' "$line" >>/etc/sudoers.d/waagent && say waagent "restored in /etc/sudoers.d/waagent the rule of ${line%%[ 	]*}"
    done <"$WORK/sudoers"
}

run_waagent() {
    # An agent that still runs may write into the folder that waagent is emptying.
    for unit in walinuxagent waagent; do
        if have systemctl && quietly 90 systemctl stop "$unit.service"; then say waagent "stopped the service $unit"; fi
    done
    action=-deprovision+user
    [ "$KEEP_USER" = no ] || action=-deprovision
    cat /etc/sudoers.d/waagent 2>/dev/null >"$WORK/sudoers"
    [ "$KEEP_MACHINE_ID" = no ] || cat /etc/machine-id 2>/dev/null >"$WORK/machine-id"
    lend_files
    say waagent "running $AGENT -force $action"
    run_agent "$DEADLINE" -force "$action"
    evidence
    give_back
    [ "$TIMED_OUT" = no ] || agent_failed 15 DeadlinePassed "waagent had not ended when the deadline of $DEADLINE s passed"
    # waagent catches its own exceptions, logs 'Failed to run' and exits 0. The first exception names the cause best.
    cause=$(grep -E "^[A-Za-z_.]+(Error|Exception)(:|$)|Failed to run 'deprovision" "$WORK/out" | head -n 1)
    if grep -q "Failed to run 'deprovision" "$WORK/out"; then agent_failed 17 WaagentFailed "waagent logged: $cause"; fi
    [ "$STATUS" -eq 0 ] || agent_failed 17 WaagentFailed "waagent ended with status $STATUS: ${cause:-$(tail -n 1 "$WORK/out")}"
    if grep -q -e 'Skip delete user' -e 'ovf-env.xml is not found' "$WORK/out"; then say waagent "waagent has not deleted the user"; fi
}

# --- the provisioned user
uid_of() { while IFS=: read -r name _ uid _; do [ "$name" != "$1" ] || echo "$uid"; done </etc/passwd; }

# A name that cannot be taken for an option, a path, a pattern or a word of sudo's, and is not root's.
is_user_name() {
    case ${1%\$} in '' | [!a-zA-Z_]* | *[!a-zA-Z0-9_.-]* | Defaults | *_Alias) return 1 ;; esac
    [ "$1" != root ] && [ "$(uid_of "$1")" != 0 ]
}

# A guess has to be the account of a person.
is_person() {
    is_user_name "$1" || return 1
    uid=$(uid_of "$1")
    [ "${uid:-0}" -ge 1000 ] && [ "$uid" -lt 60000 ]
}

# Sets BUILD_USER, and PROVISIONED where there has to be one. Read before waagent deletes the file; without it waagent skips the user and exits 0.
find_build_user() {
    from=ovf-env.xml PROVISIONED=no
    [ ! -e /var/lib/waagent/provisioned ] || PROVISIONED=yes
    # The first, as waagent does.
    BUILD_USER=$(tr '\r\n\t<' '   \n' 2>/dev/null </var/lib/waagent/ovf-env.xml |
        sed -n 's/^\([A-Za-z_][A-Za-z0-9_.-]*:\)\{0,1\}UserName> *\(.*\)/\2/p' | sed 's/ *$//;q')
    if ! is_user_name "$BUILD_USER"; then
        say waagent "ovf-env.xml is missing or names no user that may be deleted"
        from=90-cloud-init-users BUILD_USER=''
        if [ -f /etc/sudoers.d/90-cloud-init-users ]; then
            while read -r name rule; do
                case $rule in *=*) ;; *) continue ;; esac
                # Also one whom an earlier run has deleted: something of theirs may still be there.
                if is_person "$name" || { is_user_name "$name" && [ -z "$(uid_of "$name")" ]; }; then BUILD_USER=$name && break; fi
            done </etc/sudoers.d/90-cloud-init-users
        fi
        # Of a machine that is not provisioned, or no longer, the caller may be anybody.
        if [ -z "$BUILD_USER" ] && [ "$PROVISIONED" = yes ] && is_person "${SUDO_USER:-}"; then BUILD_USER=$SUDO_USER from=SUDO_USER; fi
    fi
    [ -n "$BUILD_USER" ] || { say waagent "the provisioned user is not known: no account will be deleted" && return 0; }
    say waagent "the provisioned user is $BUILD_USER, by $from"
    USER_LINE="^$(printf '%s' "$BUILD_USER" | sed 's/[.$]/\\&/g')[[:space:]:]"
    while IFS=: read -r name _ _ _ _ home _; do [ "$name" != "$BUILD_USER" ] || BUILD_HOME=$home; done </etc/passwd
}

delete_user() {
    if [ -n "$(uid_of "$BUILD_USER")" ]; then
        if have userdel; then quietly 120 userdel -f -r "$BUILD_USER"; else quietly 120 deluser --remove-home "$BUILD_USER"; fi
        if [ -z "$(uid_of "$BUILD_USER")" ]; then say clean "deleted the account $BUILD_USER"; else evidence; fi
    fi
    for file in /etc/subuid /etc/subgid /etc/sudoers /etc/sudoers.d/*; do drop_lines "$USER_LINE" "$file"; done
}

# --- residue
# each DO WHAT PATH...: of the paths that exist, clean removes all, left reports all, and count only sets COUNT.
each() {
    do=$1 what=$2 COUNT=0
    shift 2
    for path; do
        exists "$path" || continue
        if [ "$do" = count ]; then COUNT=$((COUNT + 1)); elif [ "$do" = left ]; then left "$path" "$what"; elif remove "$path"; then COUNT=$((COUNT + 1)); fi
    done
    [ "$COUNT" -eq 0 ] || [ "$do" != clean ] || say clean "removed $what ($COUNT)"
}

# rm follows no links: of a link that a user has planted, the link goes.
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
        /run/systemd/netif/leases/* /var/lib/systemd/network/*lease* /var/lib/wicked/lease-* /var/lib/wicked/duid.xml /var/lib/wicked/iaid.xml
    each "$1" 'secrets of this machine' /var/lib/NetworkManager/secret_key /var/lib/systemd/credential.secret
    each "$1" 'random seeds' /var/lib/systemd/random-seed /var/lib/random-seed /var/lib/urandom/random-seed \
        /boot/efi/loader/random-seed /boot/loader/random-seed /efi/loader/random-seed
    each "$1" 'persistent network names' /etc/udev/rules.d/70-persistent-net.rules
    # Empty, or a link to /dev/null, it switches the generator of such names off and has to stay.
    if [ -f "$NET_GENERATOR" ] && [ -s "$NET_GENERATOR" ]; then each "$1" 'persistent network names' "$NET_GENERATOR"; fi
    # They still have the lines of deleted accounts.
    each "$1" 'backups of the account files' /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/subuid- /etc/subgid-
    [ "$NEW_HOST_KEYS" = no ] || each "$1" 'SSH host keys' /etc/ssh/ssh_host_*key*
    [ "$KEEP_ROOT_SSH_KEYS" = yes ] || each "$1" "root's SSH keys" /root/.ssh/authorized_keys* /root/.ssh/known_hosts* /root/.ssh/id_*
    [ "$KEEP_MACHINE_ID" = yes ] || [ -L /var/lib/dbus/machine-id ] || each "$1" 'the copy of machine-id' /var/lib/dbus/machine-id
    [ "$KEEP_LOGS" = yes ] || each "$1" 'journal' /var/log/journal/*
    [ "$KEEP_LOGS" = yes ] || each "$1" "root's mail" /var/mail/root /var/spool/mail/root
    [ "$KEEP_CREDENTIALS" = yes ] || credentials "$1" "root's credentials" /root
    [ "$KEEP_CLOUD_INIT" = yes ] || cloud_init_files "$1"
    [ "$KEEP_USER" = yes ] || user_files "$1"
    [ "$KEEP_HISTORY" = yes ] || histories "$1"
}

# credentials DO WHAT HOME: what programs need to act in somebody's name. Not their whole folders: those also hold what is
# meant for the image, extensions of the Azure CLI for example. Nor .cache, where browsers and models are installed.
credentials() {
    each "$1" "$2" "$3"/.[aA]zure/*[tT]oken* "$3"/.[aA]zure/msal* "$3"/.[aA]zure/azureProfile.json "$3"/.[aA]zure/AzureRmContext.json \
        "$3"/.[aA]zure/service_principal* "$3"/.[aA]zure/keystore.cache "$3"/.local/share/.IdentityService "$3"/.azd/auth \
        "$3"/.aws/credentials "$3"/.aws/config "$3"/.aws/sso/cache "$3"/.aws/cli/cache "$3"/.config/gcloud "$3"/.config/gh/hosts.yml \
        "$3"/.docker/config.json "$3"/.config/containers/auth.json "$3"/.kube/config "$3"/.kube/cache "$3"/.netrc "$3"/.pypirc \
        "$3"/.git-credentials "$3"/.config/git/credentials "$3"/.vault-token "$3"/.terraform.d/credentials.tfrc.json
}

cloud_init_files() {
    each "$1" 'cloud-init state' /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data/* /var/lib/cloud/sem/* /var/lib/cloud/seed/azure
    # They hold the MAC address. Where cloud-init will not write them again, a VM without them would have no network.
    [ "$NEW_NETWORK" = yes ] || return 0
    each "$1" "cloud-init's network files" /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init* \
        /etc/NetworkManager/system-connections/cloud-init-* /etc/systemd/network/10-cloud-init-*
    for file in /etc/sysconfig/network-scripts/ifcfg-* /etc/sysconfig/network/ifcfg-*; do
        if grep -qs 'Created by cloud-init' "$file"; then each "$1" "cloud-init's network files" "$file"; fi
    done
}

user_files() {
    each "$1" "cloud-init's sudo rules" /etc/sudoers.d/90-cloud-init-users
    [ -s /etc/sudoers.d/waagent ] || each "$1" "waagent's empty sudo rules" /etc/sudoers.d/waagent
    [ -z "$BUILD_USER" ] || each "$1" "crontab and mail of $BUILD_USER" "/var/spool/cron/crontabs/$BUILD_USER" \
        "/var/spool/cron/tabs/$BUILD_USER" "/var/spool/cron/$BUILD_USER" "/var/mail/$BUILD_USER" "/var/spool/mail/$BUILD_USER"
}

# Of root, of the homes under /home, and of every other account that can log in.
histories() {
    while IFS=: read -r user _ _ _ _ home shell; do
        case $home:$shell in
            /root:* | /home/*) ;;
            [!/]* | /:* | */nologin | */false | */sync | */halt | */shutdown) continue ;;
        esac
        each "$1" "histories of $user" "$home"/.*history "$home"/.histfile "$home"/.lesshst "$home"/.viminfo "$home"/.wget-hsts
        for dir in .local/share/powershell/PSReadLine .local/share/fish; do
            # Not through a link that the user has put into the way.
            if [ -d "$home/$dir" ] && [ "$(cd "$home/$dir" && pwd -P)" = "$(cd "$home" && pwd -P)/$dir" ]; then
                each "$1" "histories of $user" "$home/$dir"/*history*
            fi
        done
    done </etc/passwd
}

# find over the logs that are not empty.
find_logs() {
    [ "$KEEP_CLOUD_INIT" = no ] || set -- ! -path '/var/log/cloud-init*' "$@"
    bounded 300 find /var/log/ -type f ! -size 0c "$@" >"$WORK/out" 2>/dev/null
}

# find over what may go from the temporary folders: nothing of other file systems, no sockets, not this script, and
# not the files through which Packer runs it, which Packer removes.
find_temporary() {
    bounded 300 find /tmp/ /var/tmp/ -xdev -mindepth 1 -depth ! -type s ! -path '/tmp/script_*' \
        ! -path /tmp/DeprovisioningScript.sh "$@" >"$WORK/out" 2>/dev/null
}

# drop_lines PATTERN FILE: in place, so that owner and mode stay. What a line goes on with goes with it.
drop_lines() {
    grep -qs "$1" "$2" || return 0
    if sed -e "/$1/{" -e :more -e '/\\$/{' -e '$!{' -e N -e 'b more' -e '}' -e '}' -e d -e '}' "$2" >"$WORK/out" && cat "$WORK/out" >"$2"; then say clean "removed the lines of this machine from $2"; fi
} 2>/dev/null

root_is_locked() { [ ! -f /etc/shadow ] || grep -q '^root:[!*]' /etc/shadow; }

# --- clean
clean() {
    [ "$KEEP_USER" = yes ] || [ -z "$BUILD_USER" ] || delete_user
    [ "$KEEP_CLOUD_INIT" = yes ] || clean_cloud_init
    # Stopped, because it would save a new seed when the VM is shut down.
    if have systemctl; then quietly 30 systemctl stop systemd-random-seed.service; fi
    residue clean
    # Emptied: if it were missing, systemd would take the next boot for the first of a new system.
    if [ "$KEEP_MACHINE_ID" = no ] && [ -s /etc/machine-id ] && true 2>/dev/null >/etc/machine-id; then say clean "emptied /etc/machine-id"; fi
    # A link into /run holds nothing of this machine, and without it the next one may have no name resolution.
    case $RESOLV_LINK in
        */run/*) if ! exists /etc/resolv.conf && ln -s "$RESOLV_LINK" /etc/resolv.conf; then say clean "restored the link /etc/resolv.conf"; fi ;;
    esac
    # waagent does so only where its configuration says it.
    if ! root_is_locked && { quietly 30 usermod -p '*' root || quietly 30 passwd -l root; }; then say clean "locked root's password"; fi
    [ "$KEEP_LOGS" = yes ] || clean_logs
    [ "$KEEP_TEMP_FILES" = yes ] || clean_temporary
}

clean_cloud_init() {
    drop_lines '^127\.0\.1\.1[[:space:]]' /etc/hosts
    have cloud-init || return 0
    each count '' /var/lib/cloud/scripts/per-*/*
    [ "$COUNT" -eq 0 ] || say clean "cloud-init clean will also remove the scripts in /var/lib/cloud/scripts ($COUNT)"
    set -- clean --seed
    [ "$KEEP_LOGS" = yes ] || set -- clean --logs --seed
    if quietly 180 cloud-init "$@"; then say clean "cloud-init $* has ended"; return 0; fi
    evidence
    say clean "cloud-init $* failed; its state is removed without it"
}

clean_logs() {
    # Otherwise journald goes on writing into files that are removed.
    if have journalctl; then quietly 30 journalctl --relinquish-var; fi
    find_logs \( -name '*.gz' -o -name '*.xz' -o -name '*.zst' -o -name '*.bz2' -o -name '*.old' -o -name '*.[0-9]' \
        -o -name '*.[0-9][0-9]' -o -name '*-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*' \) -exec rm -f {} +
    # Emptied, not removed: the services have them open. What is emptied is what was found, and nothing that a service has
    # put in its place meanwhile: the open file says where it is.
    # shellcheck disable=SC2016 # the inner shell expands it
    find_logs -exec sh -c 'for file; do
        { [ "$(readlink /proc/self/fd/4)" != "$0${file#/var/log}" ] || true >/proc/self/fd/4; } 4<>"$file"
    done' "$(cd /var/log 2>/dev/null && pwd -P)" {} +
    say clean "emptied the logs under /var/log"
}

# Not every busybox has -delete.
clean_temporary() {
    find_temporary -delete || { find_temporary ! -type d -exec rm -f {} +; find_temporary -type d -exec rmdir {} +; }
    say clean "emptied /tmp and /var/tmp"
}

# --- verify: the result counts, not what the commands have said
verify() {
    residue left
    if [ "$KEEP_USER" = no ] && [ -n "$BUILD_USER" ]; then
        [ -z "$(uid_of "$BUILD_USER")" ] || left /etc/passwd "the account $BUILD_USER"
        case $BUILD_HOME in
            /home/*) cut -d : -f 6 /etc/passwd | grep -qxF "$BUILD_HOME" || each left "the home of $BUILD_USER" "$BUILD_HOME" ;;
        esac
        for file in /etc/subuid /etc/subgid /etc/sudoers /etc/sudoers.d/*; do
            if grep -qs "$USER_LINE" "$file"; then left "$file" "lines for $BUILD_USER"; fi
        done
    fi
    # After a first run there may be none any more; before it, there is one who would stay.
    if [ "$KEEP_USER$PROVISIONED" = noyes ] && [ -z "$BUILD_USER" ]; then left /etc/passwd "the provisioned user, whom nothing names"; fi
    [ "$KEEP_MACHINE_ID" = yes ] || [ ! -s /etc/machine-id ] || left /etc/machine-id "every VM would have the same one"
    if [ "$KEEP_CLOUD_INIT" = no ] && grep -qs '^127\.0\.1\.1[[:space:]]' /etc/hosts; then left /etc/hosts "the line 127.0.1.1"; fi
    root_is_locked || left /etc/shadow "root's password is not locked"
    # What services have written after the cleaning is not residue.
    [ "$KEEP_LOGS" = yes ] || { find_logs ! -newer "$WORK/clean"; left_all "log"; }
    [ "$KEEP_TEMP_FILES" = yes ] || { find_temporary ! -type d ! -newer "$WORK/clean"; left_all "temporary file"; }
    tell_what_is_kept
    [ "$LEFT" -eq 0 ] || finish 18 ResidueLeft "$LEFT left, first $FIRST"
    say verify "nothing that has to go is left"
}

left_all() {
    [ "$TIMED_OUT" = no ] || left "${1}s" "not all could be looked at in time"
    while IFS= read -r path; do left "$path" "$1"; done <"$WORK/out"
}

tell_what_is_kept() {
    if [ "$KEEP_USER" = no ] && [ -n "$BUILD_USER" ]; then
        # What else such a rule says is the image's own.
        for file in /etc/sudoers /etc/sudoers.d/*; do
            if sed '/^[[:space:]]*#/d; s/[[:space:],=]/ /g; s/.*/ & /' "$file" 2>/dev/null | grep -qF -e " $BUILD_USER "; then
                say verify "kept: the rules in $file, which name $BUILD_USER among others"
            fi
        done
    fi
    [ "$KEEP_USER" = no ] || say verify "kept: the provisioned user and the sudo rules"
    [ "$KEEP_USER" = yes ] || [ -n "$BUILD_USER" ] || [ "$PROVISIONED" = yes ] || say verify "kept: every account, as the provisioned user is not known"
    [ "$KEEP_MACHINE_ID" = no ] || ! exists /etc/machine-id || say verify "kept: machine-id"
    [ "$KEEP_CLOUD_INIT" = no ] || say verify "kept: state, logs and network files of cloud-init"
    [ "$KEEP_CLOUD_INIT$NEW_NETWORK" != nono ] || say verify "kept: network files, which cloud-init would not write again"
    [ "$KEEP_LOGS" = no ] || say verify "kept: logs, except those that waagent removes"
    [ "$KEEP_HISTORY" = no ] || say verify "kept: histories, except root's .bash_history, which waagent removes"
    [ "$KEEP_TEMP_FILES" = no ] || say verify "kept: /tmp and /var/tmp"
    [ "$KEEP_ROOT_SSH_KEYS" = no ] || say verify "kept: root's SSH keys"
    [ "$KEEP_CREDENTIALS" = no ] || say verify "kept: root's credentials"
    [ ! -d /root/.cache ] || say verify "kept: /root/.cache"
    [ "$NEW_HOST_KEYS" = yes ] || say verify "kept: SSH host keys, as nothing here would make new ones"
    others='' holders=''
    while IFS=: read -r name _ _ _ _ home _; do
        case $home in /root | / | [!/]* | '') continue ;; esac
        [ ! -s "$home/.ssh/authorized_keys" ] || others="$others $name"
        credentials count '' "$home"
        [ "$COUNT" -eq 0 ] || holders="$holders $name"
    done </etc/passwd
    [ -z "$others" ] || say verify "kept: the authorized_keys of$others"
    [ -z "$holders" ] || say verify "kept: the credentials of$holders, in every VM made from this image"
}

# --- main
prepare() {
    tick
    STARTED=$now NET_GENERATOR=/etc/udev/rules.d/75-persistent-net-generator.rules
    [ "$(id -u)" = 0 ] || finish 19 NotElevated "the script has to run as root"
    WORK=$(mktemp -d /run/aib-deprovision.XXXXXX 2>/dev/null) || WORK=$(mktemp -d /tmp/script_XXXXXX) ||
        finish 1 Unexpected "no folder could be made in /run or /tmp"
    HAVE_TIMEOUT=no
    if timeout -k 1 5 true >/dev/null 2>&1; then HAVE_TIMEOUT=yes; fi
    ANCESTORS=" $$ " pid=$$
    while [ "${pid:-0}" -gt 1 ]; do
        pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
        ANCESTORS="$ANCESTORS$pid "
    done
}

# Whether a VM from this image makes its own SSH host keys and network files: otherwise it is unreachable without them.
find_what_returns() {
    NEW_HOST_KEYS=no NEW_NETWORK=no
    case $CLOUD_INIT in absent | disabled*) ;; *) NEW_HOST_KEYS=yes NEW_NETWORK=yes ;; esac
    if grep -qs '^[^#]*config:[[:space:]]*disabled' /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg; then NEW_NETWORK=no; fi
    if grep -qs '^Provisioning\.RegenerateSshHostKeyPair=y' /etc/waagent.conf /usr/share/oem/waagent.conf; then NEW_HOST_KEYS=yes; fi
    for file in /usr/lib/systemd/system/sshd-keygen* /lib/systemd/system/sshd-keygen*; do
        [ ! -e "$file" ] || NEW_HOST_KEYS=yes
    done
}

main() {
    prepare
    find_agent
    system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')
    version=$(sed -n 's/.*\(WALinuxAgent-[0-9.]*[0-9]\).*/\1/p' "$WORK/out" | head -n 1)
    say start "${system:-unknown system}; $AGENT${AGENT_PYTHON:+ by $AGENT_PYTHON}, ${version:-unknown version}; deadline $DEADLINE s"
    hook before BeforeScript "$BEFORE_SCRIPT"
    wait_until_quiet
    find_what_returns
    find_build_user
    RESOLV_LINK=$(readlink /etc/resolv.conf)
    run_waagent
    true >"$WORK/clean"
    clean
    verify
    hook after AfterScript "$AFTER_SCRIPT"
    case $SELF in */DeprovisioningScript.sh) [ -L "$SELF" ] || rm -f "$SELF" ;; esac
    quietly 120 sync
    VERDICT='Sealed (exit code 0): the machine is generalized, and that was verified'
}

trap 'on_exit "$?"' EXIT
trap 'on_signal HUP' HUP
trap 'on_signal INT' INT
trap 'on_signal TERM' TERM
main
