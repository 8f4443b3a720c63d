//! Derived figures: the seed against the reference reckoning, small models against hand-made figures, and every page of the
//! rules about reliability, scale and cost.

use archc::catalog::Catalog;
use archc::check::{Case, check};
use archc::derive::{self, Facts};
use archc::diag::{Diagnostic, Severity};
use archc::model::{Model, resolve};
use archc::syntax::parse;
use archc::text::{FileId, Source};
use archc::units::{Date, Millis, PerBillion};

/// A model with its facts and findings.
struct Reckoned {
    model: Model,
    facts: Facts,
    findings: Vec<Diagnostic>,
}

/// Reads a model, derives its facts and checks it. Findings of reading come first.
fn reckon(text: &str) -> Reckoned {
    let catalog = Catalog::embedded();
    let (ast, mut findings) = parse(FileId(0), &Source::new("model.arch", text));
    let (model, resolved) = resolve(&[(ast, None)], None, &catalog);
    findings.extend(resolved);
    let facts = derive::derive(&model, &catalog);
    let today = Date { year: 2026, month: 11, day: 22 };
    findings.extend(check(&Case { model: &model, facts: &facts, catalog: &catalog, today }));
    Reckoned { model, facts, findings }
}

/// The code blocks of a page, each with what stands after its fence.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(mark), None) => open = Some((mark.to_owned(), String::new())),
            (Some(_), Some(block)) => found.push(block),
            (None, Some((mark, text))) => open = Some((mark, format!("{text}{line}\n"))),
            (None, None) => {}
        }
    }
    found
}

#[test]
fn every_page_fires_and_is_silent_where_it_says() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks");
    let mut trouble = String::new();
    let mut pages = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if !["REL-", "SCALE-", "COST-"].iter().any(|area| code.starts_with(area)) {
            continue;
        }
        pages += 1;
        for (mark, text) in blocks(&std::fs::read_to_string(&path).unwrap()) {
            let wanted = mark == format!("arch,fires={code}");
            let found = reckon(&text).findings;
            let fires = found.iter().any(|finding| finding.code == code);
            let broken =
                found.iter().find(|finding| finding.severity == Severity::Error && finding.code != code);
            if fires != wanted || broken.is_some() {
                let all: Vec<String> = found
                    .iter()
                    .map(|f| format!("  {} {} {}", f.code, f.message.en().terminal(), f.note.en().terminal()))
                    .collect();
                trouble += &format!("{code} {mark}: fires {fires}\n{}\n", all.join("\n"));
            }
        }
    }
    assert!(trouble.is_empty(), "{trouble}");
    assert_eq!(pages, 48);
}

fn seed() -> Reckoned {
    reckon(include_str!("../../models/webshop.arch"))
}

#[test]
fn the_seeds_availability_is_the_references() {
    let seed = seed();
    let service = |name: &str| seed.model.service(name).unwrap();
    let found = &seed.facts.availability;
    let way = |end: &str| {
        let ends = |at: usize| {
            let path = &seed.facts.paths.all[at];
            path.start == service("front") && path.end(&seed.model) == service(end)
        };
        let chain = &found.paths.iter().find(|way| ends(way.path)).unwrap().chain;
        let worst = seed.model.services[chain.worst.unwrap()].name.to_string();
        (chain.availability.fraction(6), chain.downtime.minutes(1), worst)
    };
    let row = |a: &str, minutes: &str, worst: &str| (a.to_owned(), minutes.to_owned(), worst.to_owned());
    assert_eq!(way("products_db"), row("0.998800", "51.8", "front"));
    assert_eq!(way("clients_db"), row("0.998800", "51.8", "front"));
    assert_eq!(way("media"), row("0.998301", "73.4", "media"));
    assert_eq!(way("sales"), row("0.998501", "64.8", "sales"));
    let journey = &found.journeys[0];
    assert_eq!(journey.accepts.availability.fraction(6), "0.998501");
    let completes = journey.completes.as_ref().unwrap();
    assert_eq!(
        (completes.availability.fraction(6), completes.downtime.minutes(1)),
        ("0.998900".into(), "47.5".into())
    );
    assert_eq!(journey.within, Some(Millis(900_000)));
    let browse = found.chain(["front", "net.alb", "products", "products_db"].map(service));
    let single = found.what_if(&browse, service("products_db"), PerBillion(995_000_000));
    assert_eq!(
        (single.availability.fraction(6), single.downtime.minutes(1)),
        ("0.994304".into(), "246.1".into())
    );
}

