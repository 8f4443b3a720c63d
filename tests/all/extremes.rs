//! Bad numbers: whatever a model states, every figure is reckoned without wrapping round, and what cannot be is found at its line.

use std::collections::BTreeSet;

use archc::catalog::{Catalog, Kind, SettingSpec, SettingType};
use archc::check::Review;
use archc::diag::Diagnostic;
use archc::emit::report;
use archc::text::Language;
use proptest::prelude::*;

use crate::support::review;

/// The greatest number of each type that the language reads, and greater ones.
fn extremes(spec: &SettingSpec) -> &'static [&'static str] {
    match spec.kind {
        SettingType::Count => {
            &["0", "1", "4294967296", "18446744073709551", "1000000000000000000000000000000"]
        }
        SettingType::Percent => &["0%", "100%", "1000000%", "1844674407370%"],
        SettingType::Time => &["0 ms", "1 ms", "36500 d", "213503982334 d", "999999999999 d"],
        SettingType::Bytes => &["0 B", "1 B", "16777215 TB", "999999999 TB"],
        SettingType::Rate => &["0 rps", "1/d", "18446744073709 rps", "1000000000000000000000000000000 rps"],
        SettingType::Money => &["0 USD", "9000000000000 USD", "18446744073709 USD"],
        SettingType::Scaling => &["0..0", "0..18446744073709551", "18446744073709551", "6..2"],
        _ => &[],
    }
}

/// A model in which a thing of a kind has some settings and is used by as much load as can be stated.
fn model(catalog: &Catalog, kind: &Kind, settings: &str, load: &str) -> String {
    let thing = format!("{} thing {{ {settings} }}\n", kind.word);
    let (inside, outside) =
        if kind.placement.is_vpc() { (thing, String::new()) } else { (String::new(), thing) };
    let verb = |from: &str, to: &str| {
        let rows = catalog.mechanisms(from, to).filter(|row| !row.implicit);
        rows.flat_map(|row| row.verbs(to)).next()
    };
    let to = verb("lambda", &kind.id).map(|verb| format!("work -> thing : {verb} size 5 TB retries 9\n"));
    let from = verb(&kind.id, "lambda")
        .map(|verb| format!("thing -> work : {verb} share 100000000% timeout 36500 d\n"));
    format!(
        "system demo \"Demo\" in us-east-1 {{ env prod; zones 6 }}\nactor guest\ncognito pool {{ users 1 }}\n\
         http-api front {{ auth pool; throttle 50 rps }}\nlambda work {{ memory 10 GB; work 900 s; concurrency 1000000 }}\n\
         vpc net 10.0.0.0/16 {{\n  tier app private {{\n{inside}  }}\n}}\n{outside}load front {load}\n\
         guest -> front : call size 5 TB\nfront -> work : invoke\n{}{}budget 1 USD monthly for demo\n",
        to.unwrap_or_default(),
        from.unwrap_or_default(),
    )
}

const LOADS: [&str; 4] = [
    "0 rps",
    "1000000000000 rps",
    "1/d, peak 1000000000000 rps for 730 h/month",
    "18446744073709551 rps, peak 18446744073709551 rps for 730 h/month",
];

/// The settings of a kind that are numbers.
fn numbers(kind: &Kind) -> Vec<&SettingSpec> {
    kind.settings.iter().filter(|spec| !extremes(spec).is_empty()).collect()
}

fn written(spec: &SettingSpec, value: &str) -> String {
    let keyword = spec.keyword.as_ref().map(|word| format!("{word} ")).unwrap_or_default();
    format!("{} {keyword}{value}", spec.name)
}

/// Figures at the end of their integers, of which none may pass unsaid.
fn is_beyond(review: &Review) -> bool {
    let cost = &review.facts.cost;
    let line = |line: &archc::derive::cost::CostLine| {
        [line.cost.zero.0, line.cost.expected.0, line.cost.max.0].contains(&i64::MAX)
            || line.quantity.max == u64::MAX
    };
    cost.lines.iter().any(line)
        || cost.totals.max.0 == i64::MAX
        || review.facts.capacity.pools.iter().any(|pool| pool.demand == u64::MAX)
        || review.facts.capacity.groups.iter().any(|group| group.peak.units == u64::MAX)
}

fn has(findings: &[Diagnostic], code: &str) -> bool {
    findings.iter().any(|finding| finding.code == code)
}

/// What must hold of every review.
fn hold(text: &str) -> Result<Review, String> {
    let (review, catalog) = review(text);
    for finding in &review.findings {
        let source = review.sources.get(finding.span.file).map(|source| source.text.len());
        if source.is_none_or(|length| finding.span.end as usize > length) {
            return Err(format!("{} points outside the text\n{text}", finding.code));
        }
    }
    let money =
        [review.facts.cost.totals.zero, review.facts.cost.totals.expected, review.facts.cost.totals.max];
    if money.iter().any(|money| money.0 < 0) {
        return Err(format!("a bill below nothing: {money:?}\n{text}"));
    }
    if is_beyond(&review) && !has(&review.findings, "MODEL-722") {
        return Err(format!("a figure at the end of its integer, and nothing says so\n{text}"));
    }
    let written = report::emit(&review, &catalog, Language::En, &[]);
    let text_of = String::from_utf8_lossy(&written[0].bytes);
    if ["NaN", "inf ", " -0."].iter().any(|wrong| text_of.contains(wrong)) {
        return Err(format!("a figure that is no number in the report of\n{text}"));
    }
    Ok(review)
}

