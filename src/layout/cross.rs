//! How many lines cross for a given order of all layers.

use super::arena::Arena;
use super::plan::weight;
use super::sheet::{Bridge, Seg, Sheet};

/// Scratch space that is kept between counts.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    ends: Vec<(i64, i64)>,
    lower: Vec<i64>,
    merged: Vec<i64>,
}

impl Counter {
    /// Crossings in a whole container.
    pub(crate) fn total(&mut self, sheet: &Sheet) -> u64 {
        let gaps: u64 = (0..sheet.last_layer()).map(|layer| self.below(sheet, layer)).sum();
        gaps + bridge_crossings(sheet)
    }

    /// Crossings between a layer and the next (Barth, Jünger and Mutzel, "Simple and efficient bilayer
    /// cross counting", 2002: the inversions of the lower ends).
    pub(crate) fn below(&mut self, sheet: &Sheet, layer: usize) -> u64 {
        self.lower.clear();
        for &el in &sheet.layers[layer] {
            match sheet.downs.row(el) {
                [] => {}
                [seg] => self.lower.push(sheet.lower(*seg)),
                segs => self.fan(sheet, segs),
            }
        }
        if self.lower.len() <= SHORT {
            insertions(&mut self.lower)
        } else {
            inversions(&mut self.lower, &mut self.merged)
        }
    }

    /// The lower ends of the lines of one element, from left to right at the element.
    fn fan(&mut self, sheet: &Sheet, segs: &[Seg]) {
        self.ends.clear();
        self.ends.extend(segs.iter().map(|&seg| (sheet.segs[seg].leaves.part, sheet.lower(seg))));
        self.ends.sort_unstable();
        self.lower.extend(self.ends.iter().map(|ends| ends.1));
    }
}

/// Up to this length, inserting is faster than merging.
const SHORT: usize = 40;

/// Pairs in the wrong order, counted while sorting by insertion.
fn insertions(values: &mut [i64]) -> u64 {
    let mut found = 0;
    for end in 1..values.len() {
        let Some((value, sorted)) = values.get_mut(..=end).and_then(<[i64]>::split_last_mut) else {
            continue;
        };
        let larger = sorted.iter().rev().take_while(|&&other| other > *value).count();
        if larger > 0 {
            found += larger as u64;
            if let Some(tail) = values.get_mut(end - larger..=end) {
                tail.rotate_right(1);
            }
        }
    }
    found
}

/// Pairs in the wrong order; sorts `values` by merging runs of doubling length.
fn inversions(values: &mut Vec<i64>, merged: &mut Vec<i64>) -> u64 {
    let mut found = 0;
    let mut run = 1;
    while run < values.len() {
        merged.clear();
        for chunk in values.chunks(2 * run) {
            let (left, right) = chunk.split_at(run.min(chunk.len()));
            found += merge(left, right, merged);
        }
        std::mem::swap(values, merged);
        run *= 2;
    }
    found
}

fn merge(left: &[i64], right: &[i64], merged: &mut Vec<i64>) -> u64 {
    let mut found = 0;
    let mut lefts = left.iter().peekable();
    let mut rights = right.iter().peekable();
    while let (Some(a), Some(b)) = (lefts.peek(), rights.peek()) {
        if b < a {
            found += u64::try_from(lefts.len()).unwrap_or(0);
            merged.extend(rights.next());
        } else {
            merged.extend(lefts.next());
        }
    }
    merged.extend(lefts);
    merged.extend(rights);
    found
}

/// A bridge crosses what leaves downwards between its ends and bridges that interleave with it.
fn bridge_crossings(sheet: &Sheet) -> u64 {
    if sheet.spans.is_empty() {
        return 0;
    }
    let mut by_layer: Arena<usize, Vec<Bridge>> = Arena::filled(sheet.layers.len(), Vec::new());
    for bridge in sheet.spans.keys() {
        let layer = sheet.elements[sheet.spans[bridge].from].layer;
        by_layer[layer].push(bridge);
    }
    let found: i64 = by_layer.keys().map(|layer| layer_crossings(sheet, layer, &by_layer[layer])).sum();
    u64::try_from(found).unwrap_or(0)
}

fn layer_crossings(sheet: &Sheet, layer: usize, bridges: &[Bridge]) -> i64 {
    if bridges.is_empty() {
        return 0;
    }
    let mut before = vec![0];
    let mut sum = 0;
    for &el in &sheet.layers[layer] {
        sum += weight(sheet.downs.row(el).len());
        before.push(sum);
    }
    let at = |place: usize| before.get(place).copied().unwrap_or(sum);
    let mut reaches: Vec<(i64, i64)> = bridges.iter().map(|&bridge| sheet.reach(bridge)).collect();
    let under = |&bridge: &Bridge| {
        let span = &sheet.spans[bridge];
        let (a, b) = (sheet.place[span.from], sheet.place[span.to]);
        (at(a.max(b)) - at(a.min(b) + 1)).max(0)
    };
    let lines: i64 = bridges.iter().map(under).sum();
    reaches.sort_unstable();
    lines + interleaved(&reaches)
}

/// Pairs of spans that overlap without one holding the other; `spans` are sorted.
fn interleaved(spans: &[(i64, i64)]) -> i64 {
    let after = |(place, &(left, right)): (usize, &(i64, i64))| {
        let later = spans.iter().skip(place + 1).take_while(|span| span.0 < right);
        weight(later.filter(|span| span.0 > left && span.1 > right).count())
    };
    spans.iter().enumerate().map(after).sum()
}

#[cfg(test)]
mod tests {
    use super::{insertions, interleaved, inversions};
    use crate::layout::chance::Chance;

    #[test]
    fn inversions_agree_with_all_pairs() {
        let mut chance = Chance::new(5);
        for length in 0..60 {
            let mut values: Vec<i64> =
                (0..length).map(|_| i64::try_from(chance.below(20)).unwrap()).collect();
            let mut pairs = 0;
            for (place, a) in values.iter().enumerate() {
                pairs += values[place + 1..].iter().filter(|b| *b < a).count() as u64;
            }
            assert_eq!(insertions(&mut values.clone()), pairs);
            assert_eq!(inversions(&mut values, &mut Vec::new()), pairs);
            assert!(values.is_sorted());
        }
    }

    #[test]
    fn nested_spans_do_not_interleave() {
        assert_eq!(interleaved(&[(0, 9), (1, 4), (2, 3), (3, 7)]), 1);
    }
}
