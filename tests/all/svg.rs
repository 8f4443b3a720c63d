//! Pictures: well-formed, complete, harmless, the same twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use archc::check::Review;
use archc::emit::export::TOOLS;
use archc::emit::pictures::{self, Drawing};
use archc::emit::svg::{self, Picture, Stamp};
use archc::emit::{Draft, Shared};
use archc::layout::Engine;
use archc::text::{Font, Ident, Language, Text, Weight};
use archc::view::{self, Cell, Direction, Edge, End, Group, GroupKind, Node, Stroke, Tone, View};
use roxmltree::{Document, Node as Element};

use crate::support;

const LABEL: Font = Font::new(Weight::Medium, 1_200);

fn stamp() -> Stamp {
    let name = |name: &str| Ident::new(name).unwrap();
    Stamp {
        system: Text::new("A system"),
        environment: name("prod"),
        region: Text::new("us-east-1"),
        model: name("abc123"),
    }
}

fn draw(view: &View) -> Picture {
    svg::draw(view, &stamp(), Language::En, Engine::default())
}

/// Every view of every model, with its model's file name; drawn once for all tests.
static PICTURES: LazyLock<Vec<(String, View, Picture)>> = LazyLock::new(pictures);

fn pictures() -> Vec<(String, View, Picture)> {
    let reviews = support::models().into_iter().map(|(name, text)| (name, support::review(&text).0));
    let views = reviews.flat_map(|(name, review): (String, Review)| {
        view::views(&review, Language::En).into_iter().map(move |view| (name.clone(), view))
    });
    views.map(|(name, view)| (name, view.clone(), draw(&view))).collect()
}

fn of_kind<'a>(document: &'a Document<'a>, kind: &'a str) -> impl Iterator<Item = Element<'a, 'a>> {
    document.descendants().filter(move |element| element.attribute("data-kind") == Some(kind))
}

fn attribute(element: Element<'_, '_>, name: &str) -> String {
    element.attribute(name).unwrap_or("").to_owned()
}

fn length(element: Element<'_, '_>, name: &str) -> f64 {
    element.attribute(name).unwrap().parse().unwrap()
}

#[test]
fn a_picture_holds_what_its_view_holds_and_nothing_else() {
    for (file, view, picture) in &*PICTURES {
        let document = Document::parse(&picture.document).unwrap_or_else(|error| panic!("{file}: {error}"));
        let parent =
            |parent: Option<usize>| parent.map_or(String::new(), |place| view.groups[place].id.to_string());
        let nodes: Vec<_> = of_kind(&document, "node")
            .map(|e| [attribute(e, "data-id"), attribute(e, "data-parent")])
            .collect();
        let wanted: Vec<_> =
            view.nodes.iter().map(|node| [node.id.to_string(), parent(node.parent)]).collect();
        assert_eq!(nodes, wanted, "{file} {}", view.name);
        let groups: Vec<_> = of_kind(&document, "group")
            .map(|e| [attribute(e, "data-id"), attribute(e, "data-parent")])
            .collect();
        let wanted: Vec<_> =
            view.groups.iter().map(|group| [group.id.to_string(), parent(group.parent)]).collect();
        assert_eq!(groups, wanted, "{file} {}", view.name);
        let ends = |e| [attribute(e, "data-id"), attribute(e, "data-from"), attribute(e, "data-to")];
        let edges: Vec<_> = of_kind(&document, "edge").map(ends).collect();
        let name = |end| view.end_id(end).unwrap().to_string();
        let wanted: Vec<_> =
            view.edges.iter().map(|edge| [edge.id.to_string(), name(edge.from), name(edge.to)]).collect();
        assert_eq!(edges, wanted, "{file} {}", view.name);
        let labelled = view.edges.iter().filter(|edge| !edge.label.is_empty()).count();
        assert_eq!(of_kind(&document, "label").count(), labelled);
        assert_eq!(of_kind(&document, "header").count(), view.groups.len());
    }
}

