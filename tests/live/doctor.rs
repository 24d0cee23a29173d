use azward::azure::{
    doctor::{Outcome, examine},
    scope::Scope,
};

use crate::{
    fake_azure::{Fault, What},
    harness::{client, server},
};

#[tokio::test]
async fn every_call_gets_a_line() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/firewallrules", What::Forbidden));
    let lines = examine(&*client(&fake).await, &Scope::default()).await.unwrap();
    let calls: usize = azward::azure::collector::ALL.iter().map(|collector| collector.children.len() + collector.subscription.len()).sum();
    assert!(lines.len() > calls, "{} lines for {calls} calls", lines.len());
    let refused: Vec<String> = lines.iter().filter(|line| matches!(line.outcome, Outcome::Failed(_))).map(ToString::to_string).collect();
    let all = azward::azure::collector::ALL.iter().flat_map(|collector| collector.children);
    assert_eq!(refused.len(), all.filter(|child| child.path == "/firewallRules").count(), "{refused:#?}");
    assert!(refused.iter().all(|line| line.contains("403 AuthorizationFailed")));
    let untried: Vec<String> = lines.iter().filter(|line| line.outcome == Outcome::Untried).map(ToString::to_string).collect();
    assert!(untried.is_empty(), "the demo tenant has something of everything: {untried:#?}");
}

#[tokio::test]
async fn the_command_prints_one_line_a_call_with_version_rows_and_unknown_fields() {
    let fake = server().await;
    let home = crate::command::Home::new(&fake);
    {
        let mut tenant = fake.tenant.lock().unwrap();
        let body = tenant.resources.values_mut().find(|body| body["name"] == "redis-contoso-prod").unwrap();
        body["fieldOfTheFuture"] = serde_json::json!(1);
    }
    let ran = home.ask(&["doctor", "--live"], crate::command::SECRET).await;
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let line = |word: &str| ran.out.lines().find(|line| line.contains(word)).unwrap_or_else(|| panic!("{word}: {}", ran.out)).to_owned();
    let redis = line("redis              Microsoft.Cache/redis ");
    assert!(
        redis.contains("2024-03-01") && redis.contains("200 ok, rows ") && redis.contains("unknown fields fieldOfTheFuture"),
        "{redis}"
    );
    assert!(line("/blobServices/default)").contains("200 ok, rows 1"), "{}", ran.out);
    fake.faults.lock().unwrap().push(Fault::always("/firewallrules", What::Forbidden));
    let ran = home.ask(&["doctor", "--live"], crate::command::SECRET).await;
    assert_eq!(ran.code, Some(4), "{}", ran.out);
    assert!(ran.out.lines().any(|line| line.contains("FAILED 403 AuthorizationFailed")), "{}", ran.out);
}
