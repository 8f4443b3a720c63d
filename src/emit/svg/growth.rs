//! The chart of growth: load against the bill on logarithmic scales, budgets as lines across, limits as marks.

use crate::ask::simulate::{Break, Factor, Growth, Point, dollars, rate_words, times};
use crate::emit::svg::markup::{Element, Own, Px, rect, text};
use crate::emit::svg::page::{Stamp, graphic};
use crate::emit::svg::style;
use crate::layout::{Rect, Size};
use crate::text::{Font, Language, Text, Weight, Wording};
use crate::units::logarithm::log2;
use crate::units::{MicroUsd, PerSecond};

const WIDTH: i32 = 96_000;
/// The plot itself.
const PLOT: Rect = Rect { x: 12_000, y: 10_000, w: 79_000, h: 36_000 };
const ROW: i32 = 2_200;
const RADIUS: i32 = 1_000;
const BODY: Font = Font::new(Weight::Regular, 1_200);
/// No more limits than this are marked; the rest is in the table.
const MOST: usize = 16;

const TITLE: Wording = Wording::new("Growth: load and monthly bill", "Crecimiento: carga y factura mensual");
const LOAD: Wording = Wording::new("peak load of all entries", "carga pico de todas las entradas");
const EXPECTED: Wording = Wording::new("expected", "prevista");
const AT_MOST: Wording = Wording::new("at peak all month", "en el pico todo el mes");
const BUDGET: Wording = Wording::new("budget", "presupuesto");
const MORE: Wording = Wording::new("more limits in the table", "límites más en la tabla");
const TODAY: Wording = Wording::new("today", "hoy");
const BREAKS: Wording = Wording::new("What breaks, in order", "Qué se rompe, por orden");

/// Colours and strokes beside those of all pictures.
const RULES: &str = ".cv{fill:none;stroke-width:2.5;stroke:#1d6fb0}.cm{fill:none;stroke-width:1.5;stroke-dasharray:5 4;stroke:#1d6fb0}\
.bu{stroke-width:1.5;stroke:#8a6a00}.bw{fill:#8a6a00;font-size:12px}.br{stroke-width:1;stroke:#b3122d;stroke-dasharray:2 3}.bn{fill:#b3122d}\
@media screen and (prefers-color-scheme:dark){.cv,.cm{stroke:#72b5ea}.bu{stroke:#d9b84a}.bw{fill:#d9b84a}.br{stroke:#f0718d}.bn{fill:#c7304a}}";

/// Where rates and amounts of money stand.
struct Axes {
    low: (u64, u64),
    high: (u64, u64),
}

fn micro(money: MicroUsd) -> u128 {
    u128::from(money.0.max(1).unsigned_abs())
}

impl Axes {
    fn new(growth: &Growth, first: &Point, last: &Point) -> Self {
        let amounts = growth.points.iter().flat_map(|point| [point.expected, point.max]);
        let budgets = growth.budgets.iter().map(|(_, limit)| *limit);
        let logs: Vec<u64> = amounts.chain(budgets).map(|money| log2(micro(money), 1)).collect();
        let (bottom, top) =
            (logs.iter().min().copied().unwrap_or(0), logs.iter().max().copied().unwrap_or(0));
        // A little air above and below.
        let air = (top - bottom) / 16 + (1 << 28);
        Self {
            low: (log2(first.rate.0.into(), 1), bottom.saturating_sub(air)),
            high: (log2(last.rate.0.into(), 1), top.saturating_add(air)),
        }
    }

    fn x(&self, rate: PerSecond) -> i32 {
        PLOT.x + place(log2(rate.0.into(), 1), self.low.0, self.high.0, PLOT.w)
    }

    fn y(&self, money: MicroUsd) -> i32 {
        PLOT.y + PLOT.h - place(log2(micro(money), 1), self.low.1, self.high.1, PLOT.h)
    }
}

/// Where a value stands on a length.
fn place(value: u64, low: u64, high: u64, length: i32) -> i32 {
    let span = i128::from(high.saturating_sub(low).max(1));
    let part = i128::from(value.clamp(low, high.max(low)) - low);
    i32::try_from(part * i128::from(length) / span).unwrap_or(length)
}

