//! Questions: each against a slow and simple twin on generated models, and what is wrong with a question.

use std::collections::{BTreeMap, BTreeSet};

use archc::ask::{self, Answer, Cell, Index, effects_of, zone_losses};
use archc::catalog::{Catalog, Trait};
use archc::check::Review;
use archc::derive::access::{Effect as Allowed, Principal, control_of};
use archc::diag::render::{Format, render};
use archc::driver::generate::generate;
use archc::model::{Mode, Model, ServiceId};
use archc::syntax::query::{self, FORMS};
use archc::text::{FileId, Source, Sources};
use proptest::prelude::*;

use crate::support::{models, review};

fn asked(review: &Review, catalog: &Catalog, text: &str) -> Result<Answer, String> {
    let source = Source::new("question", text);
    let (question, mut findings) = query::question(FileId(0), &source);
    let index = Index::new(&review.model, &review.facts, catalog);
    if let Some(question) = question {
        match ask::answer(&index, &question) {
            Ok(answer) => return Ok(answer),
            Err(finding) => findings.push(*finding),
        }
    }
    let mut sources = Sources::default();
    sources.add(source);
    Err(render(Format::Short, &findings, &sources, false))
}

fn rows<'a>(answer: &'a Answer, key: &str) -> Vec<&'a Vec<Cell>> {
    answer.tables.iter().filter(|table| table.key == key).flat_map(|table| &table.rows).collect()
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::Words(words) => words.clone(),
        other => format!("{other:?}"),
    }
}

/// The first two columns of a table, as words.
fn pairs(answer: &Answer, key: &str) -> BTreeSet<(String, String)> {
    rows(answer, key).iter().map(|row| (words(&row[0]), words(&row[1]))).collect()
}

fn name(model: &Model, id: ServiceId) -> String {
    model.services[id].name.to_string()
}

fn said(model: &Model, principal: &Principal) -> String {
    match principal {
        Principal::Service(id) => name(model, *id),
        Principal::Role(id) => format!("role {}", model.roles[*id].name),
        Principal::Aws(name) => name.clone(),
        Principal::Anyone => "anyone".to_owned(),
    }
}

/// The models that twins are compared on: those of the project, and made-up ones.
fn subjects() -> Vec<String> {
    let made = (1..4).map(|seed| generate(40, seed));
    models().into_iter().map(|(_, text)| text).chain(made).collect()
}

/// Every principal, service and verb of a kind, one grant at a time, without an index.
fn who_by_hand(review: &Review, word: &str, on: ServiceId) -> BTreeSet<String> {
    let (model, access) = (&review.model, &review.facts.access);
    let kind = &model.services[on].kind;
    let rows = kind.verb(word).map(|verb| kind.expanded(verb)).unwrap_or_default();
    let mut needed = BTreeSet::new();
    for row in &rows {
        for allow in row.allow.iter().filter(|allow| allow.on != "*") {
            needed.extend(
                allow
                    .actions
                    .iter()
                    .map(|action| (format!("{:?}", row.level).to_lowercase(), action.clone())),
            );
        }
    }
    let mut found = BTreeSet::new();
    for principal in access.principals() {
        let own: Vec<_> = access.grants.iter().filter(|grant| grant.principal == *principal).collect();
        let denied = |action: &str, kind: &str| {
            own.iter().any(|grant| {
                grant.effect == Allowed::Deny
                    && grant.resource.service == Some(on)
                    && grant.resource.kind == kind
                    && grant.actions.iter().any(|other| other == action)
            })
        };
        let holds = |(level, action): &(String, String)| {
            own.iter().any(|grant| {
                grant.effect == Allowed::Allow
                    && grant.resource.service == Some(on)
                    && (grant.level.is_empty() || grant.level == *level)
                    && grant.actions.contains(action)
                    && !denied(action, &grant.resource.kind)
            })
        };
        if !needed.is_empty() && needed.iter().all(holds) {
            found.insert(said(model, principal));
        }
    }
    for (_, flow) in model.whole_flows().filter(|(_, flow)| flow.resource() == on && flow.mechanism.is_some())
    {
        let has = kind.verb(&flow.verb).map(|verb| kind.expanded(verb)).unwrap_or_default();
        let wanted = kind.verb(word).map(|verb| verb.name.as_str());
        let covers = !rows.is_empty() && rows.iter().all(|row| has.iter().any(|own| own.name == row.name));
        if wanted == Some(flow.verb.as_str()) || covers {
            found.insert(name(model, if flow.to == on { flow.from } else { flow.to }));
        }
    }
    found
}

