//! Large systems on pages that can be read: an overview of containers and gatherings as boxes, and a page for each,
//! which show what stands elsewhere as the part it belongs to. Every such box opens its page.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Review;
use crate::diag::Severity;
use crate::model::{ContainerKind, Flow, FlowId, Model, Origin, PlaceId, ServiceId};
use crate::text::{Ident, Language, Text};
use crate::view::parts::{Item, Parts, parts};
use crate::view::words::{Word, text, word};
use crate::view::{
    Badge, Direction, Edge, End, Group, GroupKind, Link, Node, Stroke, View, deployment, gather, hops,
};

/// The name of the first page.
pub(super) const NAME: &str = "overview";
/// With more lines to other pages than this, lines have no labels: their tooltips say how many flows they stand for.
const MOST_LABELLED: usize = 24;

/// The overview and the page of every part of a large system, in this order; nothing for a system that fits on a page.
pub(super) fn pages(review: &Review, language: Language) -> Vec<View> {
    let model = &review.model;
    let kept: BTreeSet<ServiceId> =
        model.services.ids().filter(|id| !deployment::is_mere_key(model, *id)).collect();
    let Some(parts) = parts(model, &kept) else { return Vec::new() };
    let names = names(model, &parts);
    let atlas = Atlas { review, language, parts: &parts, names: &names };
    (0..parts.all.len()).map(|part| atlas.page(part)).collect()
}

/// The names of all pages: that of the container, or of the first service of a gathering, with a number among equals.
fn names(model: &Model, parts: &Parts) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut name = |part: usize| {
        if part == 0 {
            return NAME.to_owned();
        }
        let place = parts.all.get(part).and_then(|part| part.place).map(|place| &model.places[place].name);
        let first = || parts.services(part).first().map(|id| &model.services[*id].name);
        let plain = place.or_else(first).map_or_else(String::new, |name| format!("page-{name}"));
        let numbered = (2..).map(|number: u32| format!("{plain}-{number}"));
        let mut free = std::iter::once(plain.clone()).chain(numbered);
        free.find(|name| taken.insert(name.clone())).unwrap_or(plain)
    };
    (0..parts.all.len()).map(&mut name).collect()
}

/// All that every page needs.
struct Atlas<'a> {
    review: &'a Review,
    language: Language,
    parts: &'a Parts,
    /// By part: the name of its page.
    names: &'a [String],
}

/// A page under construction.
struct Page {
    view: View,
    /// By thing: its place among the nodes.
    places: BTreeMap<Item, usize>,
    /// The containers that are drawn.
    frames: BTreeMap<PlaceId, usize>,
    /// The page's part and those around it.
    lineage: BTreeSet<usize>,
    /// The container around all that belongs to the page.
    base: Option<usize>,
}

