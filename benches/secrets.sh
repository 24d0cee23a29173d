#!/usr/bin/env bash
# Prints how fast secrets are found: MiB per CPU second, peak memory and planted secrets found on a source tree, a generated log and a
# generated git history, beside ripgrep (a search for one word that is not there) as the floor. With --peers also kingfisher, credsweeper
# and ripsecrets in the same run, on these and on the labelled cases; that run writes reports/secrets-accuracy.md.
# Nothing here fails on a speed; it fails where a planted secret is missed. Each gets AZWARD_PEER_SECONDS (200) for a tree or log, and
# AZWARD_CASE_SECONDS (900) for all cases.
# Usage: benches/secrets.sh [--quick | --peers]     AZWARD_LOG_MIB (1024), AZWARD_COMMITS (10000), AZWARD_SOURCE_TREE (~/.cargo/registry/src)
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-}
mib=${AZWARD_LOG_MIB:-$([ "$mode" = --quick ] && echo 64 || echo 1024)}
commits=${AZWARD_COMMITS:-$([ "$mode" = --quick ] && echo 1000 || echo 10000)}
tree=${AZWARD_SOURCE_TREE:-${CARGO_HOME:-$HOME/.cargo}/registry/src}
# Not below `target`: credsweeper leaves folders of that name out.
work=${TMPDIR:-/tmp}/azward-bench-secrets
mkdir -p "$work"
# AZWARD_BINARY: one that is built already.
export AZWARD_BINARY=${AZWARD_BINARY:-}
if [ -z "$AZWARD_BINARY" ]; then cargo build --quiet --release --bin azward && AZWARD_BINARY=target/release/azward; fi
# The generator needs nothing but the standard library: rustc alone builds it in a second.
[ "$work/corpus" -nt examples/secrets_corpus.rs ] || rustc --edition 2024 -O -o "$work/corpus" examples/secrets_corpus.rs

log=$work/app-$mib.log
[ -f "$log.planted" ] || "$work/corpus" log "$log" "$mib"
history=$work/history-$commits
if [ ! -f "$history.planted" ]; then
  rm -rf "$history" && git init -q -b main "$history"
  "$work/corpus" history "$commits" 2>"$history.count" | git -C "$history" -c core.bigFileThreshold=1g fast-import --quiet
  git -C "$history" checkout -q -f main
  mv "$history.count" "$history.planted"
fi

venv=${XDG_CACHE_HOME:-$HOME/.cache}/azward-ci/secrets-peers
if [ "$mode" = --peers ]; then
  command -v rg >/dev/null || apt-get install -y -q ripgrep >/dev/null 2>&1 || echo 'skipped: ripgrep cannot be installed; grep takes its place'
  [ -x "$venv/bin/kingfisher" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet kingfisher-bin; } || echo 'skipped: kingfisher'
  [ -x "$venv-cs/bin/credsweeper" ] || { python3 -m venv "$venv-cs" && "$venv-cs/bin/pip" install --quiet credsweeper==1.19.5; } || echo 'skipped: credsweeper'
  [ -x "$venv-rs/bin/ripsecrets" ] || cargo install --quiet --locked --root "$venv-rs" ripsecrets || echo 'skipped: ripsecrets'
fi

python3 - "$mode" "$work" "$tree" "$log" "$history" "$venv" "${AZWARD_CORPORA:-../shared/corpora}" <<'P'
import json, os, re, resource, shutil, signal, subprocess, sys, time
mode, work, tree, log, history, venv, corpora = sys.argv[1:]
limit = int(os.environ.get("AZWARD_PEER_SECONDS", "200"))
azward = os.environ["AZWARD_BINARY"]
quick, peers = mode == "--quick", mode == "--peers"

def spent(command, seconds=3600):
    """CPU seconds, peak MiB, output; output is None where the time ran out. A process of its own, so that nothing else is counted."""
    out = f"{work}/output"
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        done = "yes"
        with open(out, "wb") as file:
            process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                done = "no"
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, f"{usage.ru_utime + usage.ru_stime} {usage.ru_maxrss / 1024} {done}".encode())
        os._exit(0)
    os.close(write)
    cpu, peak, done = os.read(read, 200).decode().split()
    os.waitpid(child, 0)
    os.close(read)
    text = open(out, errors="replace").read() if done == "yes" else None
    return max(float(cpu), 0.01), float(peak), text

def json_lines(text):
    """Every line number in a report, whatever its shape."""
    return {int(number) for number in re.findall(r'"(?:line|line_num|startLine|start_line)"\s*:\s*(\d+)', text)}