/// Draws a growth. A growth without points is an empty sheet.
pub fn draw(growth: &Growth, stamp: &Stamp, language: Language) -> String {
    let shown = growth.breaks.len().min(MOST);
    let rows = i32::try_from(shown).unwrap_or(0) + 3;
    let height = PLOT.y + PLOT.h + 6_000 + rows * ROW;
    let mut content =
        Element::new("g").add(rect(Rect { x: 0, y: 0, w: WIDTH, h: height }, 0).with("class", "bg"));
    let room = WIDTH - 2 * 3_000;
    let title = Font::new(Weight::SemiBold, 2_200).ellipsis(&stamp.system, room);
    content = content.add(text("h1", 3_000, 4_000, &title));
    content = content.add(text("h2", 3_000, 6_200, &Text::new(TITLE.say(language))));
    if let Some((first, last)) = growth.points.first().zip(growth.points.last()) {
        let axes = Axes::new(growth, first, last);
        content = content.line().add_all(grid(&axes, language)).line();
        content = content.add_all(budgets(growth, &axes, language)).line();
        content = content.add_all(curves(growth, &axes, language)).line();
        content = content.add_all(marks(growth, &axes)).line();
    }
    content = content.add_all(list(growth, shown, language));
    let style = format!("{}{RULES}", style::sheet(&content.classes()));
    root(Size { w: WIDTH, h: height }, &stamp.system, TITLE, language)
        .add(Element::new("style").say(Own(style)))
        .line()
        .add(content)
        .document()
}

/// The root of a chart: its size, and what it is called for those who do not see it.
pub(super) fn root(size: Size, system: &Text, title: Wording, language: Language) -> Element {
    let heading: String = system.chars().chain(": ".chars()).chain(title.say(language).chars()).collect();
    graphic(size, language)
        .with("aria-labelledby", "t..title")
        .add(Element::new("title").with("id", "t..title").say(Text::new(heading)))
}

fn line(class: &'static str, from: (i32, i32), to: (i32, i32)) -> Element {
    let path = format!("M{} {}L{} {}", Px(from.0), Px(from.1), Px(to.0), Px(to.1));
    Element::new("path").with("class", class).with("d", Own(path))
}

/// Powers of ten between two values.
fn decades(low: u128, high: u128) -> impl Iterator<Item = u128> {
    let all = std::iter::successors(Some(1_u128), |power| power.checked_mul(10));
    all.skip_while(move |power| *power < low).take_while(move |power| *power <= high)
}

fn grid(axes: &Axes, language: Language) -> Vec<Element> {
    let (left, right, bottom) = (PLOT.x, PLOT.x + PLOT.w, PLOT.y + PLOT.h);
    let mut all =
        vec![line("rule", (left, bottom), (right, bottom)), line("rule", (left, PLOT.y), (left, bottom))];
    let between = |log: u64, low: u64, high: u64| (low..=high).contains(&log);
    for rate in decades(1, u64::MAX.into()).filter(|rate| between(log2(*rate, 1), axes.low.0, axes.high.0)) {
        let rate = PerSecond(u64::try_from(rate).unwrap_or(u64::MAX));
        let x = axes.x(rate);
        all.push(line("rule", (x, PLOT.y), (x, bottom)));
        all.push(text("t2 mid", x, bottom + 1_800, &Text::new(rate_words(rate))));
    }
    for amount in decades(1, 1 << 62).filter(|amount| between(log2(*amount, 1), axes.low.1, axes.high.1)) {
        let money = MicroUsd(i64::try_from(amount).unwrap_or(i64::MAX));
        let y = axes.y(money);
        all.push(line("rule", (left, y), (right, y)));
        // The first limit may stand on the axis, so that its number needs room beside the amounts.
        all.push(text("t2 end", left - RADIUS - 400, y + 400, &Text::new(dollars(money))));
    }
    all.push(text("lg mid", left + PLOT.w / 2, bottom + 4_000, &Text::new(LOAD.say(language))));
    all
}

