//! From layers to a sheet: elements for kids, labels, passing lines and ports, and the lines between them.

use super::arena::{Arena, Rows};
use super::course::{Inner, Pass, Side, phase};
use super::plan::Plan;
use super::rank::{Ranks, Task};
use super::scene::{Point, Size};
use super::sheet::{Bridge, El, Element, Exit, Kind, Link, Mouth, Seg, Segment, Shape, Sheet, Span};
use super::spacing::LINE_GAP;
use super::tree::Item;

/// Builds the sheet of one container.
pub(crate) fn sheet(task: &Task, ranks: &Ranks) -> Sheet {
    let mut board = Board { sheet: Sheet::default(), plan: task.plan };
    board.place_kids(task, ranks);
    for (place, inner) in task.inner.iter().enumerate() {
        board.join_inner(inner, ranks.label[place]);
    }
    for (place, pass) in task.passes.iter().enumerate() {
        let order = phase(&task.plan.tree, task.nest, pass);
        board.join_pass(pass, order, ranks.label[task.inner.len() + place]);
    }
    board.finished()
}

struct Board<'a> {
    sheet: Sheet,
    plan: &'a Plan,
}

impl Board<'_> {
    fn place_kids(&mut self, task: &Task, ranks: &Ranks) {
        let any = !task.inner.is_empty() || !task.passes.is_empty();
        self.sheet.layers = Arena::filled(if any { ranks.count } else { 0 }, Vec::new());
        self.sheet.homes = Arena::filled(ranks.kid.len(), None);
        for (slot, &item) in self.plan.tree.kids[task.nest].iter().enumerate() {
            if let Some(layer) = ranks.kid[slot] {
                let el = self.add(Kind::Item(item), layer, self.plan.size[item]);
                self.sheet.homes[slot] = Some(el);
            } else {
                self.sheet.loose.push((item, Point::default()));
            }
        }
        let homes = &self.sheet.homes;
        self.sheet.peers = ranks.peers.iter().filter_map(|&slot| homes[slot]).collect();
    }

    fn add(&mut self, kind: Kind, layer: usize, size: Size) -> El {
        let el = self.sheet.elements.push(Element { kind, layer, size, x: 0, y: 0 });
        self.sheet.layers[layer].push(el);
        el
    }

    fn home(&self, item: Item) -> Option<El> {
        self.sheet.homes[self.plan.tree.slot(item)]
    }

    fn layer(&self, el: El) -> usize {
        self.sheet.elements[el].layer
    }

    /// A line from an upper to a lower element, with an element in each layer between.
    fn line(&mut self, upper: El, lower: El) -> Vec<Seg> {
        let mut segs = Vec::new();
        let mut at = upper;
        for layer in self.layer(upper) + 1..self.layer(lower) {
            let through = self.add(Kind::Line, layer, Size::default());
            segs.push(self.segment(at, through));
            at = through;
        }
        segs.push(self.segment(at, lower));
        segs
    }

    fn segment(&mut self, top: El, bottom: El) -> Seg {
        let (leaves, enters) = (Mouth::MIDDLE, Mouth::MIDDLE);
        self.sheet.segs.push(Segment { top, bottom, leaves, enters, track: 0, dogleg: None })
    }

    fn join_inner(&mut self, inner: &Inner, label: Option<usize>) {
        let Some((from, to)) = self.home(inner.from).zip(self.home(inner.to)) else { return };
        let (above, below) = (self.layer(from), self.layer(to));
        let label = label.zip(self.plan.label(inner.flow));
        let (shape, along) = match label {
            Some((layer, size)) if above == below => (self.over(from, to, layer, size), true),
            None if above == below => (self.bridge(inner.flow, from, to), true),
            _ => {
                let (upper, lower) = if above < below { (from, to) } else { (to, from) };
                (Shape::Line(self.labelled(upper, lower, label)), above < below)
            }
        };
        self.sheet.links.push(Link { flow: inner.flow, shape, along, phase: 0 });
    }

    fn labelled(&mut self, upper: El, lower: El, label: Option<(usize, Size)>) -> Vec<Seg> {
        let Some((layer, size)) = label else { return self.line(upper, lower) };
        let middle = self.add(Kind::Label, layer, size);
        let mut segs = self.line(upper, middle);
        segs.extend(self.line(middle, lower));
        segs
    }

    /// Both lines come down beside the label, which stands on the level part between them.
    fn over(&mut self, from: El, to: El, layer: usize, size: Size) -> Shape {
        let size = Size { w: size.w + 2 * LINE_GAP, h: size.h };
        let label = self.add(Kind::Label, layer.max(self.layer(from) + 1), size);
        let left = self.line(from, label);
        let right = self.line(to, label);
        Shape::Over(left, right, label)
    }

    fn bridge(&mut self, flow: usize, from: El, to: El) -> Shape {
        let (leaves, enters) = (Mouth::MIDDLE, Mouth::MIDDLE);
        Shape::Bridge(self.sheet.spans.push(Span { flow, from, to, leaves, enters, track: 0, label: None }))
    }

    fn join_pass(&mut self, pass: &Pass, order: i64, label: Option<usize>) {
        let label = label.zip(self.plan.label(pass.flow));
        let layer = if pass.side == Side::Top { 0 } else { self.sheet.last_layer() };
        let port = self.add(Kind::Port, layer, Size::default());
        self.sheet.exits.push(Exit { el: port, joint: pass.joint });
        let home = pass.item.and_then(|item| self.home(item));
        let shape = match (home, pass.side) {
            (Some(el), Side::Top) => Shape::Line(self.labelled(port, el, label)),
            (Some(el), Side::Bottom) => Shape::Line(self.labelled(el, port, label)),
            (None, _) => Shape::Stub(port),
        };
        let along = (pass.side == Side::Bottom) == pass.outward;
        self.sheet.links.push(Link { flow: pass.flow, shape, along, phase: order });
    }

    fn finished(mut self) -> Sheet {
        let sheet = &mut self.sheet;
        let count = sheet.elements.len();
        let uppers: Vec<(El, Seg)> = sheet.segs.keys().map(|seg| (sheet.segs[seg].top, seg)).collect();
        let lowers: Vec<(El, Seg)> = sheet.segs.keys().map(|seg| (sheet.segs[seg].bottom, seg)).collect();
        let ends = |bridge: Bridge| {
            let span = &sheet.spans[bridge];
            [(span.from, bridge), (span.to, bridge)]
        };
        let bridges: Vec<(El, Bridge)> = sheet.spans.keys().flat_map(ends).collect();
        sheet.downs = Rows::group(count, &uppers);
        sheet.ups = Rows::group(count, &lowers);
        sheet.bridged = Rows::group(count, &bridges);
        sheet.place = Arena::filled(count, 0);
        for layer in sheet.layers.keys() {
            sheet.index_layer(layer);
        }
        self.sheet
    }
}
