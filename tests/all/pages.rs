//! Large systems on pages: complete, each page small, every box with its page, every page with its way back.

use std::collections::{BTreeMap, BTreeSet};

use archc::driver::generate::generate;
use archc::emit::svg;
use archc::layout::Engine;
use archc::text::{Ident, Language, Text};
use archc::view::{self, End, View};

use crate::support;

/// The most things of a page; others stand around it.
const MOST: usize = 40;

fn views(text: &str) -> (archc::check::Review, Vec<View>) {
    let review = support::review(text).0;
    let views = view::views(&review, Language::En);
    (review, views)
}

#[test]
fn a_small_system_has_no_overview() {
    for (name, text) in support::models() {
        assert!(views(&text).1.iter().all(|view| !view.is_page()), "{name}");
    }
    assert!(views(&generate(16, 1)).1.iter().all(|view| !view.is_page()));
}

#[test]
fn an_overview_opens_pages_that_hold_every_service_and_every_flow() {
    for services in [100, 400, 1_000] {
        let (review, views) = views(&generate(services, 1));
        let pages: BTreeMap<&str, &View> =
            views.iter().filter(|view| view.is_page()).map(|view| (view.name.as_str(), view)).collect();
        assert_eq!(views.first().map(|view| view.name.as_str()), Some("overview"));
        let overview = pages["overview"];
        assert!(overview.nodes.len() <= 24, "{services}: {} boxes", overview.nodes.len());
        let mut lines: BTreeSet<(Ident, Ident)> = BTreeSet::new();
        for (name, page) in &pages {
            let inside = page.nodes.iter().filter(|node| node.parent.is_some()).count();
            assert!(inside <= MOST, "{services} {name}: {inside} boxes");
            for node in page.nodes.iter().filter_map(|node| node.opens.as_ref()) {
                assert!(pages.contains_key(node.as_str()), "{name} opens {node}");
            }
            for link in &page.trail {
                assert!(pages.contains_key(link.picture.as_str()), "{name} goes back to {}", link.picture);
            }
            assert!(*name == "overview" || page.trail[0].picture == "overview");
            let end = |end| page.end_id(end).unwrap().clone();
            lines.extend(page.edges.iter().map(|edge| (end(edge.from), end(edge.to))));
        }
        let shown = |name: &Ident| pages.values().any(|page| page.nodes.iter().any(|node| node.id == *name));
        for service in review.model.services.values().filter(|service| !service.is_derived()) {
            assert!(shown(&service.name), "{services}: {}", service.name);
        }
        // Between the pages of both ends a flow is drawn as a line of one of its ends at least.
        let name = |id| &review.model.services[id].name;
        for (_, flow) in review.model.whole_flows() {
            let ends = [flow.from, flow.to].map(name);
            let passed: Vec<&Ident> = flow.through.iter().map(|id| name(*id)).collect();
            let is_drawn = lines.iter().any(|(from, to)| {
                from == ends[0] && (to == ends[1] || passed.contains(&to) || to.as_str().starts_with("page-"))
                    || to == ends[1] && (from == ends[0] || from.as_str().starts_with("page-"))
            });
            let is_key = review.model.services[flow.to].is_derived();
            assert!(is_drawn || is_key, "{services}: {ends:?} {}", flow.verb);
        }
    }
}

#[test]
fn the_pages_of_a_large_system_are_clean_and_say_where_they_belong() {
    let (_, views) = views(&generate(200, 1));
    let stamp = svg::Stamp {
        system: Text::new("Made up"),
        environment: Ident::new("prod").unwrap(),
        region: Text::new("us-east-1"),
        model: Ident::new("0").unwrap(),
    };
    for page in views.iter().filter(|view| view.is_page()) {
        let picture = svg::draw(page, &stamp, Language::En, Engine::default());
        assert_eq!(picture.defects, [], "{}", page.name);
        for node in page.nodes.iter().filter_map(|node| node.opens.as_ref()) {
            assert!(picture.document.contains(&format!("href=\"{node}.svg\"")), "{} {node}", page.name);
        }
        let back = picture.document.contains("href=\"overview.svg\"");
        assert_eq!(back, page.name != "overview", "{}", page.name);
        let twin = svg::of_view(page, Language::En);
        assert!(page.trail.iter().all(|link| twin.contains(&link.title.terminal())), "{twin}");
        assert!(page.edges.iter().all(|edge| edge.from != edge.to || matches!(edge.from, End::Node(_))));
    }
}
