//! Prices beyond the catalogue: a project's own, factors of regions, and what is borrowed.

use archc::catalog::Catalog;
use archc::derive::cost::{Basis, Cost};
use archc::diag::Diagnostic;
use archc::text::{FileId, Language, Source};

use crate::support::{models, review};

const OWN: &str = "schema = 1\nsource = \"our agreement\"\ndate = \"2026-11-01\"\n";

/// A catalogue with one price file, and what was found in it.
fn catalog(rows: &str) -> (Catalog, Vec<Diagnostic>) {
    let source = Source::new("aws/prices.toml", format!("{OWN}{rows}"));
    Catalog::embedded().with_project(&[(FileId(0), &source)])
}

fn model_in(region: &str) -> String {
    format!(
        "system demo \"Demo\" in {region} {{ env prod; zones 2 }}\nvpc net 10.0.0.0/16 {{\n  tier app private {{\n    \
         ec2 web {{ size t3.medium; scale 2..2 on cpu 50%; work 20 ms }}\n  }}\n  tier data isolated {{\n    \
         postgres store {{ size db.t3.medium; storage 50 GB; multi-az; backup 7 d; holds internal }}\n  }}\n}}\nnat way\n"
    )
}

fn bill(text: &str, catalog: &Catalog) -> Cost {
    let (ast, _) = archc::syntax::parse(FileId(0), &Source::new("model.arch", text));
    let (model, _) = archc::model::resolve(&[(ast, None)], None, catalog);
    archc::derive::derive(&model, catalog).cost
}

/// Expected micro-dollars, basis and source of a price of a bill.
fn line(cost: &Cost, kind: &str, item: &str) -> (i64, Basis, String) {
    let found = cost.lines.iter().find(|line| line.kind == kind && line.item == item);
    let found = found.unwrap_or_else(|| panic!("no {kind} {item} in {:#?}", cost.lines));
    (found.cost.expected.0, found.basis, found.source.clone())
}

/// The hourly price of an instance: its item in the catalogue.
fn instance_item(catalog: &Catalog, kind: &str) -> String {
    let kind = catalog.kind(kind).unwrap();
    kind.pricing.items.iter().find(|price| price.table.is_some()).unwrap().id.clone()
}

#[test]
fn list_prices_hold_at_home_and_are_scaled_or_borrowed_elsewhere() {
    let ours = Catalog::embedded();
    let (web, store) = (instance_item(&ours, "ec2_service"), instance_item(&ours, "rds_postgres"));
    let home = bill(&model_in("us-east-1"), &ours);
    // Two units of 0.0416 USD for 730 hours; a database of 0.072 with a standby.
    assert_eq!(
        (line(&home, "ec2_service", &web).0, line(&home, "ec2_service", &web).1),
        (60_736_000, Basis::List)
    );
    assert_eq!(line(&home, "rds_postgres", &store).0, 105_120_000);
    let dublin = bill(&model_in("eu-west-1"), &ours);
    let (cost, basis, source) = line(&dublin, "ec2_service", &web);
    // 0.0416 x 1.0962 = 0.04560192 USD an hour.
    assert_eq!((cost, basis), (66_578_803, Basis::Factor));
    assert!(source.contains("times 1.0962 for eu-west-1"), "{source}");
    let (cost, basis, source) = line(&dublin, "rds_postgres", &store);
    assert_eq!((cost, basis), (105_120_000, Basis::Borrowed));
    assert!(source.ends_with("borrowed from us-east-1"), "{source}");
    assert!(dublin.lines.iter().all(|line| line.region == "eu-west-1" && line.basis != Basis::List));
}

#[test]
fn a_projects_own_prices_come_first_and_those_of_the_region_before_all() {
    let rows = "[[price]]\nkind = \"ec2\"\nsize = \"t3.medium\"\nusd = 0.03\n\
                [[price]]\nregion = \"eu-west-1\"\nkind = \"ec2_service\"\nsize = \"t3.medium\"\nusd = 0.05\n\
                [[price]]\nkind = \"nat\"\nitem = \"hour\"\nusd = 4.1\nper = 100\n\
                [[factor]]\nregion = \"eu-west-1\"\nkinds = [\"postgres\"]\nfactor = 1.25\n";
    let (own, findings) = catalog(rows);
    assert!(findings.is_empty(), "{findings:?}");
    let (web, store) = (instance_item(&own, "ec2_service"), instance_item(&own, "rds_postgres"));
    let home = bill(&model_in("us-east-1"), &own);
    assert_eq!(
        line(&home, "ec2_service", &web),
        (43_800_000, Basis::Own, "our agreement (2026-11-01)".to_owned())
    );
    // Two zones for 730 hours at 0.041 USD.
    assert_eq!(line(&home, "nat", "hour").0, 59_860_000);
    let dublin = bill(&model_in("eu-west-1"), &own);
    assert_eq!(line(&dublin, "ec2_service", &web).0, 73_000_000);
    assert_eq!(
        (line(&dublin, "rds_postgres", &store).0, line(&dublin, "rds_postgres", &store).1),
        (131_400_000, Basis::Factor)
    );
}

