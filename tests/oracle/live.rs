//! Microsoft's own response examples and OpenAPI documents: every example is read without loss, every request is in the
//! specification.
#![cfg(feature = "azure")]

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use azward::azure::{
    auth::{Settings, sign_in},
    client::{Client, Options},
    cloud::Cloud,
    collect::{Normal, Request, normalise, save},
    ident,
    snapshot::{FORMAT, Item, Limits, Meta, Reader, Record, Source, VERSION, redact, resource},
};
use serde_json::Value;

use super::support::{corpus, files, score};

#[path = "../fake_azure/mod.rs"]
mod fake_azure;

use fake_azure::{Fake, Tenant, openapi::OpenApi};

/// The items of an example's answer.
fn items(body: &Value) -> Vec<Value> {
    let list = body.get("value").or_else(|| body.get("data")).unwrap_or(body);
    list.as_array().cloned().unwrap_or_else(|| vec![list.clone()])
}

fn answers(folder: &Path) -> Vec<(String, Value)> {
    let mut answers = Vec::new();
    for file in files(folder, ".json").into_iter().filter(|file| file.parent() != Some(folder)) {
        let text = fs::read_to_string(&file).unwrap();
        let example: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let name = file.strip_prefix(folder).unwrap().display().to_string();
        if let Some(body) = example.pointer("/responses/200/body").filter(|body| body.is_object() || body.is_array()) {
            answers.push((name, body.clone()));
        }
    }
    answers
}

/// Whether `kept` says what `sent` says, but for what the envelope says otherwise, for nulls at the top, and for secrets.
fn is_whole(sent: &Value, kept: &azward::model::Value) -> Result<(), String> {
    let mut sent = sent.clone();
    redact(&mut sent);
    let kept = kept.to_json();
    for (key, value) in sent.as_object().into_iter().flatten() {
        let envelope = ["id", "name", "type", "subscriptionId", "resourceGroup", "tenantId", "apiVersion"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(key));
        if envelope || value.is_null() || value.as_str() == Some("") {
            continue;
        }
        let mut value = value.clone();
        mask(&mut value);
        let held = kept.as_object().and_then(|kept| kept.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))).map(|(_, value)| value);
        if !held.is_some_and(|held| same(held, &value)) {
            return Err(format!("{key}: {value} became {held:?}"));
        }
    }
    Ok(())
}

/// JSON numbers keep their digits; values keep their meaning.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            b.iter().all(|(key, b)| a.iter().any(|(name, a)| name.eq_ignore_ascii_case(key) && same(a, b)))
        }
        _ => a == b,
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) if azward::azure::snapshot::is_marked(fields) => *value = Value::from("(secret)"),
        Value::Object(fields) => fields.values_mut().for_each(mask),
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

#[test]
fn every_example_is_read_without_loss() {
    let Some(folder) = corpus("arm-examples") else { return };
    let folder = if folder.join("arm-examples").is_dir() { folder.join("arm-examples") } else { folder };
    let (mut whole, mut total, mut lost) = (0, 0, Vec::new());
    for (name, body) in answers(&folder) {
        total += 1;
        let mut good = true;
        for (at, sent) in items(&body).into_iter().enumerate() {
            let normal =
                normalise(sent.clone(), "Example/things", &format!("/subscriptions/s/providers/Example/things/{at}"), "test", Some("v"));
            match normal {
                Normal::Whole(mut item, None) => {
                    redact(&mut item.body);
                    if let Err(why) = is_whole(&sent, &resource(&item).body) {
                        good = false;
                        lost.push(format!("{name}: {why}"));
                    }
                }
                // An answer that is no resource (a summary, a row of a query that counts) has neither id nor name.
                Normal::Broken(why) if why.contains("neither") || why.contains("no object") => {}
                Normal::Whole(_, Some(why)) | Normal::Broken(why) => {
                    good = false;
                    lost.push(format!("{name}: {why}"));
                }
            }
        }
        whole += usize::from(good);
    }
    for line in lost.iter().take(20) {
        println!("lost: {}", line.chars().take(300).collect::<String>());
    }
    assert!(total > 480, "{total} examples");
    score("live-examples", 100.0 * whole as f64 / total as f64);
}

/// Any field of any example null, missing or of another type: no panic, and an answer of the right kind.
#[test]
fn any_field_of_any_example_may_be_broken() {
    let Some(folder) = corpus("arm-examples") else { return };
    let folder = if folder.join("arm-examples").is_dir() { folder.join("arm-examples") } else { folder };
    let mut tried = 0u64;
    for (_, body) in answers(&folder) {
        for sent in items(&body).into_iter().take(2) {
            let mut pointers = Vec::new();
            collect_pointers(&sent, String::new(), &mut pointers);
            for pointer in pointers {
                for odd in [Value::Null, Value::from(7), Value::from("é"), serde_json::json!([]), serde_json::json!({ "x": 1 })] {
                    let mut broken = sent.clone();
                    *broken.pointer_mut(&pointer).unwrap() = odd;
                    tried += 1;
                    if let Normal::Whole(item, _) =
                        normalise(broken, "Example/things", "/subscriptions/s/providers/Example/things/x", "test", None)
                    {
                        let read = resource(&item);
                        assert!(read.kind.contains('/') && !read.address.is_empty());
                    }
                }
            }
        }
    }
    println!("{tried} broken answers");
    assert!(tried > 50_000);
}

fn collect_pointers(value: &Value, at: String, all: &mut Vec<String>) {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| collect_pointers(value, format!("{at}/{}", escape(key)), all)),
        Value::Array(items) => items.iter().take(2).enumerate().for_each(|(n, value)| collect_pointers(value, format!("{at}/{n}"), all)),
        _ => {}
    }
    if !at.is_empty() {
        all.push(at);
    }
}

