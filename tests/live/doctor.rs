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
    assert_eq!(refused.len(), 3, "{refused:#?}");
    assert!(refused.iter().all(|line| line.contains("403 AuthorizationFailed")));
    let untried: Vec<String> = lines.iter().filter(|line| line.outcome == Outcome::Untried).map(ToString::to_string).collect();
    assert!(untried.is_empty(), "the demo tenant has something of everything: {untried:#?}");
}
