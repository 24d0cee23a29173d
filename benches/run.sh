#!/usr/bin/env bash
# Prints the speed figures: start-up, and a scan of the AVM corpus, beside checkov where it can be installed.
# Figures are CPU time of one run on this machine; nothing here fails on a figure.
# Usage: benches/run.sh [--peers] [--parse] [--write]; --write makes the page reports/speed.md of what the run prints.
set -euo pipefail
cd "$(dirname "$0")/.."
case " $* " in *' --write '*)
  arguments=()
  for argument in "$@"; do [ "$argument" = --write ] || arguments+=("$argument"); done
  lines=$("$0" "${arguments[@]}" | tee /dev/stderr)
  {
    echo '# Speed'
    echo
    echo '`benches/run.sh --parse --write` makes this page. CPU time of all threads, the best of several runs, on a release build; the peak of memory is'
    echo 'the largest of them. Parsing is timed on one core over every Bicep file of the AVM corpus: the best and the middle of a hundred rounds.'
    echo "Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed -n 1p)."
    echo
    echo '| what | figure | target |'
    echo '|---|---|---|'
    printf '%s\n' "$lines" | sed -n 's/^speed \(.*\): \([^:]*\) (target: \(.*\))$/| \1 | \2 | \3 |/p; /(target: /!s/^speed \(.*\): \(.*\)$/| \1 | \2 | |/p'
  } >reports/speed.md
  exit ;;
esac
cargo build --quiet --release
azward=target/release/azward

# CPU milliseconds of a command, best of N (default 5).
cpu() {
  python3 - "$@" <<'P'
import os, resource, subprocess, sys
best = None
for _ in range(int(os.environ.get("RUNS", "5"))):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    best = spent if best is None else min(best, spent)
print(f"{best * 1000:.0f}")
P
}

# The same with the largest peak of memory: "CPU ms, MiB".
cost() {
  python3 - "$@" <<'P'
import os, subprocess, sys
best, peak = None, 0
for _ in range(int(os.environ.get("RUNS", "3"))):
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(child.pid, 0)
    spent = used.ru_utime + used.ru_stime
    best = spent if best is None else min(best, spent)
    peak = max(peak, used.ru_maxrss)
print(f"{best * 1000:.0f} CPU ms, {peak / 1024:.0f} MiB peak")
P
}

echo "speed azward --version: $(cpu $azward --version) CPU ms (target: under 10)"
echo "speed azward explain storage-min-tls: $(cpu $azward explain storage-min-tls) CPU ms (target: under 20)"
# A large tree without anything of Azure's: what a scan costs where there is nothing to judge.
registry="${CARGO_HOME:-$HOME/.cargo}/registry/src"
if [ -d "$registry" ]; then
  echo "speed scan of the cargo registry ($(find "$registry" -type f | wc -l) files, secrets too): $(RUNS=1 cost $azward scan "$registry" --format json --exit-zero)"
fi
corpora=${AZWARD_CORPORA:-../shared/corpora}
if [ ! -f "$corpora/avm-dev.tar.xz" ]; then
  echo "skipped: the AVM corpus is not on this machine"
  exit 0
fi
avm=target/tmp/corpora/avm-dev
[ -d "$avm" ] || { mkdir -p "$avm"; tar xJf "$corpora/avm-dev.tar.xz" -C "$avm"; }
# The compiled templates alone, as the peers read them.
json=target/tmp/avm-json
[ -d "$json" ] || (cd "$avm" && find . -name main.json | cpio --quiet -pdm "$OLDPWD/$json" 2>/dev/null) || { mkdir -p "$json"; (cd "$avm" && find . -name main.json -print0 | tar c --null -T -) | tar x -C "$json"; }
own=$(RUNS=3 cpu $azward scan "$json" --no-secrets --format json --exit-zero)
echo "speed scan of the AVM templates (compiled JSON): $own CPU ms (target: under 2000)"
# The Bicep files alone: every module with its end-to-end parameter sets, registry modules from the corpus's cache.
bicep=target/tmp/avm-bicep
if [ ! -d "$bicep" ]; then
  mkdir -p "$bicep"
  (cd "$avm" && find . -path '*/br-cache' -prune -o -type f ! -name main.json -print0 | tar c --null -T -) | tar x -C "$bicep"
fi
cache=$(find "$avm" -maxdepth 2 -type d -name br-cache | head -1)
echo "speed scan of the AVM modules (Bicep with their end-to-end parameter sets): $(cost $azward scan "$bicep" --module-cache "$cache" --no-secrets --format json --exit-zero) (target: under 5000)"
echo "speed scan of the AVM repository (Bicep, parameter sets, secrets): $(RUNS=3 cpu $azward scan "$avm" --format json --exit-zero) CPU ms"
# Parsing alone, in megabytes a second: builds the benches, which takes minutes from cold.
case " $* " in *' --parse '*)
  # divan's lines: fastest, slowest, median, mean.
  cargo bench --quiet --bench bicep | python3 -c '
import re, sys
name = None
for line in sys.stdin:
    names = re.match(r"[├╰]─ (\w+)", line)
    name = names[1] if names else name
    rates = re.findall(r"([\d.]+ [KMG]B/s)", line)
    if name and rates:
        what = {"tokens": "reading Bicep into tokens", "tree": "parsing Bicep"}[name]
        print(f"speed {what}: {rates[0]} at best, {rates[2]} in the middle (target: 20 MB/s)")' ;;
esac
case " $* " in *' --peers '*)
  venv=${XDG_CACHE_HOME:-$HOME/.cache}/azward-ci/checkov
  [ -x "$venv/bin/checkov" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet checkov; }
  peer=$(RUNS=1 cpu "$venv/bin/checkov" -d "$json" --framework arm --quiet --compact --skip-download)
  echo "speed checkov on the same folder: $peer CPU ms, ratio $((peer / (own > 0 ? own : 1)))" ;;
esac
