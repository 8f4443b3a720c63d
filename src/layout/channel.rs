//! Orthogonal routing between two layers: which level part lies on which track.
//!
//! Without near columns the order of the tracks is a sort: bridges by width, then lines to the left by
//! their upper end, then lines to the right against it; two lines then cross at most once, and only if
//! their ends are in different order. A line whose upper end is in the column of another's lower end must
//! lie above it; where such rules form a ring, one line gets a column of its own in between (a dogleg).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::arena::{Arena, Rows};
use super::sheet::{Bridge, Seg, Sheet};
use super::spacing::{LANE, TIGHT, TRACK_GAP};

/// What a level part belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    Seg(Seg),
    Bridge(Bridge),
}

/// A level part in a channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Net {
    pub(crate) wire: Wire,
    /// Columns that come down from the layer above; a line has the same twice.
    pub(crate) tops: (i32, i32),
    /// The column that goes on to the layer below; bridges have none.
    pub(crate) bottom: Option<i32>,
}

impl Net {
    /// The x from which and to which it runs.
    pub(crate) fn range(&self) -> (i32, i32) {
        let bottom = self.bottom.unwrap_or(self.tops.0);
        let low = self.tops.0.min(self.tops.1).min(bottom);
        (low, self.tops.0.max(self.tops.1).max(bottom))
    }

    /// The place in the order of tracks that makes no crossing of its own; of lines from one column the
    /// farthest lies highest.
    fn rank(&self) -> (u8, i32, i32) {
        let (low, high) = self.range();
        match self.bottom {
            None => (0, high - low, 0),
            Some(bottom) if bottom < self.tops.0 => (1, self.tops.0, bottom),
            Some(bottom) => (2, -self.tops.0, -bottom),
        }
    }
}

/// A level part and its track, counted from above.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Laid {
    pub(crate) net: Net,
    pub(crate) track: usize,
}

/// A line in two level parts and the column between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dogleg {
    pub(crate) seg: Seg,
    pub(crate) column: i32,
    pub(crate) second: usize,
}

/// The tracks of one channel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Channel {
    pub(crate) laid: Vec<Laid>,
    pub(crate) doglegs: Vec<Dogleg>,
    pub(crate) tracks: usize,
    /// Columns of lines that pass without a level part.
    pub(crate) straight: Vec<i32>,
}

/// Routes the channel below `layer`.
pub(crate) fn channel(sheet: &Sheet, layer: usize) -> Channel {
    let mut nets = Vec::new();
    let mut channel = Channel::default();
    for &el in &sheet.layers[layer] {
        for &seg in sheet.downs.row(el) {
            let (top, bottom) = (sheet.upper_x(seg), sheet.lower_x(seg));
            if top == bottom {
                channel.straight.push(top);
            } else {
                nets.push(Net { wire: Wire::Seg(seg), tops: (top, top), bottom: Some(bottom) });
            }
        }
        for &bridge in sheet.bridged.row(el).iter().filter(|&&bridge| sheet.spans[bridge].from == el) {
            let tops = sheet.span_x(bridge);
            nets.push(Net { wire: Wire::Bridge(bridge), tops, bottom: None });
        }
    }
    // A loop is listed twice at its element.
    nets.dedup_by_key(|net| net.wire);
    nets.sort_by_key(Net::rank);
    channel.lay(&nets.into());
    channel
}

impl Channel {
    fn lay(&mut self, nets: &Arena<usize, Net>) {
        let order = match arrange(nets, &rules(nets, TIGHT), false) {
            Some(order) => order,
            None => arrange(nets, &rules(nets, LANE), true).unwrap_or_default(),
        };
        let mut columns = Columns::new(nets, &self.straight);
        let mut skyline = Skyline::default();
        let mut split: Arena<usize, Option<i32>> = Arena::filled(nets.len(), None);
        for step in order {
            let mut net = nets[step.net];
            match (step.part, split[step.net]) {
                (Part::First, _) => {
                    let column = columns.free(net.range());
                    split[step.net] = Some(column);
                    net.bottom = Some(column);
                    let track = self.take(&mut skyline, net);
                    self.laid.push(Laid { net, track });
                }
                (_, Some(column)) => {
                    net.tops = (column, column);
                    let second = self.take(&mut skyline, net);
                    if let Wire::Seg(seg) = net.wire {
                        self.doglegs.push(Dogleg { seg, column, second });
                    }
                }
                (_, None) => {
                    let track = self.take(&mut skyline, net);
                    self.laid.push(Laid { net, track });
                }
            }
        }
    }

