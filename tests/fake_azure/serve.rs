//! The server: sign-in, paging, buckets, faults, and a list of every request.

use std::{
    collections::{BTreeSet, HashMap},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, Response, StatusCode},
};
use azward::azure::cloud::Cloud;
use serde_json::{Value, json};

use super::{
    Fault, Tenant, What, graph,
    manager::{self, Answer},
    openapi::OpenApi,
};

/// What the server does and remembers.
pub struct Fake {
    pub tenant: Mutex<Tenant>,
    pub faults: Mutex<Vec<Fault>>,
    /// Rows on a page of Resource Graph, and items on one of a list.
    pub page: AtomicUsize,
    pub list_page: AtomicUsize,
    /// Seconds for which a token is good.
    pub token_life: AtomicUsize,
    /// Whether the real sizes of buckets apply.
    pub buckets: Mutex<Option<HashMap<String, (f64, Instant)>>>,
    /// Every request: method, path and query.
    pub requests: Mutex<Vec<String>>,
    /// What a request had no right to be.
    pub violations: Mutex<Vec<String>>,
    /// What tokens were asked for: scope and the proof that was given.
    pub signed_in: Mutex<Vec<HashMap<String, String>>>,
    pub checked: AtomicUsize,
    /// Of those, how many are in our notes alone.
    pub noted: AtomicUsize,
    pub throttled: AtomicUsize,
    pub foreign: AtomicUsize,
    pub openapi: Option<OpenApi>,
    pub url: String,
    pub foreign_url: String,
    pub certificate: String,
}

impl Fake {
    /// Starts a server on loopback, and a second one that stands for a foreign host.
    pub async fn start(tenant: Tenant, openapi: Option<OpenApi>) -> Arc<Self> {
        // Its own names, and those of every cloud, for whoever comes through a proxy.
        let hosts =
            Cloud::NAMES.map(|name| Cloud::named(name).expect("a cloud")).into_iter().flat_map(|cloud| [cloud.authority, cloud.manager]);
        let hosts = hosts.filter_map(|url| url.host_str().map(str::to_owned));
        let names: Vec<String> = ["localhost".to_owned(), "127.0.0.1".to_owned()].into_iter().chain(hosts).collect();
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let listener = || {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            listener.set_nonblocking(true).expect("asynchronous");
            let port = listener.local_addr().expect("an address").port();
            (listener, format!("https://localhost:{port}"))
        };
        let ((own, url), (other, foreign_url)) = (listener(), listener());
        let fake = Arc::new(Self {
            tenant: Mutex::new(tenant),
            faults: Mutex::default(),
            page: AtomicUsize::new(1000),
            list_page: AtomicUsize::new(1000),
            token_life: AtomicUsize::new(3600),
            buckets: Mutex::default(),
            requests: Mutex::default(),
            violations: Mutex::default(),
            signed_in: Mutex::default(),
            checked: AtomicUsize::new(0),
            noted: AtomicUsize::new(0),
            throttled: AtomicUsize::new(0),
            foreign: AtomicUsize::new(0),
            openapi,
            url,
            foreign_url,
            certificate: certificate.clone(),
        });
        for (listener, is_foreign) in [(own, false), (other, true)] {
            let tls = axum_server::tls_rustls::RustlsConfig::from_pem(certificate.clone().into_bytes(), key.clone().into_bytes());
            let tls = tls.await.expect("TLS");
            let router = if is_foreign { Router::new().fallback(foreign) } else { Router::new().fallback(handle) };
            let service = router.with_state(Arc::clone(&fake)).into_make_service();
            tokio::spawn(axum_server::from_tcp_rustls(listener, tls).expect("a listener").serve(service));
        }
        fake
    }

    /// Takes the fault that strikes a request, if there is one.
    fn strike(&self, path: &str) -> Option<What> {
        let mut faults = self.faults.lock().unwrap();
        let path = path.to_lowercase();
        let fault = faults.iter_mut().find(|fault| fault.times > 0 && fault.fits(&path))?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        fault.times -= usize::from(fault.times != usize::MAX);
        Some(fault.what.clone())
    }

    fn violate(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }

