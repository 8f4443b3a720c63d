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

/// The value of a figure of a service, as shown; empty when nothing explains it.
fn figure(rows: &[Vec<String>], service: &str, name: &str) -> String {
    let found = rows.iter().find(|row| row[0] == service && row[1] == name);
    found.map(|row| row[3].clone()).unwrap_or_default()
}

/// Every figure about capacity that the report prints.
fn capacity_is_traced(model: &str, review: &Review, rows: &[Vec<String>]) -> usize {
    let name = |id: archc::model::ServiceId| review.model.services[id].name.as_str().to_owned();
    let facts = &review.facts.capacity;
    let mut traced = 0;
    let mut same = |service: &str, figure_name: &str, wanted: String| {
        let shown = figure(rows, service, figure_name);
        assert!(
            shown == wanted || shown.starts_with(&format!("{wanted},")),
            "{model}: {service}: {figure_name}: `{shown}` for {wanted}"
        );
        traced += 1;
    };
    for group in &facts.groups {
        for (when, need) in [("usually", &group.usual), ("at peak", &group.peak)] {
            same(&name(group.service), &format!("units that run, {when}"), need.running.to_string());
            same(
                &name(group.service),
                &format!("use of a processor, {when}"),
                format!("{} %", need.busy.percent(2)),
            );
            if review.model.system.zones > 1 {
                same(
                    &name(group.service),
                    &format!("units to survive a zone, {when}"),
                    need.zone_loss.to_string(),
                );
            }
        }
        same(
            &name(group.service),
            "requests a minute and unit at planned use",
            group.derived_target.to_string(),
        );
    }
    for function in &facts.functions {
        let peak = archc::units::Percent(function.peak * 10).percent(3);
        same(&name(function.service), "executions at once, at peak", peak);
        same(&name(function.service), "executions at once, at most", function.most.to_string());
    }
    for queue in &facts.queues {
        same(&name(queue.service), "messages worked off a second", queue.service_rate.to_string());
        let drain = queue.drain.map_or_else(|| "never".to_owned(), |drain| drain.to_string());
        same(&name(queue.service), "time until they are worked off", drain);
    }
    for pool in &facts.pools {
        same(&name(pool.service), "connections at most", pool.demand.to_string());
        same(&name(pool.service), "connections to plan with", pool.planned().to_string());
        same(&name(pool.service), "connections accepted", pool.limit.to_string());
    }
    traced
}

/// Every amount of the bill, at each of the three loads.
fn bill_is_traced(model: &str, review: &Review, answer: &Answer) -> usize {
    let cost = &review.facts.cost;
    let money = |row: &Vec<Cell>, at: usize| {
        if let Cell::Money(money) = row[at] { money.0 } else { panic!("no money") }
    };
    let of = |key: &str| -> Vec<&Vec<Cell>> {
        answer.tables.iter().filter(|table| table.key == key).flat_map(|table| &table.rows).collect()
    };
    let named = |row: &Vec<Cell>, name: Option<&str>| match (&row[0], name) {
        (Cell::Words(words), Some(name)) => words == name,
        (Cell::Nothing, None) => true,
        _ => false,
    };
    let services = review.model.services.iter().map(|(id, service)| (Some(id), Some(service.name.as_str())));
    let mut traced = 0;
    for (id, name) in services.chain([(None, None)]) {
        let billed = cost.sum(|line| line.service == id);
        let expected: i64 =
            of("lines").into_iter().filter(|row| named(row, name)).map(|row| money(row, 4)).sum();
        let zero: i64 =
            of("bounds").into_iter().filter(|row| named(row, name)).map(|row| money(row, 3)).sum();
        let max: i64 = of("bounds").into_iter().filter(|row| named(row, name)).map(|row| money(row, 5)).sum();
        assert_eq!(
            (zero, expected, max),
            (billed.zero.0, billed.expected.0, billed.max.0),
            "{model} {name:?}"
        );
        traced += 1;
    }
    traced
}

#[test]
fn no_figure_of_a_report_is_without_its_explanation() {
    let mut traced = 0;
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        let all = |topic: &str| explained(&review, &catalog, topic, "all");
        traced += bill_is_traced(&name, &review, &all("cost"));
        traced += capacity_is_traced(&name, &review, &rows(&all("capacity"), "figures"));
        let ways = rows(&all("availability"), "ways");
        for journey in &review.facts.availability.journeys {
            let chains = [Some(&journey.accepts), journey.completes.as_ref()];
            for chain in chains.into_iter().flatten() {
                let wanted = chain.availability.fraction(6);
                assert!(
                    ways.iter().any(|row| row[2] == wanted),
                    "{name}: no journey of {wanted} in {ways:#?}"
                );
                traced += 1;
            }
        }
        let budget = rows(&all("budget"), "figures");
        for facts in &review.facts.budgets {
            let share =
                |share: Option<archc::units::Percent>| share.map(|share| format!("{} %", share.percent(1)));
            let wanted = [
                share(facts.expected_share),
                share(facts.max_share),
                facts.hours_at_max.map(|hours| format!("{hours} h")),
                share(Some(facts.proposed_actual)),
            ];
            for wanted in wanted.into_iter().flatten() {
                assert!(budget.iter().any(|row| row[3] == wanted), "{name}: no {wanted} in {budget:#?}");
                traced += 1;
            }
        }
        let load = all("load");
        let loads: Vec<&Vec<Cell>> = load.tables.iter().flat_map(|table| &table.rows).collect();
        for (id, flow) in review.model.whole_flows() {
            let rates = review.facts.load.flow(id);
            let inner = !review.model.services[flow.from].kind.is_outside();
            if inner && rates.peak.0 > 0 {
                let (from, to) = (
                    review.model.services[flow.from].name.as_str(),
                    review.model.services[flow.to].name.as_str(),
                );
                let told = loads.iter().any(|row| {
                    row[0] == Cell::Words(to.to_owned())
                        && row[1] == Cell::Words(from.to_owned())
                        && row[3] == Cell::Rate(rates.usual)
                        && row[4] == Cell::Rate(rates.peak)
                });
                assert!(told, "{name}: {from} -> {to}");
                traced += 1;
            }
        }
    }
    assert!(traced > 300, "{traced}");
}

#[test]
fn every_grant_of_every_principal_is_explained() {
    use archc::derive::access::Principal;
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        for principal in review.facts.access.principals() {
            let who = match principal {
                Principal::Service(id) => format!("service {}", review.model.services[*id].name),
                Principal::Role(id) => format!("role {}", review.model.roles[*id].name),
                Principal::Aws(_) | Principal::Anyone => continue,
            };
            let answer = explained(&review, &catalog, "access", &who);
            let told = answer.tables.iter().map(|table| table.rows.len()).sum::<usize>();
            assert_eq!(told, review.facts.access.of(principal).iter().count(), "{name}: {who}");
        }
    }
}