#[test]
fn who_can_agrees_with_reading_every_grant() {
    let mut compared = 0;
    for text in subjects() {
        let (review, catalog) = review(&text);
        for (id, service) in review.model.services.iter() {
            let verbs: BTreeSet<&str> = service.kind.access.iter().map(|verb| verb.name.as_str()).collect();
            // These words reach over verbs and have a test of their own.
            for verb in verbs.iter().filter(|verb| !["read", "write", "list", "access"].contains(verb)) {
                let answer =
                    asked(&review, &catalog, &format!("who can {verb} service {}", service.name)).unwrap();
                let direct: BTreeSet<String> =
                    pairs(&answer, "direct").into_iter().map(|(who, _)| who).collect();
                assert_eq!(direct, who_by_hand(&review, verb, id), "{verb} {}", service.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared} questions");
}

#[test]
fn depth_reaches_over_verbs_and_stops_at_people_and_boundaries() {
    let text = "system shop in us-east-1 { env dev }\ndynamodb orders { holds pii }\nsqs jobs { dlq after 5 }\n\
        lambda work { memory 512 MB; work 50 ms }\nlambda look { memory 512 MB; work 50 ms }\n\
        jobs -> work : consume idempotent by id carries pii\nwork -> orders : readwrite\nlook -> orders : scan\n\
        role watchers for group \"w\" { observe all }\nrole readers for group \"r\" { read orders; never read pii }\n\
        role owners for group \"o\" { administer work }\n";
    let (review, catalog) = review(text);
    let who = |text: &str, table: &str| -> Vec<String> {
        pairs(&asked(&review, &catalog, text).unwrap(), table)
            .into_iter()
            .map(|(who, on)| format!("{who} {on}"))
            .collect()
    };
    assert_eq!(who("who can read orders", "direct"), ["look orders", "work orders"]);
    assert_eq!(who("who can write orders", "direct"), ["work orders"]);
    assert_eq!(who("who can read pii", "direct"), ["look orders", "work jobs", "work orders"]);
    assert_eq!(who("who can read orders", "denied"), ["role readers orders"]);
    assert_eq!(who("who can write orders", "through"), ["role owners work"]);
    assert_eq!(who("who can delete orders", "direct"), Vec::<String>::new());
    let access = who("who can access orders", "direct");
    assert!(access.contains(&"role watchers orders".to_owned()), "{access:?}");
    // To consume a message is to remove it.
    assert_eq!(who("what can owners write", "through"), ["role owners jobs", "role owners orders"]);
}

/// Distances by relaxing every flow until nothing changes.
fn distances(model: &Model, from: ServiceId) -> BTreeMap<ServiceId, usize> {
    let mut found = BTreeMap::from([(from, 0)]);
    loop {
        let mut changed = false;
        for (_, flow) in model.whole_flows() {
            if let Some(next) = found.get(&flow.from).map(|steps| steps + 1) {
                let better = found.get(&flow.to).is_none_or(|known| *known > next);
                if better {
                    found.insert(flow.to, next);
                    changed = true;
                }
            }
        }
        if !changed {
            return found;
        }
    }
}

/// Who fails, by asking each service again and again whether something it needs fails.
fn fails_by_hand(model: &Model, failed: ServiceId) -> BTreeSet<ServiceId> {
    let loaded = |mode: Mode| !matches!(mode, Mode::Attach | Mode::Admin);
    let broker = |id: ServiceId| {
        [Trait::Buffer, Trait::Fanout, Trait::EventSource]
            .into_iter()
            .any(|has| model.services[id].kind.has(has))
    };
    let mut found = BTreeSet::from([failed]);
    loop {
        let before = found.len();
        for (id, service) in model.services.iter() {
            let needs: Vec<bool> = model
                .whole_flows()
                .filter(|(_, flow)| {
                    flow.from == id && flow.initiator() == id && loaded(flow.mode()) && !flow.soft
                })
                .filter(|(_, flow)| {
                    flow.is_sync()
                        || !broker(id)
                        || service.kind.has(Trait::Entry)
                        || service.kind.is_outside()
                })
                .map(|(_, flow)| {
                    found.contains(&flow.to) || flow.through.iter().any(|passed| found.contains(passed))
                })
                .collect();
            let router = service.kind.has(Trait::Entry) || service.kind.is_outside();
            let breaks = if router {
                !needs.is_empty() && needs.iter().all(|lost| *lost)
            } else {
                needs.contains(&true)
            };
            if breaks {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// What somebody can change in the end, by adding one grant at a time.
fn reach_by_hand(review: &Review, principal: &Principal) -> BTreeSet<Principal> {
    let mut found = BTreeSet::from([principal.clone()]);
    loop {
        let before = found.len();
        for grant in &review.facts.access.grants {
            if let (true, Some(service), Some(_)) =
                (found.contains(&grant.principal), grant.resource.service, control_of(grant))
            {
                found.insert(Principal::Service(service));
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn twins_agree(text: &str) {
    let (review, catalog) = review(text);
    let model = &review.model;
    let index = Index::new(model, &review.facts, &catalog);
    for id in model.services.ids() {
        let effects = effects_of(&index, &[id]);
        let fails: BTreeSet<ServiceId> = effects
            .iter()
            .filter(|(_, (effect, _))| *effect == ask::Effect::Fails)
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(fails, fails_by_hand(model, id), "{} fails", model.services[id].name);
    }
    let starts: Vec<ServiceId> = model.services.ids().step_by(7).collect();
    for from in starts {
        let steps = distances(model, from);
        for to in model.services.ids().filter(|to| *to != from) {
            let question =
                format!("path service {} -> service {}", model.services[from].name, model.services[to].name);
            let answer = asked(&review, &catalog, &question).unwrap();
            assert_eq!(rows(&answer, "path").len(), steps.get(&to).copied().unwrap_or(0), "{question}");
        }
    }
    for (id, role) in model.roles.iter() {
        // Without a boundary the index takes nothing back.
        if role.nevers.is_empty() {
            let answer = asked(&review, &catalog, &format!("blast-radius role {}", role.name)).unwrap();
            let through: BTreeSet<String> =
                rows(&answer, "controlled").iter().map(|row| words(&row[0])).collect();
            let own = Principal::Role(id);
            let all = reach_by_hand(&review, &own);
            let expected: BTreeSet<String> =
                all.iter().filter(|one| **one != own).map(|one| said(model, one)).collect();
            assert_eq!(through, expected, "{}", role.name);
        }
    }
}

#[test]
fn paths_failures_and_reach_agree_with_their_twins_on_the_models() {
    for (_, text) in models() {
        twins_agree(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn twins_agree_on_generated_models(seed in 0_u64..1_000_000, services in 8_usize..40) {
        twins_agree(&generate(services, seed));
    }

    #[test]
    fn no_question_panics(text in "(who|what|path|cost|access|blast-radius|zz)?( can| breaks| of| if| without| zone| group| tag|->|,|\\?|\"| [a-zé_.*]{1,6}){0,6}") {
        let (review, catalog) = review("system s in us-east-1\nsqs jobs { dlq after 5 }\n");
        let _ = asked(&review, &catalog, &text);
    }
}

#[test]
fn costs_are_the_sums_of_the_bill() {
    for text in subjects() {
        let (review, catalog) = review(&text);
        let bill = &review.facts.cost;
        for (id, service) in review.model.services.iter() {
            let answer = asked(&review, &catalog, &format!("cost of service {}", service.name)).unwrap();
            let sum: i64 = bill
                .lines
                .iter()
                .filter(|line| line.service == Some(id))
                .map(|line| line.cost.expected.0)
                .sum();
            let told: i64 = rows(&answer, "costs")
                .iter()
                .map(|row| match row[2] {
                    Cell::Money(money) => money.0,
                    _ => panic!("no money"),
                })
                .sum();
            assert_eq!(told, sum, "{}", service.name);
        }
    }
}

#[test]
fn a_lost_zone_takes_what_stands_alone() {
    let text = "system shop in us-east-1 { env dev; zones 2 }\nload web 10 rps\nvpc net 10.0.0.0/16 {\n  tier app private {\n\
        ec2 web { size t3.small; port 80; scale 2..4; work 20 ms }\n  }\n  tier data isolated {\n\
        postgres one { size db.t4g.small; storage 20 GB }\n\
        postgres two { size db.t4g.small; storage 20 GB; multi-az }\n  }\n}\nweb -> one : readwrite\nweb -> two : readwrite\n";
    let (review, catalog) = review(text);
    let index = Index::new(&review.model, &review.facts, &catalog);
    let lost: Vec<String> = zone_losses(&index).into_iter().map(|id| name(&review.model, id)).collect();
    assert!(lost.contains(&"one".to_owned()) && !lost.contains(&"two".to_owned()), "{lost:?}");
    assert!(!lost.contains(&"web".to_owned()), "{lost:?}");
    let answer = asked(&review, &catalog, "what breaks without zone b").unwrap();
    assert!(answer.headline.contains("`web` fails too"), "{}", answer.headline);
    let refused = asked(&review, &catalog, "what breaks without zone c").unwrap_err();
    assert!(refused.contains("question:1:26: error[ASK-006]"), "{refused}");
}

#[test]
fn what_is_wrong_with_a_question_is_said_at_its_place() {
    let (_, seed) = models().into_iter().find(|(name, _)| name == "webshop.arch").unwrap();
    let (review, catalog) = review(&seed);
    let cases = [
        ("who can wriet orders", "question:1:9: error[ASK-005] `orders` offers no verb `wriet`"),
        ("who can write ordres", "question:1:15: error[ASK-004] nothing is called `ordres`"),
        ("cost of group sales", "question:1:15: error[ASK-004] there is no group `sales`"),
        ("cost of tag team", "question:1:13: error[ASK-004] nothing has a tag `team`"),
        ("what breaks if developers fails", "question:1:16: error[ASK-006]"),
        ("access pii", "question:1:8: error[ASK-006] `pii` is a class of data"),
        ("what breaks if any postgers fails", "question:1:20: error[ASK-004] there is no kind `postgers`"),
        ("who wrote orders", "question:1:4: error[ASK-002]"),
        ("cost of orders media", "question:1:16: error[ASK-003] unexpected `media`"),
    ];
    for (text, expected) in cases {
        let refused = asked(&review, &catalog, text).unwrap_err();
        assert!(refused.contains(expected), "{text}: {refused}");
    }
    for (_, example) in FORMS.iter().filter(|(_, example)| !example.contains("group")) {
        assert!(asked(&review, &catalog, example).is_ok(), "{example}");
    }
}

#[test]
fn every_rule_of_questions_has_its_page() {
    let rules = [&query::NO_QUESTION, &query::INCOMPLETE, &query::TOO_MUCH]
        .into_iter()
        .chain(ask::RULES)
        .chain(ask::simulate::RULES);
    for rule in rules {
        let path = format!("{}/docs/codes/{}.md", env!("CARGO_MANIFEST_DIR"), rule.code);
        let page = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            page.starts_with(&format!(
                "# {}: {}\n\nSeverity: {}.",
                rule.code,
                rule.title,
                rule.severity.name()
            )),
            "{}",
            rule.code
        );
    }
}

#[test]
fn questions_as_people_ask_them_have_the_same_answers() {
    let (_, text) = models().into_iter().find(|(name, _)| name == "webshop.arch").unwrap();
    let (review, catalog) = review(&text);
    for (people, plain) in [
        ("who writes orders?", "who can write orders"),
        ("who can write to the orders", "who can write orders"),
        ("which roles can read from media", "who can read media"),
        ("who has access to clients_db", "who can access clients_db"),
        ("what can developers do", "access developers"),
        ("what happens if products_db goes down", "what breaks if products_db fails"),
        ("what fails if products_db is down", "what breaks if products_db fails"),
        ("what depends on products_db", "what breaks without products_db"),
        ("how much does any postgres cost", "cost of any postgres"),
        ("what does products cost?", "cost of products"),
    ] {
        assert_eq!(asked(&review, &catalog, people), asked(&review, &catalog, plain), "{people}");
    }
}

#[test]
fn the_cost_of_all_is_the_whole_bill() {
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        for all in ["all".to_owned(), review.model.system.name.to_string()] {
            if review.model.services.iter().any(|(_, service)| service.name.as_str() == all) {
                continue;
            }
            let answer = asked(&review, &catalog, &format!("cost of {all}")).unwrap();
            let last = rows(&answer, "costs").last().map(|row| row[1..4].to_vec()).unwrap();
            let totals = review.facts.cost.totals;
            assert_eq!(last, [totals.zero, totals.expected, totals.max].map(Cell::Money), "{name}: {all}");
        }
    }
}
