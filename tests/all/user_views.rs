//! Pictures that the architect composes: what each clause of `view` shows.

use std::collections::BTreeSet;

use archc::text::Language;
use archc::view::{self, Direction, View};

use crate::support;

/// The seed with a view of these clauses.
fn composed(clauses: &str) -> View {
    let (_, seed) = support::models().into_iter().find(|(name, _)| name == "webshop.arch").unwrap();
    let text = format!(
        "{seed}\ntags products, products_db {{ team \"web\" }}\nview mine \"Mine\" {{ {clauses} }}\n"
    );
    let review = support::review(&text).0;
    let views = view::views(&review, Language::En);
    views.into_iter().find(|view| view.name == "view-mine").unwrap()
}

fn shown(clauses: &str) -> BTreeSet<String> {
    composed(clauses).nodes.iter().map(|node| node.id.to_string()).collect()
}

fn names(names: &str) -> BTreeSet<String> {
    names.split(' ').map(str::to_owned).collect()
}

#[test]
fn a_view_shows_services_containers_kinds_and_tags() {
    assert_eq!(shown("show products, products_db"), names("products products_db"));
    assert_eq!(shown("show data"), names("products_db clients_db"));
    assert_eq!(shown("show postgres"), names("products_db clients_db"));
    assert_eq!(shown("show tag team \"web\""), names("products products_db"));
    assert_eq!(shown("show tag team \"other\""), BTreeSet::new());
    assert_eq!(shown("show postgres; hide clients_db"), names("products_db"));
    assert_eq!(shown("show postgres; show orders"), names("products_db clients_db orders"));
    // Keys that only encrypt are no boxes, unless they are asked for.
    assert!(!shown("hide net").iter().any(|name| name.ends_with(".key")));
    assert!(shown("show all").contains("net.alb"));
}

#[test]
fn neighbours_come_with_what_lies_between() {
    assert_eq!(
        shown("show files; neighbours 1"),
        names("files media front net.link net.alb net.s3-endpoint")
    );
    assert!(shown("show files; neighbours 2").is_superset(&names("customer signin products clients sales")));
    let view = composed("show files; neighbours 1; hide media");
    assert!(view.nodes.iter().all(|node| node.id.as_str() != "media"), "hide has the last word");
    let end = |end| view.end_id(end).unwrap().as_str();
    let lines: BTreeSet<(&str, &str)> =
        view.edges.iter().map(|edge| (end(edge.from), end(edge.to))).collect();
    let way = [("front", "net.link"), ("net.link", "net.alb"), ("net.alb", "files")];
    assert!(way.iter().all(|hop| lines.contains(hop)), "{lines:?}");
}

#[test]
fn a_view_goes_where_it_is_told() {
    assert_eq!(composed("show net; direction right").direction, Direction::Right);
    assert_eq!(composed("show net; direction down").direction, Direction::Down);
    assert_eq!(composed("show net").direction, Direction::Auto);
    let text = "system s in us-east-1\nsqs q\nview mine { show q; direction sideways }\n";
    let codes: Vec<&str> = support::review(text).0.findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&"UNIT-103"), "{codes:?}");
}
