//! Words in pictures: on the page, apart from each other and from lines, large enough.

use archc::driver::generate::generate;
use archc::emit::pictures::Drawing;
use archc::emit::svg::{self, Stamp};
use archc::emit::{Draft, Maker, OUTPUTS, Shared};
use archc::layout::{Engine, Rect};
use archc::text::{Font, Ident, Language, Text, Weight};
use archc::view::{self, Lane, Message, Sequence};
use roxmltree::{Document, Node as Element};

use crate::support;

/// Words as they are drawn; lengths in hundredths of a pixel.
struct Words {
    area: Rect,
    class: String,
    text: String,
}

fn hundredfold(text: &str) -> i32 {
    let value: f64 = text.trim().parse().unwrap();
    (value * 100.).round() as i32
}

fn hundredths(element: Element<'_, '_>, name: &str) -> i32 {
    hundredfold(element.attribute(name).unwrap_or("0"))
}

/// How far the groups around an element move it.
fn moved(element: Element<'_, '_>) -> (i32, i32) {
    let mut sum = (0, 0);
    for around in element.ancestors() {
        let Some(by) = around.attribute("transform").and_then(|by| by.strip_prefix("translate(")) else {
            continue;
        };
        let parts: Vec<i32> = by.trim_end_matches(')').split(' ').map(hundredfold).collect();
        sum = (sum.0 + parts[0], sum.1 + parts[1]);
    }
    sum
}

/// The font of a class.
fn font(class: &str) -> (Weight, i32) {
    match class.split(' ').next().unwrap() {
        "h1" => (Weight::SemiBold, 2_200),
        "h2" | "nav" => (Weight::Regular, 1_300),
        "gt" => (Weight::SemiBold, 1_300),
        "t1" => (Weight::SemiBold, 1_400),
        "nt" | "bt" => (Weight::SemiBold, 1_200),
        "lt" | "ct" | "zt" => (Weight::Medium, 1_200),
        "t2" | "gn" | "lg" | "bw" => (Weight::Regular, 1_200),
        other => panic!("no font is known for {other}"),
    }
}

fn words(document: &Document<'_>) -> Vec<Words> {
    let texts = document.descendants().filter(|element| element.has_tag_name("text"));
    texts
        .map(|element| {
            let class = element.attribute("class").unwrap().to_owned();
            let text: String = element.text().unwrap_or("").to_owned();
            let (weight, size) = font(&class);
            let width = Font::new(weight, size).width(text.chars());
            let is = |name: &str| class.split(' ').any(|part| part == name);
            let shift = moved(element);
            let x = hundredths(element, "x") + shift.0;
            let left = if is("end") || is("lt") && is("e") {
                x - width
            } else if is("mid") || is("ct") || is("zt") || is("nt") || is("bt") || is("lt") && !is("b") {
                x - width / 2
            } else {
                x
            };
            let baseline = hundredths(element, "y") + shift.1;
            let area = Rect { x: left, y: baseline - size * 3 / 4, w: width, h: size * 19 / 20 };
            Words { area, class, text }
        })
        .collect()
}

/// No words leave the page, and none lie on other words.
fn assert_apart(name: &str, document: &Document<'_>) -> Vec<Words> {
    let root = document.root_element();
    let page = Rect { x: 0, y: 0, w: hundredths(root, "width"), h: hundredths(root, "height") };
    let all = words(document);
    for (at, one) in all.iter().enumerate() {
        assert!(page.contains(&one.area), "{name}: {:?} leaves the page: {:?}", one.text, one.area);
        for other in &all[at + 1..] {
            assert!(!one.area.overlaps(&other.area), "{name}: {:?} on {:?}", one.text, other.text);
        }
    }
    all
}

