//! The lock of a layout: what it keeps, what it says, and what a broken one does.

use archc::emit::lock::{Lock, Places};
use archc::emit::svg;
use archc::layout::{Engine, Rect, displaced};
use archc::text::{Ident, Language};
use archc::view;

use crate::support;

/// The lock of all pictures of a model as they are drawn without one.
fn lock_of(text: &str) -> Lock {
    let review = support::review(text).0;
    let stamp = svg::stamp(&review.model, Ident::sanitized("lock"));
    let views = view::views(&review, Language::En).into_iter();
    let noted = views.map(|view| {
        let picture = svg::draw(&view, &stamp, Language::En, Engine::Layered);
        (("model".to_owned(), view.name.clone()), Places::of(&view, &picture.scene))
    });
    Lock(noted.collect())
}

#[test]
fn a_lock_is_read_as_it_was_written() {
    for (name, text) in support::models() {
        let lock = lock_of(&text);
        let read = Lock::parse(&lock.print());
        assert_eq!(read.as_ref(), Ok(&lock), "{name}");
        assert_eq!(read.unwrap().print(), lock.print(), "{name}");
    }
}

#[test]
fn a_model_that_did_not_change_is_drawn_as_it_was() {
    for (name, text) in support::models() {
        let (lock, review) = (lock_of(&text), support::review(&text).0);
        let stamp = svg::stamp(&review.model, Ident::sanitized("lock"));
        for view in view::views(&review, Language::En) {
            let before = svg::draw(&view, &stamp, Language::En, Engine::Layered);
            let places = &lock.0[&("model".to_owned(), view.name.clone())];
            let after = svg::draw_kept(&view, &stamp, Language::En, Engine::Layered, places);
            assert!(after.is_kept, "{name}: {}", view.name);
            assert_eq!(before.document, after.document, "{name}: {}", view.name);
        }
    }
}

/// Draws an edited model with the lock of the model before; counts the views in which nothing else moved, and all.
fn still(before: &str, after: &str) -> (usize, usize) {
    let lock = lock_of(before);
    let (old, new) = (support::review(before).0, support::review(after).0);
    let stamp = svg::stamp(&old.model, Ident::sanitized("lock"));
    let old = view::views(&old, Language::En);
    let (mut kept, mut all) = (0, 0);
    for view in view::views(&new, Language::En) {
        let Some(former) = old.iter().find(|former| former.name == view.name) else { continue };
        let first = svg::draw(former, &stamp, Language::En, Engine::Layered);
        let places = &lock.0[&("model".to_owned(), view.name.clone())];
        let then = svg::draw_kept(&view, &stamp, Language::En, Engine::Layered, places);
        assert_eq!(then.defects, [], "{}", view.name);
        let pair = |(node, rect): (&view::Node, &Rect)| {
            let place = view.nodes.iter().position(|other| other.id == node.id)?;
            Some((*rect, then.scene.nodes[place]))
        };
        let pairs: Vec<_> = former.nodes.iter().zip(&first.scene.nodes).filter_map(pair).collect();
        assert!(pairs.len() > former.nodes.len() / 2);
        kept += usize::from(then.is_kept && displaced(&pairs, 6_500) == 0);
        all += 1;
    }
    (kept, all)
}

fn webshop() -> String {
    support::models().into_iter().find(|(name, _)| name == "webshop.arch").unwrap().1
}

#[test]
fn what_is_removed_moves_nothing_else_but_in_one_picture() {
    let text = webshop();
    let media = |line: &&str| !line.starts_with("s3       media") && !line.contains("-> media");
    let fewer: String = text.lines().filter(media).map(|line| format!("{line}\n")).collect();
    assert_ne!(fewer, text);
    let (kept, all) = still(&text, &fewer);
    assert!(kept + 1 >= all && all >= 4, "{kept} of {all}");
}

#[test]
fn what_is_added_moves_nothing_else_in_half_of_the_pictures_or_more() {
    let text = webshop();
    for (more, least) in [
        ("dynamodb extra \"Extra\" { storage 5 GB; pitr }\nsell -> extra : readwrite\n", 3),
        ("sqs extra \"Extra\" { dlq after 5 }\nfront -> extra : send\n", 2),
        ("s3 extra \"Extra\" { storage 5 GB }\nclients -> extra : readwrite\n", 2),
    ] {
        let (kept, all) = still(&text, &format!("{text}{more}"));
        assert!(kept >= least, "{more}: {kept} of {all}");
    }
}

#[test]
fn a_hostile_lock_is_refused_with_its_line() {
    let head = "archc layout 1\nview model deployment down\n";
    let cases = [
        ("", "no first line", None),
        ("archc layout 2\n", "another version", Some(1)),
        ("node a 0 0 1 1\n", "no head", Some(1)),
        (&format!("{head}node a 0 0 1\n"), "a length too few", Some(3)),
        (&format!("{head}node a 0 0 1 99999999999\n"), "a length too large", Some(3)),
        (&format!("{head}node a -1 0 1 1\n"), "a place outside", Some(3)),
        (&format!("{head}node a 0 0 1 1\n\nnode a 0 0 1 1\n"), "a name twice", Some(5)),
        (&format!("{head}line a 0 0 1\n"), "half a point", Some(3)),
        (&format!("{head}node <script> 0 0 1 1\n"), "no name", Some(3)),
        (&format!("{head}view model deployment down\n"), "a picture twice", Some(3)),
        (&format!("{head}view model other sideways\n"), "no direction", Some(3)),
        (&format!("{head}frame a 0 0 1 1\n"), "no kind of thing", Some(3)),
    ];
    for (text, name, line) in cases {
        assert_eq!(Lock::parse(text).err().map(|mistake| mistake.line), line, "{name}");
    }
}

#[test]
fn a_lock_with_boxes_on_one_another_gives_a_fresh_drawing() {
    let text = webshop();
    let heap: String = lock_of(&text)
        .print()
        .lines()
        .map(|line| match line.strip_prefix("node ").and_then(|rest| rest.split_once(' ')) {
            Some((name, _)) => format!("node {name} 5 5 10000 5000\n"),
            None => format!("{line}\n"),
        })
        .collect();
    let (lock, review) = (Lock::parse(&heap).unwrap(), support::review(&text).0);
    let stamp = svg::stamp(&review.model, Ident::sanitized("lock"));
    for view in view::views(&review, Language::En) {
        let places = &lock.0[&("model".to_owned(), view.name.clone())];
        let picture = svg::draw_kept(&view, &stamp, Language::En, Engine::Layered, places);
        assert!(!picture.is_kept && picture.defects.is_empty(), "{}", view.name);
    }
}
