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
KEEP_SUBSCRIPTIONS='no'
KEEP_DOMAIN_JOIN='no'
KEEP_AGENTS='no'
AGENT_TIMEOUT='900'
DEADLINE='3600'
NO_TRACE='no'
BEFORE_SCRIPT=''
AFTER_SCRIPT=''
# --- end of settings ------------------------------------------------------
# --- facts ----------------------------------------------------------------
FIRST_PERSON=1000 AFTER_PERSONS=60000
AGENT_PLACES='/usr/sbin/waagent /usr/bin/waagent /sbin/waagent /bin/waagent /usr/local/sbin/waagent /usr/local/bin/waagent /usr/share/oem/bin/waagent /usr/share/oem/python/bin/waagent'
PACKAGE_MANAGERS='apt apt-get aptitude apt.systemd.dai dpkg dpkg-deb unattended-upgr dnf dnf5 dnf-automatic microdnf tdnf yum rpm zypper Zypp-main'
TRACE=/var/lib/aibdeprovision/sealed TRACE_FORMAT=1 VERSION=0.1.0-preview1
# The table of what has to go: clean calls it to remove, verify calls it to look.
residue_by_path() {
    each "$1" "agent state" /var/lib/waagent/* /var/lib/waagent/.[!.]*
    [ "$KEEP_USER" != no ] || each "$1" "cloud-init's sudo rules" /etc/sudoers.d/90-cloud-init-users
    [ "$KEEP_USER" != no ] || [ -z "$BUILD_USER" ] || each "$1" "crontab and mail of the build user" /var/spool/cron/crontabs/"$BUILD_USER" /var/spool/cron/tabs/"$BUILD_USER" \
        /var/spool/cron/"$BUILD_USER" /var/mail/"$BUILD_USER" /var/spool/mail/"$BUILD_USER"
    [ "$KEEP_USER" != no ] || [ -z "$BUILD_USER" ] || each "$1" "access of the build user" /etc/ssh/authorized_keys/"$BUILD_USER" /var/lib/systemd/linger/"$BUILD_USER" \
        /var/lib/AccountsService/users/"$BUILD_USER" /var/lib/AccountsService/icons/"$BUILD_USER"
    [ "$NEW_HOST_KEYS" = no ] || each "$1" "SSH host keys" /etc/ssh/ssh_host_*key*
    [ "$KEEP_ROOT_SSH_KEYS" != no ] || each "$1" "root's SSH keys" /root/.ssh/authorized_keys* /root/.ssh/id_* /root/.ssh/*.pem /root/.ssh/.[!.]*.pem /root/.ssh/*.key \
        /root/.ssh/.[!.]*.key /root/.ssh/*_rsa /root/.ssh/.[!.]*_rsa /root/.ssh/*_ecdsa /root/.ssh/.[!.]*_ecdsa /root/.ssh/*_ed25519 \
        /root/.ssh/.[!.]*_ed25519 /root/.ssh/known_hosts*
    [ "$KEEP_CREDENTIALS" != no ] || credentials "$1" "root's credentials" /root
    [ "$KEEP_LOGS" != no ] || each_with_content "$1" "root's mail" /var/mail/root /var/spool/mail/root
    [ "$KEEP_CREDENTIALS" != no ] || each "$1" "logins of apt" /etc/apt/auth.conf /etc/apt/auth.conf.d/* /etc/apt/auth.conf.d/.[!.]*
    each "$1" "secrets of this machine" /var/lib/NetworkManager/secret_key /var/lib/systemd/credential.secret
    each "$1" "identities of this machine" /etc/nvme/hostid /etc/nvme/hostnqn /var/lib/docker/engine-id /etc/docker/key.json /var/lib/mysql/auto.cnf
    each "$1" "keys that services made" /etc/cockpit/ws-certs.d/0-self-signed* /etc/pki/tls/private/localhost.key /etc/pki/tls/certs/localhost.crt
    [ "$KEEP_SUBSCRIPTIONS" != no ] || each "$1" "registrations with the vendor" /etc/insights-client/machine-id /etc/insights-client/.registered /etc/pki/consumer/* \
        /etc/pki/consumer/.[!.]* /etc/pki/entitlement/* /etc/pki/entitlement/.[!.]* /etc/sysconfig/rhn/systemid \
        /var/lib/ubuntu-advantage/machine-token.json /var/lib/ubuntu-advantage/private/machine-token.json /etc/zypp/credentials.d/SCCcredentials \
        /etc/SUSEConnect
    [ "$KEEP_DOMAIN_JOIN" != no ] || each "$1" "membership in a domain" /etc/krb5.keytab /var/lib/sss/db/* /var/lib/sss/db/.[!.]* /var/lib/samba/private/secrets.tdb \
        /var/lib/ipa-client/pki/* /var/lib/ipa-client/pki/.[!.]* /var/lib/ipa-client/sysrestore/* /var/lib/ipa-client/sysrestore/.[!.]* \
        /etc/ipa/default.conf /etc/ipa/ca.crt
    [ "$KEEP_AGENTS" != no ] || each "$1" "identities of agents" /etc/opt/microsoft/mdatp/mdatp_onboard.json /var/opt/azcmagent/agentconfig.json /var/opt/azcmagent/certs/* \
        /var/opt/azcmagent/certs/.[!.]* /etc/opt/microsoft/omsagent/certs/* /etc/opt/microsoft/omsagent/certs/.[!.]* \
        /etc/opt/microsoft/omsagent/*/certs/* /etc/opt/microsoft/omsagent/*/certs/.[!.]* /var/lib/kubelet/pki/* /var/lib/kubelet/pki/.[!.]* \
        /etc/salt/pki/minion/minion.* /etc/salt/minion_id /etc/chef/client.pem /etc/puppetlabs/puppet/ssl/* /etc/puppetlabs/puppet/ssl/.[!.]* \
        /var/lib/puppet/ssl/* /var/lib/puppet/ssl/.[!.]* /etc/puppet/ssl/* /etc/puppet/ssl/.[!.]* /var/lib/tailscale/tailscaled.state
    each "$1" "state of azure-init" /var/lib/azure-init/* /var/lib/azure-init/.[!.]*
    [ "$KEEP_USER" != no ] || each "$1" "azure-init's sudo rule" /etc/sudoers.d/azure-init-user
    [ "$KEEP_CLOUD_INIT" != no ] || [ "$CLOUD_INIT_RUNS" = no ] || each "$1" "SSH settings of provisioning" /etc/ssh/sshd_config.d/50-cloud-init.conf /etc/ssh/sshd_config.d/50-azure-init.conf
    each "$1" "LVM's list of disks" /etc/lvm/devices/system.devices
    each "$1" "random seeds" /var/lib/systemd/random-seed /var/lib/random-seed /var/lib/urandom/random-seed /boot/efi/loader/random-seed \
        /boot/loader/random-seed /efi/loader/random-seed
    each "$1" "persistent network names" /etc/udev/rules.d/70-persistent-net.rules
    each_with_content "$1" "persistent network names" /etc/udev/rules.d/75-persistent-net-generator.rules
    [ "$KEEP_CLOUD_INIT" != no ] || [ "$NEW_NETWORK" = no ] || each "$1" "cloud-init's network files" /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init* \
        /etc/NetworkManager/system-connections/cloud-init-* /etc/systemd/network/10-cloud-init-* /etc/NetworkManager/conf.d/99-cloud-init.conf \
        /etc/NetworkManager/conf.d/30-cloud-init-ip6-addr-gen-mode.conf
    [ "$KEEP_CLOUD_INIT" != no ] || each "$1" "cloud-init state" /var/lib/cloud/instance /var/lib/cloud/instances/* /var/lib/cloud/instances/.[!.]* /var/lib/cloud/data/* \
        /var/lib/cloud/data/.[!.]* /var/lib/cloud/sem/* /var/lib/cloud/sem/.[!.]* /var/lib/cloud/seed/azure
    each "$1" "DHCP leases" /var/lib/dhcp/* /var/lib/dhcp/.[!.]* /var/lib/dhclient/* /var/lib/dhclient/.[!.]* /var/lib/dhcpcd/* /var/lib/dhcpcd/.[!.]* \
        /var/lib/NetworkManager/*.lease /var/lib/NetworkManager/.[!.]*.lease /run/systemd/netif/leases/* /run/systemd/netif/leases/.[!.]* \
        /var/lib/systemd/network/*lease* /var/lib/systemd/network/.[!.]*lease* /var/lib/wicked/lease-* /var/lib/wicked/duid.xml \
        /var/lib/wicked/iaid.xml
    each "$1" "backups of the account files" /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/subuid- /etc/subgid-
    [ "$KEEP_LOGS" != no ] || each "$1" "records of the installation" /root/*-ks.cfg /root/.[!.]*-ks.cfg /root/install.log* /var/lib/logrotate.status /var/lib/logrotate/*status* \
        /var/lib/logrotate/.[!.]*status*
    [ "$KEEP_LOGS" != no ] || each "$1" "dumps of memory" /var/crash/* /var/crash/.[!.]* /var/lib/systemd/coredump/* /var/lib/systemd/coredump/.[!.]* /var/lib/systemd/pstore/* \
        /var/lib/systemd/pstore/.[!.]* /var/spool/abrt/* /var/spool/abrt/.[!.]*
    each "$1" "jobs of at" /var/spool/cron/atjobs/a* /var/spool/cron/atjobs/b* /var/spool/at/a* /var/spool/at/b*
    [ "$KEEP_LOGS" != no ] || each "$1" "journal" /var/log/journal/* /var/log/journal/.[!.]*
}

# The same for a home, which is HOME_AT.
residue_in_home() {
    [ "$KEEP_HISTORY" != no ] || in_home "$1" "histories of $user" "$HOME_AT"/.*history "$HOME_AT"/.histfile "$HOME_AT"/.lesshst "$HOME_AT"/.viminfo "$HOME_AT"/.wget-hsts \
        "$HOME_AT"/.local/share/powershell/PSReadLine/*history* "$HOME_AT"/.local/share/powershell/PSReadLine/.[!.]*history* \
        "$HOME_AT"/.local/share/fish/*history* "$HOME_AT"/.local/share/fish/.[!.]*history* "$HOME_AT"/.local/state/lesshst \
        "$HOME_AT"/.local/state/bash/history "$HOME_AT"/.local/state/nvim/shada/* "$HOME_AT"/.local/state/nvim/shada/.[!.]* \
        "$HOME_AT"/.local/share/nvim/shada/* "$HOME_AT"/.local/share/nvim/shada/.[!.]* "$HOME_AT"/.local/share/nano/*history* \
        "$HOME_AT"/.local/share/nano/.[!.]*history* "$HOME_AT"/.local/share/mc/history
}

# credentials DO WHAT HOME: what programs need to act in somebody's name. Not their whole folders: those also hold what is meant for the image.
credentials() {
    each "$1" "$2" "$3"/.azure/*token* "$3"/.azure/.[!.]*token* "$3"/.azure/*Token* "$3"/.azure/.[!.]*Token* "$3"/.azure/msal* \
        "$3"/.azure/azureProfile.json "$3"/.azure/AzureRmContext.json "$3"/.azure/service_principal* "$3"/.azure/keystore.cache "$3"/.Azure/*token* \
        "$3"/.Azure/.[!.]*token* "$3"/.Azure/*Token* "$3"/.Azure/.[!.]*Token* "$3"/.Azure/msal* "$3"/.Azure/azureProfile.json \
        "$3"/.Azure/AzureRmContext.json "$3"/.Azure/service_principal* "$3"/.Azure/keystore.cache "$3"/.azure/azuredevops/personalAccessTokens \
        "$3"/.local/share/.IdentityService "$3"/.azd/auth "$3"/.aws/credentials "$3"/.aws/config "$3"/.aws/sso/cache "$3"/.aws/cli/cache \
        "$3"/.config/gcloud "$3"/.config/gh/hosts.yml "$3"/.config/glab-cli/config.yml "$3"/.docker/config.json "$3"/.config/containers/auth.json \
        "$3"/.config/helm/registry/config.json "$3"/.kube/config "$3"/.kube/cache "$3"/.netrc "$3"/.pypirc "$3"/.git-credentials \
        "$3"/.config/git/credentials "$3"/.vault-token "$3"/.terraform.d/credentials.tfrc.json "$3"/.pulumi/credentials.json \
        "$3"/.config/pypoetry/auth.toml "$3"/.cargo/credentials "$3"/.cargo/credentials.toml "$3"/.gem/credentials "$3"/.pgpass "$3"/.mylogin.cnf \
        "$3"/.config/rclone/rclone.conf "$3"/.oci/* "$3"/.oci/.[!.]* "$3"/.s3cfg "$3"/.cache/huggingface/token "$3"/.huggingface/token \
        "$3"/.gnupg/private-keys-v1.d/* "$3"/.gnupg/private-keys-v1.d/.[!.]* "$3"/.local/share/keyrings
}
# --- end of facts ---------------------------------------------------------
# --- shared ---------------------------------------------------------------
set -u
unset HISTFILE
export HISTSIZE=0 PATH="${PATH:-/usr/bin}:/usr/sbin:/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/share/oem/bin:/usr/share/oem/python/bin"
# --- end of shared --------------------------------------------------------
case $0 in /*) SELF=$0 ;; *) SELF=$PWD/$0 ;; esac
# --- shared ---------------------------------------------------------------
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
# --- end of shared --------------------------------------------------------
LEFT=0 FIRST='' LENT='' SILENT='' BREAK='
'
BUILD_USER='' BUILD_UID='' BUILD_HOME='' HOME_PLACE='' HOME_IS_SHARED=no USER_LINE='' OWN_RULES='' MACHINE_ID='' SUDO_KNOWS_MORE=no IDENTITY=''

# What the last command has printed.
evidence() { LC_ALL=C tr -c '\012\040-\176' '?' <"$WORK/out" | tail -n 200 | sed 's/^/    | /' >&3; } 2>/dev/null

on_exit() {
    trap - EXIT
    give_back
    [ -z "$WORK" ] || rm -rf "$WORK"
    [ -n "$VERDICT" ] || set -- 1 "Unexpected (exit code 1): the script failed unexpectedly with status $1, see the lines above"
    say verdict "${2:-$VERDICT}"
    exit "$1"
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
# --- shared ---------------------------------------------------------------
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
# --- end of shared --------------------------------------------------------

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
    for AGENT in "$(command -v waagent)" $AGENT_PLACES; do
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
    restore_sudo_rules
    # The agents of Arch and Flatcar remove it.
    if [ -n "$MACHINE_ID" ] && ! exists /etc/machine-id && printf '%s\n' "$MACHINE_ID" >/etc/machine-id && chmod "$MACHINE_ID_MODE" /etc/machine-id; then
        say waagent "restored /etc/machine-id"
    fi
    OWN_RULES='' MACHINE_ID=''
}

# waagent drops every line that holds the name of its user, so also that of 'packeradmin', and of a rule on several lines
# some. What was there is kept in memory, which does not run full as a disk does, and compared with what was written.
restore_sudo_rules() {
    lost='' now=$(cat /etc/sudoers.d/waagent 2>/dev/null)
    set -f
    IFS=$BREAK
    for line in $OWN_RULES; do
        case "$BREAK$now$BREAK" in *"$BREAK$line$BREAK"*) ;; *) lost="$lost$line$BREAK" ;; esac
    done
    # shellcheck disable=SC2086 # a word a line
    set -- $lost
    unset IFS
    set +f
    [ $# -gt 0 ] || return 0
    if ! printf '%s\n' "$OWN_RULES" >/etc/sudoers.d/waagent || [ "$(cat /etc/sudoers.d/waagent)" != "$OWN_RULES" ]; then
        left /etc/sudoers.d/waagent "waagent took rules of others from it, which could not be restored"
        return 0
    fi 2>/dev/null
    chmod 440 /etc/sudoers.d/waagent
    for line; do say waagent "restored in /etc/sudoers.d/waagent the rule of ${line%%[ 	]*}"; done
}

run_waagent() {
    # An agent that still runs may write into the folder that waagent is emptying.
    for unit in walinuxagent waagent; do
        if have systemctl && unit_file "$unit.service" && quietly 90 systemctl stop "$unit.service"; then say waagent "stopped the service $unit"; fi
    done
    action=-deprovision+user
    # With +user it removes the home, whosever it is besides.
    [ "$KEEP_USER$HOME_IS_SHARED" = nono ] || action=-deprovision
    [ ! -f /etc/sudoers.d/waagent ] || OWN_RULES=$(other_rules /etc/sudoers.d/waagent)
    if [ "$KEEP_MACHINE_ID" = yes ] && [ -s /etc/machine-id ]; then
        MACHINE_ID=$(cat /etc/machine-id) MACHINE_ID_MODE=$(stat -L -c %a /etc/machine-id 2>/dev/null)
        MACHINE_ID_MODE=${MACHINE_ID_MODE:-444}
    fi
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
# The last line of a file may have no end.
uid_of() { while IFS=: read -r name _ uid _ || [ -n "$name" ]; do [ "$name" != "$1" ] || echo "$uid"; done </etc/passwd; }

# A name that cannot be taken for an option, a path, a pattern or a word of sudo's, and is not root's.
is_user_name() {
    case ${1%\$} in '' | [!a-zA-Z_]* | *[!a-zA-Z0-9_.-]* | Defaults | *_Alias) return 1 ;; esac
    [ "$1" != root ] && [ "$(uid_of "$1")" != 0 ]
}

# A guess has to be the account of a person.
is_person() {
    is_user_name "$1" || return 1
    uid=$(uid_of "$1")
    [ "${uid:-0}" -ge "$FIRST_PERSON" ] && [ "$uid" -lt "$AFTER_PERSONS" ]
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
            while read -r name rule || [ -n "$name" ]; do
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
    while IFS=: read -r name _ uid _ _ home _ || [ -n "$name" ]; do
        [ "$name" != "$BUILD_USER" ] || BUILD_HOME=$home BUILD_UID=$uid
    done </etc/passwd
    find_home
    [ "$KEEP_USER" = yes ] || ask_sudo
}

# Sets HOME_PLACE, which may be behind a link, and HOME_IS_SHARED: it is no home of the user alone where another account's is
# in it, or where it is somebody else's folder (usermod -d /srv/app).
find_home() {
    case $BUILD_HOME in /*[!/]*) ;; *) return 0 ;; esac
    if is_silent "$BUILD_HOME" || [ ! -d "$BUILD_HOME" ]; then return 0; fi
    HOME_PLACE=$(cd -P "$BUILD_HOME" && pwd -P) || HOME_PLACE=$BUILD_HOME
    if is_home_of_others "$BUILD_HOME" || is_home_of_others "$HOME_PLACE"; then HOME_IS_SHARED=yes; fi
    [ "$BUILD_HOME" = "/home/$BUILD_USER" ] || [ "$(owner_of "$HOME_PLACE")" = "$BUILD_UID" ] || HOME_IS_SHARED=yes
}

# The number of the user whose a file is, of a link the link.
# shellcheck disable=SC2012 # the columns before the name
owner_of() { ls -dn -- "$1" 2>/dev/null | { read -r _ _ uid _ && echo "$uid"; }; }

is_home_of_others() {
    while IFS=: read -r other _ _ _ _ others_home _ || [ -n "$other" ]; do
        case $other:$others_home/ in "$BUILD_USER":*) ;; *:"${1%/}"/*) return 0 ;; esac
    done </etc/passwd
    return 1
}

# A number by which the next user will be known, and nobody is now.
is_orphan() {
    case $1 in '' | *[!0-9]*) return 1 ;; esac
    [ "$1" -ge "$FIRST_PERSON" ] && [ "$1" -lt "$AFTER_PERSONS" ] && ! cut -d : -f 3 "${2:-/etc/passwd}" | grep -qxF "$1"
}

# --- sudo rules
# each_rule FILE COMMAND: calls COMMAND with each rule as it stands, RULE set (see judge_rule), lines joined that go on.
each_rule() {
    raw='' joined=''
    while IFS= read -r line || [ -n "$line" ]; do
        raw=$raw$line$BREAK
        case $line in *\\) joined="$joined${line%?} " line='' && continue ;; esac
        judge_rule "$joined$line"
        "$2" "$raw"
        raw='' joined='' line=''
    done <"$1"
    [ -z "$raw" ] || { judge_rule "$joined" && "$2" "$raw"; }
}

# Sets RULE: 'own' for one that is the build user's alone, 'mixed' for one that names the user among others or in another way
# that only a person can take apart, else 'other'.
judge_rule() {
    RULE=other rule=${1#"${1%%[![:space:]]*}"}
    case $rule in '#'[0-9]*) ;; '' | '#'* | @include*) return 0 ;; esac
    case $rule in *[[:space:]]'#'[!0-9]*) rule=${rule%%[[:space:]]'#'[!0-9]*} ;; esac
    first=${rule%%[[:space:]=]*}
    rest=${rule#"$first"}
    rest=${rest#"${rest%%[![:space:]]*}"}
    case $first in
        *,*) ;;
        Defaults:*) if is_build_user "${first#Defaults:}"; then RULE=own && return 0; fi ;;
        *) case $rest in ,*) ;; *=*) if is_build_user "$first"; then RULE=own && return 0; fi ;; esac ;;
    esac
    set -f
    IFS=" 	,=!:"
    for word in $rule; do
        if is_build_user "$word"; then RULE=mixed; fi
    done
    unset IFS
    set +f
}

# By name, by number, or by the group that only this user is in; \ and " say nothing more.
is_build_user() {
    who=$1
    while :; do case $who in *[\"\\]*) who=${who%%[\"\\]*}${who#*[\"\\]} ;; *) break ;; esac; done
    case $who in
        '') return 1 ;;
        '%#'*) is_orphan "${who#??}" /etc/group ;;
        '#'*) [ "${who#?}" = "${BUILD_UID:--}" ] || is_orphan "${who#?}" ;;
        "%$BUILD_USER") [ -n "$BUILD_USER" ] && ! grep -qs "^$BUILD_USER:[^:]*:[^:]*:." /etc/group ;;
        *) [ "$who" = "$BUILD_USER" ] ;;
    esac
}

keep_rule() { [ "$RULE" = own ] || printf '%s' "$1"; }

# The rules of a file that are not the build user's.
other_rules() { if [ "$KEEP_USER" = yes ]; then cat "$1"; else each_rule "$1" keep_rule; fi; }

# each_sudo_file COMMAND: calls it with every file of sudo's rules, also with those that they include.
each_sudo_file() {
    for file in /etc/sudoers /etc/sudoers.d/* $(sed -n 's/^[#@]include\(dir\)\{0,1\}[[:space:]]\{1,\}\(\/[^[:space:]"\\]*\)$/\2/p' /etc/sudoers /etc/sudoers.d/* 2>/dev/null); do
        if [ "$file" = /etc/sudoers.d ]; then continue; fi
        if [ -d "$file" ]; then for inner in "$file"/*; do [ ! -f "$inner" ] || "$1" "$inner"; done; elif [ -f "$file" ]; then "$1" "$file"; fi
    done
}

# Whether sudo gives the user rights that none of its files explains.
ask_sudo() {
    if ! have sudo || [ -z "$BUILD_UID" ] || ! quietly 30 sudo -n -l -U "$BUILD_USER" || ! grep -q 'may run' "$WORK/out"; then return 0; fi
    SUDO_KNOWS_MORE=yes
    groups=" $(id -Gn "$BUILD_USER" 2>/dev/null) "
    each_sudo_file explain
}

explain() { each_rule "$1" explain_rule; }

explain_rule() {
    first=${rule%%[[:space:],=]*}
    case $RULE:$groups in own:* | mixed:* | *" ${first#%} "*) SUDO_KNOWS_MORE=no ;; esac
    [ "$first" != ALL ] || SUDO_KNOWS_MORE=no
}

# In place, so that owner and mode stay, and only what visudo takes.
drop_rules() {
    # These go as a whole.
    case $1 in */90-cloud-init-users | */azure-init-user) return 0 ;; esac
    old=$(cat "$1") new=$(other_rules "$1")
    [ "$old" != "$new" ] || return 0
    if have visudo && ! { printf '%s\n' "$new" >"$WORK/new" && quietly 30 visudo -c -q -f "$WORK/new"; }; then
        evidence
        say clean "$1 stays as it is: visudo does not take it without these rules"
    elif printf '%s' "${new:+$new$BREAK}" >"$1" && [ "$(cat "$1")" = "$new" ]; then
        say clean "removed the lines of this machine from $1"
    else
        printf '%s\n' "$old" >"$1"
    fi
} 2>/dev/null

