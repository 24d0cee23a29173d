#!/usr/bin/env bash
# Runs each fuzz target over its seeds. Usage: fuzz/run.sh [RUNS] or SECONDS_EACH=n fuzz/run.sh
# A number of runs and a fixed seed repeat the same inputs everywhere; SECONDS_EACH searches for new ones, for as long as it says.
# Without a nightly toolchain the sanitizer's instrumentation is switched on through RUSTC_BOOTSTRAP.
set -euo pipefail
cd "$(dirname "$0")"
limits=(-runs="${1:-60000}" -max_total_time=60)
[ -z "${SECONDS_EACH:-}" ] || limits=(-max_total_time="$SECONDS_EACH")
export RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}"
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Ccodegen-units=16 --cfg fuzzing -Cdebug-assertions"
cargo build --quiet --release --bins --target x86_64-unknown-linux-gnu
for target in $(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | grep -v azward-fuzz); do
  mkdir -p "corpus/$target" "seeds/$target"
  printf 'fuzz %s: ' "$target"
  log=$(mktemp)
  if "$CARGO_TARGET_DIR/x86_64-unknown-linux-gnu/release/$target" "${limits[@]}" -timeout=60 -rss_limit_mb=2048 -seed=7 \
    "corpus/$target" "seeds/$target" >"$log" 2>&1; then
    grep -E '^Done|stat::number_of_executed' "$log" | tail -1
  else
    tail -40 "$log"; exit 1
  fi
done