#[test]
fn names_in_a_picture_are_unique_and_flows_that_the_model_declares_are_drawn() {
    for (file, view, picture) in &*PICTURES {
        let document = Document::parse(&picture.document).unwrap();
        let ids: Vec<&str> = document.descendants().filter_map(|element| element.attribute("id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{file} {}: {ids:?}", view.name);
    }
    for (file, text) in support::models() {
        let review = support::review(&text).0;
        let views = view::views(&review, Language::En);
        let view = views.iter().find(|view| view.name == "dataflow").unwrap();
        let name = |id| review.model.services[id].name.clone();
        for (_, flow) in
            review.model.whole_flows().filter(|(_, flow)| flow.origin == archc::model::Origin::Declared)
        {
            let ends = (name(flow.from), name(flow.to));
            let drawn = |edge: &Edge| {
                (view.end_id(edge.from), view.end_id(edge.to)) == (Some(&ends.0), Some(&ends.1))
            };
            assert!(view.edges.iter().any(drawn), "{file}: {ends:?}");
        }
        let deployment = views.iter().find(|view| view.name == "deployment").unwrap();
        for service in review.model.services.values().filter(|service| !service.is_derived()) {
            assert!(deployment.nodes.iter().any(|node| node.id == service.name), "{file}: {}", service.name);
        }
    }
}

#[test]
fn labels_are_as_wide_as_their_words_and_every_drawing_is_clean() {
    for (file, view, picture) in &*PICTURES {
        assert_eq!(picture.defects, [], "{file} {}", view.name);
        let document = Document::parse(&picture.document).unwrap();
        for label in of_kind(&document, "label") {
            let (area, words) = (label.first_element_child().unwrap(), label.last_element_child().unwrap());
            let words = words.text().unwrap();
            let width = length(area, "width");
            assert!(
                width >= 6.0 * f64::from(u32::try_from(words.chars().count()).unwrap()),
                "{file}: {words}"
            );
            assert!(width * 100.0 >= f64::from(LABEL.width(words.chars())), "{file}: {words}");
        }
    }
}

#[test]
fn the_seed_is_small() {
    let (_, text) = support::models().into_iter().find(|(name, _)| name == "webshop.arch").unwrap();
    let review = support::review(&text).0;
    for view in view::views(&review, Language::Es) {
        let picture = draw(&view);
        assert!(picture.document.len() < 40_000, "{}: {} bytes", view.name, picture.document.len());
    }
}

#[test]
fn a_picture_stands_alone_and_is_the_same_twice() {
    for (file, view, picture) in &*PICTURES {
        // Drawing all of them again would double the time of the suite.
        if matches!(file.as_str(), "webshop.arch" | "serverless.arch") {
            assert_eq!(picture.document, draw(view).document, "{file} {}", view.name);
        }
        let document = Document::parse(&picture.document).unwrap();
        for element in document.descendants() {
            assert!(!matches!(element.tag_name().name(), "script" | "image" | "foreignObject"));
            for attribute in element.attributes().filter(|attribute| attribute.name() == "href") {
                let target = attribute.value();
                assert!(target.starts_with('#') || target.starts_with("../report.md#"), "{target}");
            }
        }
        assert_eq!(picture.document.matches("http").count(), 1, "only the namespace is an address");
    }
}

/// A view whose every user text is this one.
fn hostile_view(text: &str) -> View {
    let text = || Text::new(text);
    let group = Group {
        id: Ident::new("net").unwrap(),
        kind: GroupKind::Vpc,
        title: text(),
        note: text(),
        parent: None,
        derived: false,
        peer: false,
    };
    let node = |id: &str| Node {
        id: Ident::new(id).unwrap(),
        title: text(),
        subtitle: text(),
        detail: text(),
        icon: text().chars().collect(),
        category: text().chars().collect(),
        parent: Some(0),
        derived: false,
        cells: vec![Cell { label: Text::new("a"), tone: Tone::Zone }],
        badge: None,
        hint: text(),
        anchor: Ident::new(id),
        opens: None,
    };
    let edge = Edge {
        id: Ident::new("a.b.call").unwrap(),
        from: End::Node(0),
        to: End::Node(1),
        label: text(),
        sensitive: true,
        hint: text(),
        derived: false,
        soft: true,
        stroke: Stroke::Async,
    };
    View {
        name: "hostile".to_owned(),
        title: text(),
        direction: Direction::Auto,
        trail: Vec::new(),
        groups: vec![group],
        nodes: vec![node("a"), node("b")],
        edges: vec![edge],
    }
}

/// How often each element with each set of attributes occurs. A text that wraps has more lines, so lines count once.
fn shape(document: &str) -> BTreeMap<String, usize> {
    let document = Document::parse(document).unwrap();
    let mut shape = BTreeMap::new();
    for element in document.descendants().filter(Element::is_element) {
        let names: Vec<&str> = element.attributes().map(|attribute| attribute.name()).collect();
        *shape.entry(format!("{} {}", element.tag_name().name(), names.join(" "))).or_insert(0) += 1;
    }
    shape.iter().map(|(key, count)| (key.clone(), if key.starts_with("text") { 1 } else { *count })).collect()
}

/// The texts of `tests/cases/hostile.txt`.
fn hostile_texts() -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/hostile.txt");
    let lines = std::fs::read_to_string(file).unwrap();
    lines.lines().filter(|line| !line.starts_with("# One")).map(unescape).collect()
}

fn unescape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match (c, rest.clone().next()) {
            ('\\', Some(escape @ ('n' | 't' | 'r' | '0' | '\\'))) => {
                rest.next();
                out.push(match escape {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '0' => '\0',
                    other => other,
                });
            }
            ('\\', Some('u')) if rest.as_str().starts_with("u{") => {
                let code: String = rest.by_ref().skip(2).take_while(|c| *c != '}').collect();
                out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            _ => out.push(c),
        }
    }
    out
}