delete_user() {
    if [ -n "$(uid_of "$BUILD_USER")" ]; then
        case $HOME_IS_SHARED:$(command -v userdel) in
            no:) quietly 120 deluser --remove-home "$BUILD_USER" ;;
            no:*) quietly 120 userdel -f -r "$BUILD_USER" ;;
            *:) quietly 120 deluser "$BUILD_USER" ;;
            *) quietly 120 userdel -f "$BUILD_USER" ;;
        esac
        if [ -z "$(uid_of "$BUILD_USER")" ]; then say clean "deleted the account $BUILD_USER"; else evidence; fi
    fi
    for file in /etc/subuid /etc/subgid; do drop_lines "$USER_LINE" "$file"; done
    # The home of an account that is left goes with the account.
    if [ -n "$(uid_of "$BUILD_USER")" ]; then return; fi
    homes remove_home
}

# homes COMMAND: calls it with what is left of the homes of the build user: the account may have been gone before, or moved.
homes() {
    if is_silent /home; then return; fi
    done_homes=''
    for home in "$BUILD_HOME" "$HOME_PLACE" "/home/$BUILD_USER"; do
        case $home$done_homes in /*[!/]*"$BREAK$home$BREAK"*) continue ;; /*[!/]*) ;; *) continue ;; esac
        done_homes="$done_homes$BREAK$home$BREAK"
        if [ "$HOME_IS_SHARED" = yes ] && { [ "$home" = "$BUILD_HOME" ] || [ "$home" = "$HOME_PLACE" ]; }; then continue; fi
        if ! is_silent "$home" && exists "$home" && ! is_home_of_others "$home"; then "$1" "$home" "the home of $BUILD_USER"; fi
    done
}

# orphans COMMAND: calls it with what users leave behind whose accounts are gone: the next one who gets the number owns it.
orphans() {
    if is_silent /home; then return; fi
    for place in /home/* /var/spool/cron/crontabs/* /var/spool/cron/tabs/* /var/spool/cron/* /var/mail/* /var/spool/mail/* /etc/ssh/authorized_keys/*; do
        if is_silent "$place" || ! exists "$place"; then continue; fi
        name=${place##*/}
        case $place in /home/*) if is_home_of_others "$place"; then continue; fi ;; *) [ -z "$(uid_of "$name")" ] || continue ;; esac
        if is_orphan "$(owner_of "$place")"; then "$1" "$place" "of an account that is gone"; fi
    done
}

remove_home() {
    remove_tree "$1"
    exists "$1" || say clean "removed $1 ($2)"
}

# Nothing of other file systems. find goes from folder to folder by descriptor: a link that is put in the way leads nowhere.
remove_tree() {
    if [ -L "$1" ] || [ ! -d "$1" ]; then
        quietly 30 rm -f -- "$1"
    elif [ "$HAVE_DELETE" = yes ]; then
        quietly 600 find "$1" -xdev -delete
    else
        quietly 600 find "$1" -xdev -depth ! -type d -exec rm -f {} +
        quietly 600 find "$1" -xdev -depth -type d -exec rmdir {} +
    fi || evidence
}

# --- residue
# each DO WHAT PATH...: of the paths that exist, clean removes all, left reports all, and count only sets COUNT.
# Their folders are root's alone. rm follows no links: of a link that a user has planted, the link goes.
each() {
    do=$1 what=$2
    shift 2
    count "$@"
    [ "$COUNT" -gt 0 ] || return 0
    case $do in
        left) for path; do ! exists "$path" || left "$path" "$what"; done ;;
        clean)
            found=$COUNT
            # At once, since there may be very many; printf and the pipe have no limit.
            printf '%s\0' "$@" | xargs -0 rm -rf -- >"$WORK/out" 2>&1 || evidence
            count "$@"
            [ "$COUNT" -ge "$found" ] || say clean "removed $what ($((found - COUNT)))"
            ;;
    esac
}

count() {
    COUNT=0
    for path; do ! exists "$path" || COUNT=$((COUNT + 1)); done
}

# in_home DO WHAT PATH...: as each, below HOME_AT, whose owner may put links into the way at any time. A name is removed in the
# very folder that was entered, and only where that is below the home.
in_home() {
    do=$1 what=$2 removed=0
    shift 2
    for path; do
        exists "$path" || continue
        if cd -P "${path%/*}" 2>/dev/null; then
            case $PWD/ in
                "$HOME_AT"/*) if [ "$do" = left ]; then left "$path" "$what"; elif rm -rf -- "./${path##*/}" >"$WORK/out" 2>&1; then removed=$((removed + 1)); else evidence; fi ;;
            esac
        fi
        cd /
    done
    [ "$removed" -eq 0 ] || say clean "removed $what ($removed)"
}