    fn take(&mut self, skyline: &mut Skyline, net: Net) -> usize {
        let track = skyline.put(net.range());
        self.tracks = self.tracks.max(track + 1);
        track
    }
}

/// Pairs (upper, lower): a line whose top is in the column of another's bottom lies above it.
fn rules(nets: &Arena<usize, Net>, near: i32) -> Vec<(usize, usize)> {
    let ends = |net: usize| [(nets[net].tops.0, net), (nets[net].tops.1, net)];
    let mut tops: Vec<(i32, usize)> = nets.keys().flat_map(ends).collect();
    tops.sort_unstable();
    tops.dedup();
    let mut rules = Vec::new();
    for lower in nets.keys() {
        let Some(bottom) = nets[lower].bottom else { continue };
        let first = tops.partition_point(|top| top.0 <= bottom - near);
        let near = tops.iter().skip(first).take_while(|top| top.0 < bottom + near);
        rules.extend(near.map(|top| (top.1, lower)).filter(|rule| rule.0 != rule.1));
    }
    rules
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    First,
}

/// One level part to be laid.
#[derive(Clone, Copy)]
struct Step {
    net: usize,
    part: Part,
}

/// Nets from above to below under the rules, as near to their own order as possible. Where the rules form
/// a ring, one net is laid in two parts if that is allowed.
fn arrange(nets: &Arena<usize, Net>, rules: &[(usize, usize)], split: bool) -> Option<Vec<Step>> {
    let mut queue = Queue::new(nets.len(), rules);
    let mut steps = Vec::new();
    loop {
        if let Some(Reverse(net)) = queue.ready.pop() {
            steps.push(Step { net, part: Part::Whole });
            queue.done[net] = true;
            queue.free(net);
        } else if let Some(net) = queue.stuck() {
            if !split || queue.freed[net] {
                return None;
            }
            steps.push(Step { net, part: Part::First });
            queue.free(net);
        } else {
            return Some(steps);
        }
    }
}

/// Nets that wait for others.
struct Queue {
    above: Rows<usize, usize>,
    below: Rows<usize, usize>,
    waits: Arena<usize, usize>,
    /// Those that nobody waits for any more.
    freed: Arena<usize, bool>,
    done: Arena<usize, bool>,
    ready: BinaryHeap<Reverse<usize>>,
    rest: usize,
}

impl Queue {
    fn new(count: usize, rules: &[(usize, usize)]) -> Self {
        let turned: Vec<(usize, usize)> = rules.iter().map(|&(upper, lower)| (lower, upper)).collect();
        let above = Rows::group(count, &turned);
        let waits: Arena<usize, usize> = (0..count).map(|net| above.row(net).len()).collect();
        Self {
            ready: waits.keys().filter(|&net| waits[net] == 0).map(Reverse).collect(),
            below: Rows::group(count, rules),
            freed: Arena::filled(count, false),
            done: Arena::filled(count, false),
            rest: 0,
            above,
            waits,
        }
    }

    fn free(&mut self, net: usize) {
        if std::mem::replace(&mut self.freed[net], true) {
            return;
        }
        for &lower in self.below.row(net) {
            self.waits[lower] -= 1;
            if self.waits[lower] == 0 {
                self.ready.push(Reverse(lower));
            }
        }
    }

    /// A net that waits for itself, found by walking up from one that is not done.
    fn stuck(&mut self) -> Option<usize> {
        while self.rest < self.done.len() && self.done[self.rest] {
            self.rest += 1;
        }
        let mut at = (self.rest < self.done.len()).then_some(self.rest)?;
        let mut seen: Arena<usize, bool> = Arena::filled(self.done.len(), false);
        while !std::mem::replace(&mut seen[at], true) {
            let open = |&&net: &&usize| !self.done[net] && !self.freed[net];
            match self.above.row(at).iter().find(open) {
                Some(&net) => at = net,
                None => return Some(at),
            }
        }
        Some(at)
    }
}

/// The highest track in use along x.
#[derive(Default)]
struct Skyline {
    /// From this x on, tracks below this number are taken.
    steps: BTreeMap<i32, usize>,
}

impl Skyline {
    fn level(&self, x: i32) -> usize {
        self.steps.range(..=x).next_back().map_or(0, |step| *step.1)
    }

    /// The first free track over a range, which is taken.
    fn put(&mut self, (low, high): (i32, i32)) -> usize {
        let (from, to) = (low, high + TRACK_GAP);
        let after = self.level(to);
        let inside: Vec<(i32, usize)> = self.steps.range(from..to).map(|step| (*step.0, *step.1)).collect();
        let track = inside.iter().map(|step| step.1).max().unwrap_or(0).max(self.level(from));
        for (x, _) in inside {
            self.steps.remove(&x);
        }
        self.steps.insert(from, track + 1);
        self.steps.insert(to, after);
        track
    }
}

