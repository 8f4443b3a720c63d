//! What the system costs a month, on the map of its deployment: the warmer a card, the larger its part of the bill.

use crate::check::Review;
use crate::model::ServiceId;
use crate::text::{Language, Text};
use crate::units::{MicroUsd, Percent};
use crate::view::words::{Word, word};
use crate::view::{Cell, Node, Tone, View, deployment};

/// Shares of the bill from which a card is warmer, in percent.
const DEGREES: [u64; 4] = [2, 8, 16, 30];

/// The cost view; nothing when nothing costs anything.
pub(super) fn cost(review: &Review, language: Language) -> Option<View> {
    let total = review.facts.cost.totals.expected;
    if total.0 <= 0 {
        return None;
    }
    let view = deployment::deployment(review, language);
    let nodes = view.nodes.into_iter().map(|node| priced(review, node, total)).collect();
    let edges =
        view.edges.into_iter().map(|edge| crate::view::Edge { label: Text::default(), ..edge }).collect();
    let title =
        format!("{}: {} USD {}", word(Word::Cost, language), total.usd(2), word(Word::Monthly, language));
    Some(View { name: "cost".to_owned(), title: Text::new(title), nodes, edges, ..view })
}

/// A card with what the service costs in place of its zones and findings.
fn priced(review: &Review, node: Node, total: MicroUsd) -> Node {
    let own = review.model.service(node.id.as_str()).map_or(MicroUsd::default(), |id| spent(review, id));
    let cells = if own.0 > 0 { vec![cell(own, total)] } else { Vec::new() };
    Node { cells, badge: None, ..node }
}

fn spent(review: &Review, id: ServiceId) -> MicroUsd {
    review.facts.cost.of(id).expected
}

fn cell(own: MicroUsd, total: MicroUsd) -> Cell {
    let share = crate::derive::cost::share(own, total).unwrap_or(Percent(0));
    let degree = DEGREES.iter().filter(|from| share.0 >= **from * 10_000).count();
    let part = if share.0 < 10_000 { "< 1".to_owned() } else { share.percent(0) };
    let label = format!("{} USD · {part} %", own.usd(2));
    Cell { label: Text::new(label), tone: Tone::Heat(u8::try_from(degree).unwrap_or(4)) }
}
