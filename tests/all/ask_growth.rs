//! Growth and explanations: figures against the derivations they are made of, order, saturation, and traced sums.

use std::collections::BTreeSet;

use archc::ask::simulate::{Factor, Growth, Sort, Target, grow, growth_answer};
use archc::ask::{Cell, Index, topic};
use archc::catalog::Catalog;
use archc::derive;
use archc::derive::cost::Point;
use archc::driver::generate::generate;
use archc::emit::svg::{draw_growth, stamp};
use archc::syntax::query::question;
use archc::text::{FileId, Ident, Language, Source};
use archc::units::{MicroUsd, PerSecond};

use crate::support::{models, review};

fn grown(text: &str, target: Target, steps: usize) -> Growth {
    let (review, catalog) = review(text);
    grow(&review.model, &catalog, &review.facts.operations, target, steps).unwrap()
}

fn times(factor: u128) -> Target {
    Target::Times(Factor(factor * 1_000_000))
}

fn seed() -> String {
    models().into_iter().find(|(name, _)| name == "webshop.arch").unwrap().1
}

/// The seed with other rates in its `load` statement, and its throttle, maxima and concurrency out of the way.
fn rewritten(factor: u64) -> String {
    let rate = format!("load front {} rps, peak {} rps", 20 * factor, 100 * factor);
    let text = seed().replace("load front 20 rps, peak 100 rps", &rate);
    text.replace("scale 2..6", "scale 2..9999")
        .replace("scale 2..4", "scale 2..9999")
        .replace("concurrency 20", "concurrency 900")
}

#[test]
fn a_point_is_the_bill_of_the_model_with_that_load() {
    let growth = grown(&seed(), times(8), 4);
    let (by_hand, _) = review(&rewritten(8));
    let last = growth.points.last().unwrap();
    assert_eq!(last.rate, PerSecond(800_000));
    assert_eq!(last.expected, by_hand.facts.cost.totals.expected);
    let (today, _) = review(&seed());
    assert_eq!(growth.points.first().unwrap().expected, today.facts.cost.totals.expected);
}

#[test]
fn limits_break_in_order_and_where_they_should() {
    for (name, text) in models() {
        let growth = grown(&text, times(1_000), 200);
        assert_eq!(growth.points.len(), 200);
        assert!(growth.points.windows(2).all(|pair| pair[0].factor < pair[1].factor), "{name}");
        assert!(
            growth.points.windows(2).all(|pair| pair[0].expected <= pair[1].expected),
            "{name}: the bill falls"
        );
        assert!(growth.breaks.windows(2).all(|pair| pair[0].factor <= pair[1].factor), "{name}");
        assert!(
            !growth.breaks.is_empty() && growth.breaks.iter().all(|one| !one.causes.is_empty()),
            "{name}"
        );
    }
    let growth = grown(&seed(), times(1_000), 200);
    let at = |sort: Sort, name: &str| {
        let found = growth.breaks.iter().find(|one| one.sort == sort && one.name == name);
        found.unwrap_or_else(|| panic!("{name}")).factor.0
    };
    let near =
        |found: u128, factor: u128| assert!(found.abs_diff(factor) <= factor / 50, "{found} is not {factor}");
    // 200 rps let in, 100 at peak; 20 executions at 300 ms are 66.7 rps of the 5 % that buy; 300 messages a second.
    near(at(Sort::Throttle, "front"), 2_000_000);
    near(at(Sort::Executions, "sell"), 13_333_333);
    near(at(Sort::Service, "sales"), 60_000_000);
    near(at(Sort::Quota, "account-rps"), 100_000_000);
    assert_eq!(at(Sort::Quota, "on-demand-standard-vcpus"), 1_000_000, "broken today");
    let budget = growth.breaks.iter().find(|one| one.sort == Sort::Budget).unwrap();
    assert!(budget.expected.0.abs_diff(700_000_000) < 2_000_000, "{}", budget.expected);
}

