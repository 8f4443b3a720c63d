//! Crossing reduction: the order of the elements in all layers of all containers.
//!
//! Sweeps by barycentre and exchanges of neighbours, container by container; ports of inner containers
//! count at their true place, so the number that is made small is the number that is drawn. Rounds start
//! at the leaves and at the page by turns; later rounds shake the best order found so far.

use super::arena::Arena;
use super::chance::Chance;
use super::cross::Counter;
use super::hierarchy::{Sheets, blur_ports, read_ports, write_ports};
use super::plan::{Plan, weight};
use super::sheet::{El, Seg, Sheet, WHOLE};
use super::tree::Nest;

/// Lines handled before the search for a better order ends.
const EFFORT: usize = 5_000;
/// Rounds at most and at least.
const ROUNDS: (usize, usize) = (2, 40);
/// Sweeps over one container in a row.
const SWEEPS: usize = 8;
/// Sweeps without gain after which a container is left.
const STALE: usize = 2;
/// Neighbours with more pairs of lines than this are not compared.
const MOST_PAIRS: usize = 4_000;

/// The order of all layers of all containers.
type Orders = Vec<Arena<usize, Vec<El>>>;

/// Orders all layers of all containers.
pub(crate) fn order(plan: &Plan, sheets: &mut Sheets) {
    let mut search = Search {
        plan,
        sheets,
        counter: Counter::default(),
        chance: Chance::new(0),
        best: None,
        keys: Arena::default(),
    };
    search.run();
}

struct Search<'a> {
    plan: &'a Plan,
    sheets: &'a mut Sheets,
    counter: Counter,
    chance: Chance,
    best: Option<(u64, Orders)>,
    keys: Arena<El, i64>,
}

impl Search<'_> {
    fn run(&mut self) {
        let lines: usize = self.sheets.iter().map(|sheet| sheet.segs.len()).sum();
        let rounds = (EFFORT / lines.max(1)).clamp(ROUNDS.0, ROUNDS.1);
        let start = self.snapshot();
        for round in 0..rounds {
            match round {
                0 => {}
                1 => self.restore(&start),
                _ => self.shake(round),
            }
            self.first_pass(round);
            self.alternate();
            if self.best.as_ref().is_some_and(|best| best.0 == 0) {
                break;
            }
        }
        if let Some((_, orders)) = self.best.take() {
            self.restore(&orders);
        }
        for &nest in &self.plan.tree.order {
            read_ports(self.plan, self.sheets, nest);
        }
    }

    fn snapshot(&self) -> Orders {
        self.sheets.iter().map(|sheet| sheet.layers.clone()).collect()
    }

    fn restore(&mut self, orders: &Orders) {
        for (sheet, layers) in self.sheets.iter_mut().zip(orders) {
            sheet.layers.clone_from(layers);
            sheet.layers.keys().for_each(|layer| sheet.index_layer(layer));
        }
    }

    /// From the best order so far, shuffles the containers that still have crossings.
    fn shake(&mut self, round: usize) {
        if let Some((_, orders)) = self.best.take() {
            self.restore(&orders);
            self.best = Some((self.total(), orders));
        }
        for &nest in &self.plan.tree.order {
            if !round.is_multiple_of(3) && self.counter.total(&self.sheets[nest]) == 0 {
                continue;
            }
            let sheet = &mut self.sheets[nest];
            for layer in sheet.layers.keys() {
                shuffle(&mut sheet.layers[layer], &mut self.chance);
                sheet.index_layer(layer);
            }
        }
    }

    fn first_pass(&mut self, round: usize) {
        if round.is_multiple_of(2) {
            self.upwards();
            return;
        }
        for nest in self.plan.tree.order.clone() {
            blur_ports(&mut self.sheets[nest]);
            self.sweep(nest, nest != self.plan.tree.root());
            write_ports(self.plan, self.sheets, nest);
        }
    }

    fn upwards(&mut self) {
        for &nest in self.plan.tree.order.clone().iter().rev() {
            read_ports(self.plan, self.sheets, nest);
            self.sweep(nest, false);
        }
    }

    fn downwards(&mut self) {
        for &nest in &self.plan.tree.order.clone() {
            read_ports(self.plan, self.sheets, nest);
            self.sweep(nest, true);
            write_ports(self.plan, self.sheets, nest);
        }
    }

    /// Down and up by turns while it helps.
    fn alternate(&mut self) {
        let mut last = u64::MAX;
        for _ in 0..3 {
            self.downwards();
            let total = self.total();
            if self.best.as_ref().is_none_or(|best| total < best.0) {
                self.best = Some((total, self.snapshot()));
            }
            if total >= last || total == 0 {
                return;
            }
            last = total;
            self.upwards();
        }
    }

    fn total(&mut self) -> u64 {
        let mut sum = 0;
        for &nest in &self.plan.tree.order {
            read_ports(self.plan, self.sheets, nest);
            sum += self.counter.total(&self.sheets[nest]);
        }
        sum
    }

    fn sweep(&mut self, nest: Nest, fixed: bool) {
        self.keys.cells().clear();
        self.keys.cells().resize(self.sheets[nest].elements.len(), 0);
        sweep(&mut self.sheets[nest], fixed, &mut self.counter, &mut self.keys);
    }
}