left() {
    LEFT=$((LEFT + 1))
    [ -n "$FIRST" ] || FIRST="$1 ($2)"
    [ "$LEFT" -gt 50 ] || say verify "left: $1 ($2)"
}

# What has to go, besides what a find looks for. clean calls it to remove, verify calls it to look.
residue() {
    residue_by_path "$1"
    [ "$KEEP_MACHINE_ID" = yes ] || [ -L /var/lib/dbus/machine-id ] || each "$1" 'the copy of machine-id' /var/lib/dbus/machine-id
    [ "$KEEP_USER" = yes ] || [ -s /etc/sudoers.d/waagent ] || each "$1" "waagent's empty sudo rules" /etc/sudoers.d/waagent
    # They are also written by hand and by installers: only their text tells. They hold the MAC address.
    if [ "$KEEP_CLOUD_INIT$NEW_NETWORK" = noyes ]; then
        for file in /etc/sysconfig/network-scripts/ifcfg-* /etc/sysconfig/network/ifcfg-*; do
            if grep -qs 'Created by cloud-init' "$file"; then each "$1" "cloud-init's network files" "$file"; fi
        done
    fi
    # Of root, of the homes under /home, and of every other account that can log in.
    while IFS=: read -r user _ _ _ _ home shell || [ -n "$user" ]; do
        case $home:$shell in
            /root:* | /home/*) ;;
            [!/]* | /:* | */nologin | */false | */sync | */halt | */shutdown) continue ;;
        esac
        if is_silent "$home" || ! cd -P "$home" 2>/dev/null; then continue; fi
        HOME_AT=$PWD
        cd /
        residue_in_home "$1"
    done </etc/passwd
}