/// Reads the demo tenant, its bodies replaced by Microsoft's examples of their types, every request looked up.
#[tokio::test]
async fn every_request_is_in_the_specification_and_every_example_arrives() {
    let (Some(openapi), Some(examples)) = (corpus("arm-openapi"), corpus("arm-examples")) else { return };
    let examples = if examples.join("arm-examples").is_dir() { examples.join("arm-examples") } else { examples };
    let fixture = |name: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/azure").join(name)).unwrap();
    let mut tenant = Tenant::new(&fixture("demo.yaml"), &fixture("bodies.yaml"));
    lay_examples(&mut tenant, &answers(&examples));
    let expected = tenant.resources.clone();
    let fake = Fake::start(tenant, Some(OpenApi::read(&openapi))).await;

    let cloud = Cloud::named("public").unwrap().with_endpoints(Some(&fake.url), Some(&fake.url)).unwrap();
    let variable = |name: &str| match name {
        "AZURE_TENANT_ID" => Some("11111111-1111-4111-8111-111111111111".to_owned()),
        "AZURE_CLIENT_ID" | "AZURE_CLIENT_SECRET" => Some("invented".to_owned()),
        _ => None,
    };
    let settings = Settings { variable: Arc::new(variable), ..Settings::new(cloud.clone()) };
    let http = Client::http(Some(fake.certificate.as_bytes()), &Options::default()).unwrap();
    let tokens = Arc::new(sign_in(&settings, &http).await.unwrap().tokens);
    let mut read: BTreeMap<String, Item> = BTreeMap::new();
    // With Resource Graph, without it, changes alone, and by management group: every request that there is.
    for round in 0..4 {
        let mut request = Request::default();
        match round {
            1 => fake.faults.lock().unwrap().push(fake_azure::Fault::always("graph", fake_azure::What::Forbidden)),
            2 => {
                fake.faults.lock().unwrap().clear();
                request.changed_since = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(24)).ok();
            }
            3 => request.scope.management_groups = vec!["contoso".into()],
            _ => {}
        }
        let client = Arc::new(Client::new(http.clone(), cloud.clone(), Arc::clone(&tokens), Options::default()));
        if round == 3 {
            azward::azure::doctor::examine(&client, &request.scope).await.unwrap();
        }
        let (_go_on, stop) = tokio::sync::watch::channel(false);
        let meta = Meta { format: FORMAT.into(), version: VERSION, ..Meta::default() };
        let (_, bytes) = save(&[client], &meta, &request, Vec::new(), stop).await.unwrap();
        for record in Reader::new(bytes.as_slice(), Limits::default()).unwrap() {
            if let Record::Resource(item) = record.unwrap() {
                read.entry(item.id.to_lowercase()).or_insert(item);
            }
        }
    }
    let violations = fake.violations.lock().unwrap().clone();
    for violation in violations.iter().take(30) {
        println!("not in the specification: {violation}");
    }
    let checked = fake.checked.load(std::sync::atomic::Ordering::SeqCst);
    let noted = fake.noted.load(std::sync::atomic::Ordering::SeqCst);
    println!("{checked} requests looked up, {noted} of them in tests/fake_azure/operations.tsv, whose documents are not in the corpus");
    assert!(checked > 300);
    score("live-requests", 100.0 * (checked - violations.len()) as f64 / checked as f64);
    let (mut whole, mut total, mut lesser) = (0, 0, BTreeMap::<&str, u32>::new());
    for (id, sent) in expected.iter().filter(|(id, _)| !id.contains("000000000003")) {
        total += 1;
        let mut sent = sent.clone();
        // Resource Graph's columns are fewer than the fields of a GET: what it does not hold cannot come from there.
        if let (Some(Source::Graph), Some(fields)) = (read.get(id).map(|item| item.source), sent.as_object_mut()) {
            let of_config = fields.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("/config"));
            for field in ["etag", "systemData", "resources", "kind"] {
                if (field != "kind" || of_config) && fields.remove(field).is_some_and(|value| !value.is_null()) {
                    *lesser.entry(field).or_default() += 1;
                }
            }
        }
        match read.get(id).map(|item| is_whole(&sent, &resource(item).body)) {
            Some(Ok(())) => whole += 1,
            Some(Err(why)) => println!("lost: {id}: {}", why.chars().take(200).collect::<String>()),
            None => println!("lost: {id}"),
        }
    }
    println!("fields that Resource Graph does not hold and no rule asks for, in so many bodies: {lesser:?}");
    score("live-bodies", 100.0 * f64::from(whole) / f64::from(total));
}

/// Puts Microsoft's own body of the type in the place of ours, where there is one.
fn lay_examples(tenant: &mut Tenant, answers: &[(String, Value)]) {
    let mut by_kind: BTreeMap<String, Value> = BTreeMap::new();
    for item in answers.iter().flat_map(|(_, body)| items(body)) {
        let kind = item.get("id").and_then(Value::as_str).and_then(ident::kind).unwrap_or_default().to_lowercase();
        let size = item.to_string().len();
        if by_kind.get(&kind).is_none_or(|held| held.to_string().len() < size) {
            by_kind.insert(kind, item);
        }
    }
    let mut laid = 0;
    for body in tenant.resources.values_mut() {
        let kind = body["type"].as_str().unwrap_or_default().to_lowercase();
        let Some(example) = by_kind.get(&kind) else { continue };
        for (key, value) in example.as_object().into_iter().flatten() {
            if !matches!(key.as_str(), "id" | "name" | "type") {
                body[key] = value.clone();
            }
        }
        laid += 1;
    }
    println!("{laid} of {} bodies are Microsoft's own", tenant.resources.len());
    assert!(laid > 60);
}