#[test]
fn the_seeds_capacity_is_the_references() {
    let seed = seed();
    let found = &seed.facts.capacity;
    let rows: Vec<String> = found
        .groups
        .iter()
        .flat_map(|group| [(group, group.usual), (group, group.peak)])
        .map(|(group, need)| {
            let name = &seed.model.services[group.service].name;
            let fares = need.fares;
            format!(
                "{name} {} units {} alone {} rho {} wait {} Wq {} zone {} of {}..{}",
                need.rate,
                need.units,
                need.queueing,
                fares.busy,
                fares.waiting.percent(1),
                fares.wait.unwrap(),
                need.zone_loss,
                group.min,
                group.max
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "products 12 rps units 1 alone 1 rho 12 % wait 2.6 Wq 0.29 ms zone 2 of 2..6",
            "products 60 rps units 4 alone 1 rho 60 % wait 45 Wq 11.25 ms zone 2 of 2..6",
            "clients 4 rps units 1 alone 1 rho 4 % wait 0.3 Wq 0.03 ms zone 2 of 2..4",
            "clients 20 rps units 1 alone 1 rho 20 % wait 6.7 Wq 0.83 ms zone 2 of 2..4",
            "files 3 rps units 1 alone 1 rho 6 % wait 0.7 Wq 0.14 ms zone 2 of 2..4",
            "files 15 rps units 1 alone 1 rho 30 % wait 13.8 Wq 3.96 ms zone 2 of 2..4",
        ]
    );
    let targets: Vec<u64> = found.groups.iter().map(|group| group.derived_target).collect();
    assert_eq!(targets, [3600, 3600, 1800]);
    let busy: Vec<String> =
        found.groups.iter().map(|group| format!("{} {}", group.busy_at_min, group.peak.busy)).collect();
    assert_eq!(busy, ["6 % 15 %", "2 % 10 %", "3 % 15 %"]);
    assert_eq!((found.functions[0].peak, found.functions[0].most), (1_500, 20));
    let pools: Vec<(u64, u64, u64)> =
        found.pools.iter().map(|pool| (pool.demand, pool.nominal, pool.limit)).collect();
    assert_eq!(pools, [(80, 450, 405), (40, 225, 202)]);
}

/// The seed's bill by what causes it: USD without load, expected, at maximum. `docs/reference/derived-values.md` explains every
/// difference to the reference reckoning.
const BILL: [(&str, &str, &str, &str); 18] = [
    ("front request", "0.00", "69.84", "262.80"),
    ("net.alb", "16.43", "22.32", "38.62"),
    ("products", "63.94", "69.19", "191.81"),
    ("clients", "33.57", "33.57", "67.14"),
    ("files", "33.57", "33.57", "67.14"),
    ("products_db", "116.62", "116.62", "116.62"),
    ("clients_db", "51.32", "51.32", "51.32"),
    ("media", "4.60", "23.25", "74.77"),
    ("sales", "0.00", "5.24", "19.71"),
    ("sell", "0.00", "2.56", "28.61"),
    ("orders", "1.00", "6.24", "20.71"),
    ("net.nat", "73.00", "73.00", "73.00"),
    ("clients_db.key", "1.00", "1.00", "1.00"),
    ("orders.key", "1.00", "1.00", "1.00"),
    ("logs", "0.00", "14.96", "63.20"),
    ("alarm", "2.10", "2.10", "2.10"),
    ("internet-egress-gb", "0.00", "53.86", "227.52"),
    ("cross-az-gb", "0.00", "5.94", "22.34"),
];

#[test]
fn the_seeds_bill_is_explained_line_by_line() {
    let seed = seed();
    let cost = &seed.facts.cost;
    let name = |line: &archc::derive::cost::CostLine| {
        let service = line.service.map_or("", |id| seed.model.services[id].name.as_str());
        match (line.kind.as_str(), line.item.as_str()) {
            ("vpc", item) => item.to_owned(),
            ("logs" | "alarm", _) => line.kind.clone(),
            ("api_http", item) => format!("{service} {item}"),
            _ => service.to_owned(),
        }
    };
    for (row, zero, expected, max) in BILL {
        let found = cost.sum(|line| name(line) == row);
        assert_eq!(
            (found.zero.usd(2), found.expected.usd(2), found.max.usd(2)),
            (zero.into(), expected.into(), max.into()),
            "{row}"
        );
    }
    assert!(
        cost.lines
            .iter()
            .all(|line| BILL.iter().any(|(row, ..)| *row == name(line)) && !line.causes.is_empty())
    );
    for (ours, reference) in
        [(cost.totals.zero, 397.69), (cost.totals.expected, 588.24), (cost.totals.max, 1_317.14)]
    {
        let ours: f64 = ours.usd(2).parse().unwrap();
        assert!((ours / reference - 1.0_f64).abs() < 0.02, "{ours} against {reference}");
    }
    assert_eq!(cost.fixed_share().unwrap().percent(0), "68");
}

#[test]
fn the_seeds_budget_and_findings_are_the_references() {
    let seed = seed();
    let budget = &seed.facts.budgets[0];
    assert_eq!(budget.expected_share.unwrap().percent(0), "84");
    assert_eq!(budget.hours_at_max, Some(112));
    assert_eq!(
        (budget.proposed_actual.percent(0), budget.proposed_forecast.percent(0)),
        ("95".into(), "100".into())
    );
    let mut codes: Vec<&str> = seed.findings.iter().map(|finding| finding.code).collect();
    codes.retain(|code| ["REL-", "SCALE-", "COST-"].iter().any(|area| code.starts_with(area)));
    codes.sort_unstable();
    assert_eq!(codes, ["COST-502", "COST-508", "COST-512", "REL-146", "SCALE-209", "SCALE-217"]);
    assert!(seed.findings.iter().all(|finding| finding.severity != Severity::Error));
}

/// Numbers that look random and are the same on every machine: Knuth's 64-bit congruence.
struct Dice(u64);

impl Dice {
    /// A time with mean 1, memoryless.
    fn time(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = u32::try_from(self.0 >> 32).unwrap();
        -((f64::from(high) + 0.5) / 4_294_967_296.0).ln()
    }
}

/// The mean wait, in service times, of customers who come at random to `servers` that serve one at a time.
fn simulated_wait(servers: usize, offered: f64, customers: u32) -> f64 {
    let mut dice = Dice(20_261_122);
    let mut free = vec![0.0_f64; servers];
    let (mut now, mut waited) = (0.0_f64, 0.0_f64);
    for _ in 0..customers {
        now += dice.time() / offered;
        let first = free.iter_mut().min_by(|a, b| a.total_cmp(b)).unwrap();
        waited += (*first - now).max(0.0);
        *first = first.max(now) + dice.time();
    }
    waited / f64::from(customers)
}

#[test]
fn erlangs_formula_agrees_with_a_simulation() {
    use archc::derive::capacity::erlang::{MicroErlang, queueing};
    for (servers, offered) in [(1, 0.5), (1, 0.8), (2, 1.0), (2, 1.2), (4, 3.2), (8, 4.8), (10, 7.0)] {
        let micro = MicroErlang(format!("{:.0}", offered * 1e6).parse().unwrap());
        let wait = queueing(servers, micro, Millis(1_000)).wait.unwrap();
        let formula: f64 = wait.0.to_string().parse::<f64>().unwrap() / 1e6;
        let simulated = simulated_wait(usize::try_from(servers).unwrap(), offered, 600_000);
        assert!(
            (formula - simulated).abs() < 0.04 * formula + 0.002,
            "{servers} servers, {offered} erlang: {formula} {simulated}"
        );
    }
}

/// One priced thing: declarations, the line's kind and item, and the exact cost expected in a month.
const FIXTURES: [(&str, &str, &str, &str); 20] = [
    (
        "load front 100 rps\nhttp-api front { throttle 200 rps }\nactor guest\nguest -> front : call",
        "api_http",
        "request",
        "262.80",
    ),
    (
        "load front 200 rps\nhttp-api front { throttle 900 rps }\nactor guest\nguest -> front : call",
        "api_http",
        "request-2",
        "203.04",
    ),
    (
        "load front 10 rps\nrest-api front { throttle 200 rps }\nactor guest\nguest -> front : call",
        "api_rest",
        "request",
        "91.98",
    ),
    ("cognito pool { users 50000 }", "cognito", "mau-essentials", "600.00"),
    ("cognito pool { users 50000; plan lite }", "cognito", "mau-lite", "275.00"),
    ("s3 media { storage 1 TB }", "s3", "storage-gb", "23.55"),
    ("dynamodb items { storage 125 GB }", "dynamodb", "storage-gb", "25.00"),
    ("dynamodb items { storage 10 GB; pitr }", "dynamodb", "pitr-gb", "2.00"),
    ("load jobs 10 rps\nsqs jobs { dlq after 5 }", "sqs", "request", "31.14"),
    (
        "load work 10 rps\nlambda work { memory 1 GB; work 500 ms; concurrency 50 }",
        "lambda",
        "gb-second",
        "212.33",
    ),
    (
        "load work 10 rps\nlambda work { memory 1 GB; work 500 ms; concurrency 50 }",
        "lambda",
        "request",
        "5.06",
    ),
    (
        "load work 10 rps\nlambda work { memory 1 GB; work 500 ms; concurrency 50; arch arm64 }",
        "lambda",
        "gb-second-arm",
        "169.87",
    ),
    ("load news 10 rps\nsns news { email \"a@example.com\" }", "sns", "publish", "12.64"),
    ("load bus 10 rps\neventbridge bus", "eventbridge", "event", "26.28"),
    ("load flow 2 rps\nstep-functions flow { steps 4 }", "step_functions", "transition", "525.60"),
    ("kms-key seal", "kms", "key", "1.00"),
    ("secret password", "secret", "secret", "0.40"),
    (
        "vpc net 10.0.0.0/16 {\n tier data isolated {\n  postgres db { size db.t3.large; storage 100 GB; multi-az }\n }\n}",
        "rds_postgres",
        "instance-hour",
        "211.70",
    ),
    (
        "vpc net 10.0.0.0/16 {\n tier data isolated {\n  mysql db { size db.m5.large; storage 100 GB; replicas 1 }\n }\n}",
        "rds_mysql",
        "instance-hour",
        "249.66",
    ),
    (
        "vpc net 10.0.0.0/16 {\n tier app private {\n  fargate web { vcpu 0.5; memory 1 GB; scale 2..4 on cpu 50% }\n }\n}",
        "ecs_fargate",
        "vcpu-hour",
        "29.55",
    ),
];

#[test]
fn prices_make_the_exact_bill() {
    for (text, kind, item, expected) in FIXTURES {
        let found = reckon(&format!("system demo \"Demo\" in us-east-1 {{ env prod; zones 2 }}\n{text}"));
        let sum = found.facts.cost.sum(|line| line.kind == kind && line.item == item);
        assert_eq!(sum.expected.usd(2), expected, "{kind} {item} of\n{text}");
    }
}

#[test]
fn absurd_numbers_saturate_and_never_panic() {
    let seed = include_str!("../../models/webshop.arch");
    let swaps = [
        ("20 rps, peak 100 rps", "18446744073709551 rps, peak 18446744073709551 rps"),
        ("20 rps, peak 100 rps", "0 rps, peak 0 rps"),
        ("peak 100 rps for 60 h/month", "peak 1 rps for 99999999 h/month"),
        ("work 20 ms", "work 18446744073709 d"),
        ("work 300 ms", "work 0 ms"),
        ("share 60%", "share 9999999%"),
        ("storage 50 GB", "storage 17000000 TB"),
        ("scale 2..6", "scale 0..18446744073709551615"),
        ("zones 2", "zones 0"),
        ("pool 10", "pool 18446744073709551615"),
        ("budget 700 USD", "budget 0 USD"),
        ("size 8 KB", "size 16777215 TB"),
        ("users 5000", "users 18446744073709551615"),
        ("slo 99.8%", "slo 0%"),
    ];
    for (stated, absurd) in swaps {
        let text = seed.replace(stated, absurd);
        assert_ne!(text, seed, "{stated}");
        let found = reckon(&text);
        assert!(found.facts.cost.totals.max >= found.facts.cost.totals.zero, "{absurd}");
        assert!(found.facts.availability.paths.iter().all(|way| way.chain.availability <= PerBillion::WHOLE));
    }
}

#[test]
fn circles_of_queues_carry_their_load_once() {
    let text = "system demo \"Demo\" in us-east-1 { env prod; zones 2 }\nload first 4 rps\n\
        sqs after { dlq after 5 }\nlambda last { concurrency 5 }\n\
        sqs first { dlq after 5 }\nlambda turn { concurrency 5 }\n\
        first -> turn : consume\nturn -> first : send\nturn -> after : send\nafter -> last : consume\n";
    let found = reckon(text);
    let rate = |name: &str| found.facts.load.service(found.model.service(name).unwrap()).usual.to_string();
    assert_eq!(rate("turn"), "4 rps");
    assert_eq!(rate("last"), "4 rps");
    assert_eq!(rate("first"), "8 rps");
}