# each, of files that are not empty and no links.
each_with_content() {
    if [ -f "$3" ] && [ -s "$3" ] && [ ! -L "$3" ]; then each "$1" "$2" "$3"; fi
    [ $# -le 3 ] || { do=$1 what=$2 && shift 3 && each_with_content "$do" "$what" "$@"; }
}

# find over the logs that are not empty. FIND_FAILED where not all could be looked at.
find_logs() {
    true >"$WORK/out"
    FIND_FAILED=no
    can_walk /var/log || return 0
    [ "$KEEP_CLOUD_INIT" = no ] || set -- ! -path '/var/log/cloud-init*' "$@"
    bounded 300 find "$(cd -P /var/log && pwd -P)/" -type f ! -size 0c "$@" >"$WORK/out" 2>"$WORK/errors" || FIND_FAILED=yes
}

# find over what may go from a temporary folder: nothing of other file systems, no sockets, not this script and its folder,
# and not the files through which Packer runs it, which Packer removes.
find_temporary() {
    true >"$WORK/out"
    FIND_FAILED=no place=$1
    shift
    can_walk "$place" || return 0
    bounded 300 find "$place/" -xdev -mindepth 1 -depth ! -type s ! -path '/tmp/script_*' ! -path /tmp/DeprovisioningScript.sh \
        ! -path "$WORK" ! -path "$WORK/*" "$@" >"$WORK/out" 2>"$WORK/errors" || FIND_FAILED=yes
}

# Not where a file system would never answer.
can_walk() {
    [ -d "$1" ] || return 1
    IFS=$BREAK
    for silent in $SILENT; do
        case $silent/ in "$1"/*) FIND_FAILED=yes ;; esac
    done
    unset IFS
    if is_silent "$1"; then FIND_FAILED=yes; fi
    [ "$FIND_FAILED" = no ]
}

# drop_lines PATTERN FILE: in place, so that owner and mode stay. What a line goes on with goes with it.
drop_lines() {
    grep -qs "$1" "$2" || return 0
    if sed -e "/$1/{" -e :more -e '/\\$/{' -e '$!{' -e N -e 'b more' -e '}' -e '}' -e d -e '}' "$2" >"$WORK/out" && cat "$WORK/out" >"$2"; then say clean "removed the lines of this machine from $2"; fi
} 2>/dev/null

has_machine_id() { [ -s /etc/machine-id ] && ! grep -qxs uninitialized /etc/machine-id; }

root_is_locked() { [ ! -f /etc/shadow ] || grep -q '^root:[!*]' /etc/shadow; }

# --- clean
clean() {
    if [ "$KEEP_USER" = no ]; then
        [ -z "$BUILD_USER" ] || delete_user
        orphans remove_home
        each_sudo_file drop_rules
    fi
    # waagent does so only where its configuration says it. Before the backups go, of which it makes new ones.
    if ! root_is_locked && { quietly 30 usermod -p '*' root || quietly 30 passwd -l root; }; then say clean "locked root's password"; fi
    [ "$KEEP_CLOUD_INIT" = yes ] || clean_cloud_init
    # Stopped, because it would save a new seed when the VM is shut down.
    if have systemctl; then quietly 30 systemctl stop systemd-random-seed.service; fi
    residue clean
    for file in /etc/sysconfig/network-scripts/ifcfg-*; do drop_lines '^HWADDR=' "$file"; done
    # Emptied: if it were missing, systemd would take the next boot for the first of a new system.
    if [ "$KEEP_MACHINE_ID" = no ] && has_machine_id && true 2>/dev/null >/etc/machine-id; then say clean "emptied /etc/machine-id"; fi
    # A link into /run holds nothing of this machine, and without it the next one may have no name resolution.
    case $RESOLV_LINK in
        */run/*) if ! exists /etc/resolv.conf && ln -s "$RESOLV_LINK" /etc/resolv.conf; then say clean "restored the link /etc/resolv.conf"; fi ;;
    esac
    [ "$KEEP_LOGS" = yes ] || clean_logs
    [ "$KEEP_TEMP_FILES" = yes ] || clean_temporary
}

clean_cloud_init() {
    drop_lines '^127\.0\.1\.1[[:space:]]' /etc/hosts
    [ "$CLOUD_INIT_RUNS" = no ] || drop_lines '^[^#].*comment=cloudconfig' /etc/fstab
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
    # put in its place meanwhile: the folder is entered, and is still the one; the name is no link, and is the open file.
    # shellcheck disable=SC2016 # the inner shell expands it
    find_logs -exec sh -c 'for file; do
        if [ "${file%/*}" != "$PWD" ]; then { cd -P "${file%/*}" && [ "${file%/*}" = "$PWD" ]; } || continue; fi
        { { [ -L "./${file##*/}" ] || ! [ /proc/self/fd/4 -ef "./${file##*/}" ]; } || : >/proc/self/fd/4; } 4<>"./${file##*/}"
    done 2>/dev/null' sh {} +
    say clean "emptied the logs under /var/log"
}

clean_temporary() {
    for folder in /tmp /var/tmp; do
        if [ "$HAVE_DELETE" = yes ]; then
            find_temporary "$folder" -delete
        else
            find_temporary "$folder" ! -type d -exec rm -f {} +
            find_temporary "$folder" -type d -exec rmdir {} +
        fi
    done
    say clean "emptied /tmp and /var/tmp"
}

# --- verify: the result counts, not what the commands have said
verify() {
    residue left
    if [ "$KEEP_USER" = no ] && [ -n "$BUILD_USER" ]; then
        if [ -n "$(uid_of "$BUILD_USER")" ]; then left /etc/passwd "the account $BUILD_USER"; else homes left; fi
        for file in /etc/subuid /etc/subgid; do
            if grep -qs "$USER_LINE" "$file"; then left "$file" "lines for $BUILD_USER"; fi
        done
        [ "$SUDO_KNOWS_MORE" = no ] || left /etc/sudoers "sudo gives $BUILD_USER rights by a rule that is in none of its files"
    fi
    [ "$KEEP_USER" = yes ] || { orphans left; each_sudo_file verify_rules; }
    # After a first run there may be none any more; before it, there is one who would stay.
    if [ "$KEEP_USER$PROVISIONED" = noyes ] && [ -z "$BUILD_USER" ]; then left /etc/passwd "the provisioned user, whom nothing names"; fi
    [ "$KEEP_MACHINE_ID" = yes ] || ! has_machine_id || left /etc/machine-id "every VM would have the same one"
    if [ "$KEEP_CLOUD_INIT" = no ] && grep -qs '^127\.0\.1\.1[[:space:]]' /etc/hosts; then left /etc/hosts "the line 127.0.1.1"; fi
    if [ "$KEEP_CLOUD_INIT$CLOUD_INIT_RUNS" = noyes ] && grep -qs '^[^#].*comment=cloudconfig' /etc/fstab; then left /etc/fstab "lines of cloud-init"; fi
    for file in /etc/sysconfig/network-scripts/ifcfg-*; do
        if grep -qs '^HWADDR=' "$file"; then left "$file" "the line HWADDR"; fi
    done
    root_is_locked || left /etc/shadow "root's password is not locked"
    # What services have written after the cleaning is not residue.
    [ "$KEEP_LOGS" = yes ] || left_all /var/log log find_logs
    [ "$KEEP_TEMP_FILES" = yes ] || for folder in /tmp /var/tmp; do left_all "$folder" "temporary file" find_temporary "$folder" ! -type d; done
    tell_what_is_kept
    [ "$LEFT" -eq 0 ] || finish 18 ResidueLeft "$LEFT left, first $FIRST"
    say verify "nothing that has to go is left"
}

verify_rules() {
    mixed='' own=''
    each_rule "$1" note_rule
    [ -z "$own" ] || left "$1" "lines for ${BUILD_USER:-a user who is gone}"
    [ -z "$mixed" ] || left "$1" "rules that name ${BUILD_USER:-a user who is gone} among others: take the name out of them"
}

note_rule() { case $RULE in own) own=yes ;; mixed) mixed=yes ;; esac }