fn shuffle(layer: &mut [El], chance: &mut Chance) {
    for place in (1..layer.len()).rev() {
        layer.swap(place, chance.below(place + 1));
    }
}

/// Sweeps one container and keeps the best order met; `fixed` keeps the order on both borders.
fn sweep(sheet: &mut Sheet, fixed: bool, counter: &mut Counter, keys: &mut Arena<El, i64>) {
    if sheet.segs.is_empty() {
        return;
    }
    let mut least = counter.total(sheet);
    let mut best: Option<Arena<usize, Vec<El>>> = None;
    let mut stale = 0;
    let (low, high) = if fixed { (1, sheet.last_layer()) } else { (0, sheet.layers.len()) };
    let start = if least > 0 { Some(sheet.layers.clone()) } else { None };
    for turn in 0..SWEEPS {
        if least == 0 || stale >= STALE {
            break;
        }
        barycentres(sheet, turn % 2 == 0, (low, high), keys);
        exchange(sheet, low, high);
        let total = counter.total(sheet);
        stale += 1;
        if total < least {
            (least, stale) = (total, 0);
            best = Some(sheet.layers.clone());
        }
    }
    if let Some(layers) = best.or(start) {
        sheet.layers = layers;
        for layer in sheet.layers.keys() {
            sheet.index_layer(layer);
        }
    }
}

fn barycentres(sheet: &mut Sheet, down: bool, (low, high): (usize, usize), keys: &mut Arena<El, i64>) {
    let last = sheet.last_layer();
    if down {
        for layer in low.max(1)..high {
            barycentre(sheet, layer, layer - 1, keys);
        }
    } else {
        for layer in (low..high.min(last)).rev() {
            barycentre(sheet, layer, layer + 1, keys);
        }
    }
}

/// Sorts a layer by the mean place of its neighbours in the layer `fixed`.
fn barycentre(sheet: &mut Sheet, layer: usize, fixed: usize, keys: &mut Arena<El, i64>) {
    let (across, along) = (sheet.layers[fixed].len().max(1), sheet.layers[layer].len().max(1));
    for &el in &sheet.layers[layer] {
        let lines = if fixed < layer { sheet.ups.row(el) } else { sheet.downs.row(el) };
        let far = |&seg: &Seg| if fixed < layer { sheet.upper(seg) } else { sheet.lower(seg) };
        keys[el] = if lines.is_empty() {
            (weight(sheet.place[el]) * WHOLE + WHOLE / 2) * weight(across) / weight(along)
        } else {
            lines.iter().map(far).sum::<i64>() / weight(lines.len())
        };
    }
    sheet.layers[layer].sort_by_key(|&el| keys[el]);
    sheet.index_layer(layer);
}

/// Exchanges neighbours while that removes crossings.
fn exchange(sheet: &mut Sheet, low: usize, high: usize) {
    for _ in 0..4 {
        let mut changed = false;
        for layer in low..high {
            changed |= exchange_layer(sheet, layer);
        }
        if !changed {
            return;
        }
    }
}

fn exchange_layer(sheet: &mut Sheet, layer: usize) -> bool {
    let mut changed = false;
    let mut els = Arena::from(std::mem::take(&mut sheet.layers[layer]));
    for place in 1..els.len() {
        let (left, right) = (els[place - 1], els[place]);
        if gain(sheet, left, right) > 0 {
            els.swap(place - 1, place);
            sheet.place[left] = place;
            sheet.place[right] = place - 1;
            changed = true;
        }
    }
    sheet.layers[layer] = els.into_vec();
    changed
}

/// Crossings removed by exchanging two neighbours.
fn gain(sheet: &Sheet, left: El, right: El) -> i64 {
    let above = pairs(sheet.ups.row(left), sheet.ups.row(right), |seg| sheet.upper(seg));
    above + pairs(sheet.downs.row(left), sheet.downs.row(right), |seg| sheet.lower(seg))
}

fn pairs(left: &[Seg], right: &[Seg], key: impl Fn(Seg) -> i64) -> i64 {
    if left.len() * right.len() > MOST_PAIRS {
        return 0;
    }
    let against = |&seg: &Seg| {
        let at = key(seg);
        right.iter().map(|&other| (at - key(other)).signum()).sum::<i64>()
    };
    left.iter().map(against).sum()
}
