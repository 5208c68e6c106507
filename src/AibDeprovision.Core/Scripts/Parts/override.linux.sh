# Puts the deprovision script at the path from which Azure Image Builder runs it, and reads it back. Written by AibDeprovision.
# --- settings ---------------------------------------------------------------
TARGET='/tmp/DeprovisioningScript.sh'
SHA256='e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
BASE64=''
# --- end of settings --------------------------------------------------------
fail() {
  rm -f "$NEW"
  echo ">>> AibDeprovision customizer: $TARGET is not in place: $1"
  exit 1
}
umask 022
NEW=$(mktemp "$TARGET.XXXXXX") || fail 'no file can be made in its folder'
printf '%s' "$BASE64" | base64 -d > "$NEW" || fail 'base64 failed'
chmod 755 "$NEW" || fail 'chmod failed'
test ! -d "$TARGET" || fail 'a folder has its name'
# What stands there may be another user's, and then, in a folder like /tmp, only root can replace it.
mv -f "$NEW" "$TARGET" 2> /dev/null || sudo -n mv -f "$NEW" "$TARGET" || fail 'what stands there cannot be replaced'
printf '%s  %s\n' "$SHA256" "$TARGET" | sha256sum -c > /dev/null 2>&1 || fail 'it does not hold what was written to it'
echo ">>> AibDeprovision customizer: wrote $TARGET (SHA-256 $SHA256)"
