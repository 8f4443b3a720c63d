//! Explained figures: each is the one that was reckoned, its formula comes to it, and the seed's are those of the reference.

use archc::ask::{Answer, Cell, Index, TOPICS, topic};
use archc::check::Review;
use archc::syntax::query::question;
use archc::text::{FileId, Source};

use crate::support::{models, review};

/// What a topic says about some names of a model.
fn explained(review: &Review, catalog: &archc::catalog::Catalog, name: &str, about: &str) -> Answer {
    let index = Index::new(&review.model, &review.facts, catalog);
    let topic = topic(name).unwrap();
    let asked =
        question(FileId(0), &Source::new("question", format!("{} {about}", topic.opening))).0.unwrap();
    topic.explain(&index, &asked).unwrap()
}

fn seed(name: &str, about: &str) -> Answer {
    let (_, text) = models().into_iter().find(|(file, _)| file == "webshop.arch").unwrap();
    let (review, catalog) = review(&text);
    explained(&review, &catalog, name, about)
}

/// The cells of a table, as words.
fn rows(answer: &Answer, key: &str) -> Vec<Vec<String>> {
    let tables = answer.tables.iter().filter(|table| table.key == key);
    let words = |cell: &Cell| match cell {
        Cell::Words(words) => words.clone(),
        Cell::Chance(figure) => figure.fraction(6),
        Cell::Time(time) => time.to_string(),
        Cell::Money(money) => money.to_string(),
        Cell::Share(share) => share.to_string(),
        Cell::Places(places) => places.len().to_string(),
        other => format!("{other:?}"),
    };
    tables.flat_map(|table| &table.rows).map(|row| row.iter().map(words).collect()).collect()
}

/// The row that begins with these words.
fn row(answer: &Answer, key: &str, start: &[&str]) -> Vec<String> {
    let all = rows(answer, key);
    let found = all.iter().find(|row| row.iter().zip(start).all(|(cell, word)| cell == word));
    found.unwrap_or_else(|| panic!("no row {start:?} in {all:#?}")).clone()
}

#[test]
fn the_seeds_capacity_is_that_of_the_reference() {
    let answer = seed("capacity", "all");
    let value = |service: &str, figure: &str| row(&answer, "figures", &[service, figure])[3].clone();
    let formula = |service: &str, figure: &str| row(&answer, "figures", &[service, figure])[2].clone();
    for (service, run_usually, run_at_peak, zone, target) in
        [("products", 2, 4, 2, 3_600), ("clients", 2, 2, 2, 3_600), ("files", 2, 2, 2, 1_800)]
    {
        assert_eq!(value(service, "units that run, usually"), run_usually.to_string());
        assert_eq!(value(service, "units that run, at peak"), run_at_peak.to_string());
        assert_eq!(value(service, "units to survive a zone, usually"), zone.to_string());
        assert_eq!(value(service, "requests a minute and unit at planned use"), target.to_string());
    }
    for (service, peak) in
        [("products", "60 % busy, 45 % wait, 11.25 ms"), ("clients", "20 % busy, 6.67 % wait, 0.83 ms")]
    {
        assert!(formula(service, "units for the queue, at peak").contains(peak));
    }
    assert!(formula("files", "units for the queue, at peak").contains("30 % busy, 13.85 % wait, 3.96 ms"));
    assert_eq!(formula("products", "units for the target, at peak"), "⌈60 s × 60 rps / 1000⌉");
    assert_eq!(value("sell", "executions at once, at peak"), "1.5");
    assert_eq!(value("products_db", "connections at most"), "80");
    assert_eq!(value("clients_db", "connections at most"), "40");
    assert_eq!(formula("products_db", "connections at most"), "`products` 6 × 10 + `sell` 20 × 1");
    assert_eq!(row(&answer, "quotas", &["Nothing", "on-demand-standard-vcpus"])[3], "28 of 5 vCPU");
}

