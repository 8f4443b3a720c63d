//! Coordinates along the layers: the y of elements, tracks and labels, and the height of a container.

use super::arena::Arena;
use super::channel::{Channel, Wire, channel};
use super::place::Pads;
use super::plan::Plan;
use super::scene::{Point, Rect};
use super::sheet::{Bridge, El, Kind, Sheet};
use super::spacing::{LINE_GAP, PX, TRACK_GAP, TRACK_LABEL};

/// The page has no border around it.
type OnPage = bool;

/// Sets all y and the height. Returns the flows whose label found no place on its bridge.
pub(crate) fn stack(plan: &Plan, sheet: &mut Sheet, pads: Pads, page: OnPage) -> Vec<usize> {
    let mut stack = Stack { plan, sheet, pads, page, y: 0, crowded: Vec::new() };
    for layer in stack.sheet.layers.keys() {
        stack.layer(layer);
        if layer < stack.sheet.last_layer() {
            stack.channel(layer);
        }
    }
    let (bottom, crowded) = (stack.y, stack.crowded);
    sheet.size.h = bottom;
    sheet.stretch(pads.least.h);
    crowded
}

struct Stack<'a> {
    plan: &'a Plan,
    sheet: &'a mut Sheet,
    pads: Pads,
    page: OnPage,
    y: i32,
    crowded: Vec<usize>,
}

impl Stack<'_> {
    fn layer(&mut self, layer: usize) {
        let els = self.sheet.layers[layer].clone();
        let height = els.iter().map(|&el| self.sheet.elements[el].size.h).max().unwrap_or(0);
        for el in els {
            let spare = height - self.sheet.elements[el].size.h;
            let drop = match self.sheet.elements[el].kind {
                Kind::Item(_) if self.sheet.peers.contains(&el) => {
                    self.sheet.elements[el].size.h = height;
                    0
                }
                Kind::Item(_) if self.hangs(el) => spare,
                Kind::Item(_) => 0,
                _ => spare / 2,
            };
            self.sheet.elements[el].y = self.y + drop;
        }
        self.y += height;
    }

    /// Nothing comes from above, so it may stand near what is below.
    fn hangs(&self, el: El) -> bool {
        let below = self.sheet.downs.row(el).len() + self.sheet.bridged.row(el).len();
        self.sheet.ups.row(el).is_empty() && below > 0
    }

    /// A layer without boxes needs less air.
    fn is_thin(&self, layer: usize) -> bool {
        !self.sheet.layers[layer].iter().any(|&el| self.sheet.is_box(el))
    }

    fn channel(&mut self, layer: usize) {
        let channel = channel(self.sheet, layer);
        let thick = self.thickness(&channel);
        let (above, below) = self.air(layer);
        let mut centres: Arena<usize, i32> = Arena::default();
        let mut edge = self.y + above - LINE_GAP / 2;
        for &height in thick.iter() {
            centres.push(edge + height / 2);
            edge += height;
        }
        self.y += if channel.tracks == 0 {
            self.empty_gap(layer)
        } else {
            above + thick.iter().sum::<i32>() - LINE_GAP + below
        };
        self.assign(&channel, &centres);
        for laid in &channel.laid {
            if let Wire::Bridge(bridge) = laid.net.wire {
                self.label(&channel, bridge, laid.track, centres[laid.track]);
            }
        }
    }

    /// The height of each track.
    fn thickness(&self, channel: &Channel) -> Arena<usize, i32> {
        let mut thick = Arena::filled(channel.tracks, LINE_GAP);
        for laid in &channel.laid {
            if let Wire::Bridge(bridge) = laid.net.wire {
                let label = self.plan.label(self.sheet.spans[bridge].flow);
                let height = label.map_or(0, |size| size.h + TRACK_LABEL);
                thick[laid.track] = thick[laid.track].max(height);
            }
        }
        thick
    }

    /// Air above the first track and below the last.
    fn air(&self, layer: usize) -> (i32, i32) {
        let last = layer + 1 == self.sheet.last_layer();
        let above = match layer {
            0 if self.page => 0,
            0 => self.pads.top - 6 * PX,
            _ if self.is_thin(layer) => 8 * PX,
            _ => 13 * PX,
        };
        let below = match self.is_thin(layer + 1) {
            _ if last && self.page => 0,
            _ if last => self.pads.bottom - 6 * PX,
            true => 9 * PX,
            false => 17 * PX,
        };
        (above.max(8 * PX), below.max(9 * PX))
    }

    /// The distance of two layers without a track between.
    fn empty_gap(&self, layer: usize) -> i32 {
        let (first, last) = (layer == 0, layer + 1 == self.sheet.last_layer());
        let borders =
            (first && self.sheet.layers[layer].is_empty(), last && self.sheet.layers[layer + 1].is_empty());
        match borders {
            (true, _) | (_, true) if self.page => 0,
            (true, _) => self.pads.top,
            (_, true) => self.pads.bottom,
            _ if first => self.pads.top.max(22 * PX),
            _ if last => self.pads.bottom,
            _ if self.is_thin(layer) || self.is_thin(layer + 1) => 11 * PX,
            _ => 30 * PX,
        }
    }

    fn assign(&mut self, channel: &Channel, centres: &Arena<usize, i32>) {
        for laid in &channel.laid {
            match laid.net.wire {
                Wire::Seg(seg) => self.sheet.segs[seg].track = centres[laid.track],
                Wire::Bridge(bridge) => self.sheet.spans[bridge].track = centres[laid.track],
            }
        }
        for leg in &channel.doglegs {
            let column = Point { x: leg.column, y: centres[leg.second] };
            self.sheet.segs[leg.seg].dogleg = Some(column);
        }
    }

    /// Puts the label of a bridge onto its track where no upright line passes.
    fn label(&mut self, channel: &Channel, bridge: Bridge, track: usize, y: i32) {
        let span = self.sheet.spans[bridge];
        let Some(size) = self.plan.label(span.flow) else { return };
        let (from, to) = self.sheet.span_x(bridge);
        let (low, high) = (from.min(to), from.max(to));
        let mut columns = passing(channel, track);
        columns.retain(|x| (low..=high).contains(x));
        columns.extend([low, high]);
        columns.sort_unstable();
        let gaps = columns.iter().zip(columns.iter().skip(1)).map(|(&a, &b)| (b - a, a));
        let (width, left) = gaps.max_by_key(|&(width, x)| (width, -x)).unwrap_or((0, low));
        if width < size.w + 2 * TRACK_GAP {
            self.crowded.push(span.flow);
        }
        let x = left + (width - size.w) / 2;
        self.sheet.spans[bridge].label = Some(Rect { x, y: y - size.h / 2, w: size.w, h: size.h });
    }
}

/// Columns of upright lines that pass a track.
fn passing(channel: &Channel, track: usize) -> Vec<i32> {
    let mut columns = channel.straight.clone();
    for laid in &channel.laid {
        if laid.track > track {
            columns.extend([laid.net.tops.0, laid.net.tops.1]);
        } else if laid.track < track {
            columns.extend(laid.net.bottom);
        }
    }
    columns.extend(channel.doglegs.iter().map(|leg| leg.column));
    for leg in channel.doglegs.iter().filter(|leg| leg.second < track) {
        let own = channel.laid.iter().find(|laid| laid.net.wire == Wire::Seg(leg.seg));
        columns.extend(own.and_then(|laid| laid.net.bottom));
    }
    columns
}