def own_lines(text):
    report = json.loads(text)
    return {finding["place"].get("start", {}).get("line") or finding["place"].get("line") for finding in report["findings"]}

rg = shutil.which("rg")
floor = [rg, "-c", "--no-ignore", "--hidden", "zz_nomatch_zz"] if rg else ["grep", "-rc", "zz_nomatch_zz"]
floor_name = "ripgrep, no match (the floor)" if rg else "grep, no match (the floor)"
# Detectors alone, no rule (`--rule secrets` would take in the rules of that theme): what is measured is the search.
own = lambda path: [azward, "scan", path, "--rule", "secret-detectors", "--no-ignore", "--format", "json", "--exit-zero", "--quiet"]
others = []
if peers:
    for name, program, command in [
        ("kingfisher", f"{venv}/bin/kingfisher", lambda path: ["scan", path, "--no-validate", "--no-update-check", "--format", "json", "--git-history", "none", "--max-file-size", "100000"]),
        ("credsweeper", f"{venv}-cs/bin/credsweeper", lambda path: ["--path", path, "--size_limit", "10GB", "--save-json", f"{work}/credsweeper.json", "--no-stdout"]),
        ("ripsecrets", f"{venv}-rs/bin/ripsecrets", lambda path: [path]),
    ]:
        if os.path.exists(program):
            others.append((name, lambda path, program=program, command=command: [program] + command(path)))

def report_of(name, text):
    if name == "credsweeper" and text is not None and os.path.exists(f"{work}/credsweeper.json"):
        return open(f"{work}/credsweeper.json", errors="replace").read()
    return text

size = 0
for folder, _, names in os.walk(tree):
    for name in names:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and not os.path.islink(path):
            size += os.path.getsize(path)
rows = []
def row(what, name, mebibytes, cpu, peak, text, found=""):
    speed = f"{mebibytes / cpu:.1f}" if mebibytes / cpu < 20 else f"{mebibytes / cpu:.0f}"
    if text is None:
        speed, found = f"did not finish in {limit} s", ""
    rows.append((what, name, speed, f"{peak:.0f}", found))
    print(f"speed secrets, {what}: {name} {speed}{'' if text is None else ' MiB/CPU s'}, peak {peak:.0f} MiB{', ' + found if found else ''}", flush=True)

failed = False
planted = {int(line) for line in open(log + ".planted")}
what_tree, what_log = f"source tree, {size >> 20} MiB", f"log, {os.path.getsize(log) >> 20} MiB"
for what, path, mebibytes in [(what_tree, tree, size / 2**20), (what_log, log, os.path.getsize(log) / 2**20)]:
    if mebibytes < 1:
        print(f"skipped: {path} holds nothing")
        continue
    cpu, peak, text = spent(floor + [path])
    row(what, floor_name, mebibytes, cpu, peak, text)
    cpu, peak, text = min((spent(own(path)) for _ in range(1 if quick else 3)), key=lambda run: run[0])
    lines = own_lines(text) if path == log else set()
    found = f"{len(lines & planted)} of {len(planted)} planted, {len(lines - planted)} other lines" if path == log else f"{len(json.loads(text)['findings'])} findings"
    failed |= path == log and not planted <= lines
    row(what, "azward", mebibytes, cpu, peak, text, found)
    for name, command in others:
        cpu, peak, text = spent(command(path), limit)
        text = report_of(name, text)
        found = f"{len(json_lines(text) & planted)} of {len(planted)} planted" if path == log and text and name != "ripsecrets" else ""
        row(what, name, mebibytes, cpu, peak, text, found)

wanted = int(open(history + ".planted").read())
cpu, peak, text = spent([azward, "secrets", "history", history, "--format", "json", "--exit-zero", "--quiet"])
report = json.loads(text)
entry = next(iter(report["ledger"]["entries"])) if report["ledger"].get("entries") else {}
counts = re.search(r"(\d+) commits, (\d+) versions", json.dumps(entry))
blobs = int(counts[2]) if counts else 0
found = {finding["place"]["path"] for finding in report["findings"]}
hit = sum(1 for path in found if path.startswith("settings/env"))
failed |= hit < wanted
line = f"git history, {counts[1] if counts else '?'} commits"
rows.append((line, "azward", f"{blobs / cpu:.0f} blobs/CPU s", f"{peak:.0f}", f"{hit} of {wanted} planted"))
print(f"speed secrets, {line}: azward {blobs / cpu:.0f} blobs/CPU s ({blobs} blobs in {cpu:.2f} CPU s), peak {peak:.0f} MiB, {hit} of {wanted} planted", flush=True)
for name, command in others:
    if name == "kingfisher":
        program = command(history)[0]
        cpu, peak, text = spent([program, "scan", history, "--no-validate", "--no-update-check", "--format", "json", "--git-history", "full"], limit)
        hit = len(set(re.findall(r"settings/env\d+", text or "")))
        speed = f"did not finish in {limit} s" if text is None else f"{blobs / cpu:.0f} blobs/CPU s"
        rows.append((line, name, speed, f"{peak:.0f}", "" if text is None else f"{hit} of {wanted} planted"))
        print(f"speed secrets, {line}: {name} {speed}, peak {peak:.0f} MiB, {hit} of {wanted} planted", flush=True)

