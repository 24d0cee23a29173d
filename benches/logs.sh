#!/usr/bin/env bash
# Prints the speed of log reading: MB per CPU second for each log type, beside jq and DuckDB (PyPI) on the same files, the peak memory,
# and the day of five million events with its planted violations. Nothing here fails on a speed. Usage: benches/logs.sh [MB per type, default 1024]
set -euo pipefail
cd "$(dirname "$0")/.."
size=${1:-1024}
work=target/tmp/bench-logs
mkdir -p "$work"
cargo build --quiet --release
azward=target/release/azward
python3 -c 'import duckdb' 2>/dev/null || python3 -m pip install --quiet duckdb 2>/dev/null || echo "skipped: DuckDB cannot be installed"

# The example streams of the event rules, repeated to the wanted size with running times.
python3 - "$size" "$work" <<'P'
import glob, os, re, sys
size, work = int(sys.argv[1]) << 20, sys.argv[2]
types = {"auditevent": "AuditEvent", "storage": "StorageRead", "frontdoor": "FrontDoorAccessLog", "activity": "Write"}
for name, category in types.items():
    lines = []
    for path in sorted(glob.glob("policies/events/*.yaml")):
        lines += [line.strip() for line in open(path) if f'"category": "{category}"' in line]
    block = "".join(line + "\n" for line in lines)
    path = f"{work}/{name}.jsonl"
    if os.path.exists(path) and os.path.getsize(path) >= size:
        continue
    with open(path, "w") as out:
        repeat = max(1, (4 << 20) // len(block))
        while out.tell() < size:
            out.write(block * repeat)
P

python3 - "$azward" "$work" <<'P'
import os, resource, subprocess, sys
azward, work = sys.argv[1:]

def spent(command):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        code = subprocess.run(command, stdout=null, stderr=null).returncode
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write, f"{usage.ru_utime + usage.ru_stime} {usage.ru_maxrss // 1024} {code}".encode())
        os._exit(0)
    os.close(write)
    text = os.read(read, 100).decode().split()
    os.waitpid(child, 0)
    os.close(read)
    return float(text[0]), int(text[1]), int(text[2])

questions = {
    "auditevent": ("vault-read-by-person", "select identity, count(*) from read_json('{}', format='newline_delimited') where operationName = 'SecretGet' group by all"),
    "storage": ("storage-account-key-used", "select resourceId, count(*) from read_json('{}', format='newline_delimited') where identity.type = 'AccountKey' group by all"),
    "frontdoor": ("plain-http-served", "select resourceId, count(*) from read_json('{}', format='newline_delimited') where properties.requestProtocol = 'HTTP' group by all"),
    "activity": ("manual-change-in-production", "select correlationId, count(*) from read_json('{}', format='newline_delimited') where resultType = 'Success' group by all"),
}
for name, (rule, sql) in questions.items():
    path = f"{work}/{name}.jsonl"
    size = os.path.getsize(path) / (1 << 20)
    own, memory, code = spent([azward, "logs", path, "--rule", rule, "--no-secrets", "--format", "json", "--exit-zero"])
    assert code == 0, f"azward ended with {code}"
    line = f"speed logs {name}: azward {size / own:.0f} MB/CPU s, peak {memory} MiB (target: under 128)"
    try:
        jq, _, code = spent(["jq", "-c", ".", path])
        line += f"; jq -c . {size / jq:.0f} MB/CPU s, azward is {jq / own:.1f} times as fast (target: 5)"
    except FileNotFoundError:
        line += "; jq is not on this machine"
    duck, _, code = spent([sys.executable, "-c", f"import duckdb; duckdb.sql({sql.format(path)!r}).fetchall()"])
    line += f"; DuckDB {size / duck:.0f} MB/CPU s, {duck / own:.1f} times" if code == 0 else "; DuckDB did not answer"
    print(line, flush=True)
P

if [ "${AZWARD_DAY:-1}" = 1 ]; then
  cargo test --quiet --release --test logs -- --ignored --nocapture 2>&1 | grep -E 'events,|panicked|test result'
fi