# left_all FOLDER WHAT FIND...: what a find finds is left, and where it cannot look, the folder is.
left_all() {
    folder=$1 what=$2
    shift 2
    "$@" ! -newer "$WORK/clean"
    # A file that went while it looked is none that it could not look at.
    [ "$FIND_FAILED" = no ] || "$@" ! -newer "$WORK/clean"
    [ "$FIND_FAILED" = no ] || left "$folder" "not all of it could be looked at"
    while IFS= read -r path; do left "$path" "$what"; done <"$WORK/out"
}

# Files of numbers without an account, anywhere on the disks of this machine: the next user who is made owns them. Archives that
# were unpacked as root bring such, so they are only told of. What is mounted read-only no build has written.
tell_orphans() {
    # To cross a file system that does not answer is to wait for it, and not every busybox's find knows numbers.
    if [ -n "$SILENT" ] || ! find "$WORK" -uid 0 >/dev/null 2>&1; then return 0; fi
    set -- /
    while read -r _ place type options _; do
        case $type:$options:$place in *\\* | *:/ | *:ro:* | *:ro,*) ;; ext[234]:* | xfs:* | btrfs:* | zfs:* | f2fs:*) set -- "$@" "$place" ;; esac
    done </proc/mounts
    set -- "$@" -xdev -uid +$((FIRST_PERSON - 1)) -uid "-$AFTER_PERSONS"
    while IFS=: read -r _ _ uid _ || [ -n "$uid" ]; do
        case $uid in '' | *[!0-9]*) ;; *) [ "$uid" -lt "$FIRST_PERSON" ] || set -- "$@" ! -uid "$uid" ;; esac
    done </etc/passwd
    # Packer removes its own; this script is told of by itself.
    bounded 120 find "$@" ! -path "/tmp/script_*" ! -path /tmp/DeprovisioningScript.sh -prune -print >"$WORK/out" 2>/dev/null
    [ ! -s "$WORK/out" ] || say verify "kept: files of numbers without an account ($(wc -l <"$WORK/out" | tr -d ' ')), first $(head -n 1 "$WORK/out"): the next user who is made may own them"
}

