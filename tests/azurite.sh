#!/usr/bin/env bash
# Reads logs from a blob container: Azurite (npm) over TLS on loopback, a shared access signature and an Entra sign-in, Azure's folder layout,
# a time range.
# Usage: tests/azurite.sh [path of azward]
set -euo pipefail
cd "$(dirname "$0")/.."
azward=${1:-target/debug/azward}
[ -x "$azward" ] || cargo build --quiet
cache=${XDG_CACHE_HOME:-$HOME/.cache}/azward-ci/azurite
work=$(mktemp -d)
trap 'kill "${server:-}" "${entra:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
[ -x "$cache/node_modules/.bin/azurite-blob" ] || { mkdir -p "$cache"; npm install --silent --no-audit --no-fund --prefix "$cache" azurite@3; }

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout "$work/key.pem" -out "$work/cert.pem" -subj /CN=127.0.0.1 \
  -addext 'subjectAltName=IP:127.0.0.1' -addext 'basicConstraints=critical,CA:FALSE' 2>/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$cache/node_modules/.bin/azurite-blob" --silent --oauth basic --cert "$work/cert.pem" --key "$work/key.pem" --skipApiVersionCheck \
  --inMemoryPersistence --blobHost 127.0.0.1 --blobPort "$port" >"$work/azurite.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  sleep 0.2
done

# The emulator's account and key are published with it; the signature is made from the documented string to sign.
account=devstoreaccount1
sas=$(python3 - "$account" <<'P'
import base64, hashlib, hmac, sys, urllib.parse
account = sys.argv[1]
key = base64.b64decode("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq" + "/K1SZFPTOtr/KBHBeksoGMGw==")
fields = {"sp": "rwlc", "ss": "b", "srt": "sco", "se": "2099-01-01T00:00:00Z", "spr": "https", "sv": "2021-08-06"}
text = "\n".join([account, fields["sp"], fields["ss"], fields["srt"], "", fields["se"], "", fields["spr"], fields["sv"], "", ""])
fields["sig"] = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
print(urllib.parse.urlencode(fields))
P
)
container="https://127.0.0.1:$port/$account/insights-logs-auditevent"
send() { curl --silent --fail --show-error --cacert "$work/cert.pem" -X PUT -H 'x-ms-version: 2021-08-06' "$@" >/dev/null; }
send -H 'Content-Length: 0' "$container?restype=container&$sas"
for hour in 08 09 10; do
  line='{"time":"2026-01-13T'$hour':00:00Z","category":"AuditEvent","operationName":"SecretGet","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG-PROD/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-PROD","callerIpAddress":"10.0.0.4","identity":{"claim":{"upn":"reader-'$hour'@contoso.com"}},"properties":{"id":"https://kv-prod.vault.azure.net/secrets/db/1","httpStatusCode":200}}'
  printf '%s\n' "$line" >"$work/blob.json"
  name="resourceId%3D/SUBSCRIPTIONS/0/VAULTS/KV-PROD/y%3D2026/m%3D01/d%3D13/h%3D$hour/m%3D00/PT1H.json"
  send -H 'x-ms-blob-type: BlockBlob' --data-binary "@$work/blob.json" "$container/$name?$sas"
done

ca="$work/cert.pem"
"$azward" logs "$container?$sas" --ca-file "$ca" --since 2026-01-13T09:00:00Z --rule vault-read-by-person --no-secrets --format json --exit-zero \
  --register "$work/register.csv" >"$work/report.json" 2>"$work/errors.txt" || { cat "$work/errors.txt"; exit 1; }
python3 - "$work" <<'P'
import json, sys
work = sys.argv[1]
text = open(f"{work}/report.json").read()
report = json.loads(text)
found = sorted(finding["message"].split()[0] for finding in report["findings"] if finding["verdict"] == "fail")
assert found == ["reader-09@contoso.com", "reader-10@contoso.com"], found
skipped = [entry for entry in report["ledger"]["entries"] if entry["state"] == "skipped"]
assert len(skipped) == 1 and "h=08" in skipped[0]["subject"], skipped
assert "sig=" not in text, "the signature reached the report"
assert len(open(f"{work}/register.csv").readlines()) == 3
print("azurite: 3 blobs listed, 2 in the time range read, 2 findings, register written, no signature in the report")
P

# The same without a signature: signed in through the chain of `azward live`. The emulator looks at a token's claims, not at its signature.
cat >"$work/entra.py" <<'P'
import base64, http.server, json, ssl, sys, time
work = sys.argv[1]

def part(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

class Entra(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        open(f"{work}/forms.txt", "a").write(form + "\n")
        now = int(time.time())
        tenant = "11111111-1111-4111-8111-111111111111"
        claims = {"aud": "https://storage.azure.com", "iss": f"https://sts.windows.net/{tenant}/", "iat": now - 60, "nbf": now - 60, "exp": now + 3600,
                  "oid": "22222222-2222-4222-8222-222222222222", "tid": tenant, "ver": "1.0"}
        token = f"{part({'typ': 'JWT', 'alg': 'RS256', 'kid': 'invented'})}.{part(claims)}.{part('no signature')}"
        body = json.dumps({"token_type": "Bearer", "expires_in": 3600, "access_token": token}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Entra)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{work}/cert.pem", f"{work}/key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
open(f"{work}/entra.port", "w").write(str(server.server_address[1]))
server.serve_forever()
P
python3 "$work/entra.py" "$work" &
entra=$!
for _ in $(seq 50); do [ -s "$work/entra.port" ] && break; sleep 0.1; done
AZURE_CLIENT_ID=client AZURE_CLIENT_SECRET='an invented word' "$azward" logs "$container" --ca-file "$ca" --auth client-secret \
  --tenant 11111111-1111-4111-8111-111111111111 --authority-host "https://127.0.0.1:$(cat "$work/entra.port")" \
  --rule vault-read-by-person --no-secrets --format json --exit-zero >"$work/report.json" 2>"$work/errors.txt" || { cat "$work/errors.txt"; exit 1; }
python3 - "$work" <<'P'
import json, sys
work = sys.argv[1]
text = open(f"{work}/report.json").read()
found = [finding for finding in json.loads(text)["findings"] if finding["verdict"] == "fail"]
assert len(found) == 3, found
assert "client-secret: signed in" in open(f"{work}/errors.txt").read()
assert "storage.azure.com" in open(f"{work}/forms.txt").read(), "the token was not asked for storage"
assert "eyJ" not in text, "the token reached the report"
print("azurite: 3 blobs read with an Entra sign-in (client secret), 3 findings, no token in the report")
P