#[test]
fn a_rate_and_a_factor_mean_the_same() {
    let (by_rate, by_factor) =
        (grown(&seed(), Target::Rate(2_000 * 1_000_000), 20), grown(&seed(), times(20), 20));
    assert_eq!(by_rate.points.last(), by_factor.points.last());
    assert_eq!(by_rate.breaks, by_factor.breaks);
}

#[test]
fn what_cannot_grow_is_refused_and_what_is_too_large_saturates_openly() {
    let (empty, catalog) = review("system s in us-east-1\nhttp-api front\n");
    let refused = grow(&empty.model, &catalog, &empty.facts.operations, times(10), 10).unwrap_err();
    assert_eq!(refused.code, "ASK-101");
    assert!(refused.help.iter().any(|help| help.en().chars().collect::<String>().contains("load front")));
    let (model, catalog) = review(&seed());
    let shrinking = grow(&model.model, &catalog, &model.facts.operations, Target::Rate(1_000_000), 10);
    assert_eq!(shrinking.unwrap_err().code, "ASK-101");
    for target in [Target::Rate(u128::MAX), Target::Times(Factor(u128::MAX)), Target::Rate(10_u128.pow(30))] {
        let growth = grown(&seed(), target, 50);
        assert!(growth.findings.iter().any(|finding| finding.code == "ASK-102"));
        assert_eq!(growth.points.last().unwrap().rate, PerSecond(1_000_000_000_000_000));
        assert!(growth.points.iter().all(|point| point.expected >= MicroUsd(0)));
    }
}

#[test]
fn the_chart_is_well_formed_whatever_grows() {
    let texts = models().into_iter().map(|(_, text)| text).chain([generate(30, 5)]);
    for text in texts {
        let (review, catalog) = review(&text);
        let stamp = stamp(&review.model, Ident::sanitized("x"));
        for target in [times(2), times(100_000), Target::Rate(u128::MAX)] {
            let growth = grow(&review.model, &catalog, &review.facts.operations, target, 30).unwrap();
            for language in [Language::En, Language::Es] {
                let drawing = draw_growth(&growth, &stamp, language);
                let parsed = roxmltree::Document::parse(&drawing).unwrap();
                let curve = parsed.descendants().find(|node| node.attribute("class") == Some("cv")).unwrap();
                assert!(
                    curve.attribute("d").unwrap().matches('L').count() == 29
                        || curve.tag_name().name() == "path"
                );
                assert!(!drawing.contains("NaN") && !drawing.contains("inf"));
            }
            assert_eq!(growth_answer(&growth, true).tables.last().unwrap().rows.len(), 30);
        }
    }
}

#[test]
fn explained_costs_add_up_and_every_line_has_a_source() {
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        let index = Index::new(&review.model, &review.facts, &catalog);
        for (_, service) in review.model.services.iter() {
            let source = Source::new("question", format!("cost of service {}", service.name));
            let asked = question(FileId(0), &source).0.unwrap();
            let answer = topic("cost").unwrap().explain(&index, &asked).unwrap();
            let lines =
                answer.tables.iter().filter(|table| table.key == "lines").flat_map(|table| &table.rows);
            for row in lines {
                assert!(row.iter().all(|cell| *cell != Cell::Words(String::new())), "{name} {row:?}");
                assert!(
                    matches!(row.last(), Some(Cell::Places(places)) if !places.is_empty()),
                    "{name} {row:?}"
                );
            }
        }
    }
}

/// The product of the parts is the quantity of the line: what is explained is what was reckoned.
#[test]
fn the_parts_of_a_quantity_multiply_to_it() {
    let mut compared = 0;
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        let facts = &review.facts;
        for line in &facts.cost.lines {
            for point in [Point::Zero, Point::Expected, Point::Max] {
                let reckoned = (&facts.load, &facts.capacity);
                let found = derive::cost::parts_of(&review.model, &catalog, reckoned, (line, point));
                let Some(parts) = found else { continue };
                let product = parts
                    .factors
                    .iter()
                    .fold(parts.base, |product, (_, amount)| product * amount / 1_000_000);
                let all = product * u128::from(parts.hours) * u128::from(parts.copies);
                assert_eq!((all + 500) / 1_000, u128::from(line.quantity.at(point)), "{name} {}", line.item);
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared} lines");
}

/// `12.5` as thousandths or millionths.
fn fixed(text: &str, digits: usize) -> u128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<digits$}").parse().unwrap()
}

