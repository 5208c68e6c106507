#!/usr/bin/env bash
# The Windows bed: a Wine prefix with PowerShell and the test program on its drive C:, and a running wineserver.
#   tests/beds/wine.sh                    makes what is missing or out of date
#   tests/beds/wine.sh run <argument>...  runs the test program for at most BED_LIMIT seconds, for example: run scenario ScriptSeals
#   tests/beds/wine.sh pwsh <argument>... runs pwsh.exe on this terminal, with the staged module where PowerShell looks for modules
#   tests/beds/wine.sh stop               ends every process of the bed
# BED_MACHINE is the name of a machine: those of different names know nothing of each other.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Debian keeps the 64-bit loader off the PATH, and its 'wine' wants the 32-bit one.
wine=/usr/lib/wine/wine64
# Outside of the checkout: a prefix is no place for tools that walk the tree.
bed=${XDG_CACHE_HOME:-$HOME/.cache}/aibdeprovision-beds/wine-$(sha256sum <<<"$root" | head -c 12)-${BED_MACHINE:-scripts}
export WINEPREFIX=$bed/prefix WINEDEBUG=-all
drive=$WINEPREFIX/drive_c
unset DISPLAY WAYLAND_DISPLAY

make_prefix() {
    # Made by another Wine or by another version of this script, a prefix is made anew.
    local inputs
    inputs=$( ("$wine" --version && cat "${BASH_SOURCE[0]}") | sha256sum)
    if [ "$(cat "$WINEPREFIX/made-from" 2>/dev/null)" = "$inputs" ]; then return; fi
    wineserver -k || true
    rm -rf "$WINEPREFIX"
    mkdir -p "$WINEPREFIX"
    # Without mscoree and mshtml, Wine does not ask for Mono and Gecko. Later .NET needs mscoree.
    WINEDLLOVERRIDES="mscoree,mshtml=" "$wine" wineboot -i
    WINEDLLOVERRIDES="mscoree,mshtml=" "$wine" winecfg -v win10
    wineserver -w
    # A few folders of the checkout alone, instead of the whole host and the home folder of the user.
    find "$drive/users" -type l -exec rm {} \; -exec mkdir {} \;
    rm "$WINEPREFIX/dosdevices/z:"
    mkdir -p "$drive/checkout/out" "$drive/checkout/tests" "$drive/Program Files/PowerShell/Modules"
    ln -s "$root/README.md" "$drive/checkout/README.md"
    ln -s "$root/tests/Pester" "$drive/checkout/tests/Pester"
    ln -s "$root/out/AibDeprovision" "$drive/checkout/out/AibDeprovision"
    ln -s "$root/out/AibDeprovision" "$drive/Program Files/PowerShell/Modules/AibDeprovision"
    echo "$inputs" >"$WINEPREFIX/made-from"
}

publish() {
    # All that this build leaves is apart, so that it does not meet the builds of the solution.
    dotnet publish "$root/tests/AibDeprovision.WindowsTests" -c Release -m:1 -nodeReuse:false -v:quiet --nologo \
        -p:UseSharedCompilation=false --artifacts-path "$bed/build" -p:BedDrive="$drive"
}

wineserver() { /usr/lib/wine/wineserver64 "$@"; }

# For everything that runs in the bed, the services too.
windows() {
    cd "$drive"
    # whoami.exe is ours and not Wine's; a crash is to end the program, not to open a debugger.
    export WINEDLLOVERRIDES="whoami.exe=n;mshtml=;winemenubuilder.exe=d;winedbg.exe=d"
    # With pages that are never writable and executable at once, .NET in Wine dies after some hundred scripts.
    export DOTNET_EnableWriteXorExecute=0
    export NO_COLOR=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
}

case ${1-} in
    '')
        make_prefix
        # A running service would hold the program's files; and a server that stays makes every later start a safe one.
        wineserver -k || true
        publish
        wineserver -p >/dev/null 2>&1 </dev/null
        ;;
    run)
        shift
        windows
        # Through a file: the services that Wine starts on the way would hold a pipe open.
        output=$(mktemp)
        trap 'rm -f "$output"' EXIT
        status=0
        timeout -k 5 "${BED_LIMIT:-100}" "$wine" 'C:\pwsh\AibDeprovision.WindowsTests.exe' "$@" </dev/null >"$output" 2>&1 || status=$?
        tr -d '\r' <"$output"
        exit "$status"
        ;;
    pwsh)
        shift
        windows
        exec "$wine" 'C:\pwsh\pwsh.exe' "$@"
        ;;
    stop) wineserver -k || true ;;
    *)
        sed -n '2,7s/^# \?//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
esac
