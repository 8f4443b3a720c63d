//! Pictures the architect composes: `view NAME { show …; hide …; neighbours 1; direction right }`.

use std::collections::BTreeSet;

use crate::check::Review;
use crate::model::{Model, Selector, ServiceId, UserView};
use crate::text::Language;
use crate::view::{Direction, View, deployment};

/// One view a `view` statement.
pub(super) fn views(review: &Review, language: Language) -> Vec<View> {
    review.model.views.iter().map(|view| compose(review, view, language)).collect()
}

fn compose(review: &Review, wanted: &UserView, language: Language) -> View {
    let kept = kept(&review.model, wanted);
    let direction = match wanted.direction.as_deref() {
        Some("right") => Direction::Right,
        Some("down") => Direction::Down,
        _ => Direction::Auto,
    };
    let view = deployment::of(review, &kept, language);
    View { name: format!("view-{}", wanted.name), title: wanted.title.clone(), direction, ..view }
}

/// What is shown (everything when nothing is said), with its neighbours, without what is hidden.
fn kept(model: &Model, wanted: &UserView) -> BTreeSet<ServiceId> {
    let mut shown = picked(model, &wanted.show);
    if wanted.show.is_empty() {
        shown = model.services.ids().collect();
    }
    for _ in 0..wanted.neighbours.min(model.services.len() as u64) {
        let around = neighbours(model, &shown);
        if around.is_subset(&shown) {
            break;
        }
        shown.extend(around);
    }
    let hidden = picked(model, &wanted.hide);
    let is_named = |id| wanted.show.contains(&Selector::Service(id));
    let is_kept =
        |id: &ServiceId| !hidden.contains(id) && (is_named(*id) || !deployment::is_mere_key(model, *id));
    shown.into_iter().filter(is_kept).collect()
}

/// The ends of the flows at what is shown, and what those flows pass.
fn neighbours(model: &Model, shown: &BTreeSet<ServiceId>) -> BTreeSet<ServiceId> {
    let flows = model.whole_flows().map(|(_, flow)| flow);
    let touching = flows.filter(|flow| shown.contains(&flow.from) || shown.contains(&flow.to));
    touching.flat_map(|flow| flow.through.iter().copied().chain([flow.from, flow.to])).collect()
}

fn picked(model: &Model, selectors: &[Selector]) -> BTreeSet<ServiceId> {
    let is_picked = |id: &ServiceId| selectors.iter().any(|selector| picks(model, selector, *id));
    model.services.ids().filter(is_picked).collect()
}

fn picks(model: &Model, selector: &Selector, id: ServiceId) -> bool {
    let service = &model.services[id];
    match selector {
        Selector::All => true,
        Selector::Service(wanted) => *wanted == id,
        Selector::Place(wanted) => model.enclosing(service.place).any(|(place, _)| place == *wanted),
        Selector::Kind(kind) => service.is_a(kind),
        Selector::Tag(tag, value) => {
            let own = service.tags.get(tag);
            own.is_some_and(|own| value.as_ref().is_none_or(|value| value == own))
        }
    }
}