fn budgets(growth: &Growth, axes: &Axes, language: Language) -> Vec<Element> {
    let draw = |(name, limit): &(String, MicroUsd)| {
        let y = axes.y(*limit);
        let words = Text::new(format!("{} {name}: {}", BUDGET.say(language), dollars(*limit)));
        // The words stand where the bill is farther away.
        let distance = |point: Option<&Point>| point.map_or(0, |point| (axes.y(point.expected) - y).abs());
        let is_right = distance(growth.points.last()) > distance(growth.points.first());
        let (class, x) = if is_right { ("bw end", PLOT.x + PLOT.w - 800) } else { ("bw", PLOT.x + 800) };
        [
            line("bu", (PLOT.x, y), (PLOT.x + PLOT.w, y)),
            text(class, x, y - 500, &BODY.ellipsis(&words, PLOT.w / 2)),
        ]
    };
    growth.budgets.iter().take(4).flat_map(draw).collect()
}

fn curves(growth: &Growth, axes: &Axes, language: Language) -> Vec<Element> {
    let path = |money: fn(&Point) -> MicroUsd| {
        let place = |(at, point): (usize, &Point)| {
            let letter = if at == 0 { 'M' } else { 'L' };
            format!("{letter}{} {}", Px(axes.x(point.rate)), Px(axes.y(money(point))))
        };
        growth.points.iter().enumerate().map(place).collect::<String>()
    };
    let legend = |class: &'static str, x: i32, words: Wording| {
        let y = PLOT.y - 1_600;
        [line(class, (x, y), (x + 3_000, y)), text("t2", x + 3_600, y + 400, &Text::new(words.say(language)))]
    };
    let mut all = vec![
        Element::new("path").with("class", "cm").with("d", Own(path(|point| point.max))),
        Element::new("path").with("class", "cv").with("d", Own(path(|point| point.expected))),
    ];
    all.extend(legend("cv", PLOT.x, EXPECTED));
    all.extend(legend("cm", PLOT.x + 16_000, AT_MOST));
    all
}

/// A dashed line at each limit and its number on the curve's upper edge; numbers that would meet go lower.
fn marks(growth: &Growth, axes: &Axes) -> Vec<Element> {
    let mut taken: Vec<(i32, i32)> = Vec::new();
    let mut all = Vec::new();
    for (found, number) in growth.breaks.iter().take(MOST).zip(1..) {
        let x = axes.x(found.rate);
        let mut row = 0;
        while taken.iter().any(|(other, at)| *at == row && (other - x).abs() < 2 * RADIUS + 200) {
            row += 1;
        }
        taken.push((x, row));
        let y = PLOT.y + 1_400 + row * (2 * RADIUS + 300);
        all.push(line("br", (x, PLOT.y), (x, PLOT.y + PLOT.h)));
        all.push(badge(x, y, number));
    }
    all
}

fn badge(x: i32, y: i32, number: i32) -> Element {
    let circle =
        Element::new("circle").with("class", "bn").with("cx", Px(x)).with("cy", Px(y)).with("r", Px(RADIUS));
    Element::new("g").add(circle).add(text("nt", x, y + 420, &Text::new(number.to_string())))
}

/// The limits in words, below the plot.
fn list(growth: &Growth, shown: usize, language: Language) -> Vec<Element> {
    let top = PLOT.y + PLOT.h + 6_600;
    let mut all = Vec::new();
    if shown > 0 {
        all.push(text("t1", 3_000, top, &Text::new(BREAKS.say(language))));
    }
    for (found, row) in growth.breaks.iter().take(shown).zip(1..) {
        let y = top + row * ROW;
        let words = BODY.ellipsis(&Text::new(sentence(found, language)), WIDTH - 9_000);
        all.push(badge(4_000, y - 400, row));
        all.push(text("t2", 6_000, y, &words));
    }
    let more = growth.breaks.len().saturating_sub(shown);
    if more > 0 {
        let y = top + i32::try_from(shown).unwrap_or(0).saturating_add(1) * ROW;
        all.push(text("t2", 6_000, y, &Text::new(format!("+ {more} {}", MORE.say(language)))));
    }
    all
}

fn sentence(found: &Break, language: Language) -> String {
    let sort = found.sort.word(language);
    let at = if found.factor == Factor::ONE { TODAY.say(language).to_owned() } else { times(found.factor) };
    format!("{at}  ·  {}  ·  {sort}: {}  ·  {}", found.name, found.limit, dollars(found.expected))
}
