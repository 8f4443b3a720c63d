//! What is wrong with a drawing, as findings: one a rule and picture, at the declaration of the first thing involved.

use crate::check::Review;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::layout::Defect;
use crate::text::{Ident, Language, Phrase, Span, phrase};
use crate::view::{End, View};

const fn rule(code: &'static str, title: &'static str) -> Rule {
    Rule { code, title, severity: Severity::Low }
}

/// Boxes overlap, or one stands outside its container.
pub const BOXES: Rule = rule("DRAW-801", "boxes of a picture overlap or stand outside their container");
/// A line runs through a box it does not belong to.
pub const THROUGH: Rule = rule("DRAW-802", "a line of a picture runs through a box");
/// A line runs over a title.
pub const OVER_TITLE: Rule = rule("DRAW-803", "a line of a picture runs over a title");
/// A line does not end on its box.
pub const LOOSE_END: Rule = rule("DRAW-804", "a line of a picture does not end on its box");
/// Lines that have nothing to do with each other look like one.
pub const SHARED_LANE: Rule = rule("DRAW-805", "two lines of a picture lie on one another");
/// A label covers something, or is covered.
pub const COVERED: Rule = rule("DRAW-806", "a label of a picture lies on something else");
/// A label is not on its line.
pub const STRAY_LABEL: Rule = rule("DRAW-807", "a label of a picture is missing or away from its line");

/// The lock of the layout is none.
pub const BROKEN_LOCK: Rule = rule("DRAW-808", "`layout.lock` cannot be used");
/// A picture could not be kept.
pub const DRAWN_ANEW: Rule = rule("DRAW-809", "a picture was drawn anew, although `layout.lock` has it");

/// All of them.
pub const RULES: [&Rule; 9] = [
    &BOXES,
    &THROUGH,
    &OVER_TITLE,
    &LOOSE_END,
    &SHARED_LANE,
    &COVERED,
    &STRAY_LABEL,
    &BROKEN_LOCK,
    &DRAWN_ANEW,
];

/// The finding of a picture that the lock has and that could not be kept.
pub(in crate::emit) fn drawn_anew(review: &Review, view: &View) -> Diagnostic {
    DRAWN_ANEW.at(review.model.system.span).note(phrase!("this is `{}`", "se trata de `{}`", view.name)).help(
        Phrase::new(
            "what is new found no room; `archc build --lock` keeps the new drawing",
            "lo nuevo no encontró sitio; `archc build --lock` conserva el dibujo nuevo",
        ),
    )
}

/// The findings of one picture, in the order of their codes.
pub(in crate::emit) fn findings(review: &Review, view: &View, defects: &[Defect]) -> Vec<Diagnostic> {
    let of_rule = |rule: &'static Rule| {
        let mut found = defects.iter().filter(move |defect| rule_of(defect).code == rule.code);
        let first = found.next()?;
        Some(finding(review, view, rule, (first, found.count() + 1)))
    };
    RULES.into_iter().filter_map(of_rule).collect()
}

fn finding(
    review: &Review,
    view: &View,
    rule: &'static Rule,
    (first, count): (&Defect, usize),
) -> Diagnostic {
    let (one, other) = involved(view, first);
    let names: Vec<String> = [&one, &other].into_iter().flatten().map(|name| format!("`{name}`")).collect();
    let place = one.as_ref().and_then(|name| span(review, name)).or_else(|| span(review, other.as_ref()?));
    let heading = rule.heading();
    let [en, es] = [Language::En, Language::Es].map(|language| heading.say(language).terminal());
    let message = if count == 1 { heading } else { phrase!("{en} ({count} times)", "{es} ({count} veces)") };
    let names = names.join(", ");
    rule.at(place.unwrap_or(review.model.system.span))
        .message(message)
        .note(phrase!("in `{}`: {names}", "en `{}`: {names}", view.name))
        .help(Phrase::new(
            "show less in one picture with `view NAME { show …; neighbours 1 }`",
            "muestra menos en cada dibujo con `view NAME { show …; neighbours 1 }`",
        ))
}

/// The rule that forbids a defect.
fn rule_of(defect: &Defect) -> &'static Rule {
    match defect {
        Defect::NodesOverlap(..)
        | Defect::NodeMisplaced(..)
        | Defect::GroupMisplaced(..)
        | Defect::GroupsOverlap(..) => &BOXES,
        Defect::LineThroughNode(..) | Defect::LineThroughGroup(..) | Defect::BorderCrossed(..) => &THROUGH,
        Defect::LineOverTitle(..) => &OVER_TITLE,
        Defect::LooseEnd(..) => &LOOSE_END,
        Defect::SharedLane(..) => &SHARED_LANE,
        Defect::LabelOnNode(..)
        | Defect::LabelsOverlap(..)
        | Defect::LabelOnLine(..)
        | Defect::LabelOnBorder(..)
        | Defect::LabelOnTitle(..) => &COVERED,
        Defect::LabelMissing(..) | Defect::LabelAway(..) => &STRAY_LABEL,
    }
}

/// The names of the things a defect is about; of a line the name of its source.
fn involved(view: &View, defect: &Defect) -> (Option<Ident>, Option<Ident>) {
    let node = |node| view.end_id(End::Node(node)).cloned();
    let group = |group| view.end_id(End::Group(group)).cloned();
    let edge = |edge: usize| view.edges.get(edge).and_then(|edge| view.end_id(edge.from)).cloned();
    match *defect {
        Defect::NodesOverlap(a, b) => (node(a), node(b)),
        Defect::NodeMisplaced(a, b) => (node(a), group(b)),
        Defect::GroupMisplaced(a, b) | Defect::GroupsOverlap(a, b) => (group(a), group(b)),
        Defect::LineThroughNode(a, b) | Defect::LabelOnNode(a, b) => (edge(a), node(b)),
        Defect::LineThroughGroup(a, b)
        | Defect::LineOverTitle(a, b)
        | Defect::BorderCrossed(a, b)
        | Defect::LabelOnBorder(a, b)
        | Defect::LabelOnTitle(a, b) => (edge(a), group(b)),
        Defect::SharedLane(a, b) | Defect::LabelsOverlap(a, b) | Defect::LabelOnLine(a, b) => {
            (edge(a), edge(b))
        }
        Defect::LooseEnd(a) | Defect::LabelMissing(a) | Defect::LabelAway(a) => (edge(a), None),
    }
}

/// Where a service or a container was declared.
fn span(review: &Review, name: &Ident) -> Option<Span> {
    let model = &review.model;
    let place = || model.places.values().find(|place| place.name == *name).map(|place| place.span);
    model.service(name.as_str()).map(|id| model.services[id].span).or_else(place)
}