#[test]
fn the_seeds_availability_is_that_of_the_reference() {
    let answer = seed("availability", "all");
    for (way, figure, lost) in [
        ("front -> products -> products_db", "0.998800", "51.8 min"),
        ("front -> clients -> clients_db", "0.998800", "51.8 min"),
        ("front -> files -> media", "0.998301", "73.4 min"),
        ("journey `buy`, accepted", "0.998501", "64.8 min"),
        ("journey `buy`, completed within 15 min", "0.998900", "47.5 min"),
    ] {
        let found = row(&answer, "ways", &[way]);
        assert_eq!((found[2].as_str(), found[3].as_str()), (figure, lost), "{way}");
    }
    let one = rows(&seed("availability", "buy"), "ways");
    assert_eq!(one.len(), 2, "a journey by its name, and nothing else");
}

#[test]
fn the_seeds_budget_is_that_of_the_reference() {
    let answer = seed("budget", "all");
    let value = |figure: &str| row(&answer, "figures", &["Nothing", figure])[3].clone();
    assert_eq!(value("hours at maximum until the limit"), "112 h");
    assert_eq!(value("threshold worth an alert on what was spent"), "95 %");
    assert_eq!(value("alert at 80 % actual"), "every period: it lies below what is expected");
    assert_eq!(value("expected a month, as part of the limit"), "83.7 %");
    assert_eq!(rows(&seed("budget", "shop"), "figures"), rows(&answer, "figures"), "the system by its name");
}

/// The product of the factors that are shown.
fn product(formula: &str) -> f64 {
    let factors = formula.split(" = ").next().unwrap().split(" × ");
    factors.map(|factor| factor.split(' ').next().unwrap().parse::<f64>().unwrap()).product()
}

#[test]
fn shown_factors_come_to_the_shown_availability_in_every_model() {
    let mut compared = 0;
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        let answer = explained(&review, &catalog, "availability", "all");
        for row in rows(&answer, "ways") {
            let shown: f64 = row[2].parse().unwrap();
            assert!((product(&row[1]) - shown).abs() < 1e-6, "{name}: {row:?}");
            compared += 1;
        }
    }
    assert!(compared > 25, "{compared}");
}

/// Milliseconds of `20 ms` or `1.5 s`.
fn milliseconds(words: &str) -> f64 {
    let (number, unit) = words.trim().split_once(' ').unwrap();
    let scale = [("ms", 1.0), ("s", 1e3), ("min", 6e4), ("h", 3.6e6)]
        .iter()
        .find(|(known, _)| *known == unit)
        .unwrap()
        .1;
    number.parse::<f64>().unwrap() * scale
}

#[test]
fn shown_hops_come_to_the_shown_time_in_every_model() {
    let mut compared = 0;
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        let answer = explained(&review, &catalog, "latency", "all");
        for row in rows(&answer, "ways").iter().filter(|row| !row[1].is_empty()) {
            let parts =
                row[1].split(" + ").map(|part| part.rsplit('`').next().unwrap().trim_end_matches(" waiting"));
            let sum: f64 = parts.map(milliseconds).sum();
            assert!((sum - milliseconds(&row[2])).abs() < 0.05, "{name}: {row:?}");
            compared += 1;
        }
    }
    assert!(compared > 15, "{compared}");
}

#[test]
fn every_topic_is_explained_in_every_model_with_formulas_sources_and_lines() {
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        for topic in TOPICS.iter().filter(|topic| topic.name != "access") {
            let answer = explained(&review, &catalog, topic.name, "all");
            assert!(!answer.headline.is_empty() && !answer.tables.is_empty(), "{name} {}", topic.name);
            for table in
                answer.tables.iter().filter(|table| ["figures", "factors", "hops"].contains(&table.key))
            {
                let unplaced =
                    |row: &&Vec<Cell>| matches!(row.last(), Some(Cell::Places(places)) if places.is_empty());
                let empty = |row: &&Vec<Cell>| {
                    let words = table.columns.iter().zip(row.iter());
                    let told =
                        words.filter(|(column, _)| ["formula", "source", "value"].contains(&column.key));
                    told.into_iter().any(|(_, cell)| *cell == Cell::Words(String::new()))
                };
                assert_eq!(table.rows.iter().find(unplaced), None, "{name} {}", topic.name);
                assert_eq!(table.rows.iter().find(empty), None, "{name} {}", topic.name);
            }
        }
    }
}
