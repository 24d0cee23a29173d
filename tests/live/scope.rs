//! What is read, and what is left out on purpose.

use azward::{
    azure::{collect::Request, scope::Scope},
    model::State,
};

use crate::harness::{gaps, ids, run, server, try_run};

fn scoped(scope: Scope) -> Request {
    Request { scope, ..Request::default() }
}

#[tokio::test]
async fn everything_that_can_be_seen_is_read_once() {
    let fake = server().await;
    let loaded = run(&fake, &Request::default()).await;
    let tenant = fake.tenant.lock().unwrap();
    let visible = tenant.resources.keys().filter(|id| !id.contains("000000000003"));
    let read = ids(&loaded);
    let missing: Vec<&String> = visible.filter(|id| !read.contains(*id)).collect();
    assert!(missing.is_empty(), "{missing:#?}\n{}", gaps(&loaded));
    let groups = read.iter().filter(|id| id.ends_with("/resourcegroups/rg-shop")).count();
    assert_eq!(groups, 1);
    let all: usize =
        loaded.subscriptions.iter().map(|subscription| subscription.resources.iter().filter(|r| !r.name.is_unknown()).count()).sum();
    assert_eq!(all, read.len(), "something was read twice");
    assert_eq!(fake.violations.lock().unwrap().as_slice(), [""; 0]);
}

#[tokio::test]
async fn small_pages_give_the_same() {
    let fake = server().await;
    let whole = ids(&run(&fake, &Request::default()).await);
    // Few enough questions for Resource Graph's bucket, which would make this wait.
    fake.page.store(25, std::sync::atomic::Ordering::SeqCst);
    fake.list_page.store(1, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(ids(&run(&fake, &Request::default()).await), whole);
    assert_eq!(ids(&run(&fake, &Request { group: 1, ..Request::default() }).await), whole);
}

#[tokio::test]
async fn subscriptions_groups_and_tags_narrow_the_scope() {
    let fake = server().await;
    let loaded = run(&fake, &scoped(Scope { subscriptions: vec!["contoso-dev*".into()], ..Scope::default() })).await;
    assert_eq!(loaded.subscriptions.iter().map(|s| s.info.name.as_str()).collect::<Vec<_>>(), ["contoso-development"]);
    let loaded = run(&fake, &scoped(Scope { resource_groups: vec!["rg-dev".into()], ..Scope::default() })).await;
    assert!(ids(&loaded).iter().all(|id| id.contains("/rg-dev") || !id.contains("/resourcegroups/")), "{:#?}", ids(&loaded));
    let tagged = Scope { tags: vec![("environment".into(), Some("production".into()))], ..Scope::default() };
    let loaded = run(&fake, &scoped(tagged)).await;
    let read = ids(&loaded);
    assert!(read.iter().any(|id| id.ends_with("/stcontososhop/blobservices/default")), "a child goes with its parent: {read:#?}");
    assert!(!read.iter().any(|id| id.contains("stcontosodev")));
    assert!(loaded.ledger.entries.iter().any(|entry| matches!(&entry.state, State::Skipped(why) if why.contains("out of scope"))));
}

#[tokio::test]
async fn a_management_group_stands_for_its_subscriptions() {
    let fake = server().await;
    let scope = Scope { management_groups: vec!["contoso".into()], exclude: vec!["contoso-dev*".into()], ..Scope::default() };
    let loaded = run(&fake, &scoped(scope)).await;
    assert!(ids(&loaded).iter().any(|id| id.ends_with("/stcontososhop")));
    assert!(!ids(&loaded).iter().any(|id| id.contains("stcontosodev")));
    // Named through the group, the disabled one is read too.
    assert!(loaded.subscriptions.iter().any(|s| s.info.name == "contoso-retired"));
}

#[tokio::test]
async fn what_was_asked_for_and_cannot_be_seen_is_a_gap() {
    let fake = server().await;
    let scope = Scope { subscriptions: vec!["contoso-production".into(), "no-such".into()], ..Scope::default() };
    let (_, loaded) = try_run(&fake, &scoped(scope)).await.unwrap();
    assert!(gaps(&loaded).contains("no-such") && gaps(&loaded).contains("--tenant"));
}

#[tokio::test]
async fn one_collector_alone_asks_for_little() {
    let fake = server().await;
    let request = Request { collectors: vec!["redis".into()], ..Request::default() };
    let loaded = run(&fake, &request).await;
    assert!(ids(&loaded).iter().all(|id| id.contains("/microsoft.cache/")), "{:#?}", ids(&loaded));
    assert!(!ids(&loaded).is_empty());
    let unknown = Request { collectors: vec!["florist".into()], ..Request::default() };
    assert!(try_run(&fake, &unknown).await.unwrap_err().to_string().contains("florist"));
}

#[tokio::test]
async fn only_what_changed_is_read_where_that_is_asked() {
    let fake = server().await;
    let since = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(24)).unwrap();
    let loaded = run(&fake, &Request { changed_since: Some(since), ..Request::default() }).await;
    let read = ids(&loaded);
    assert!(read.iter().any(|id| id.ends_with("/stcontososhop/blobservices/default")));
    assert!(!read.iter().any(|id| id.contains("microsoft.web")));
    let old = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(24 * 20)).unwrap();
    let error = try_run(&fake, &Request { changed_since: Some(old), ..Request::default() }).await.unwrap_err();
    assert!(error.to_string().contains("14 days"));
}