#[test]
fn every_price_of_the_catalogue_has_an_exact_cost() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/prices.txt");
    let fixtures = std::fs::read_to_string(path).unwrap();
    let mut left: BTreeSet<(String, String)> = BTreeSet::new();
    let catalog = Catalog::embedded();
    for kind in catalog.kinds() {
        left.extend(kind.pricing.items.iter().map(|price| (kind.id.clone(), price.id.clone())));
    }
    for line in fixtures.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(' ').collect();
        let [kind, item, quantity, usd] = parts[..] else { panic!("{line}") };
        let price = catalog.kind(kind).and_then(|kind| kind.pricing.item(item)).expect(line);
        let expected = i64::try_from(fixed(usd, 6)).unwrap();
        let thousandths = fixed(quantity, 3);
        assert_eq!(price.amount(thousandths), MicroUsd(expected), "{line}");
        let billed = derive::cost::priced(price.pico_usd, price.per, u64::try_from(thousandths).unwrap());
        assert_eq!(billed, MicroUsd(expected), "{line}");
        assert!(left.remove(&(kind.to_owned(), item.to_owned())), "twice: {line}");
    }
    assert!(left.is_empty(), "prices without a fixture: {left:?}");
}

/// How many come to the simulated queue.
const ARRIVALS: u64 = 200_000;

/// One run of a queue with `servers` servers, Poisson arrivals and exponential service, event by event: the part of the
/// arrivals that find all servers busy, in parts per million.
fn simulated_waiting(servers: usize, offered_milli: u64, seed: u64) -> u64 {
    let mut state = seed | 1;
    let mut exponential = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let uniform =
            f64::from(u32::try_from(state >> 33).unwrap()).mul_add(1.0, 1.0) / f64::from(1_u32 << 31);
        -uniform.ln()
    };
    let rate = f64::from(u32::try_from(offered_milli).unwrap()) / 1_000.0;
    let mut free_at = vec![0.0_f64; servers];
    let (mut now, mut waited) = (0.0_f64, 0_u64);
    for _ in 0..ARRIVALS {
        now += exponential() / rate;
        let first = (0..servers).min_by(|a, b| free_at[*a].total_cmp(&free_at[*b])).unwrap();
        waited += u64::from(free_at[first] > now);
        free_at[first] = free_at[first].max(now) + exponential();
    }
    waited * 1_000_000 / ARRIVALS
}

#[test]
fn erlang_c_agrees_with_textbooks_and_with_a_simulated_queue() {
    use archc::derive::capacity::erlang::{MicroErlang, waiting};
    // Textbook: C(1, a) = a; C(2, 1) = 1/3; C(10, 8) = 0.4092; C(5, 4) = 0.5541; C(20, 18) = 0.5508 (Kleinrock 1975).
    let cases = [
        (1, 500, 500_000),
        (2, 1_000, 333_333),
        (5, 4_000, 554_113),
        (10, 8_000, 409_180),
        (20, 18_000, 550_769),
    ];
    for (servers, offered, exact) in cases {
        let found = waiting(servers, MicroErlang(offered * 1_000)).0;
        assert!(found.abs_diff(exact) <= 60, "C({servers}, {offered}) = {found}, not {exact}");
        let run = simulated_waiting(usize::try_from(servers).unwrap(), offered, 42);
        assert!(found.abs_diff(run) < 25_000, "C({servers}, {offered}) = {found}, the queue says {run}");
    }
    // Where so many are free that nobody is reckoned to wait, nobody does.
    assert_eq!(waiting(400, MicroErlang(240_000_000)).0, 0);
    assert!(simulated_waiting(400, 240_000, 7) < 5);
}
