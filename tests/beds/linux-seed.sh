#!/bin/sh
# Makes the machine what Azure's provisioning and a build by Azure Image Builder leave: the user packer, and a canary in
# every place where something may stay behind. Run by sh in the machine (see linux-case.sh).
set -eu
canary=CANARY-7f3a
vm=11111111-2222-3333-4444-555555555555

# plant PATH...: files that hold nothing but the canary.
plant() {
    for path; do
        mkdir -p "${path%/*}"
        echo "$canary" >"$path"
    done
}

# --- the machine itself
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
mkdir -p /var/lib/dbus
cp /etc/machine-id /var/lib/dbus/machine-id
echo build-vm >/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 build-vm # %s\n' "$canary" >/etc/hosts
printf 'nameserver 168.63.129.16 # %s\nsearch internal.cloudapp.net\n' "$canary" >/etc/resolv.conf
# The package has made real keys; sshd needs them.
for key in /etc/ssh/ssh_host_*_key.pub; do echo "# $canary" >>"$key"; done

# --- accounts. packeradmin begins with the name of the provisioned user, and appsvc belongs to the image.
for user in packer packeradmin appsvc; do useradd -m -s /bin/bash "$user"; done
usermod -a -G sudo packer
printf 'root:root-%s\nappsvc:appsvc-%s\n' "$canary" "$canary" | chpasswd -c SHA256
echo "packer ALL=(ALL) NOPASSWD:ALL # $canary" >/etc/sudoers.d/90-cloud-init-users
printf 'packer ALL=(ALL) NOPASSWD: ALL\npackeradmin ALL=(ALL) ALL\n' >/etc/sudoers.d/waagent
chmod 440 /etc/sudoers.d/*
for file in passwd shadow group gshadow subuid subgid; do echo "packer:$canary" >>"/etc/$file-"; done
for home in /root /home/packer /home/appsvc; do
    plant "$home/.bash_history" "$home/.zsh_history" "$home/.python_history" "$home/.lesshst" "$home/.viminfo" "$home/.wget-hsts" \
        "$home/.local/share/powershell/PSReadLine/ConsoleHost_history.txt" \
        "$home/.azure/msal_token_cache.json" "$home/.azure/azureProfile.json" "$home/.azure/cliextensions/ssh/metadata.json" \
        "$home/.aws/credentials" "$home/.config/gcloud/credentials.db" "$home/.config/gh/hosts.yml" \
        "$home/.docker/config.json" "$home/.kube/config" "$home/.netrc" "$home/.git-credentials" "$home/.cache/pip/http" \
        "$home/.ssh/authorized_keys" "$home/.ssh/known_hosts" "$home/.ssh/id_ed25519"
    chmod 700 "$home/.ssh"
done
chown -R packer:packer /home/packer
chown -R appsvc:appsvc /home/appsvc
plant /var/spool/cron/crontabs/packer /var/mail/packer /var/mail/root

# --- the agent
agent=/var/lib/waagent
plant $agent/provisioned $agent/published_hostname $agent/Incarnation $agent/GoalState.1.xml $agent/ExtensionsConfig.1.xml \
    $agent/HostingEnvironmentConfig.xml $agent/SharedConfig.xml $agent/Certificates.xml $agent/ABCDEF.prv $agent/ABCDEF.crt \
    $agent/TransportPrivate.pem $agent/TransportCert.pem $agent/CustomData $agent/waagent_status.json $agent/.agent-hidden \
    $agent/WALinuxAgent-2.9.1.1/bin/agent.egg $agent/events/1.tld $agent/history/1.zip \
    $agent/Microsoft.Azure.Extensions.CustomScript-2.1.10/config/0.settings \
    /var/log/azure/Microsoft.Azure.Extensions.CustomScript/CommandExecution.log
cat >$agent/ovf-env.xml <<XML
<?xml version="1.0" encoding="utf-8"?>
<ns0:Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:ns0="http://schemas.dmtf.org/ovf/environment/1" xmlns:ns1="http://schemas.microsoft.com/windowsazure" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <ns1:ProvisioningSection><ns1:Version>1.0</ns1:Version>
    <ns1:LinuxProvisioningConfigurationSet>
      <ns1:ConfigurationSetType>LinuxProvisioningConfiguration</ns1:ConfigurationSetType>
      <ns1:UserName>packer</ns1:UserName>
      <ns1:DisableSshPasswordAuthentication>true</ns1:DisableSshPasswordAuthentication>
      <ns1:HostName>build-vm</ns1:HostName>
      <ns1:CustomData>$canary</ns1:CustomData>
    </ns1:LinuxProvisioningConfigurationSet>
  </ns1:ProvisioningSection>
  <ns1:PlatformSettingsSection><ns1:Version>1.0</ns1:Version>
    <ns1:PlatformSettings><ns1:ProvisionGuestAgent>true</ns1:ProvisionGuestAgent></ns1:PlatformSettings>
  </ns1:PlatformSettingsSection>
</ns0:Environment>
XML

# --- cloud-init
cloud=/var/lib/cloud
plant $cloud/instances/$vm/user-data.txt $cloud/instances/$vm/vendor-data.txt $cloud/instances/$vm/obj.pkl \
    $cloud/instances/$vm/cloud-config.txt $cloud/instances/$vm/boot-finished $cloud/instances/$vm/datasource \
    $cloud/instances/$vm/sem/config_ssh $cloud/data/instance-id $cloud/data/previous-hostname $cloud/data/set-hostname \
    $cloud/data/status.json $cloud/sem/config_scripts_per_once.once $cloud/seed/azure/ovf-env.xml
# The next boot reads this one.
echo "{\"hostname\": \"build-vm\", \"fqdn\": \"build-vm.$canary\"}" >$cloud/data/set-hostname
ln -sfn $cloud/instances/$vm $cloud/instance
mkdir -p /run/cloud-init /run/sshd
echo '{}' >/run/cloud-init/result.json
echo '{}' >/run/cloud-init/status.json

# --- network
plant /var/lib/dhcp/dhclient.eth0.leases /var/lib/dhclient/dhclient.leases /var/lib/NetworkManager/dhclient-eth0.lease \
    /var/lib/NetworkManager/internal-eth0.lease /var/lib/NetworkManager/secret_key /run/systemd/netif/leases/2 \
    /etc/network/interfaces.d/50-cloud-init /etc/NetworkManager/system-connections/cloud-init-eth0.nmconnection
mkdir -p /etc/netplan
cat >/etc/netplan/50-cloud-init.yaml <<YAML
# $canary
network: {version: 2, ethernets: {eth0: {dhcp4: true, match: {macaddress: "00:0d:3a:aa:bb:cc"}, set-name: eth0}}}
YAML
rule='SUBSYSTEM=="net", ATTR{address}=="00:0d:3a:aa:bb:cc", NAME="eth0"'
echo "$rule # $canary" >/etc/udev/rules.d/70-persistent-net.rules
echo "$rule # $canary" >/etc/udev/rules.d/75-persistent-net-generator.rules

# --- seeds, logs, leftovers
plant /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /boot/efi/loader/random-seed \
    /var/log/waagent.log /var/log/waagent.log.1 /var/log/cloud-init.log /var/log/cloud-init-output.log /var/log/auth.log \
    /var/log/syslog /var/log/syslog.2.gz /var/log/wtmp /var/log/btmp /var/log/lastlog /var/log/audit/audit.log \
    /var/log/journal/0123456789abcdef0123456789abcdef/system.journal /tmp/packer-shell123 /var/tmp/build.tmp
