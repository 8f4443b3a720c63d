//! Models at the edge of what a picture can hold: each is drawn without a defect.

use std::fmt::Write as _;

use archc::driver::stability::stability;
use archc::emit::svg;
use archc::layout::Engine;
use archc::text::{Ident, Language};
use archc::view;

use crate::support;

const HEAD: &str = "system edge \"Edge\" in us-east-1 { env prod; zones 2; owner \"team@example.com\" }\n";

/// Draws all pictures of a model; each must be clean. Returns how many boxes and lines the largest has.
fn clean(name: &str, body: &str) -> (usize, usize) {
    let review = support::review(&format!("{HEAD}{body}")).0;
    let stamp = svg::stamp(&review.model, Ident::sanitized("edge"));
    let mut largest = (0, 0);
    for view in view::views(&review, Language::En) {
        let picture = svg::draw(&view, &stamp, Language::En, Engine::Layered);
        assert_eq!(picture.defects, [], "{name}: {}", view.name);
        largest = largest.max((view.nodes.len(), view.edges.len()));
    }
    largest
}

/// Functions, each in a line of its own.
fn functions(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "lambda f{number} \"Function {number}\" {{ memory 256 MB; work 20 ms }}");
        text
    })
}

#[test]
fn rings_loops_and_parallel_flows_are_drawn() {
    let ring = "f0 -> f1 : invoke\nf1 -> f2 : invoke\nf2 -> f0 : invoke\n";
    assert!(clean("a ring", &format!("{}{ring}", functions(3))).1 >= 3);
    assert!(clean("a loop", &format!("{}f0 -> f0 : invoke\n", functions(1))).0 >= 1);
    let parallel =
        "dynamodb t \"Table\" { storage 1 GB }\nf0 -> t : read\nf0 -> t : write\nf0 -> t : readwrite\n";
    assert!(clean("parallel flows", &format!("{}{parallel}", functions(1))).1 >= 1);
    assert!(clean("no flows", &functions(30)).0 >= 30);
}

#[test]
fn a_hub_and_a_chain_are_drawn() {
    let spokes: String = (1..301).map(|number| format!("f0 -> f{number} : invoke\n")).collect();
    assert!(clean("a hub", &format!("{}{spokes}", functions(301))).1 >= 300);
    let chain: String = (1..200).map(|number| format!("f{} -> f{number} : invoke\n", number - 1)).collect();
    assert!(clean("a chain", &format!("{}{chain}", functions(200))).1 >= 199);
}

#[test]
fn nested_and_empty_groups_are_drawn() {
    let open: String = (0..40).map(|depth| format!("group g{depth} \"Group {depth}\" {{\n")).collect();
    let nested = format!("{open}{}{}\n", functions(1), "}".repeat(40));
    assert!(clean("nested groups", &nested).0 >= 1);
    clean("empty groups", &format!("{}group none \"Nothing\" {{\n}}\n", functions(2)));
    clean("nothing at all", "");
}

#[test]
fn titles_of_two_hundred_wide_characters_are_drawn() {
    let wide = "\u{6f22}".repeat(200);
    let text = format!(
        "lambda a \"{wide}\" {{ memory 256 MB }}\nlambda b \"{wide}\" {{ memory 256 MB }}\n\
         group g \"{wide}\" {{\n  lambda c \"{wide}\" {{ memory 256 MB }}\n}}\na -> b : invoke\nb -> c : invoke\n"
    );
    assert!(clean("wide titles", &text).1 >= 2);
}

#[test]
fn what_moves_when_a_service_is_put_in_is_counted() {
    let text = format!("{HEAD}{}f0 -> f1 : invoke\n", functions(2));
    let (review, catalog) = support::review(&text);
    assert_eq!(review.model.services.values().count(), 2);
    let found = stability("model.arch", &text, &catalog, false);
    let locked = stability("model.arch", &text, &catalog, true);
    let deployment = &found.0["deployment"];
    assert!(deployment.counts.len() > 20, "{}", deployment.counts.len());
    assert!(deployment.worst() <= deployment.boxes);
    assert!(found.to_string().contains("| deployment |"));
    assert_eq!(locked.0["deployment"].median(), 0);
}