if peers:
    # The labelled cases as files, one a case: a case is flagged when its file is in a report.
    cases = f"{work}/cases"
    shutil.rmtree(cases, ignore_errors=True)
    labels = {}
    packed = f"{corpora}/secrets-dev.tar.xz"
    if os.path.exists(packed):
        subprocess.run(["tar", "xJf", packed, "-C", work], check=True)
    for source in ["gitleaks", "kingfisher", "noseyparker"] if os.path.exists(packed) else []:
        os.makedirs(f"{cases}/{source}")
        name = ""
        for number, text in enumerate(open(f"{work}/secrets-dev/{source}.jsonl")):
            case = json.loads(text)
            body = case["text"]
            ending = body.rsplit(".", 1)[-1].lower()
            if ending in ("yaml", "yml", "config", "php", "tf", "hcl", "xml") and len(body) < 40 and re.fullmatch(r"[A-Za-z0-9._-]+", body) and case["rule"] != "pkcs12-file":
                name = body
                continue
            folder = f"{cases}/{source}/c{number}x"
            os.makedirs(folder)
            key_file = case["rule"] == "pkcs12-file"
            with open(f"{folder}/{os.path.basename(body) if key_file else name or 'case.txt'}", "w") as file:
                file.write("" if key_file else body)
            name = ""
            labels[f"{source}/c{number}x"] = (case["label"], case.get("azure", False))
    table = ["| scanner | all | Azure | gitleaks | kingfisher | noseyparker |", "|---|---|---|---|---|---|"]
    positives = sum(1 for label, _ in labels.values() if label)
    for name, command in [("azward", own)] + others if labels else []:
        _, _, text = spent(command(cases), int(os.environ.get("AZWARD_CASE_SECONDS", "900")))
        told = report_of(name, text) or ""
        if name == "azward":
            # Its ledger names every file that was looked at; only findings count.
            told = json.dumps(json.loads(told)["findings"])
        flagged = set(re.findall(r"(?:gitleaks|kingfisher|noseyparker)/c\d+x", told))
        cells = []
        for wants in [lambda key, azure: True, lambda key, azure: azure] + [lambda key, azure, source=source: key.startswith(source) for source in ("gitleaks", "kingfisher", "noseyparker")]:
            chosen = [(key, label) for key, (label, azure) in labels.items() if wants(key, azure)]
            good = sum(1 for key, label in chosen if label and key in flagged)
            wrong = sum(1 for key, label in chosen if not label and key in flagged)
            total = sum(1 for _, label in chosen if label)
            cells.append(f"{100 * good / max(total, 1):.1f} / {100 * good / max(good + wrong, 1):.1f}")
        table.append(f"| {name}{'' if text is not None else ' (cut off)'} | " + " | ".join(cells) + " |")
        print(table[-1], flush=True)
    speeds = ["| what | scanner | MiB per CPU second | peak MiB | found |", "|---|---|---|---|---|"] + ["| " + " | ".join(cells) + " |" for cells in rows]
    print("\n".join(speeds))
    if labels:
        load = open("/proc/loadavg").read().split()[0] if os.path.exists("/proc/loadavg") else "unknown"
        page = open("benches/secrets-page.md").read()
        for mark, text in [("ACCURACY", "\n".join(table)), ("SPEED", "\n".join(speeds)), ("POSITIVES", str(positives)), ("NEGATIVES", str(len(labels) - positives)),
                           ("CORES", str(os.cpu_count())), ("LOAD", load), ("LIMIT", str(limit))]:
            page = page.replace("{{" + mark + "}}", text)
        open("reports/secrets-accuracy.md", "w").write(page)
        print("wrote reports/secrets-accuracy.md")
# Nothing large stays behind.
shutil.rmtree(f"{work}/cases", ignore_errors=True)
if os.path.getsize(log) > 1 << 28:
    os.remove(log)
    os.remove(log + ".planted")
sys.exit("a planted secret was missed" if failed else 0)
P