/// The columns in use.
struct Columns(Vec<i32>);

impl Columns {
    fn new(nets: &Arena<usize, Net>, straight: &[i32]) -> Self {
        let ends = nets.iter().flat_map(|net| [net.tops.0, net.tops.1, net.bottom.unwrap_or(net.tops.0)]);
        let mut columns: Vec<i32> = ends.chain(straight.iter().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        Self(columns)
    }

    /// A column between two others, far from both and near the middle of the range; it is taken.
    fn free(&mut self, (low, high): (i32, i32)) -> i32 {
        let middle = i32::midpoint(low, high);
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        let gaps = pairs.map(|(&a, &b)| ((b - a).min(2 * TRACK_GAP), i32::midpoint(a, b)));
        let best = gaps.max_by_key(|&(width, x)| (width, -(x - middle).abs(), -x));
        let column = best.map_or(middle, |gap| gap.1);
        let place = self.0.partition_point(|&x| x < column);
        self.0.insert(place, column);
        column
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, Net, Skyline, Wire};
    use crate::layout::arena::{Arena, Key};
    use crate::layout::chance::Chance;
    use crate::layout::sheet::Seg;
    use crate::layout::spacing::{LANE, LINE_GAP};

    fn lay(ends: &[(i32, i32)]) -> Channel {
        let net = |(place, &(top, bottom)): (usize, &(i32, i32))| Net {
            wire: Wire::Seg(Seg::of(place)),
            tops: (top, top),
            bottom: Some(bottom),
        };
        let mut nets: Vec<Net> = ends.iter().enumerate().map(net).collect();
        nets.sort_by_key(Net::rank);
        let mut channel = Channel::default();
        channel.lay(&Arena::from(nets));
        channel
    }

    /// Upright pieces (x, from track, to track) and level pieces (from x, to x, track) of each line.
    type Pieces = Vec<(Vec<(i32, i32, i32)>, Vec<(i32, i32, i32)>)>;

    fn pieces(channel: &Channel) -> Pieces {
        let int = |track: usize| i32::try_from(track).unwrap();
        let piece = |laid: &super::Laid| {
            let (top, bottom) = (laid.net.tops.0, laid.net.bottom.unwrap());
            let leg = channel.doglegs.iter().find(|leg| Wire::Seg(leg.seg) == laid.net.wire);
            let first = (top.min(bottom), top.max(bottom), int(laid.track));
            match leg {
                None => (vec![(top, -1, first.2), (bottom, first.2, 999)], vec![first]),
                Some(leg) => (vec![(top, -1, first.2), (leg.column, first.2, int(leg.second))], vec![first]),
            }
        };
        channel.laid.iter().map(piece).collect()
    }

    fn overlap(channel: &Channel) -> bool {
        let all = pieces(channel);
        let clash =
            |a: &(i32, i32, i32), b: &(i32, i32, i32)| (a.0 - b.0).abs() < LANE && a.1 < b.2 && b.1 < a.2;
        all.iter().enumerate().any(|(place, one)| {
            let others = all.iter().skip(place + 1);
            others.flat_map(|other| &other.0).any(|b| one.0.iter().any(|a| clash(a, b)))
        })
    }

    #[test]
    fn lines_that_swap_columns_do_not_overlap() {
        let channel = lay(&[(0, 5_000), (5_000, 0)]);
        assert_eq!(channel.doglegs.len(), 1);
        assert!(!overlap(&channel));
    }

    #[test]
    fn random_channels_have_no_shared_columns() {
        let mut chance = Chance::new(17);
        for _ in 0..300 {
            let count = 2 + chance.below(12);
            let mut columns: Vec<i32> = (0..20).map(|place| place * LINE_GAP).collect();
            let mut ends = vec![(0, 0); count];
            for side in 0..2 {
                for place in (1..columns.len()).rev() {
                    columns.swap(place, chance.below(place + 1));
                }
                for (end, &column) in ends.iter_mut().zip(&columns) {
                    if side == 0 { end.0 = column } else { end.1 = column }
                }
            }
            ends.retain(|end| end.0 != end.1);
            assert!(!overlap(&lay(&ends)), "{ends:?}");
        }
    }

    #[test]
    fn tracks_rise_only_where_they_must() {
        let mut skyline = Skyline::default();
        let tracks = [(0, 10), (5, 20), (10_000, 20_000), (0, 15_000)].map(|range| skyline.put(range));
        assert_eq!(tracks, [0, 1, 0, 2]);
    }
}