tell_what_is_kept() {
    if [ "$KEEP_USER" = no ] && [ "$HOME_IS_SHARED" = yes ]; then say verify "kept: $BUILD_HOME, the home of $BUILD_USER and not that user's alone"; fi
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
    [ "$KEEP_SUBSCRIPTIONS" = no ] || say verify "kept: registrations with the vendor"
    [ "$KEEP_DOMAIN_JOIN" = no ] || say verify "kept: membership in a domain"
    [ "$KEEP_AGENTS" = no ] || say verify "kept: identities of agents"
    [ ! -d /root/.cache ] || say verify "kept: /root/.cache"
    [ "$NEW_HOST_KEYS" = yes ] || say verify "kept: SSH host keys, as nothing here would make new ones"
    sed -n 's/^[[:space:]]*[Hh][Oo][Ss][Tt][Kk][Ee][Yy][[:space:]=]\{1,\}\(\/[^[:space:]"]*\).*/\1/p' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | while read -r key; do
        case $key in /etc/ssh/ssh_host_*key*) ;; *) [ ! -e "$key" ] || say verify "kept: the SSH host key $key, which every VM would share and nothing makes anew" ;; esac
    done
    tell_orphans
    others='' holders=''
    while IFS=: read -r name _ _ _ _ home _ || [ -n "$name" ]; do
        case $home in /root | / | [!/]* | '') continue ;; esac
        if is_silent "$home"; then continue; fi
        [ ! -s "$home/.ssh/authorized_keys" ] || others="$others $name"
        credentials count '' "$home"
        [ "$COUNT" -eq 0 ] || holders="$holders $name"
    done </etc/passwd
    [ -z "$others" ] || say verify "kept: the authorized_keys of$others"
    [ -z "$holders" ] || say verify "kept: the credentials of$holders, in every VM made from this image"
}

