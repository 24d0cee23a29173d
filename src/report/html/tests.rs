use super::super::sample;
use super::*;

#[test]
fn the_policy_allows_exactly_what_the_page_carries() {
    let page = page(&sample::report("name"));
    let inner = |tag: &str| {
        let (_, rest) = page.split_once(&format!("<{tag}>")).unwrap();
        rest.split_once(&format!("</{tag}>")).unwrap().0.to_owned()
    };
    for tag in ["style", "script"] {
        let mut own = Own::new("");
        // The hash of what stands there, computed from the page.
        own.append(&inner(tag));
        let policy = own.policy().replace('\'', "&#39;");
        assert!(page.contains(&format!("{tag}-src {policy}")), "{tag}");
    }
    assert!(!page.contains(" style=") && !page.contains(" onclick="), "inline styles and handlers are refused by the policy");
    assert_eq!(page.matches("http-equiv").count(), 1);
}

#[test]
fn what_was_not_seen_comes_first_and_every_anchor_exists() {
    let text = page(&sample::report("name"));
    let order = ["id=\"unseen\"", "id=\"specifications\"", "id=\"findings\"", "id=\"ledger\""].map(|id| text.find(id).unwrap());
    assert!(order.is_sorted(), "{order:?}");
    let body = text.replacen("<!DOCTYPE html>", "", 1);
    let document = roxmltree::Document::parse(&body).unwrap();
    let ids: BTreeSet<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    for target in document.descendants().filter_map(|node| node.attribute("href")?.strip_prefix('#')) {
        assert!(ids.contains(target), "#{target}");
    }
    for label in document.descendants().filter_map(|node| node.attribute("aria-labelledby").or_else(|| node.attribute("for"))) {
        assert!(ids.contains(label), "{label}");
    }
    assert_eq!(text, page(&sample::report("name")), "the same report gives the same page");
}

#[test]
fn many_gaps_are_one_click_away_and_the_unreadable_ones_are_not() {
    use crate::model::{Entry, State};
    let mut report = sample::report("name");
    let part = report.ledger.entries[1].clone();
    report.ledger.entries = vec![Entry { state: State::Partly(vec!["why".into(); 5]), ..part.clone() }; 40];
    report.ledger.entries.push(Entry { subject: "broken.json".into(), state: State::Unreadable("torn".into()), ..part });
    let page = page(&report);
    let more = page.find("And 31 more gaps").unwrap();
    assert!(page.find("broken.json").unwrap() < more);
    assert!(page.contains("and 2 more</summary>"));
}

#[test]
fn ten_thousand_findings_fit_on_a_page() {
    let mut report = sample::report("name");
    let one = report.findings[0].clone();
    report.findings = (0..10_000).map(|number| crate::model::Finding { rule: format!("rule-{}", number % 40), ..one.clone() }).collect();
    let page = page(&report);
    assert_eq!(page.matches("<li class=\"row f ").count(), 10_000);
    assert!(page.len() < 20_000_000, "{}", page.len());
}

proptest::proptest! {
    #[test]
    fn hostile_names_never_become_markup(name in sample::hostile()) {
        let (hostile, calm) = (page(&sample::report(&name)), page(&sample::report("name")));
        // An address that is one becomes a link in the list of sources, and nothing else does.
        let without_links = |text: &str| sample::skeleton(text).into_iter().filter(|element| !element.starts_with("a ")).collect::<Vec<_>>();
        proptest::prop_assert_eq!(without_links(&hostile), without_links(&calm));
    }
}
