use super::outcome::Outcome;
use super::scene::Scene;
use super::scope::value_of;
use super::select::select;
use crate::model::{Certainty, Demand, Evidence, Resource, Value, Why};
use crate::policy::condition::{FieldRef, Quantifier, Related, Relation};
use crate::policy::truth::Truth;
use crate::policy::world::{Match, SameId, parent_id};

/// A resource that may stand in the relation.
struct Candidate<'a> {
    resource: &'a Resource,
    /// Whether it does.
    related: Truth,
}

pub(super) fn evaluate(related: &Related, scene: &Scene<'_>) -> Outcome {
    let (candidates, blind) = find(related, scene);
    let mut outcomes = Vec::new();
    for candidate in candidates {
        let inner = Scene { frame: scene.frame, resource: candidate.resource, primary: Some(scene.primary.unwrap_or(scene)), item: None };
        let judged = related.condition.as_ref().map_or_else(|| Outcome::new(Truth::True), |condition| condition.evaluate(&inner));
        let relation = match &candidate.resource.certainty {
            Certainty::Certain => candidate.related,
            Certainty::Maybe(why) => candidate.related.and(Truth::Unknown(why.clone())),
        };
        outcomes.push((candidate.resource, relation, judged));
    }
    let found = outcomes.iter().filter(|(_, relation, _)| relation.is_true()).count();
    let elsewhere = || blind.clone().map(Truth::Unknown);
    let summary = |truth: Truth, mut evidence: Vec<Evidence>| {
        evidence.insert(0, found_evidence(related, found));
        evidence.truncate(Outcome::MOST);
        Outcome { truth, evidence }
    };
    match related.quantifier {
        Quantifier::Some | Quantifier::None => {
            let mut truth = Truth::False;
            let mut evidence = Vec::new();
            for (_, relation, judged) in outcomes {
                if !relation.is_false() {
                    evidence.extend(judged.evidence);
                }
                truth = truth.or(relation.and(judged.truth));
            }
            if truth.is_false() {
                truth = elsewhere().unwrap_or(truth);
            }
            summary(truth.negate_if(related.quantifier == Quantifier::None), evidence)
        }
        Quantifier::Every => {
            let judged = outcomes
                .into_iter()
                .filter(|(_, relation, _)| !relation.is_false())
                .map(|(_, relation, judged)| Outcome { truth: relation.negate().or(judged.truth), evidence: judged.evidence });
            let all = Outcome::all(judged);
            let truth = if all.truth.is_true() { elsewhere().unwrap_or(Truth::True) } else { all.truth };
            summary(truth, all.evidence)
        }
    }
}

fn found_evidence(related: &Related, found: usize) -> Evidence {
    let expected = match related.quantifier {
        Quantifier::Some => format!("a {}", related.what),
        Quantifier::Every => format!("only {} of which that holds", related.what),
        Quantifier::None => format!("no {}", related.what),
    };
    Evidence {
        leaf: related.at.to_string(),
        path: String::new(),
        actual: Value::from(i64::try_from(found).unwrap_or(i64::MAX)),
        expected: Value::str(expected),
        demand: Demand::Company,
        defaulted: false,
        items: Vec::new(),
    }
}