# --- the trace of the seal
# Sets IDENTITY to two lines, and removes the trace of an earlier image: where this fails, nothing is to say that it was sealed.
# Of a machine without a machine-id an earlier run may have emptied it, and then its trace still says which it was.
take_identity() {
    if has_machine_id && read -r salt </proc/sys/kernel/random/uuid; then
        hash=$(printf '%s%s' "$salt" "$(cat /etc/machine-id)" | sha256sum)
        IDENTITY="salt=$salt${BREAK}identity=${hash%% *}"
    elif [ -f "$TRACE" ]; then
        IDENTITY=$(sed -n -e '/^salt=[0-9a-f-]*$/p' -e '/^identity=[0-9a-f]*$/p' "$TRACE")
    fi
    case $IDENTITY in salt=?*"${BREAK}identity="?*) ;; *) IDENTITY="salt=${BREAK}identity=" ;; esac
    rm -rf "${TRACE%/*}"
} 2>/dev/null

# So that somebody who looks at a VM from the image can tell that this has run, and that the VM is not the build VM.
leave_trace() {
    [ "$NO_TRACE" = no ] || return 0
    text="format=$TRACE_FORMAT${BREAK}version=$VERSION${BREAK}time=$(date -u +%Y-%m-%dT%H:%M:%SZ)${BREAK}verdict=Sealed$BREAK$IDENTITY"
    if (umask 077 && mkdir -p "${TRACE%/*}" && printf '%s\n' "$text" >"$TRACE") && [ "$(cat "$TRACE")" = "$text" ]; then
        say trace "left $TRACE"
    else
        rm -f "$TRACE"
        say trace "warning: $TRACE could not be written; the machine is sealed all the same"
    fi
} 2>/dev/null