/// The straight pieces of a path of absolute `M`, `H` and `V` steps.
fn pieces(path: &str, shift: (i32, i32)) -> Vec<Rect> {
    let mut found = Vec::new();
    let (mut x, mut y) = (0, 0);
    let starts: Vec<usize> =
        path.char_indices().filter(|(_, c)| c.is_alphabetic()).map(|(at, _)| at).collect();
    for (number_of, start) in starts.iter().enumerate() {
        let end = starts.get(number_of + 1).copied().unwrap_or(path.len());
        let (step, values) = (&path[*start..=*start], &path[start + 1..end]);
        let (from_x, from_y) = (x, y);
        match step {
            "M" => {
                let (first, second) = values.split_once(' ').unwrap();
                (x, y) = (hundredfold(first) + shift.0, hundredfold(second) + shift.1);
                continue;
            }
            "H" => x = hundredfold(values) + shift.0,
            "V" => y = hundredfold(values) + shift.1,
            other => panic!("{other} in {path}"),
        }
        let [left, top] = [from_x.min(x), from_y.min(y)];
        found.push(Rect { x: left, y: top, w: (from_x - x).abs().max(1), h: (from_y - y).abs().max(1) });
    }
    found
}

fn stamp(title: &str) -> Stamp {
    let name = |name: &str| Ident::new(name).unwrap();
    Stamp {
        system: Text::new(title),
        environment: name("prod"),
        region: Text::new("us-east-1"),
        model: name("abc123"),
    }
}

/// Short and long, narrow and wide, with and without places to break.
const TITLES: [&str; 8] = [
    "a",
    "Cola de ventas",
    "Registro de ventas de todas las tiendas del país y de sus almacenes",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "net.dynamodb-endpoint.with.a.long.name.that-never-ends",
    "数据库服务器与队列和存储桶以及函数",
    "مستودع الطلبات لجميع المتاجر في البلاد",
    "👩‍💻🚀📦 emoji 👩‍💻🚀📦 emoji 👩‍💻🚀📦 emoji",
];

/// A sequence made of numbers: the same for the same seed.
fn generated(seed: u64) -> Sequence {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let lanes = 1 + below(7);
    let lanes: Vec<Lane> = (0..lanes)
        .map(|at| Lane {
            id: Ident::sanitized(&format!("lane{at}")),
            title: Text::new(TITLES[below(8)]),
            subtitle: Text::new(TITLES[below(8)]),
            icon: "queue".to_owned(),
            category: "messaging".to_owned(),
        })
        .collect();
    let messages = (0..below(12))
        .map(|_| Message {
            from: below(lanes.len()),
            to: below(lanes.len()),
            label: Text::new(TITLES[below(8)]),
            note: Text::new(if below(2) == 0 { "" } else { TITLES[below(8)] }),
            is_async: below(2) == 0,
            sensitive: below(3) == 0,
            missing: below(9) == 0,
        })
        .collect();
    let title = Text::new(TITLES[below(8)]);
    Sequence { name: format!("journey-{seed}"), title, lanes, messages }
}

/// No words of a sequence lie on a lifeline, an arrow, or other words, and all are on the page.
fn assert_clean(sequence: &Sequence) {
    let drawn = svg::draw_sequence(sequence, &stamp(TITLES[3]), Language::Es);
    let document = Document::parse(&drawn).unwrap_or_else(|error| panic!("{}: {error}", sequence.name));
    let words = assert_apart(&sequence.name, &document);
    let lines = document.descendants().filter(|element| {
        let class = element.attribute("class").unwrap_or("");
        let is_line = class.split(' ').any(|part| part == "ln" || part == "rule");
        // Samples of the legend stand in no group of a message.
        is_line && element.has_tag_name("path")
    });
    let lines: Vec<Rect> = lines.flat_map(|line| pieces(line.attribute("d").unwrap(), moved(line))).collect();
    assert!(lines.len() > sequence.lanes.len() + sequence.messages.len());
    // Numbers stand in discs that cover the line.
    for word in words.iter().filter(|word| word.class != "nt") {
        let struck = lines.iter().find(|line| line.overlaps(&word.area));
        assert_eq!(struck, None, "{}: {:?} {:?}", sequence.name, word.text, word.area);
    }
}

