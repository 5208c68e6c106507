#!/usr/bin/env bash
# The Windows bed: a Wine prefix in out/wine with the test program on its drive C:, and a running wineserver.
#   tests/beds/wine.sh                   makes what is missing or out of date
#   tests/beds/wine.sh run <argument>... runs the test program for at most BED_LIMIT seconds, for example: run scenario ScriptSeals
#   tests/beds/wine.sh stop              ends every process of the bed
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Debian keeps the 64-bit loader off the PATH, and its 'wine' wants the 32-bit one.
wine=/usr/lib/wine/wine64
export WINEPREFIX=$root/out/wine WINEDEBUG=-all
export AIB_BED_MODULE="Z:${root//\//\\}\\out\\AibDeprovision"
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
    echo "$inputs" >"$WINEPREFIX/made-from"
}

publish() {
    # A folder of its own for all that a build leaves, so that it does not meet the builds of the solution.
    dotnet publish "$root/tests/AibDeprovision.WindowsTests" -c Release -m:1 -nodeReuse:false -v:quiet --nologo \
        -p:UseSharedCompilation=false --artifacts-path "$root/out/wine-build" -p:BedDrive="$WINEPREFIX/drive_c"
}

wineserver() { /usr/lib/wine/wineserver64 "$@"; }

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
        # whoami.exe is ours and not Wine's; a crash is to end the program, not to open a debugger.
        export WINEDLLOVERRIDES="whoami.exe=n;mshtml=;winemenubuilder.exe=d;winedbg.exe=d"
        # Through a file: the services that Wine starts on the way would hold a pipe open.
        output=$(mktemp)
        trap 'rm -f "$output"' EXIT
        status=0
        timeout -k 5 "${BED_LIMIT:-100}" "$wine" 'C:\bed\AibDeprovision.WindowsTests.exe' "$@" </dev/null >"$output" 2>&1 || status=$?
        tr -d '\r' <"$output"
        exit "$status"
        ;;
    stop) wineserver -k || true ;;
    *)
        sed -n '2,5s/^# \?//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
esac
