#!/usr/bin/env bash
# Opens the HTML report in Chromium at phone and desktop width: no request, no console error, working filters, nothing
# serious for axe. Needs Chromium and npm; installs Chromium with apt where that is possible, and says when it is not.
set -euo pipefail
cd "$(dirname "$0")/.."
export CHROMIUM="${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"
if [ -z "$CHROMIUM" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  (timeout 60 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 150 apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1 || true
  CHROMIUM="$(command -v chromium || true)"
fi
command -v npm >/dev/null || { echo 'skipped: npm is not on this machine'; exit 0; }
[ -n "$CHROMIUM" ] || { echo 'skipped: Chromium is not on this machine'; exit 0; }
tools="${CARGO_TARGET_DIR:-target}/tmp/html"
mkdir -p "$tools"
cp tests/html/package.json tests/html/check.mjs "$tools/"
(cd "$tools" && timeout 120 npm install --silent --no-audit --no-fund) || { echo 'skipped: npm cannot install playwright-core and axe-core'; exit 0; }
azward="${AZWARD:-target/debug/azward}"
[ -x "$azward" ] || cargo build --quiet
"$azward" scan fixtures/contoso --exit-zero -q -o "$tools/baseline.html" >/dev/null
"$azward" scan fixtures/contoso --profile bi10 --env production --exit-zero -q -o "$tools/bi10.html" >/dev/null
(cd "$tools" && node check.mjs ${SHOTS:+--shots "$SHOTS"} baseline.html bi10.html)
