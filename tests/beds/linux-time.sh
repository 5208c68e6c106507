#!/bin/bash
# Prints how long the scripts, and Invoke-AibDeprovision with the start of PowerShell, take on a machine of the Linux bed: the medians of so many rounds, each on a machine of its own,
# in turn, so that a change of this machine's speed meets all alike.
#   linux-time.sh [ROUNDS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
pwsh=$(dotnet msbuild "$root/tests/AibDeprovision.Tests" -getProperty:PwshFolder)/unix
parts=$root/src/AibDeprovision.Core/Scripts/Parts
scripts=(linux-1.sh linux-2.sh hardened.linux.sh)
rounds=${1:-11}
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

for ((round = 0; round < rounds; round++)); do
    for script in "${scripts[@]}"; do
        # shellcheck disable=SC2016 # the machine's shell expands it
        "$here/linux-case.sh" -c "$parts/$script" sh -c '
            begin=$(date +%s%N)
            sh /tmp/DeprovisioningScript.sh >/dev/null || exit
            echo "took $((($(date +%s%N) - begin) / 1000000))"' | sed -n 's/^took //p' >>"$times/$script"
    done
    # As the build leaves it.
    # shellcheck disable=SC2016 # the machine's shell expands it
    "$here/linux-case.sh" -m "$dotnet:/opt/dotnet" -m "$pwsh:/opt/pwsh" -m "$root/out/AibDeprovision:/usr/local/share/powershell/Modules/AibDeprovision" sh -c '
        export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
        begin=$(date +%s%N)
        /opt/dotnet/dotnet exec /opt/pwsh/pwsh.dll -NoProfile -NonInteractive -Command Invoke-AibDeprovision >/dev/null || exit
        echo "took $((($(date +%s%N) - begin) / 1000000))"' | sed -n 's/^took //p' >>"$times/Invoke-AibDeprovision"
done
for script in "${scripts[@]}" Invoke-AibDeprovision; do
    printf '%-18s %5d ms (median of %d)\n' "$script" "$(sort -n "$times/$script" | sed -n "$(((rounds + 1) / 2))p")" "$rounds"
done