    /// Takes one from a bucket; how many are left.
    fn take(&self, key: &str, burst: f64, refill: f64) -> Option<f64> {
        let mut buckets = self.buckets.lock().unwrap();
        let Some(buckets) = buckets.as_mut() else { return Some(burst - 1.0) };
        let now = Instant::now();
        let (level, at) = buckets.entry(key.to_owned()).or_insert((burst, now));
        *level = (*level + now.duration_since(*at).as_secs_f64() * refill).min(burst);
        *at = now;
        (*level >= 1.0).then(|| {
            *level -= 1.0;
            *level
        })
    }
}

async fn foreign(State(fake): State<Arc<Fake>>) -> StatusCode {
    fake.foreign.fetch_add(1, Ordering::SeqCst);
    StatusCode::OK
}

fn error(status: u16, code: &str, message: &str) -> Response<Body> {
    respond(status, &json!({ "error": { "code": code, "message": message } }))
}

fn respond(status: u16, body: &Value) -> Response<Body> {
    let response = Response::builder().status(status).header("content-type", "application/json; charset=utf-8");
    response.body(Body::from(body.to_string())).expect("a response")
}

async fn handle(State(fake): State<Arc<Fake>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let query: Vec<(String, String)> = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    if path.ends_with("/oauth2/v2.0/token") {
        return token(&fake, &path, &body);
    }
    if path == "/runner/token" {
        let good = header(&parts.headers, "authorization").eq_ignore_ascii_case("bearer runner-word");
        return if good { respond(200, &json!({ "value": "assertion-of-the-runner" })) } else { error(401, "Unauthorized", "") };
    }
    if path == "/msi/token" {
        return managed_identity(&fake, &parts.headers, query);
    }
    fake.requests.lock().unwrap().push(format!("{} {path}?{}", parts.method, parts.uri.query().unwrap_or_default()));
    // Links lead to the host that was asked.
    let own = parts.uri.authority().map_or_else(|| header(&parts.headers, "host").to_owned(), ToString::to_string);
    let own = format!("https://{own}");
    if !header(&parts.headers, "authorization").starts_with("Bearer fake-token-") {
        return error(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    }
    let graph = path.eq_ignore_ascii_case("/providers/Microsoft.ResourceGraph/resources");
    let question: Option<Value> = graph.then(|| serde_json::from_slice(&body).unwrap_or(Value::Null));
    check(&fake, &parts.method, &path, &query, question.as_ref());
    let struck = fake.strike(&if graph {
        format!("graph {}", question.as_ref().map_or("", |q| q["query"].as_str().unwrap_or_default()))
    } else {
        path.clone()
    });
    if let Some(What::Slow(millis)) = &struck {
        tokio::time::sleep(Duration::from_millis(*millis)).await;
    }
    if let Some(response) = struck.as_ref().and_then(|what| refused(&fake, what)) {
        return response;
    }
    let bucket = if graph {
        fake.take("graph", 15.0, 3.0)
    } else {
        fake.take(azward::azure::ident::subscription(&path).unwrap_or_default(), 250.0, 25.0)
    };
    // Storage has a bucket of its own beside the subscription's.
    let storage = !path.to_lowercase().contains("/providers/microsoft.storage/")
        || fake.take(&format!("storage {path:.60}"), 800.0, 800.0 / 300.0).is_some();
    let Some(left) = bucket.filter(|_| storage) else {
        fake.throttled.fetch_add(1, Ordering::SeqCst);
        let mut response = error(429, "SubscriptionRequestsThrottled", "Number of requests exceeded the limit.");
        response.headers_mut().insert("retry-after", "2".parse().expect("a value"));
        return response;
    };
    let answer = match &question {
        Some(question) => answer_graph(&fake, question, struck.as_ref()),
        None => answer_get(&fake, &own, &path, &query, struck.as_ref()),
    };
    let mut response = match answer {
        Ok(value) => spoil(&value, struck.as_ref(), header(&parts.headers, "accept-encoding").contains("gzip")),
        Err(response) => *response,
    };
    let name = if graph { "x-ms-user-quota-remaining" } else { "x-ms-ratelimit-remaining-subscription-reads" };
    response.headers_mut().insert(name, format!("{}", left as i64).parse().expect("a value"));
    response
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn token(fake: &Fake, path: &str, body: &Bytes) -> Response<Body> {
    let form: HashMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
    let tenant = path.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
    let life = fake.token_life.load(Ordering::SeqCst);
    let wrong = form.get("client_secret").is_some_and(|secret| secret == "wrong");
    let known = fake.tenant.lock().unwrap().id == tenant;
    let count = {
        let mut signed_in = fake.signed_in.lock().unwrap();
        signed_in.push(form);
        signed_in.len()
    };
    if wrong || !known {
        let code = if wrong { "AADSTS7000215: Invalid client secret provided." } else { "AADSTS90002: Tenant not found." };
        let said = json!({ "error": "invalid_client", "error_description": code, "error_codes": [7000215], "timestamp": "2026-01-01 00:00:00Z",
            "trace_id": "0", "correlation_id": "0", "error_uri": "https://login.microsoftonline.com/error" });
        return respond(401, &said);
    }
    respond(
        200,
        &json!({ "token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": format!("fake-token-{count}") }),
    )
}

/// The endpoint that App Service gives to what runs in it.
/// <https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference>
fn managed_identity(fake: &Fake, headers: &HeaderMap, query: Vec<(String, String)>) -> Response<Body> {
    if header(headers, "x-identity-header") != "word-of-the-platform" {
        return error(401, "Unauthorized", "");
    }
    fake.signed_in.lock().unwrap().push(query.into_iter().collect());
    let answer = json!({ "access_token": "fake-token-of-the-platform", "expires_on": "2082758400", "resource": "https://management.azure.com",
        "token_type": "Bearer", "client_id": "00000000-0000-4000-8000-000000000000" });
    respond(200, &answer)
}

fn check(fake: &Fake, method: &Method, path: &str, query: &[(String, String)], body: Option<&Value>) {
    let allowed = method == Method::GET || (method == Method::POST && body.is_some());
    if !allowed {
        fake.violate(format!("{method} {path} is no read"));
    }
    if let Some(openapi) = &fake.openapi {
        fake.checked.fetch_add(1, Ordering::SeqCst);
        match openapi.check(method.as_str(), path, query, body) {
            Ok(noted) => {
                fake.noted.fetch_add(usize::from(noted), Ordering::SeqCst);
            }
            Err(why) => fake.violate(why),
        }
    }
}

/// Faults that take the place of an answer.
fn refused(fake: &Fake, what: &What) -> Option<Response<Body>> {
    Some(match what {
        What::Throttled(after) => {
            fake.throttled.fetch_add(1, Ordering::SeqCst);
            let mut response = error(429, "TooManyRequests", "The request is being throttled.");
            if let Some(seconds) = after {
                response.headers_mut().insert("retry-after", seconds.to_string().parse().expect("a value"));
            }
            response
        }
        What::Forbidden => error(403, "AuthorizationFailed", "The client does not have authorization to perform action over scope."),
        What::Unauthorized => {
            error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time.")
        }
        What::OtherClock => {
            let mut response = error(401, "InvalidAuthenticationToken", "The access token is not yet valid.");
            response.headers_mut().insert("date", "Wed, 21 Oct 2015 07:28:00 GMT".parse().expect("a value"));
            response
        }
        What::Status(status, code) => error(*status, code, "A fault."),
        What::Html => {
            Response::builder().status(200).header("content-type", "text/html").body(Body::from("<html>proxy</html>")).expect("a response")
        }
        _ => return None,
    })
}

type Answered = Result<Value, Box<Response<Body>>>;

fn answer_get(fake: &Fake, own: &str, path: &str, query: &[(String, String)], struck: Option<&What>) -> Answered {
    if !query.iter().any(|(key, _)| key == "api-version") {
        return Err(Box::new(error(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )));
    }
    let items = match manager::answer(&fake.tenant.lock().unwrap(), path) {
        Answer::One(body) => return Ok(body),
        Answer::List(items) => items,
        Answer::Denied => {
            return Err(Box::new(error(
                403,
                "AuthorizationFailed",
                "The client does not have authorization to perform action over scope.",
            )));
        }
        Answer::Missing => return Err(Box::new(error(404, "ResourceNotFound", "The Resource was not found."))),
    };
    let size = fake.list_page.load(Ordering::SeqCst);
    let from = query.iter().find(|(key, _)| key == "$skiptoken").and_then(|(_, value)| value.parse::<usize>().ok()).unwrap_or(0);
    let page: Vec<&Value> = items.iter().skip(from).take(size).collect();
    let version = query.iter().find(|(key, _)| key == "api-version").map_or("", |(_, value)| value);
    let link = |base: &str, from: usize| format!("{base}{path}?api-version={version}&$skiptoken={from}");
    let next = match struck {
        Some(What::ForeignLink) => json!(link(&fake.foreign_url, 1)),
        Some(What::LinkTo(host)) => json!(link(&format!("https://{host}"), 1)),
        Some(What::LoopLink) => json!(link(own, from)),
        Some(What::DuplicatePage) if from == 0 => json!(format!("{}&again", link(own, 0)).replace("&again", "0")),
        _ if from + size < items.len() => json!(link(own, from + size)),
        _ => Value::Null,
    };
    Ok(json!({ "value": page, "nextLink": next }))
}

fn answer_graph(fake: &Fake, question: &Value, struck: Option<&What>) -> Answered {
    let query = question["query"].as_str().unwrap_or_default();
    let Some(asked) = graph::recognise(query) else {
        fake.violate(format!("an unknown query: {query}"));
        return Err(Box::new(error(400, "BadRequest", "ParserFailure")));
    };
    let subscriptions: BTreeSet<String> =
        question["subscriptions"].as_array().into_iter().flatten().filter_map(|id| Some(id.as_str()?.to_lowercase())).collect();
    let top = question.pointer("/options/$top").and_then(Value::as_u64).and_then(|top| usize::try_from(top).ok()).unwrap_or(100);
    let size = top.min(fake.page.load(Ordering::SeqCst));
    let token = question.pointer("/options/$skipToken").and_then(Value::as_str);
    let from = token.and_then(|token| token.strip_prefix("from-")?.trim_end_matches('!').parse().ok()).unwrap_or(0usize);
    let (page, total) = graph::rows(&fake.tenant.lock().unwrap(), &asked, &subscriptions, from, size);
    let mut answer = json!({ "totalRecords": total, "count": page.len(), "resultTruncated": "false", "facets": [], "data": page });
    match struck {
        Some(What::LoopLink) => answer["$skipToken"] = json!("from-0"),
        Some(What::DuplicatePage) if from == 0 => answer["$skipToken"] = json!("from-0!"),
        Some(What::ForeignLink) => answer["resultTruncated"] = json!("true"),
        _ if from + size < total => answer["$skipToken"] = json!(format!("from-{}", from + size)),
        _ => {}
    }
    Ok(answer)
}

/// Sends a body as it is, or as a fault has it.
fn spoil(value: &Value, struck: Option<&What>, gzip: bool) -> Response<Body> {
    let mut value = value.clone();
    match struck {
        Some(What::Nulls) => items(&mut value, |_| Value::Null),
        Some(What::OtherTypes) => items(&mut value, |value| if value.is_string() { json!([1]) } else { json!("other") }),
        Some(What::Large(bytes)) => value["padding"] = json!("x".repeat(*bytes)),
        _ => {}
    }
    let mut text = value.to_string().into_bytes();
    let response = Response::builder().status(200).header("content-type", "application/json");
    match struck {
        Some(What::HalfJson) => text.truncate(text.len() / 2),
        Some(What::Truncated) => {
            // A stream that fails in the middle: the connection is closed before the body's end.
            let half = Bytes::from(text.split_off(text.len() / 2));
            let chunks = [Ok(half), Err(std::io::Error::other("cut"))];
            return response.body(Body::from_stream(futures::stream::iter(chunks))).expect("a response");
        }
        _ => {}
    }
    if gzip {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&text).expect("memory");
        return response.header("content-encoding", "gzip").body(Body::from(encoder.finish().expect("memory"))).expect("a response");
    }
    response.body(Body::from(text)).expect("a response")
}

/// Changes every field of every item but its id.
fn items(answer: &mut Value, change: impl Fn(&Value) -> Value) {
    let key = if answer.get("data").is_some() { "data" } else { "value" };
    let single = answer.get(key).is_none();
    let list = if single { std::slice::from_mut(answer) } else { answer[key].as_array_mut().map_or(&mut [][..], Vec::as_mut_slice) };
    for item in list {
        for (name, value) in item.as_object_mut().into_iter().flatten() {
            if name != "id" {
                *value = change(value);
            }
        }
    }
}