#[test]
fn every_numeric_setting_of_every_kind_takes_its_extremes() {
    let catalog = Catalog::embedded();
    let mut tried = 0;
    for kind in catalog.kinds().filter(|kind| kind.declarable && !kind.container) {
        for spec in numbers(kind) {
            for value in extremes(spec) {
                let text = model(&catalog, kind, &written(spec, value), LOADS[tried % LOADS.len()]);
                let review = hold(&text).unwrap_or_else(|trouble| panic!("{trouble}"));
                // What no unit can hold is said where it stands; what the catalogue bounds is said too.
                let line = 1 + text[..text.find("thing {").unwrap()].matches('\n').count();
                let here: BTreeSet<&str> = review
                    .findings
                    .iter()
                    .filter(|finding| {
                        let source = review.sources.get(finding.span.file).unwrap();
                        source.position(finding.span.start).line as usize == line
                    })
                    .map(|finding| finding.code)
                    .collect();
                let too_large = value.len() > 25 && !value.contains("..");
                let inverted = *value == "6..2";
                assert!(!too_large || here.contains("UNIT-004"), "{}: {value}: {here:?}\n{text}", spec.name);
                assert!(!inverted || here.contains("MODEL-712"), "{}: {value}: {here:?}\n{text}", spec.name);
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_numbers_of_a_kind_at_once_are_reckoned_or_refused(at in any::<prop::sample::Index>(), choice in any::<u64>()) {
        let catalog = Catalog::embedded();
        let kinds: Vec<&Kind> = catalog.kinds().filter(|kind| kind.declarable && !kind.container).collect();
        let kind = kinds[at.index(kinds.len())];
        let pick = |turn: usize, spec: &SettingSpec| {
            let all = extremes(spec);
            written(spec, all[(choice.rotate_left(turn as u32 * 7) % all.len() as u64) as usize])
        };
        let settings: Vec<String> = numbers(kind).into_iter().enumerate().map(|(turn, spec)| pick(turn, spec)).collect();
        let text = model(&catalog, kind, &settings.join("; "), LOADS[(choice % 4) as usize]);
        prop_assert!(hold(&text).is_ok(), "{:?}", hold(&text).err());
    }
}

/// The codes of the findings at a line of a model, by what the line begins with.
fn codes_at(text: &str, start: &str) -> Vec<&'static str> {
    let (review, _) = review(text);
    let line = 1 + text.lines().position(|line| line.trim_start().starts_with(start)).unwrap();
    let is_here = |finding: &&Diagnostic| {
        let source = review.sources.get(finding.span.file).unwrap();
        source.position(finding.span.start).line as usize == line
    };
    review.findings.iter().filter(is_here).map(|finding| finding.code).collect()
}

const HEAD: &str = "system demo \"Demo\" in us-east-1 { env prod; zones 2 }\nactor guest\ncognito pool { users 100 }\n\
                    http-api front { auth pool; throttle 50 rps }\n";

#[test]
fn contradictions_are_found_where_they_stand() {
    let cases = [
        // A queue that never drains.
        (
            "sqs jobs { max-age 5 min }\nlambda work { memory 256 MB; work 2 s; concurrency 2 }\nload front 10 rps\n\
          guest -> front : call\nfront -> jobs : send\njobs -> work : consume\n",
            "sqs jobs",
            "SCALE-213",
        ),
        // Callers in a circle, each repeating.
        (
            "lambda a { memory 256 MB; work 5 ms; concurrency 5 }\nlambda b { memory 256 MB; work 5 ms; concurrency 5 }\n\
          load front 10 rps\nguest -> front : call\nfront -> a : invoke\na -> b : invoke retries 9\nb -> a : invoke retries 9\n",
            "a -> b",
            "REL-140",
        ),
        // No unit at all for a load.
        (
            "vpc net 10.0.0.0/16 {\n tier app private {\n  ec2 web { size t3.small; scale 0..0 on cpu 50%; work 20 ms }\n }\n}\n\
          load front 10 rps\nguest -> front : call\nfront -> web : call\n",
            "ec2 web",
            "SCALE-206",
        ),
        // A target of nothing.
        (
            "vpc net 10.0.0.0/16 {\n tier app private {\n  ec2 web { size t3.small; scale 2..4 on requests 0/min; work 20 ms }\n }\n}\n\
          load front 10 rps\nguest -> front : call\nfront -> web : call\n",
            "ec2 web",
            "SCALE-204",
        ),
        // Shares of more than there is.
        (
            "lambda a { memory 256 MB; work 5 ms; concurrency 5 }\nlambda b { memory 256 MB; work 5 ms; concurrency 5 }\n\
          load front 10 rps\nguest -> front : call\nfront -> a : invoke share 80%\nfront -> b : invoke share 70%\n",
            "front -> b",
            "MODEL-710",
        ),
        // A load on what nobody calls.
        ("s3 media { storage 1 GB; holds internal }\nload media 10 rps\n", "load media", "MODEL-715"),
        // Products of rates, bytes and hours that no bill can hold.
        (
            "lambda a { memory 256 MB; work 5 ms; concurrency 5 }\nload front 1000000000000 rps\nguest -> front : call size 5 TB\n\
          front -> a : invoke\n",
            "http-api front",
            "MODEL-722",
        ),
    ];
    for (text, start, code) in cases {
        let found = codes_at(&format!("{HEAD}{text}"), start);
        assert!(found.contains(&code), "{code} at `{start}`: {found:?}");
    }
}

#[test]
fn a_system_without_services_is_reviewed() {
    let review = hold("system demo \"Demo\" in us-east-1 { env prod; zones 2 }\n").unwrap();
    assert_eq!(review.facts.cost.totals.max.0, 0);
    assert_eq!(review.facts.cost.fixed_share(), None);
}

#[test]
fn circles_end_and_carry_what_comes_in_once() {
    let text = format!(
        "{HEAD}lambda a {{ memory 256 MB; work 5 ms; concurrency 5 }}\nlambda b {{ memory 256 MB; work 5 ms; concurrency 5 }}\n\
         load front 10 rps\nguest -> front : call\nfront -> a : invoke\na -> b : invoke share 300% retries 2\nb -> a : invoke\n"
    );
    let (review, _) = review(&text);
    let load = |name: &str| {
        let (id, _) =
            review.model.services.iter().find(|(_, service)| service.name.as_str() == name).unwrap();
        review.facts.load.service(id).usual.0
    };
    // Three calls a request from outside, and their calls back, which go no further; each is repeated twice in a storm.
    assert_eq!((load("a"), load("b")), (40_000, 30_000));
    let (id, _) = review.model.whole_flows().find(|(_, flow)| flow.retries == Some(2)).unwrap();
    assert_eq!(review.facts.load.flow(id).storm.0, 90_000);
    assert!(has(&review.findings, "REL-140") && has(&review.findings, "MODEL-710"));
}

/// Is what an assumption says to write understood, and does it state what was assumed?
#[test]
fn every_default_behind_a_figure_is_listed_with_the_line_that_states_it() {
    let text = format!(
        "{HEAD}lambda fn {{ }}\nkinesis flow {{ }}\ndynamodb table {{ }}\ns3 media {{ }}\nsqs jobs {{ }}\n\
         vpc net 10.0.0.0/16 {{\n  tier app private {{\n    ec2 web {{ }}\n    valkey fast {{ }}\n  }}\n  tier data isolated {{\n    \
         postgres store {{ }}\n  }}\n}}\nload front 10 rps\nguest -> front : call\nfront -> fn : invoke\nfront -> web : call\n\
         fn -> table : readwrite\nfn -> flow : publish\nfn -> media : write\nfn -> jobs : send\nweb -> store : readwrite\n"
    );
    let (first, _) = review(&text);
    let states: BTreeSet<&str> = first.facts.assumptions.iter().map(|one| one.state.as_str()).collect();
    for wanted in [
        "lambda fn { work 200 ms }",
        "lambda fn { memory 512 MB }",
        "lambda fn { concurrency 1000 }",
        "kinesis flow { record 1 KB }",
        "dynamodb table { storage 1 GB }",
        "s3 media { storage 1 GB }",
        "sqs jobs { message 4 KB }",
        "ec2 web { size t3.medium }",
        "ec2 web { work 20 ms }",
        "ec2 web { pool 10 }",
        "postgres store { storage 20 GB }",
        "postgres store { size db.t3.medium }",
        "valkey fast { size cache.t4g.small }",
    ] {
        assert!(states.contains(wanted), "{wanted} is not in {states:#?}");
    }
    // Each setting that was assumed, written down, is assumed no more, and no figure changes.
    for state in states.iter().filter(|state| state.contains('{') && !state.contains("logs off")) {
        let (head, body) = state.split_once(" { ").unwrap();
        let body = body.trim_end_matches(" }");
        let changed: String = text
            .lines()
            .map(|line| {
                if line.trim_start().starts_with(&format!("{head} {{")) {
                    format!(
                        "{}\n",
                        line.replace("{ ", &format!("{{ {body}; "))
                            .replace("; }", " }")
                            .replace(";  }", " }")
                    )
                } else {
                    format!("{line}\n")
                }
            })
            .collect();
        let (second, _) = review(&changed);
        assert!(second.facts.assumptions.iter().all(|one| one.state != *state), "{state}\n{changed}");
        assert_eq!(first.facts.cost.totals.max, second.facts.cost.totals.max, "{state}");
    }
}