/// The resources that are, or may be, related; and why there may be more of them where nobody looks.
fn find<'a>(related: &Related, scene: &Scene<'a>) -> (Vec<Candidate<'a>>, Option<Why>) {
    let world = scene.frame.world;
    let blind = world.blind_spot().map(|spot| Why::Elsewhere(format!("a {} (in {spot})", related.what).into()));
    let of_kinds = || related.kinds.iter().flat_map(|kind| world.of_kind(kind));
    let not_self = |resource: &&Resource| !std::ptr::eq(*resource, scene.resource);
    match &related.relation {
        Relation::Anywhere => {
            let found = of_kinds().filter(not_self).map(|resource| Candidate { resource, related: Truth::True });
            (found.collect(), blind)
        }
        Relation::Reference(field) => {
            let own = SameId::new(&scene.resource.id);
            let found = of_kinds().filter(not_self).map(|resource| {
                let there = Scene { frame: scene.frame, resource, primary: Some(scene), item: None };
                Candidate { resource, related: refers(field, &there, &own, scene) }
            });
            (found.filter(|candidate| !candidate.related.is_false()).collect(), blind)
        }
        Relation::Child => (children(of_kinds().collect(), scene), blind),
        Relation::Parent => match parent_id(&scene.resource.id) {
            Some(id) => by_id(related, &[id], scene),
            None => (Vec::new(), blind.or_else(|| unknown_id(&scene.resource.id))),
        },
        Relation::Via(field) => {
            let selection = select(field, scene);
            if let Some((_, value)) = &selection.blind {
                return (Vec::new(), value.as_unknown().map(|unknown| unknown.why.clone()));
            }
            let ids: Vec<Value> = selection.spots.into_iter().filter_map(|spot| spot.value).filter(|id| !id.is_null()).collect();
            by_id(related, &ids, scene)
        }
        Relation::Details { name } => details(related, name.as_ref().map(|name| value_of(name, scene)).as_ref(), scene, blind),
    }
}

fn unknown_id(id: &Value) -> Option<Why> {
    id.as_unknown().map(|unknown| unknown.why.clone())
}

/// Whether the resource of `there` refers to the one of `here` by a value of `field`.
fn refers(field: &FieldRef, there: &Scene<'_>, own: &SameId, here: &Scene<'_>) -> Truth {
    let selection = select(field, there);
    let open = selection.blind.and_then(|(_, value)| value.as_unknown().map(|unknown| Truth::Unknown(unknown.why.clone())));
    let values = selection.spots.into_iter().filter_map(|spot| spot.value);
    Truth::any(values.map(|value| settle(own.compare(&SameId::new(&value)), here)).chain(open))
}

/// Two ids that look alike are the same, unless another resource of the unit looks so too.
fn settle(found: Match, here: &Scene<'_>) -> Truth {
    match found {
        Match::Yes => Truth::True,
        Match::No => Truth::False,
        Match::Maybe(why) => Truth::Unknown(why),
        Match::Alike(why) => {
            let own = SameId::new(&here.resource.id);
            let twins = here
                .frame
                .world
                .unit()
                .of_kind(&here.resource.kind)
                .filter(|resource| !std::ptr::eq(*resource, here.resource) && own.compare(&SameId::new(&resource.id)) != Match::No);
            if twins.count() == 0 { Truth::True } else { Truth::Unknown(why) }
        }
    }
}

fn children<'a>(resources: Vec<&'a Resource>, scene: &Scene<'a>) -> Vec<Candidate<'a>> {
    let own = SameId::new(&scene.resource.id);
    let found = resources.into_iter().map(|resource| {
        let related = match parent_id(&resource.id) {
            Some(parent) => settle(own.compare(&SameId::new(&parent)), scene),
            None => unknown_id(&resource.id).map_or(Truth::False, Truth::Unknown),
        };
        Candidate { resource, related }
    });
    found.filter(|candidate| !candidate.related.is_false()).collect()
}

/// Children, and their children: `Microsoft.Sql/servers/databases/…` below a server.
fn descendants<'a>(resources: Vec<&'a Resource>, scene: &Scene<'a>) -> Vec<Candidate<'a>> {
    const GENERATIONS: usize = 4;
    let own = SameId::new(&scene.resource.id);
    let found = resources.into_iter().map(|resource| {
        let ancestors = std::iter::successors(parent_id(&resource.id), parent_id).take(GENERATIONS);
        let related = Truth::any(ancestors.map(|ancestor| settle(own.compare(&SameId::new(&ancestor)), scene)));
        let lost = unknown_id(&resource.id).filter(|_| parent_id(&resource.id).is_none());
        Candidate { resource, related: lost.map_or(related, Truth::Unknown) }
    });
    found.filter(|candidate| !candidate.related.is_false()).collect()
}

