//! A day of a tenant's logs, made on the fly from a seed: clean events of every type, and 200 planted violations of 20 kinds.

use std::collections::BTreeMap;
use std::io::Read;

use azward::log::source::Input;
use azward::log::time::Moment;

/// A violation that was planted: the rule that must find it, and a name that only its finding has.
pub type Planted = (&'static str, String);

/// The parameters under which the day is judged.
pub fn parameters() -> BTreeMap<String, serde_json::Value> {
    let people: Vec<String> = (0..10).map(|n| format!("reader-{n}@contoso.com")).collect();
    let mut approved: Vec<String> = vec![APP.into()];
    approved.extend(people);
    BTreeMap::from([
        ("approvedIdentities".into(), approved.into()),
        ("pipelineIdentities".into(), vec![PIPELINE].into()),
        ("maxBackupAge".into(), "8h".into()),
    ])
}

const APP: &str = "11111111-1111-4111-8111-111111111111";
const PIPELINE: &str = "33333333-3333-4333-8333-333333333333";
const DAY: u64 = 86_400;
/// 2026-01-13, a Tuesday.
const START: Moment = Moment::from_civil(2026, 1, 13, 0);

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

fn time(second: u64, fraction: u64) -> String {
    let text = Moment(START.0 + i64::try_from(second.min(DAY - 1)).unwrap() * 1_000_000).to_string();
    format!("{}.{fraction:07}Z", text.trim_end_matches('Z'))
}

type Make = fn(&mut Random, u64) -> Option<String>;

/// One log of the day: how many clean events, how each is made, and the planted lines by second.
struct Stream {
    random: Random,
    count: u64,
    next: u64,
    make: Make,
    planted: std::vec::IntoIter<(u64, String)>,
    waiting: Option<(u64, String)>,
    buffer: Vec<u8>,
    at: usize,
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
            while self.buffer.len() < 256 << 10 && self.step() {}
        }
        let count = into.len().min(self.buffer.len() - self.at);
        into[..count].copy_from_slice(&self.buffer[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

impl Stream {
    fn step(&mut self) -> bool {
        let second = if self.next < self.count { self.next * DAY / self.count } else { DAY };
        if self.waiting.as_ref().is_some_and(|(at, _)| *at <= second) {
            let (_, line) = self.waiting.take().unwrap();
            self.waiting = self.planted.next();
            self.buffer.extend(line.as_bytes());
            self.buffer.push(b'\n');
            return true;
        }
        if self.next == self.count {
            return false;
        }
        self.next += 1;
        if let Some(line) = (self.make)(&mut self.random, second) {
            self.buffer.extend(line.as_bytes());
            self.buffer.push(b'\n');
        }
        true
    }
}

fn resource(provider: &str, name: &str) -> String {
    format!("/SUBSCRIPTIONS/00000000-0000-4000-8000-000000000001/RESOURCEGROUPS/RG-PROD/PROVIDERS/{provider}/{name}")
}

fn vault(at: &str, vault: &str, operation: &str, claim: &str, ip: &str, status: u32, secret: u64) -> String {
    let id = resource("MICROSOFT.KEYVAULT/VAULTS", &vault.to_uppercase());
    let word = if status < 300 { "OK" } else { "Forbidden" };
    format!(
        r#"{{"time":"{at}","resourceId":"{id}","operationName":"{operation}","operationVersion":"7.4","category":"AuditEvent","resultType":"Success","resultSignature":"{word}","resultDescription":"","durationMs":"27","callerIpAddress":"{ip}","correlationId":"3f3d6f5e-{secret:04x}-4d5e-9a54-000000000000","identity":{{"claim":{{"http://schemas.microsoft.com/identity/claims/objectidentifier":"5d3f9a11-0000-4000-8000-000000000000",{claim}}}}},"properties":{{"id":"https://{vault}.vault.azure.net/secrets/name-{secret}/0123456789abcdef","clientInfo":"azsdk-net-Security.KeyVault.Secrets/4.6.0","requestUri":"https://{vault}.vault.azure.net/secrets/name-{secret}/?api-version=7.4","httpStatusCode":{status},"tlsVersion":"TLS1_2"}}}}"#
    )
}

fn clean_vault(random: &mut Random, second: u64) -> Option<String> {
    let number = random.below(50);
    let fraction = random.below(9_999_999);
    // Vaults 40 to 49 fall silent for four hours; that is planted.
    if number >= 40 && (28_800 + 600 * (number - 40)..43_200 + 600 * (number - 40)).contains(&second) {
        return None;
    }
    let ip = format!("10.{}.{}.{}", random.below(200), random.below(250), random.below(250));
    let claim = format!(r#""appid":"{APP}""#);
    let operation = ["SecretGet", "SecretGet", "SecretGet", "KeyUnwrap", "SecretList"][usize::try_from(random.below(5)).unwrap()];
    let name = if number >= 40 { format!("kv-gap-{}", number - 40) } else { format!("kv-app-{number}") };
    Some(vault(&time(second, fraction), &name, operation, &claim, &ip, 200, random.below(500)))
}

fn storage(at: &str, account: &str, tls: &str, scheme: &str, auth: &str) -> String {
    format!(
        r#"{{"time":"{at}","resourceId":"/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/{account}/blobServices/default","category":"StorageRead","operationName":"GetBlob","operationVersion":"2023-11-03","schemaVersion":"1.0","statusCode":200,"statusText":"Success","durationMs":7,"callerIpAddress":"10.4.0.9:51034","correlationId":"ad881411-201e-004e-1c99-cfd67d000000","location":"westeurope","uri":"{scheme}://{account}.blob.core.windows.net/data/part-00017.parquet","identity":{{"authorization":[{{"action":"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"}}],"requester":{{"appId":"{APP}","objectId":"5d3f9a11-0000-4000-8000-000000000000"}},"type":"{auth}"}},"properties":{{"accountName":"{account}","userAgentHeader":"azsdk-net-Storage.Blobs/12.19.1 (.NET 8.0.4; Linux)","serviceType":"blob","objectKey":"/{account}/data/part-00017.parquet","serverLatencyMs":6,"requestHeaderSize":812,"responseHeaderSize":295,"responseBodySize":2018,"tlsVersion":"{tls}"}},"resourceType":"Microsoft.Storage/storageAccounts/blobServices"}}"#
    )
}

fn clean_storage(random: &mut Random, second: u64) -> Option<String> {
    let tls = if random.below(3) == 0 { "TLS 1.3" } else { "TLS 1.2" };
    Some(storage(&time(second, random.below(9_999_999)), &format!("stapp{}", random.below(30)), tls, "https", "OAuth"))
}

fn clean_edge(random: &mut Random, second: u64) -> Option<String> {
    let plain = random.below(20) == 0;
    let (proto, status) = if plain { ("HTTP", "301") } else { ("HTTPS", "200") };
    let at = time(second, random.below(9_999_999));
    let id = resource("MICROSOFT.CDN/PROFILES", "FD-EDGE");
    let page = random.below(1000);
    Some(format!(
        r#"{{"time":"{at}","resourceId":"{id}","category":"FrontDoorAccessLog","operationName":"Microsoft.Cdn/Profiles/AccessLog/Write","properties":{{"trackingReference":"0abc","httpMethod":"GET","httpVersion":"2.0","requestUri":"{}://app.contoso.com:443/page/{page}","requestBytes":"1203","responseBytes":"40310","userAgent":"Mozilla/5.0 (X11; Linux x86_64)","clientIp":"203.0.113.{}","clientPort":"40912","timeToFirstByte":"0.021","timeTaken":"0.022","requestProtocol":"{proto}","securityProtocol":"TLS 1.3","httpStatusCode":"{status}","pop":"AMS","cacheStatus":"HIT","hostName":"app.contoso.com","referer":""}}}}"#,
        proto.to_lowercase(),
        random.below(250)
    ))
}

fn site(at: &str, app: &str, port: u32) -> String {
    let id = resource("MICROSOFT.WEB/SITES", &app.to_uppercase());
    // As Linux App Service writes it: the properties are a text.
    format!(
        r#"{{"time":"{at}","resourceId":"{id}","category":"AppServiceHTTPLogs","properties":"{{\"CsMethod\":\"GET\",\"CsUriStem\":\"/api/orders\",\"CIp\":\"203.0.113.7\",\"CsHost\":\"{app}.azurewebsites.net\",\"CsUriQuery\":\"page=2\",\"UserAgent\":\"Mozilla/5.0\",\"ScStatus\":200,\"SPort\":\"{port}\",\"TimeTaken\":34}}"}}"#
    )
}

fn clean_site(random: &mut Random, second: u64) -> Option<String> {
    Some(site(&time(second, random.below(9_999_999)), &format!("app-{}", random.below(12)), 443))
}

fn database(at: &str, user: &str, encrypted: bool) -> String {
    let id = resource("MICROSOFT.DBFORPOSTGRESQL/FLEXIBLESERVERS", "PG-MAIN");
    let how = if encrypted { " SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)" } else { "" };
    format!(
        r#"{{"time":"{at}","resourceId":"{id}","category":"PostgreSQLLogs","properties":{{"timestamp":"{at}","processId":4711,"errorLevel":"LOG","sqlerrcode":"00000","message":"connection authorized: user={user} database=orders application_name=api{how}"}}}}"#
    )
}

fn clean_database(random: &mut Random, second: u64) -> Option<String> {
    Some(database(&time(second, random.below(9_999_999)), "orders_api", true))
}

fn activity(at: &str, operation: &str, id: &str, category: &str, result: &str, claims: &str, correlation: &str) -> String {
    format!(
        r#"{{"time":"{at}","resourceId":"{id}","operationName":"{operation}","category":"{category}","resultType":"{result}","resultSignature":"{result}.","durationMs":"812","callerIpAddress":"10.9.0.4","correlationId":"{correlation}","identity":{{"authorization":{{"scope":"{id}","action":"{operation}","evidence":{{"role":"Contributor","principalType":"ServicePrincipal"}}}},"claims":{{"aud":"https://management.azure.com/","iss":"https://sts.windows.net/0/",{claims}}}}},"level":"Information","properties":{{"statusCode":"OK"}}}}"#
    )
}

fn pipeline_claims() -> String {
    format!(r#""appid":"{PIPELINE}","appidacr":"2","idtyp":"app""#)
}

fn user_claims(user: &str) -> String {
    format!(
        r#""appid":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c","http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"{user}","http://schemas.microsoft.com/identity/claims/scope":"user_impersonation""#
    )
}

fn clean_activity(random: &mut Random, second: u64) -> Option<String> {
    let at = time(second, random.below(9_999_999));
    let number = random.below(40);
    // Inside the window production is deployed; at other times development is, and applications list keys.
    let inside = (7_200..14_400).contains(&second);
    Some(if inside {
        activity(
            &at,
            "MICROSOFT.WEB/SITES/WRITE",
            &resource("MICROSOFT.WEB/SITES", "APP-1"),
            "Write",
            "Start",
            &pipeline_claims(),
            &format!("ok-{number}"),
        )
    } else if number < 20 {
        let id = "/SUBSCRIPTIONS/00000000-0000-4000-8000-000000000002/RESOURCEGROUPS/RG-DEV/PROVIDERS/MICROSOFT.WEB/SITES/APP-DEV";
        activity(&at, "Microsoft.Web/sites/write", id, "Write", "Success", &user_claims("dev@contoso.com"), "dev")
    } else {
        let id = resource("MICROSOFT.STORAGE/STORAGEACCOUNTS", "STAPP1");
        activity(&at, "Microsoft.Storage/storageAccounts/listKeys/action", &id, "Action", "Success", &pipeline_claims(), "keys")
    })
}

fn backup(at: &str, item: &str, status: &str) -> String {
    let id = resource("MICROSOFT.RECOVERYSERVICES/VAULTS", "RSV-MAIN");
    format!(
        r#"{{"time":"{at}","resourceId":"{id}","category":"AddonAzureBackupJobs","operationName":"Job","properties":{{"JobOperation":"Backup","JobStatus":"{status}","BackupItemUniqueId":"{item}","JobUniqueId":"job"}}}}"#
    )
}

fn flow(second: u64, destination: &str, port: u64, decision: char) -> String {
    let id = resource("MICROSOFT.NETWORK/NETWORKSECURITYGROUPS", "NSG-MAIN");
    let stamp = START.0 / 1_000_000 + i64::try_from(second).unwrap();
    format!(
        r#"{{"time":"{}","category":"NetworkSecurityGroupFlowEvent","resourceId":"{id}","properties":{{"Version":2,"flows":[{{"rule":"DefaultRule","flows":[{{"mac":"000D3AF87856","flowTuples":["{stamp},10.1.0.9,10.1.0.4,44931,443,T,I,A,B,,,,","{stamp},198.51.100.4,{destination},44931,{port},T,I,{decision},B,,,,"]}}]}}]}}}}"#,
        time(second, 0)
    )
}

fn clean_flow(random: &mut Random, second: u64) -> Option<String> {
    let (port, decision) = if random.below(2) == 0 { (443, 'A') } else { (22, 'D') };
    Some(flow(second, &format!("10.1.0.{}", random.below(200)), port, decision))
}

fn none(_: &mut Random, _: u64) -> Option<String> {
    None
}

/// The logs of the day with about `events` events, and what was planted in them.
pub fn day(seed: u64, events: u64) -> (Vec<Input>, Vec<Planted>) {
    let (lines, planted) = plant(seed);
    let streams: [(&str, u64, Make); 10] = [
        ("insights-logs-auditevent/PT1H.json", 30, clean_vault),
        ("insights-logs-storageread/PT1H.json", 30, clean_storage),
        ("insights-logs-frontdooraccesslog/PT1H.json", 15, clean_edge),
        ("insights-logs-appservicehttplogs/PT1H.json", 10, clean_site),
        ("insights-logs-postgresqllogs/PT1H.json", 8, clean_database),
        ("insights-activity-logs/PT1H.json", 5, clean_activity),
        ("insights-logs-networksecuritygroupflowevent/PT1H.json", 1, clean_flow),
        ("insights-logs-appserviceauditlogs/PT1H.json", 0, none),
        ("insights-logs-addonazurebackupjobs/PT1H.json", 0, none),
        ("am-operation/PT1H.json", 0, none),
    ];
    let mut lines = lines;
    let inputs = (1..).zip(streams).map(|(number, (name, share, make))| {
        let mut own: Vec<(u64, String)> = lines.remove(name).unwrap_or_default();
        own.sort();
        let mut planted = own.into_iter();
        let waiting = planted.next();
        let random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number) | 1);
        let stream = Stream { random, count: events * share / 100, next: 0, make, planted, waiting, buffer: Vec::new(), at: 0 };
        Input::new(name, Box::new(move || Ok(Box::new(stream))))
    });
    (inputs.collect(), planted)
}

/// Planted lines by second, for each log.
type Lines = BTreeMap<&'static str, Vec<(u64, String)>>;

fn plant(seed: u64) -> (Lines, Vec<Planted>) {
    let mut random = Random(seed | 1);
    let mut lines = Lines::new();
    let mut planted: Vec<Planted> = Vec::new();
    let app = format!(r#""appid":"{APP}""#);
    let kv = "insights-logs-auditevent/PT1H.json";
    let act = "insights-activity-logs/PT1H.json";
    for n in 0..10u64 {
        let mut put = |log: &'static str, second: u64, line: String| lines.entry(log).or_default().push((second, line));
        let mut when = || 36_000 + random.below(40_000);
        let mut add = |rule: &'static str, name: String| planted.push((rule, name));
        let vault_name = format!("kv-app-{n}");

        let s = when();
        put(kv, s, vault(&time(s, 1), &vault_name, "SecretGet", &format!(r#""appid":"unknown-{n}-app""#), "10.0.0.4", 200, n));
        add("vault-read-unapproved-identity", format!("unknown-{n}-app"));
        let s = when();
        put(kv, s, vault(&time(s, 1), &vault_name, "SecretGet", &app, &format!("203.0.113.{}", 100 + n), 200, n));
        add("vault-read-unapproved-address", format!("203.0.113.{}", 100 + n));
        let s = when();
        for k in 0..12 {
            put(kv, s + k, vault(&time(s + k, 1), &vault_name, "SecretGet", &format!(r#""appid":"denied-{n}-app""#), "10.0.0.4", 403, n));
        }
        add("vault-denied-burst", format!("denied-{n}-app"));
        let s = when();
        put(kv, s, vault(&time(s, 1), &vault_name, "SecretGet", &format!(r#""upn":"reader-{n}@contoso.com""#), "10.0.0.4", 200, n));
        add("vault-read-by-person", format!("reader-{n}@contoso.com"));
        let s = when();
        put(kv, s, vault(&time(s, 1), &vault_name, "SecretPurge", &app, "10.0.0.4", 200, n));
        add("vault-destructive-operation", format!("{vault_name},"));
        add("vault-audit-gap", format!("kv-gap-{n}"));

        let s = when();
        let id = resource("MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS", &format!("AUDIT-{n}"));
        put(
            act,
            s,
            activity(&time(s, 1), "microsoft.insights/diagnosticSettings/delete", &id, "Delete", "Success", &pipeline_claims(), "x"),
        );
        add("diagnostic-setting-removed", format!("audit-{n}"));
        let s = when();
        let id = resource("MICROSOFT.AUTHORIZATION/LOCKS", &format!("KEEP-{n}"));
        put(act, s, activity(&time(s, 1), "Microsoft.Authorization/locks/delete", &id, "Delete", "Success", &pipeline_claims(), "x"));
        add("log-tampering", format!("keep-{n}"));
        let s = when();
        let id = resource("MICROSOFT.RESOURCES/DEPLOYMENTS", "MAIN");
        for k in 0..3 {
            put(
                act,
                s + k,
                activity(
                    &time(s + k, 1),
                    "Microsoft.Resources/deployments/write",
                    &id,
                    "Write",
                    "Start",
                    &pipeline_claims(),
                    &format!("late-{n}-run"),
                ),
            );
        }
        add("deployment-outside-window", format!("late-{n}-run"));
        let s = when();
        let id = resource("MICROSOFT.WEB/SITES", "APP-1");
        put(
            act,
            s,
            activity(
                &time(s, 1),
                "Microsoft.Web/sites/write",
                &id,
                "Write",
                "Success",
                &user_claims(&format!("hand-{n}@contoso.com")),
                "x",
            ),
        );
        add("manual-change-in-production", format!("hand-{n}@contoso.com"));
        let s = when();
        let id = resource("MICROSOFT.STORAGE/STORAGEACCOUNTS", "STAPP1");
        put(
            act,
            s,
            activity(
                &time(s, 1),
                "Microsoft.Storage/storageAccounts/listKeys/action",
                &id,
                "Action",
                "Success",
                &user_claims(&format!("keys-{n}@contoso.com")),
                "x",
            ),
        );
        add("keys-listed-by-user", format!("keys-{n}@contoso.com"));

        let s = when();
        put("insights-logs-storageread/PT1H.json", s, storage(&time(s, 1), &format!("stold{n}"), "TLS 1.0", "https", "OAuth"));
        add("tls-below-minimum-served", format!("stold{n}"));
        let s = when();
        put("insights-logs-storageread/PT1H.json", s, storage(&time(s, 1), &format!("stopen{n}"), "TLS 1.2", "https", "Anonymous"));
        add("storage-anonymous-access", format!("stopen{n}"));
        let s = when();
        put("insights-logs-storageread/PT1H.json", s, storage(&time(s, 1), &format!("stkey{n}"), "TLS 1.2", "https", "AccountKey"));
        add("storage-account-key-used", format!("stkey{n}"));
        let s = when();
        put("insights-logs-appservicehttplogs/PT1H.json", s, site(&time(s, 1), &format!("plain-{n}"), 80));
        add("plain-http-served", format!("plain-{n}"));
        let s = when();
        put("insights-logs-postgresqllogs/PT1H.json", s, database(&time(s, 1), &format!("bare_{n}_user"), false));
        add("database-plain-connection", format!("bare_{n}_user"));
        let s = when();
        put("insights-logs-networksecuritygroupflowevent/PT1H.json", s, flow(s, &format!("10.2.0.{n}"), 3389, 'A'));
        add("management-port-reached", format!("10.2.0.{n},"));
        let s = when();
        let id = resource("MICROSOFT.WEB/SITES", "APP-1");
        let line = format!(
            r#"{{"time":"{}","resourceId":"{id}","category":"AppServiceAuditLogs","operationName":"Authorization","properties":{{"UserDisplayName":"$ftp-{n}-user","UserAddress":"203.0.113.7","Protocol":"FTP"}}}}"#,
            time(s, 1)
        );
        put("insights-logs-appserviceauditlogs/PT1H.json", s, line);
        add("kudu-or-ftp-used", format!("$ftp-{n}-user"));
        for quarter in 0..4 {
            let at = quarter * 21_600 + n * 60;
            put("insights-logs-addonazurebackupjobs/PT1H.json", at, backup(&time(at, 1), &format!("vm-ok-{n}"), "Completed"));
        }
        put("insights-logs-addonazurebackupjobs/PT1H.json", 70_000 + n, backup(&time(70_000 + n, 1), &format!("vm-ok-{n}"), "Failed"));
        add("backup-failed", format!("vm-ok-{n}"));
        let s = when();
        let id = resource("MICROSOFT.OPERATIONALINSIGHTS/WORKSPACES", &format!("LOG-{n}"));
        let line = format!(
            r#"{{"TimeGenerated":"{}","Type":"Operation","Operation":"Data collection Status","OperationStatus":"Warning","Detail":"The daily cap has been reached; data collection stopped","_ResourceId":"{id}"}}"#,
            time(s, 1)
        );
        put("am-operation/PT1H.json", s, line);
        add("daily-cap-reached", format!("log-{n}"));
    }
    (lines, planted)
}