#[test]
fn hostile_texts_change_nothing_but_characters() {
    let harmless = shape(&draw(&hostile_view("harmless words")).document);
    let texts = hostile_texts();
    assert!(texts.len() >= 60, "{}", texts.len());
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        let stamp = Stamp { system: Text::new(text.as_str()), region: Text::new(text.as_str()), ..stamp() };
        let picture = svg::draw(&hostile_view(text), &stamp, Language::En, Engine::default());
        assert_eq!(shape(&picture.document), harmless, "{text:?}");
        let control = |c: char| c.is_control() && c != '\n';
        assert!(!picture.document.replace(['\t', '\r'], "").contains(control), "{text:?}");
        assert_eq!(picture.defects, [], "{text:?}");
        let twin = svg::of_view(&hostile_view(text), Language::En);
        assert!(!twin.contains(control), "{text:?}");
        assert_eq!(
            twin.lines().count(),
            svg::of_view(&hostile_view("x"), Language::En).lines().count(),
            "{text:?}"
        );
    }
}

#[test]
fn a_text_twin_names_everything() {
    for (file, view, _) in &*PICTURES {
        let twin = svg::of_view(view, Language::En);
        for node in &view.nodes {
            assert!(twin.contains(&format!("[{}]", node.id)), "{file}: {}", node.id);
        }
        let flows = twin.lines().filter(|line| line.contains(" -> ")).count();
        assert_eq!(flows, view.edges.len(), "{file} {}", view.name);
    }
}

#[test]
fn every_rule_of_drawings_has_its_page() {
    for rule in svg::RULES {
        let path = format!("{}/docs/codes/{}.md", env!("CARGO_MANIFEST_DIR"), rule.code);
        let page = std::fs::read_to_string(path).unwrap_or_default();
        let head = format!("# {}: {}\n\nSeverity: {}.", rule.code, rule.title, rule.severity.name());
        assert!(page.starts_with(&head), "{}", rule.code);
    }
}

/// How often a piece of text stands in an export.
fn count(text: &str, piece: &str) -> usize {
    text.matches(piece).count()
}

#[test]
fn exports_hold_what_the_view_holds() {
    for (file, view, picture) in &*PICTURES {
        for tool in TOOLS {
            let text = (tool.view)(view, picture);
            let (nodes, edges) = match tool.name {
                "dot" => (count(&text, "  n_") - view.edges.len(), count(&text, " -> ")),
                "mermaid" => {
                    (count(&text, "[\"") - view.groups.len(), count(&text, "->") + count(&text, "--o"))
                }
                "d2" => (count(&text, ": \"") - view.groups.len() - view.edges.len(), count(&text, " -> ")),
                _ => (count(&text, "vertex=\"1\"") - view.groups.len(), count(&text, "edge=\"1\"")),
            };
            assert_eq!(edges, view.edges.len(), "{file} {} {}", view.name, tool.name);
            assert!(nodes >= view.nodes.len(), "{file} {} {}: {nodes}", view.name, tool.name);
        }
    }
}

#[test]
fn hostile_texts_stay_inside_their_quotes_in_exports() {
    let harmless = hostile_view("harmless");
    let plain = draw(&harmless);
    for text in hostile_texts().iter().filter(|text| !text.trim().is_empty()) {
        let view = hostile_view(text);
        for tool in TOOLS {
            let (own, other) = ((tool.view)(&view, &plain), (tool.view)(&harmless, &plain));
            if tool.name == "drawio" {
                assert_eq!(shape(&own), shape(&other), "{text:?}");
                continue;
            }
            assert_eq!(own.lines().count(), other.lines().count(), "{} {text:?}", tool.name);
            let quotes = |text: &str| text.replace("\\\\", "").replace("\\\"", "").matches('"').count();
            assert_eq!(quotes(&own), quotes(&other), "{} {text:?}", tool.name);
        }
    }
}

#[test]
fn a_defect_becomes_a_finding_with_a_place() {
    let (_, text) = support::models().into_iter().find(|(name, _)| name == "webshop.arch").unwrap();
    let review = support::review(&text).0;
    let digest = Ident::new("0").unwrap();
    let catalog = archc::catalog::Catalog::embedded();
    let drawing = Drawing {
        engine: Engine::LayoutRs,
        formats: TOOLS.map(|tool| tool.name.to_owned()).into(),
        embed_font: false,
        ..Drawing::default()
    };
    let shared = Shared::default();
    let made = pictures::write(Draft::new(&review, &catalog, &digest, &drawing, &shared));
    let pictures = view::views(&review, Language::En).len() + view::sequences(&review, Language::En).len();
    assert_eq!(made.files.len(), pictures * (2 + TOOLS.len()));
    for finding in &made.findings {
        assert!(finding.code.starts_with("DRAW-80"), "{}", finding.code);
        assert!(finding.span.start < finding.span.end, "{}", finding.code);
    }
}