# --- main
# --- shared ---------------------------------------------------------------
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

# Sets SILENT to the mounts that do not answer, a line each: the far end of a file system may be gone, and who asks it then waits
# for ever. So a child asks, and is not waited for.
find_silent_mounts() {
    while read -r _ mount type _; do
        # Of the kernel itself, of memory, and of disks without which nothing here would run.
        case $type in
            proc | sysfs | cgroup* | dev* | tmpfs | ramfs | mqueue | debugfs | tracefs | securityfs | selinuxfs | pstore | bpf | configfs | fusectl | hugetlbfs | autofs | \
                overlay | rootfs | binfmt_misc | efivarfs | nsfs | rpc_pipefs | ext[234] | xfs | btrfs | vfat | iso9660 | udf | squashfs | erofs | f2fs | zfs) continue ;;
        esac
        case $mount in *\\*) mount=$(printf '%b' "$(printf '%s' "$mount" | sed 's/\\/\\0/g')") ;; esac
        if is_silent "$mount"; then continue; fi
        rm -f "$WORK/answered"
        # shellcheck disable=SC2012 # only whether something comes
        (ls -f -- "$mount/" 2>&1 | head -n 1 >"$WORK/answer"; mv "$WORK/answer" "$WORK/answered") </dev/null >/dev/null 2>&1 3>&- &
        child=$! tries=0
        until [ -e "$WORK/answered" ] || [ "$tries" -ge 50 ]; do sleep 0.1 2>/dev/null || sleep 1; tries=$((tries + 1)); done
        [ ! -e "$WORK/answered" ] || continue
        kill -9 "$child" 2>/dev/null
        SILENT="$SILENT$mount$BREAK"
        say start "the file system at $mount does not answer: what is on it is not looked at"
    done </proc/mounts
}

# Whether a path is on one of them.
is_silent() {
    [ -n "$SILENT" ] || return 1
    IFS=$BREAK
    for silent in $SILENT; do
        case $1/ in "$silent"/*) unset IFS && return 0 ;; esac
    done
    unset IFS
    return 1
}

# Whether a VM from this image makes its own SSH host keys and network files: otherwise it is unreachable without them.
find_what_returns() {
    NEW_HOST_KEYS=no NEW_NETWORK=no CLOUD_INIT_RUNS=no
    case $CLOUD_INIT in absent | disabled*) ;; *) NEW_HOST_KEYS=yes NEW_NETWORK=yes CLOUD_INIT_RUNS=yes ;; esac
    # What the kernel is told, now and by the boot loader.
    set -- /proc/cmdline /etc/kernel/cmdline /etc/default/grub /etc/default/grub.d/*.cfg /boot/loader/entries/*.conf /boot/grub/grub.cfg /boot/grub2/grub.cfg
    if grep -qs '^[^#]*cloud-init=disabled' "$@"; then NEW_HOST_KEYS=no NEW_NETWORK=no CLOUD_INIT_RUNS=no; fi
    if grep -qs '^[^#]*network-config=disabled' "$@" ||
        grep -qsE "^[^#]*config[\"']?[[:space:]]*:[[:space:]]*[\"']?disabled" /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg; then NEW_NETWORK=no; fi
    if grep -qs '^Provisioning\.RegenerateSshHostKeyPair=y' /etc/waagent.conf /usr/share/oem/waagent.conf || systemd_makes_host_keys; then NEW_HOST_KEYS=yes; fi
}

# Whether systemd would run one of its own units for it: the file is there and not masked, somebody wants it, and no condition
# is in its way. ConditionFirstBoot is false with an emptied machine-id; cloud-init's condition leaves the keys to cloud-init.
systemd_makes_host_keys() {
    for name in sshd-keygen.service sshd-keygen@.service ssh-keygen.service sshdgenkeys.service sshkeys.service; do
        if ! unit_file "$name" || [ ! -s "$UNIT" ]; then continue; fi
        set -- "$UNIT" "/etc/systemd/system/$name.d"/*.conf "/usr/lib/systemd/system/$name.d"/*.conf "/lib/systemd/system/$name.d"/*.conf
        if grep -qsE '^ConditionFirstBoot=(yes|true|1|on)' "$@"; then continue; fi
        if grep -qs '^Condition.*cloud-init' "$@" && [ "$CLOUD_INIT" != absent ] && [ ! -e /etc/cloud/cloud-init.disabled ]; then continue; fi
        if is_masked sshd-keygen.target && [ "$name" = sshd-keygen@.service ]; then continue; fi
        if is_wanted "${name%.service}*.service"; then return 0; fi
        for wanting in sshd.service ssh.service sshd-keygen.target; do
            if unit_file "$wanting" && grep -qsE "^(Wants|Requires)=(.* )?${name%.service}" "$UNIT"; then return 0; fi
        done
    done
    # SUSE's makes them itself.
    unit_file sshd.service && grep -qs '^ExecStartPre=.*sshd-gen-keys-start' "$UNIT"
}

main() {
    tick
    STARTED=$now
    [ "$(id -u)" = 0 ] || finish 19 NotElevated "the script has to run as root"
    prepare
    HAVE_DELETE=no # nor that
    if find "$WORK" -name none -delete 2>/dev/null; then HAVE_DELETE=yes; fi
    find_silent_mounts
    find_agent
    system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')
    version=$(sed -n 's/.*\(WALinuxAgent-[0-9.]*[0-9]\).*/\1/p' "$WORK/out" | head -n 1)
    say start "${system:-unknown system}; $AGENT${AGENT_PYTHON:+ by $AGENT_PYTHON}, ${version:-unknown version}; deadline $DEADLINE s"
    hook before BeforeScript "$BEFORE_SCRIPT"
    wait_until_quiet
    find_what_returns
    find_build_user
    RESOLV_LINK=$(readlink /etc/resolv.conf)
    take_identity
    run_waagent
    true >"$WORK/clean"
    clean
    verify
    hook after AfterScript "$AFTER_SCRIPT"
    case $SELF in */DeprovisioningScript.sh) [ -L "$SELF" ] || rm -f "$SELF" ;; esac
    leave_trace
    quietly 120 sync
    VERDICT='Sealed (exit code 0): the machine is generalized, and that was verified'
}

trap 'on_exit "$?"' EXIT
trap 'on_signal HUP' HUP
trap 'on_signal INT' INT
trap 'on_signal TERM' TERM
main