#[test]
fn a_size_of_the_model_costs_what_it_says_in_every_region() {
    let text = |region: &str| {
        format!("{}size m9.huge {{ vcpu 8; memory 32 GB; price 0.40 USD/h }}\n", model_in(region))
            .replace("t3.medium; scale", "m9.huge; scale")
    };
    let ours = Catalog::embedded();
    let web = instance_item(&ours, "ec2_service");
    for region in ["us-east-1", "eu-west-1"] {
        let (cost, basis, source) = line(&bill(&text(region), &ours), "ec2_service", &web);
        assert_eq!(
            (cost, basis, source.as_str()),
            (584_000_000, Basis::Own, "stated in the model"),
            "{region}"
        );
    }
}

#[test]
fn mistakes_in_a_price_file_are_found_where_they_stand() {
    let price = |row: &str| format!("[[price]]\n{row}\n");
    for (rows, code, at) in [
        (price("kind = \"natt\"\nitem = \"hour\"\nusd = 1"), "CAT-006", "\"natt\""),
        (price("kind = \"nat\"\nitem = \"hours\"\nusd = 1"), "CAT-006", "\"hours\""),
        (price("kind = \"sqs\"\nsize = \"t3.small\"\nusd = 1"), "CAT-006", "\"t3.small\""),
        (price("kind = \"nat\"\nusd = 1"), "CAT-007", "\"nat\""),
        (price("kind = \"nat\"\nitem = \"hour\"\nusd = -1"), "CAT-007", "\"nat\""),
        (price("kind = \"nat\"\nitem = \"hour\"\nusd = 1000001"), "CAT-007", "\"nat\""),
        (price("kind = \"nat\"\nitem = \"hour\"\nusd = 1\nper = 0"), "CAT-007", "0"),
        (price("region = \"Europe\"\nkind = \"nat\"\nitem = \"hour\"\nusd = 1"), "CAT-007", "\"Europe\""),
        (price("kind = \"nat\"\nitem = \"hour\"\nusd = nan"), "CAT-001", "nan"),
        (price("kind = \"nat\"\nitem = \"hour\"\nusd = 1e40"), "CAT-001", "1e40"),
        (price("kind = \"nat\"\nitem = \"hour\"\nprice = 1"), "CAT-001", "price"),
        ("[[factor]]\nregion = \"eu-west-1\"\nfactor = 0\n".to_owned(), "CAT-007", "\"eu-west-1\""),
        ("[[factor]]\nregion = \"eu-west-1\"\nfactor = 101\n".to_owned(), "CAT-007", "\"eu-west-1\""),
        (
            "[[factor]]\nregion = \"eu-west-1\"\nkinds = [\"postgress\"]\nfactor = 1.1\n".to_owned(),
            "CAT-006",
            "\"postgress\"",
        ),
    ] {
        let text = format!("{OWN}{rows}");
        let (_, findings) = catalog(&rows);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [code], "{text}");
        let span = findings[0].span;
        assert_eq!(&text[span.start as usize..span.end as usize], at, "{text}");
    }
    for (head, at) in [
        ("schema = 1\nsource = \" \"\ndate = \"2026-11-01\"\n", "\" \""),
        ("schema = 1\nsource = \"us\"\ndate = \"2026-13-01\"\n", "\"2026-13-01\""),
    ] {
        let source = Source::new("aws/prices.toml", head);
        let (_, findings) = Catalog::embedded().with_project(&[(FileId(0), &source)]);
        let span = findings[0].span;
        assert_eq!((findings[0].code, &head[span.start as usize..span.end as usize]), ("CAT-007", at));
    }
    let source = Source::new("aws/prices.toml", "schema = 1\nsource = \"us\"\n");
    let (_, findings) = Catalog::embedded().with_project(&[(FileId(0), &source)]);
    assert_eq!(findings[0].code, "CAT-001", "a file without a date");
}

#[test]
fn the_report_says_what_was_borrowed() {
    let said = |region: &str, language: Language| {
        let (review, catalog) = review(&model_in(region));
        let written = archc::emit::report::emit(&review, &catalog, language, &[]);
        String::from_utf8(written[0].bytes.clone()).unwrap()
    };
    assert!(!said("us-east-1", Language::En).contains("Prices in `"));
    let english = said("eu-west-1", Language::En);
    assert!(
        english.contains("Prices in `eu-west-1`: ")
            && english.contains("borrowed from `us-east-1`, because no factor is known: "),
        "{english}"
    );
    assert!(said("eu-west-1", Language::Es).contains("Precios en `eu-west-1`: "));
    // Of a region nobody knows, everything is borrowed.
    assert!(!said("mx-central-1", Language::En).contains(" by a factor on those of"));
}

#[test]
fn every_line_of_every_model_says_how_its_price_came_to_its_region() {
    let mut bases = std::collections::BTreeSet::new();
    for (name, text) in models() {
        let (review, catalog) = review(&text);
        for line in &review.facts.cost.lines {
            let is_home = line.region == catalog.home_region();
            assert_eq!(line.basis == Basis::List, is_home, "{name}: {line:?}");
            bases.insert(line.basis);
        }
        let regions = review.facts.cost.lines.iter().filter(|line| line.basis != Basis::List).count();
        let told = review.facts.assumptions.iter().filter(|one| one.state == "catalog \"prices\"").count();
        assert_eq!(regions > 0, told > 0, "{name}");
    }
    assert!(bases.len() >= 3, "{bases:?}");
}