/// The resources with one of these ids. One that is named and not here is elsewhere.
fn by_id<'a>(related: &Related, ids: &[Value], scene: &Scene<'a>) -> (Vec<Candidate<'a>>, Option<Why>) {
    let world = scene.frame.world;
    let mut found: Vec<Candidate<'a>> = Vec::new();
    let mut missing = None;
    for id in ids {
        let before = found.len();
        let of_kind = |resource: &&Resource| related.kinds.iter().any(|kind| resource.is(kind));
        if let Some(text) = id.as_str() {
            found.extend(world.with_id(text).into_iter().filter(of_kind).map(|resource| Candidate { resource, related: Truth::True }));
        }
        if found.len() == before {
            let wanted = SameId::new(id);
            let all: Vec<&'a Resource> = related.kinds.iter().flat_map(|kind| world.of_kind(kind)).collect();
            let alike = all.iter().filter(|resource| wanted.compare(&SameId::new(&resource.id)) != Match::No).count();
            for resource in all {
                let truth = match wanted.compare(&SameId::new(&resource.id)) {
                    Match::Yes => Truth::True,
                    Match::Alike(_) if alike == 1 => Truth::True,
                    Match::Alike(why) | Match::Maybe(why) => Truth::Unknown(why),
                    Match::No => continue,
                };
                found.push(Candidate { resource, related: truth });
            }
        }
        if found.len() == before {
            missing = Some(Why::Elsewhere(format!("the {}", related.what).into()));
        }
    }
    (found, if world.is_closed() { None } else { missing })
}

/// The existence check of Azure Policy: the resource itself where it is of that type, or its children and extensions.
fn details<'a>(related: &Related, name: Option<&Value>, scene: &Scene<'a>, blind: Option<Why>) -> (Vec<Candidate<'a>>, Option<Why>) {
    let world = scene.frame.world;
    let all: Vec<&'a Resource> = related.kinds.iter().flat_map(|kind| world.of_kind(kind)).collect();
    let is_own = related.kinds.iter().any(|kind| scene.resource.is(kind));
    let is_below =
        related.kinds.iter().any(|kind| starts_with(kind, &scene.resource.kind)) || related.kinds.iter().any(|kind| is_extension(kind));
    let mut found = match (is_own, is_below) {
        (true, _) => vec![Candidate { resource: scene.resource, related: Truth::True }],
        (false, true) => descendants(all, scene),
        (false, false) => all.into_iter().map(|resource| Candidate { resource, related: Truth::True }).collect(),
    };
    if let Some(name) = name {
        for candidate in &mut found {
            let named = select(&FieldRef::FullName, &Scene { frame: scene.frame, resource: candidate.resource, primary: None, item: None });
            let same = |value: &Value| super::compare::equals(value, name).or(super::compare::equals(&candidate.resource.name, name));
            let truth = named.spots.into_iter().filter_map(|spot| spot.value).map(|value| same(&value));
            candidate.related = candidate.related.clone().and(Truth::any(truth));
        }
        found.retain(|candidate| !candidate.related.is_false());
    }
    (found, blind)
}

fn starts_with(kind: &str, parent: &str) -> bool {
    kind.get(..parent.len()).is_some_and(|head| head.eq_ignore_ascii_case(parent))
        && kind.get(parent.len()..).is_some_and(|tail| tail.starts_with('/'))
}

/// Types that hang below any resource.
fn is_extension(kind: &str) -> bool {
    const EXTENSIONS: [&str; 6] = [
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Authorization/locks",
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Security/defenderForStorageSettings",
        "Microsoft.GuestConfiguration/guestConfigurationAssignments",
        "Microsoft.Insights/dataCollectionRuleAssociations",
    ];
    EXTENSIONS.iter().any(|extension| extension.eq_ignore_ascii_case(kind))
}
