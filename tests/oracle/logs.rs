//! Every log sample is recognised as its type, and every field that a rule needs is read.

use azward::log::read::{Feed, Work, for_each_event, for_each_in_record};
use azward::log::source::collect;
use azward::log::{LogKind, Slot};

use crate::support::{corpus, score};

/// What a sample must give: its kind, how many events, and fields with a part of their text (`*`: any).
type Expected = (&'static str, LogKind, usize, &'static [(&'static str, &'static str)]);

const REST: &[(&str, &str)] = &[
    ("time", "2015-01-21T22:14:26"),
    ("operation", "microsoft.support/supporttickets/write"),
    ("result", "Succeeded"),
    ("correlationId", "1e121103"),
    ("resource", "supporttickets/115012112305841"),
];
const REST_FULL: &[(&str, &str)] = &[
    ("time", "2015-01-21T22:14:26"),
    ("operation", "microsoft.support/supporttickets/write"),
    ("result", "Succeeded"),
    ("correlationId", "1e121103"),
    ("callerName", "admin@contoso.com"),
    ("upn", "admin@contoso.com"),
    ("appId", "c44b4083"),
    ("oid", "2468adf0"),
    ("scope", "user_impersonation"),
    ("resource", "supporttickets/115012112305841"),
    ("role", "Subscription Admin"),
];

const SAMPLES: &[Expected] = &[
    ("ActivityLogs_List__GetActivityLogsFiltered.json", LogKind::Activity, 1, REST_FULL),
    ("ActivityLogs_List__GetActivityLogsFilteredAndSelected.json", LogKind::Activity, 1, REST),
    ("TenantActivityLogs_List__GetTenantActivityLogsFiltered.json", LogKind::Activity, 1, REST_FULL),
    ("TenantActivityLogs_List__GetTenantActivityLogsFilteredAndSelected.json", LogKind::Activity, 1, REST),
    ("TenantActivityLogs_List__GetTenantActivityLogsNoParams.json", LogKind::Activity, 1, REST_FULL),
    ("TenantActivityLogs_List__GetTenantActivityLogsSelected.json", LogKind::Activity, 1, REST),
    (
        "activity-log-export-docs.json",
        LogKind::Activity,
        1,
        &[
            ("time", "2019-01-21"),
            ("operation", "microsoft.support/supporttickets/write"),
            ("category", "Write"),
            ("result", "Success"),
            ("ip", "111.111.111.11"),
            ("correlationId", "c776f9f4"),
            ("upn", "admin@contoso.com"),
            ("appId", "c44b4083"),
            ("scope", "user_impersonation"),
            ("role", "Subscription Admin"),
        ],
    ),
    (
        "activity-log-rest-administrative.json",
        LogKind::Activity,
        1,
        &[
            ("time", "2018-01-29"),
            ("operation", "Microsoft.Network/networkSecurityGroups/write"),
            ("category", "Administrative"),
            ("result", "Succeeded"),
            ("callerName", "rob@contoso.com"),
            ("ip", "111.111.1.111"),
            ("resource", "networkSecurityGroups/myNSG"),
            ("appIdAcr", "2"),
        ],
    ),
    (
        "keyvault-auditevent.json",
        LogKind::KeyVault,
        1,
        &[
            ("time", "2016-01-05"),
            ("operation", "VaultGet"),
            ("resultSignature", "OK"),
            ("status", "200"),
            ("ip", "104.40.82.76"),
            ("oid", "d9da5048"),
            ("upn", "username@outlook.com"),
            ("appId", "1950a258"),
            ("uri", "vaultcore.azure.net"),
            ("object", "https://contosokeyvault.vault.azure.net/"),
            ("durationMs", "78"),
        ],
    ),
    (
        "storage-read-write.jsonl",
        LogKind::Storage,
        1,
        &[
            ("time", "2019-02-28"),
            ("operation", "*"),
            ("category", "Storage"),
            ("status", "20"),
            ("ip", "192.168."),
            ("uri", "http"),
            ("schemeText", "http"),
            ("authentication", "OAuth"),
            ("oid", "fde5ba15"),
            ("appId", "691458b9"),
            ("tlsText", "TLS 1.2"),
            ("userAgent", "Mozilla"),
        ],
    ),
    (
        "appinsights-export-CONSTRUCTED.jsonl",
        LogKind::Insights,
        2,
        &[("time", "2026-01-13"), ("type", "App"), ("resource", "COMPONENTS/APPI-PROD")],
    ),
    (
        "sql-audit-CONSTRUCTED.jsonl",
        LogKind::SqlAudit,
        1,
        &[
            ("time", "2026-01-13"),
            ("user", "app-payments"),
            ("ip", "10.24.1.5"),
            ("statement", "SELECT 1"),
            ("action", "BATCH COMPLETED"),
            ("result", "true"),
        ],
    ),
    ("azure-pipelines-log.txt", LogKind::AzurePipelines, 7, &[("time", "2026-01-13"), ("message", "*")]),
    ("github-actions-job.txt", LogKind::GithubActions, 9, &[("time", "2026-01-13")]),
];

#[test]
fn samples_are_recognised_and_their_fields_are_read() {
    let Some(folder) = corpus("log-samples") else { return };
    let mut files = collect(std::slice::from_ref(&folder), None);
    assert_eq!(files.inputs.len() + files.entries.len(), crate::support::files(&folder, "").len());
    files.inputs.clear();
    let (mut recognised, mut fields, mut wanted) = (0, 0, 0);
    for (name, kind, count, expected) in SAMPLES {
        let path = folder.join(name);
        assert!(path.is_file(), "{name} is not in the corpus");
        let mut feed = Feed::new(collect(&[path], None).inputs);
        let mut events = 0;
        let mut read = 0;
        let batch = feed.next_batch(1000);
        for item in &batch.items {
            assert!(item.faults.is_empty(), "{name}: {:?}", item.faults);
            let mut each = |event: &azward::log::Event<'_>| {
                assert_eq!(event.kind, *kind, "{name}");
                events += 1;
                for (field, part) in *expected {
                    let text = event.get(Slot::named(field).unwrap()).text_or_empty().into_owned();
                    let found = if *part == "*" { !text.is_empty() } else { text.contains(part) };
                    if found {
                        read += 1;
                    } else {
                        println!("{name}: {field} is {text:?}, not {part:?}");
                    }
                }
            };
            let mut fault = |fault| panic!("{name}: {fault:?}");
            match &item.work {
                Work::Lines(piece) => for_each_event(piece, item.log.text, &mut each, &mut fault),
                Work::Records(records) => {
                    for (line, byte, bytes) in records {
                        for_each_in_record(bytes, *line, *byte, &mut each, &mut fault);
                    }
                }
            }
        }
        recognised += usize::from(events == *count);
        if events != *count {
            println!("{name}: {events} events, not {count}");
        }
        fields += read;
        wanted += count * expected.len();
    }
    score("logs-samples-recognised", 100.0 * recognised as f64 / SAMPLES.len() as f64);
    score("logs-fields-read", 100.0 * fields as f64 / wanted as f64);
}