impl Atlas<'_> {
    fn page(&self, part: usize) -> View {
        let mut page = Page {
            view: View {
                name: self.name(part),
                title: self.title(part),
                trail: self.trail(part),
                direction: Direction::Down,
                ..View::default()
            },
            places: BTreeMap::new(),
            frames: BTreeMap::new(),
            lineage: self.parts.around(part).collect(),
            base: None,
        };
        page.view.groups.push(self.base(part));
        page.base = Some(0);
        for item in self.parts.items(part) {
            self.add(&mut page, *item, true);
        }
        self.add_hops(&mut page);
        self.add_bundles(&mut page, part);
        page.view
    }

    fn name(&self, part: usize) -> String {
        self.names.get(part).cloned().unwrap_or_default()
    }

    fn title(&self, part: usize) -> Text {
        if part == 0 {
            return text(Word::Overview, self.language);
        }
        let model = &self.review.model;
        if let Some(place) = self.parts.all.get(part).and_then(|part| part.place) {
            return deployment::group(&model.places[place], None, self.language).title;
        }
        let services = self.parts.services(part);
        let first = services.first().map(|id| model.services[*id].title.chars().collect::<String>());
        Text::new(format!("{} + {}", first.unwrap_or_default(), services.len().saturating_sub(1)))
    }

    /// The pages around a page, the outermost first.
    fn trail(&self, part: usize) -> Vec<Link> {
        let around: Vec<usize> = self.parts.around(part).skip(1).collect();
        let link = |part: usize| Link { title: self.title(part), picture: self.name(part) };
        around.into_iter().rev().map(link).collect()
    }

    /// The container around what belongs to a page.
    fn base(&self, part: usize) -> Group {
        let place = self.parts.all.get(part).and_then(|part| part.place);
        if let Some(place) = place {
            return deployment::group(&self.review.model.places[place], None, self.language);
        }
        let (id, kind, title) = if part == 0 {
            ("aws.account", GroupKind::Cloud, text(Word::Cloud, self.language))
        } else {
            ("aws.page", GroupKind::Group, self.title(part))
        };
        deployment::blank(id, kind, title)
    }

    /// Adds a thing once; what does not belong to the page stands outside of its container.
    fn add(&self, page: &mut Page, item: Item, is_inside: bool) -> usize {
        if let Some(at) = page.places.get(&item) {
            return *at;
        }
        let model = &self.review.model;
        let (place, node) = match item {
            Item::Service(id) => {
                let service = &model.services[id];
                let cells = deployment::zones(model, id, service, self.language);
                (service.place, Node { cells, ..gather::node(self.review, service, self.language) })
            }
            Item::Part(part) => {
                let place = self.parts.all.get(part).and_then(|part| part.place);
                (place.and_then(|place| model.places[place].parent), self.card(part))
            }
        };
        let is_foreign = matches!(item, Item::Service(id) if gather::is_outside(&model.services[id]));
        let parent = if is_inside && !is_foreign { self.frame(page, place) } else { None };
        let at = page.view.nodes.len();
        page.view.nodes.push(Node { parent, ..node });
        page.places.insert(item, at);
        at
    }

    /// The container of a place on a page, with those around it up to the page's own.
    fn frame(&self, page: &mut Page, place: Option<PlaceId>) -> Option<usize> {
        let model = &self.review.model;
        let is_page = |id: PlaceId| self.parts.all.iter().any(|part| part.place == Some(id));
        let is_drawn =
            |id: PlaceId| page.lineage.len() == 1 || model.places[id].kind != ContainerKind::Region;
        let missing: Vec<PlaceId> = model
            .enclosing(place)
            .map(|(id, _)| id)
            .take_while(|id| !is_page(*id) && is_drawn(*id) && !page.frames.contains_key(id))
            .collect();
        let known = model.enclosing(place).find_map(|(id, _)| page.frames.get(&id).copied());
        let mut parent = known.or(page.base);
        for id in missing.into_iter().rev() {
            let group = deployment::group(&model.places[id], parent, self.language);
            page.frames.insert(id, page.view.groups.len());
            parent = Some(page.view.groups.len());
            page.view.groups.push(group);
        }
        parent
    }

    /// A part as one box.
    fn card(&self, part: usize) -> Node {
        let (title, services) = (self.title(part), self.parts.services(part));
        let place = self.parts.all.get(part).and_then(|part| part.place);
        let icon =
            place.map_or("box", |place| match deployment::group_kind(&self.review.model.places[place]) {
                GroupKind::Vpc => "network",
                GroupKind::Group => "people",
                _ => "subnet",
            });
        let count = format!("{}: {}", word(Word::Things, self.language), services.len());
        Node {
            id: Ident::sanitized(&self.name(part)),
            title,
            subtitle: Text::new(count),
            detail: Text::default(),
            icon: icon.to_owned(),
            category: if place.is_some() { "network" } else { "external" }.to_owned(),
            parent: None,
            derived: false,
            cells: Vec::new(),
            badge: self.badge(&services),
            hint: self.first_titles(&services),
            anchor: None,
            opens: Some(self.name(part)),
        }
    }

    /// The findings about all services of a part, by number.
    fn badge(&self, services: &[ServiceId]) -> Option<Badge> {
        let names: BTreeSet<&str> =
            services.iter().map(|id| self.review.model.services[*id].name.as_str()).collect();
        let severities: Vec<Severity> = gather::open(&self.review.findings)
            .filter(|finding| finding.subject.as_ref().is_some_and(|on| names.contains(on.chars().as_str())))
            .map(|finding| finding.severity)
            .collect();
        let severity = severities.iter().min().copied()?;
        Some(Badge { severity, count: severities.len(), lines: Vec::new() })
    }

    /// The titles of the first services, for the tooltip.
    fn first_titles(&self, services: &[ServiceId]) -> Text {
        let titles = services.iter().map(|id| &self.review.model.services[*id].title);
        let mut lines: Vec<String> = titles.take(12).map(|title| title.chars().collect()).collect();
        if services.len() > lines.len() {
            lines.push("…".to_owned());
        }
        Text::new(lines.join("\n"))
    }

    /// The lines among the services of a page.
    fn add_hops(&self, page: &mut Page) {
        let services: BTreeSet<ServiceId> = services(page);
        for hop in hops::hops(&self.review.model, &services, self.language) {
            let ends = [hop.from, hop.to].map(|id| page.places.get(&Item::Service(id)).copied());
            if let [Some(from), Some(to)] = ends {
                let edge = deployment::edge(&self.review.model, &hop, (from, to), &page.view.edges);
                page.view.edges.push(edge);
            }
        }
    }

    /// The lines to and from parts and other pages: one between two things, however many flows it stands for.
    fn add_bundles(&self, page: &mut Page, part: usize) {
        let model = &self.review.model;
        let own: BTreeSet<ServiceId> = self.parts.services(part).into_iter().collect();
        let touching: BTreeSet<FlowId> =
            own.iter().flat_map(|id| model.flows_at(*id)).map(|(id, _)| id).collect();
        let inside = services(page);
        let mut bundles: BTreeMap<(Item, Item), Vec<&Flow>> = BTreeMap::new();
        for flow in touching.into_iter().map(|id| &model.flows[id]).filter(|flow| flow.is_whole()) {
            for (from, to) in steps(flow, &inside) {
                let ends = [from, to].map(|id| self.parts.shown(id, &page.lineage));
                let [Some(from), Some(to)] = ends else { continue };
                let is_hop =
                    [from, to].iter().all(|end| matches!(end, Item::Service(id) if inside.contains(id)));
                let is_elsewhere = [from, to].iter().all(|end| !page.places.contains_key(end));
                if from != to && !is_hop && !is_elsewhere {
                    bundles.entry((from, to)).or_default().push(flow);
                }
            }
        }
        let is_labelled = bundles.len() <= MOST_LABELLED;
        for ((from, to), flows) in bundles {
            let ends = (self.add(page, from, false), self.add(page, to, false));
            page.view.edges.extend(self.bundle(&page.view, ends, (&flows, is_labelled)));
        }
    }

    /// One line for many flows.
    fn bundle(
        &self,
        view: &View,
        (from, to): (usize, usize),
        (flows, is_labelled): (&[&Flow], bool),
    ) -> Option<Edge> {
        let (source, target) = (view.nodes.get(from)?, view.nodes.get(to)?);
        let many = format!("{} {}", flows.len(), word(Word::FlowsOf, self.language));
        let label = match flows {
            _ if !is_labelled => Text::default(),
            [only] => gather::label(only, &[]),
            _ => Text::new(many.as_str()),
        };
        let mut verbs: Vec<&str> = flows.iter().map(|flow| flow.verb.as_str()).collect();
        verbs.sort_unstable();
        verbs.dedup();
        let strokes = flows.iter().map(|flow| gather::stroke(flow));
        Some(Edge {
            id: gather::edge_id(&view.edges, &source.id, &target.id, "flows"),
            from: End::Node(from),
            to: End::Node(to),
            label,
            sensitive: flows.iter().any(|flow| gather::is_sensitive(flow)),
            hint: Text::new(format!("{many}: {}", verbs.join(", "))),
            derived: flows.iter().all(|flow| matches!(flow.origin, Origin::Derived { .. })),
            soft: flows.iter().all(|flow| flow.soft),
            stroke: strokes.min().unwrap_or(Stroke::Async),
        })
    }
}

/// The services that a page itself holds.
fn services(page: &Page) -> BTreeSet<ServiceId> {
    let ids = page.places.keys().map(|item| match item {
        Item::Service(id) => Some(*id),
        Item::Part(_) => None,
    });
    ids.flatten().collect()
}

/// The steps of a flow: through the derived things it passes when the page holds them, otherwise one.
fn steps(flow: &Flow, inside: &BTreeSet<ServiceId>) -> Vec<(ServiceId, ServiceId)> {
    let passed = flow.through.iter().all(|id| inside.contains(id)).then_some(&flow.through);
    let stops: Vec<ServiceId> =
        std::iter::once(flow.from).chain(passed.into_iter().flatten().copied()).chain([flow.to]).collect();
    stops.iter().copied().zip(stops.iter().copied().skip(1)).collect()
}
