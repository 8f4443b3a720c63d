//! What watches over a system without being a service of it: budgets and alarms, and whom they tell.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Review;
use crate::model::{Budget, Period, ServiceId};
use crate::text::{Ident, Language, Text};
use crate::view::gather;
use crate::view::words::{Word, text, word};
use crate::view::{Edge, End, Node, Stroke, View};

/// Adds budgets and alarms with their lines to those who hear of them; `parent` is the account's container.
pub(super) fn add(
    review: &Review,
    view: &mut View,
    places: &BTreeMap<ServiceId, usize>,
    parent: Option<usize>,
    language: Language,
) {
    for (number, budget) in (1..).zip(&review.model.budgets) {
        let id = if number == 1 { "aws.budget".to_owned() } else { format!("aws.budget-{number}") };
        let node = Node { parent, ..budget_node(&id, budget, language) };
        let told = told_by(budget).into_iter().map(|(id, label)| (id, Text::new(label))).collect();
        push(view, node, places, told);
    }
    if let Some(alarms) = &review.model.alarms {
        let count = review.facts.operations.alarms.len();
        let node = blank("aws.alarms", text(Word::Alarms, language), "bell", "observability");
        let node = Node { parent, subtitle: Text::new(format!("CloudWatch: {count}")), ..node };
        let told = alarms.to.iter().map(|id| (*id, Text::default())).collect();
        push(view, node, places, told);
    }
}

/// Each service a budget tells, with the shares at which it does.
fn told_by(budget: &Budget) -> BTreeMap<ServiceId, String> {
    let mut shares: BTreeMap<ServiceId, BTreeSet<u64>> = BTreeMap::new();
    for (threshold, told) in &budget.alerts {
        for id in told {
            shares.entry(*id).or_default().insert(threshold.share.0);
        }
    }
    let label = |shares: BTreeSet<u64>| {
        let parts: Vec<String> =
            shares.into_iter().map(|share| crate::units::Percent(share).percent(1)).collect();
        format!("{} %", parts.join(", "))
    };
    shares.into_iter().map(|(id, shares)| (id, label(shares))).collect()
}

fn budget_node(id: &str, budget: &Budget, language: Language) -> Node {
    const PERIODS: [(Period, Word); 4] = [
        (Period::Daily, Word::Daily),
        (Period::Monthly, Word::Monthly),
        (Period::Quarterly, Word::Quarterly),
        (Period::Annually, Word::Annually),
    ];
    let period = PERIODS.iter().find(|(period, _)| *period == budget.period);
    let period = period.map_or("", |(_, name)| word(*name, language));
    let limit = Text::new(format!("{} USD {period}", budget.limit.usd(0)));
    Node { subtitle: limit, ..blank(id, text(Word::Budget, language), "coin", "cost") }
}

fn blank(id: &str, title: Text, icon: &str, category: &str) -> Node {
    Node {
        id: Ident::sanitized(id),
        title,
        subtitle: Text::default(),
        detail: Text::default(),
        icon: icon.to_owned(),
        category: category.to_owned(),
        parent: None,
        derived: false,
        cells: Vec::new(),
        badge: None,
        hint: Text::default(),
        anchor: None,
        opens: None,
    }
}

fn push(view: &mut View, node: Node, places: &BTreeMap<ServiceId, usize>, told: Vec<(ServiceId, Text)>) {
    let from = End::Node(view.nodes.len());
    let source = node.id.clone();
    view.nodes.push(node);
    for (id, label) in told {
        let Some(place) = places.get(&id) else { continue };
        let Some(target) = view.nodes.get(*place) else { continue };
        let edge = Edge {
            id: gather::edge_id(&view.edges, &source, &target.id, "notify"),
            from,
            to: End::Node(*place),
            label,
            sensitive: false,
            hint: Text::default(),
            derived: false,
            soft: false,
            stroke: Stroke::Async,
        };
        view.edges.push(edge);
    }
}
