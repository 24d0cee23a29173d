#!/usr/bin/env bash
# Prints what it takes to read a large tenant and to judge what was read: requests, seconds, peak memory, share of answers 429.
# The tenant is generated and served on loopback over TLS, with Azure's own sizes of buckets; server and reader share this machine's cores.
# A run ends with a failure where something was lost, where memory goes over 300 MiB, or where over 1 % of the requests were answered 429.
# Usage: benches/live.sh [SUBSCRIPTIONS,RESOURCES …], default 20,8000, 125,50000 and 500,200000. Some minutes; writes the table of reports/live-scale.md.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$#" -gt 0 ] || set -- 20,8000 125,50000 500,200000
cargo test --quiet --release --test live --no-run
work=$PWD/target/tmp/bench-live
mkdir -p "$work"
: > "$work/scores"
for size in "$@"; do
  AZWARD_SCALE=$size AZWARD_SCALE_KEEP=$work/snapshot.json.zst \
    cargo test --quiet --release --test live -- --ignored --exact --nocapture scale::scale_of_a_large_tenant 2>&1 | grep -E 'score|panicked|FAILED' | tee -a "$work/scores"
  python3 - "$size" "$work/snapshot.json.zst" <<'P'
import resource, subprocess, sys, time
size, snapshot = sys.argv[1:]
started = time.time()
command = ["target/release/azward", "scan", snapshot, "--format", "json", "--exit-zero", "--quiet"]
code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
assert code == 0, f"azward ended with {code}"
print(f"score live.judge: {size} (subscriptions, resources) from the snapshot, {time.time() - started:.1f} s, "
      f"{usage.ru_utime + usage.ru_stime:.1f} s of processor, peak {usage.ru_maxrss // 1024} MiB", flush=True)
P
done
python3 benches/live_page.py release "$work/scores"