#[test]
fn the_words_of_a_sequence_meet_no_line_and_no_other_words() {
    for (_, text) in support::models() {
        let review = support::review(&text).0;
        for language in [Language::En, Language::Es] {
            view::sequences(&review, language).iter().for_each(assert_clean);
        }
    }
    (0..400).map(generated).for_each(|sequence| assert_clean(&sequence));
}

/// The charts of a model.
fn charts(text: &str, language: Language) -> Vec<(String, String)> {
    let (review, catalog) = support::review(text);
    let digest = Ident::new("0").unwrap();
    let (drawing, shared) = (Drawing::default(), Shared::default());
    let draft = Draft { language, ..Draft::new(&review, &catalog, &digest, &drawing, &shared) };
    let report = OUTPUTS.iter().find(|output| output.name == "report").unwrap();
    assert!(matches!(report.maker, Maker::Draft(_)));
    let files = report.make(draft).files.into_iter();
    let charts = files.filter(|file| file.path.as_str().starts_with("charts/"));
    charts.map(|file| (file.path.to_string(), String::from_utf8(file.bytes).unwrap())).collect()
}

#[test]
fn the_words_of_a_chart_meet_no_other_words() {
    let mut drawn = 0;
    for (name, text) in support::models() {
        let long = text.replace("products", "products_of_all_shops_of_the_country_and_of_their_warehouses");
        // A second budget whose words would lie on those of the first.
        let mut wide = String::new();
        for line in long.lines() {
            let title = line.starts_with("system ").then(|| line.split('"').nth(1)).flatten();
            wide += &title.map_or_else(|| line.to_owned(), |title| line.replacen(title, TITLES[3], 1));
            wide.push('\n');
            if line.starts_with("budget ") {
                wide += &line.replacen(" USD", "1 USD", 1);
                wide.push('\n');
                wide += &line.replacen(" USD", "2 USD", 1);
                wide.push('\n');
            }
        }
        for (text, language) in [(&text, Language::En), (&wide, Language::Es)] {
            for (path, chart) in charts(text, language) {
                assert_apart(&format!("{name} {path}"), &Document::parse(&chart).unwrap());
                drawn += 1;
            }
        }
    }
    assert!(drawn >= 20, "{drawn}");
}

#[test]
fn the_words_of_a_view_meet_no_other_words_and_can_be_read_at_the_width_of_a_page() {
    let mut unreadable = Vec::new();
    for (name, text) in support::models() {
        let review = support::review(&text).0;
        for language in [Language::En, Language::Es] {
            for sequence in view::sequences(&review, language) {
                let drawn = svg::draw_sequence(&sequence, &stamp("A system"), language);
                let width = hundredths(Document::parse(&drawn).unwrap().root_element(), "width");
                if width > 160_000 {
                    unreadable.push(format!(
                        "{name} {} {language:?}: {} px wide",
                        sequence.name,
                        width / 100
                    ));
                }
            }
            for view in view::views(&review, language) {
                let picture = svg::draw(&view, &stamp("A system"), language, Engine::default());
                let document = Document::parse(&picture.document).unwrap();
                let words = assert_apart(&format!("{name} {}", view.name), &document);
                let least = words.iter().map(|word| font(&word.class).1).min().unwrap();
                let width = hundredths(document.root_element(), "width");
                let fitted = i64::from(least) * 120_000 / i64::from(width.max(120_000));
                if view.nodes.len() <= 40 && fitted < 900 {
                    unreadable.push(format!("{name} {} {language:?}: {} px wide", view.name, width / 100));
                }
            }
        }
    }
    assert_eq!(unreadable, Vec::<String>::new(), "letters of less than 9 px at a width of 1 200 px");
}

#[test]
fn the_words_of_an_overview_meet_no_other_words() {
    let review = support::review(&generate(1_000, 1)).0;
    let overview =
        view::views(&review, Language::En).into_iter().find(|view| view.name == "overview").unwrap();
    assert!(overview.nodes.iter().filter_map(|node| node.badge.as_ref()).any(|badge| badge.count > 99));
    let picture = svg::draw(&overview, &stamp("A system"), Language::En, Engine::default());
    assert_apart("overview", &Document::parse(&picture.document).unwrap());
}
