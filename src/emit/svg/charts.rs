//! The charts of the report: load against capacity, and the bill against the budget.

use std::collections::BTreeMap;

use crate::check::Review;
use crate::derive::cost::{Point, Points};
use crate::emit::Artifact;
use crate::emit::svg::growth::root;
use crate::emit::svg::markup::{Element, Own, Px, rect, text};
use crate::emit::svg::style;
use crate::layout::{Rect, Size};
use crate::model::{Period, Scope, ServiceId};
use crate::text::{Font, Language, RelPath, Text, Weight, Wording};
use crate::units::{MicroUsd, PerSecond};

const WIDTH: i32 = 96_000;
const LEFT: i32 = 3_000;
/// Where bars begin, how long the whole is, and how far a bar may reach beyond it.
const BAR: i32 = 25_000;
const WHOLE: i32 = 36_000;
const BEYOND: i32 = 6_000;
const ROW: i32 = 3_400;
const HEAD: i32 = 9_600;
const BODY: Font = Font::new(Weight::Regular, 1_200);
const NAME: Font = Font::new(Weight::SemiBold, 1_400);

const CAPACITY: Wording = Wording::new("Load against capacity", "Carga frente a capacidad");
const BILL: Wording = Wording::new("The bill against the budget", "La factura frente al presupuesto");
const USUAL: Wording = Wording::new("usually", "normalmente");
const PEAK: Wording = Wording::new("at peak", "en pico");
const LIMIT: Wording = Wording::new("limit", "límite");
const BUDGET: Wording = Wording::new("budget", "presupuesto");
const OF: Wording = Wording::new("of", "de");
const PER_MONTH: Wording = Wording::new("a month", "al mes");
const POINTS: [(Point, Wording); 3] = [
    (Point::Zero, Wording::new("without load", "sin carga")),
    (Point::Expected, Wording::new("expected", "prevista")),
    (Point::Max, Wording::new("at most", "máxima")),
];

/// What is counted.
#[derive(Clone, Copy)]
enum Measure {
    /// A rate, in thousandths.
    Rate,
    /// Whole things.
    Counted(Wording),
    /// Thousandths of things.
    Thousandths(Wording),
}

const UNITS: Measure = Measure::Counted(Wording::new("units", "unidades"));
const EXECUTIONS: Measure =
    Measure::Thousandths(Wording::new("executions at once", "ejecuciones simultáneas"));
const CONNECTIONS: Measure = Measure::Counted(Wording::new("connections", "conexiones"));

/// One bar: what is used usually and at peak, of what there is at most; rates and executions in thousandths.
struct Gauge {
    service: ServiceId,
    usual: u64,
    peak: u64,
    most: u64,
    measure: Measure,
}

/// Colours beside those of all pictures.
const RULES: &str = ".gu{fill:#1d6fb0}.gp{fill:#a9cdea}.go{fill:#d0455f}.gl{stroke:#17212e;stroke-width:1.5}.bl{stroke:#8a6a00;stroke-width:2}.bw{fill:#8a6a00;font-size:12px}\
@media screen and (prefers-color-scheme:dark){.gu{fill:#72b5ea}.gp{fill:#2c5578}.go{fill:#c7304a}.gl{stroke:#e6ebf2}.bl{stroke:#d9b84a}.bw{fill:#d9b84a}}";

/// Categories of the catalogue in words; those that are not listed speak for themselves.
const CATEGORIES: [(&str, Wording); 10] = [
    ("compute", Wording::new("compute", "cómputo")),
    ("database", Wording::new("databases", "bases de datos")),
    ("storage", Wording::new("storage", "almacenamiento")),
    ("network", Wording::new("network, entries and traffic", "red, entradas y tráfico")),
    ("messaging", Wording::new("messaging", "mensajería")),
    ("security", Wording::new("security and identity", "seguridad e identidad")),
    ("observability", Wording::new("logs and alarms", "registros y alarmas")),
    ("analytics", Wording::new("analytics", "analítica")),
    ("ml", Wording::new("machine learning", "aprendizaje automático")),
    ("external", Wording::new("external", "externos")),
];

/// The charts of a review as files, for the report.
pub(in crate::emit) fn charts(review: &Review, language: Language) -> Vec<Artifact> {
    let drawn =
        [("capacity", has_capacity(review), capacity as Draw), ("bill", has_bill(review), bill as Draw)];
    let file = |(name, is_wanted, draw): (&str, bool, Draw)| {
        let path = RelPath::new(&format!("charts/{name}.svg")).filter(|_| is_wanted)?;
        Some(Artifact { path, bytes: draw(review, language).into_bytes() })
    };
    drawn.into_iter().filter_map(file).collect()
}

type Draw = fn(&Review, Language) -> String;

/// Is there anything whose capacity is known?
pub(in crate::emit) fn has_capacity(review: &Review) -> bool {
    !gauges(review).is_empty()
}

/// Is there a bill?
pub(in crate::emit) fn has_bill(review: &Review) -> bool {
    !review.facts.cost.totals.is_zero()
}

fn gauges(review: &Review) -> Vec<Gauge> {
    let (capacity, model) = (&review.facts.capacity, &review.model);
    let groups = capacity.groups.iter().map(|group| Gauge {
        service: group.service,
        usual: group.usual.running,
        peak: group.peak.running,
        most: group.max,
        measure: UNITS,
    });
    let functions = capacity.functions.iter().map(|function| Gauge {
        service: function.service,
        usual: function.usual,
        peak: function.peak,
        most: function.most.saturating_mul(1_000),
        measure: EXECUTIONS,
    });
    let queues = capacity.queues.iter().map(|queue| Gauge {
        service: queue.service,
        usual: queue.usual.0,
        peak: queue.peak.0,
        most: queue.service_rate.0,
        measure: Measure::Rate,
    });
    let pools = capacity.pools.iter().map(|pool| Gauge {
        service: pool.service,
        usual: 0,
        peak: pool.demand,
        most: pool.planned(),
        measure: CONNECTIONS,
    });
    let entries = model.services.iter().filter_map(|(id, service)| {
        let load = review.facts.load.service(id);
        let most = service.settings.rate("throttle")?.0;
        Some(Gauge { service: id, usual: load.usual.0, peak: load.peak.0, most, measure: Measure::Rate })
    });
    let mut all: Vec<Gauge> = entries.chain(groups).chain(functions).chain(queues).chain(pools).collect();
    all.retain(|gauge| gauge.most > 0 && gauge.peak > 0);
    all.sort_by_key(|gauge| gauge.service);
    all
}

/// How long a bar is; the whole is [`WHOLE`], and what is more than the bound beyond it is cut there.
fn length(part: u64, most: u64) -> i32 {
    let pixels = u128::from(part) * u128::from(WHOLE.unsigned_abs()) / u128::from(most.max(1));
    i32::try_from(pixels).unwrap_or(i32::MAX).min(WHOLE + BEYOND)
}

fn bar(x: i32, y: i32, w: i32, class: &'static str) -> Element {
    rect(Rect { x, y, w: w.max(100), h: 1_600 }, 200).with("class", class)
}

fn figure(amount: u64, measure: Measure) -> String {
    let rate = PerSecond(amount).to_string();
    match measure {
        Measure::Rate => rate,
        Measure::Counted(_) => amount.to_string(),
        Measure::Thousandths(_) => rate.trim_end_matches(" rps").to_owned(),
    }
}

fn sentence(gauge: &Gauge, language: Language) -> String {
    let (peak, most) = (figure(gauge.peak, gauge.measure), figure(gauge.most, gauge.measure));
    let of = OF.say(language);
    match gauge.measure {
        Measure::Rate => format!("{peak} {of} {most}"),
        Measure::Counted(words) | Measure::Thousandths(words) => {
            format!("{peak} {of} {most} {}", words.say(language))
        }
    }
}

fn capacity(review: &Review, language: Language) -> String {
    let gauges = gauges(review);
    let rows = i32::try_from(gauges.len()).unwrap_or(0);
    let height = HEAD + rows * ROW + 3_000;
    let mut content = sheet(review, CAPACITY, height, language).add_all(legend(language)).line();
    for (gauge, row) in gauges.iter().zip(0..) {
        let y = HEAD + row * ROW;
        content = content.add(capacity_row(review, gauge, y, language)).line();
    }
    let path = format!("M{} {}V{}", Px(BAR + WHOLE), Px(HEAD - 800), Px(height - 2_600));
    content = content.add(Element::new("path").with("class", "gl").with("d", Own(path)));
    finished(review, content, CAPACITY, height, language)
}

fn capacity_row(review: &Review, gauge: &Gauge, y: i32, language: Language) -> Element {
    let service = &review.model.services[gauge.service];
    let is_over = gauge.peak > gauge.most;
    let name = NAME.ellipsis(&Text::new(service.name.as_str()), BAR - LEFT - 1_000);
    let words = BODY.ellipsis(&Text::new(sentence(gauge, language)), WIDTH - BAR - WHOLE - BEYOND - 2_000);
    Element::new("g")
        .add(Element::new("title").say(&service.title))
        .add(text("t1", LEFT, y + 1_300, &name))
        .add(bar(BAR, y, length(gauge.peak, gauge.most), if is_over { "go" } else { "gp" }))
        .add_all((gauge.usual > 0).then(|| bar(BAR, y, length(gauge.usual, gauge.most), "gu")))
        .add(text("t2", BAR + WHOLE + BEYOND + 800, y + 1_200, &words))
}

fn legend(language: Language) -> Vec<Element> {
    let y = HEAD - 2_600;
    let entry = |at: i32, class: &'static str, words: Wording| {
        let x = BAR + at;
        [bar(x, y - 1_300, 1_600, class), text("t2", x + 2_200, y, &Text::new(words.say(language)))]
    };
    let mut all: Vec<Element> = entry(0, "gu", USUAL).into_iter().chain(entry(12_000, "gp", PEAK)).collect();
    all.push(text("t2 mid", BAR + WHOLE, y, &Text::new(LIMIT.say(language))));
    all
}

fn sheet(review: &Review, title: Wording, height: i32, language: Language) -> Element {
    let room = WIDTH - 2 * LEFT;
    let heading = Font::new(Weight::SemiBold, 2_200).ellipsis(&review.model.system.title, room);
    Element::new("g")
        .add(rect(Rect { x: 0, y: 0, w: WIDTH, h: height }, 0).with("class", "bg"))
        .add(text("h1", LEFT, 4_000, &heading))
        .add(text("h2", LEFT, 6_200, &Text::new(title.say(language))))
        .line()
}

fn finished(review: &Review, content: Element, title: Wording, height: i32, language: Language) -> String {
    let style = format!("{}{RULES}", style::sheet(&content.classes()));
    let system = &review.model.system.title;
    let root = root(Size { w: WIDTH, h: height }, system, title, language);
    root.add(Element::new("style").say(Own(style))).line().add(content).document()
}

/// Categories of the same colour are one part of the bill.
const TWINS: [(&str, &str); 3] = [("edge", "network"), ("identity", "security"), ("cost", "observability")];

/// The bill by category, the dearest as expected first.
fn by_category(review: &Review) -> Vec<(String, Points<MicroUsd>)> {
    let mut sums: BTreeMap<String, Points<MicroUsd>> = BTreeMap::new();
    for line in &review.facts.cost.lines {
        let own = line.service.map(|id| &review.model.services[id].kind).filter(|kind| kind.id == line.kind);
        // Traffic and logs belong to no kind of the model.
        let other = if line.kind == "vpc" { "network" } else { "observability" };
        let category = own.map_or_else(|| other.to_owned(), |kind| kind.category.clone());
        let twin = TWINS.iter().find(|(name, _)| *name == category);
        let sum = sums.entry(twin.map_or(category, |(_, with)| (*with).to_owned())).or_default();
        *sum = sum.plus(line.cost);
    }
    let mut all: Vec<(String, Points<MicroUsd>)> = sums.into_iter().collect();
    all.sort_by_key(|(_, cost)| std::cmp::Reverse(cost.expected));
    all
}

fn at(cost: Points<MicroUsd>, point: Point) -> u64 {
    let money = match point {
        Point::Zero => cost.zero,
        Point::Expected => cost.expected,
        Point::Max => cost.max,
    };
    money.0.max(0).unsigned_abs()
}

/// Budgets of the whole system over a month.
fn budgets(review: &Review) -> Vec<u64> {
    let whole = review.model.budgets.iter().filter(|budget| budget.scope == Scope::System);
    whole
        .map(|budget| {
            let limit = budget.limit.0.max(0).unsigned_abs();
            match budget.period {
                Period::Daily => u64::try_from(u128::from(limit) * 730 / 24).unwrap_or(u64::MAX),
                Period::Monthly => limit,
                Period::Quarterly => limit / 3,
                Period::Annually => limit / 12,
            }
        })
        .collect()
}

fn dollars(amount: u64) -> String {
    format!("{} USD", MicroUsd(i64::try_from(amount).unwrap_or(i64::MAX)).usd(0))
}

fn bill(review: &Review, language: Language) -> String {
    let (parts, mut budgets) = (by_category(review), budgets(review));
    budgets.sort_unstable();
    budgets.dedup();
    let totals = review.facts.cost.totals;
    let most = budgets.iter().copied().chain([at(totals, Point::Max)]).max().unwrap_or(1);
    let keys = i32::try_from(parts.len().div_ceil(4)).unwrap_or(1);
    let height = HEAD + 3 * ROW + 3_600 + keys * 2_400;
    let mut content = sheet(review, BILL, height, language);
    for ((point, words), row) in POINTS.into_iter().zip(0..) {
        let y = HEAD + row * ROW;
        content = content.add(bill_row(&parts, (point, words), y, most, language)).line();
    }
    let mut taken = [i32::MIN; 2];
    for limit in budgets {
        let x = BAR + length(limit, most);
        let path = format!("M{} {}V{}", Px(x), Px(HEAD - 1_000), Px(HEAD + 3 * ROW - 1_000));
        content = content.add(Element::new("path").with("class", "bl").with("d", Own(path)));
        let words = Text::new(format!("{} {}", BUDGET.say(language), dollars(limit)));
        let half = BODY.width(words.chars()) / 2 + 400;
        // The upper row takes what would meet words of the lower one; where both are full, the line stands for itself.
        let free = (0..).zip(&mut taken).find(|(_, right)| **right < x - half);
        if let Some((row, right)) = free {
            *right = x + half;
            content = content.add(text("bw mid", x, HEAD - 1_600 - row * 1_500, &words));
        }
    }
    content = content.line().add_all(keys_of(&parts, language));
    finished(review, content, BILL, height, language)
}

fn bill_row(
    parts: &[(String, Points<MicroUsd>)],
    (point, words): (Point, Wording),
    y: i32,
    most: u64,
    language: Language,
) -> Element {
    let mut row = Element::new("g").add(text("t1", LEFT, y + 1_300, &Text::new(words.say(language))));
    let mut sum: u64 = 0;
    for (category, cost) in parts {
        let from = length(sum, most);
        sum = sum.saturating_add(at(*cost, point));
        let class = Own(format!("c-{}", style::category(category)));
        let piece =
            rect(Rect { x: BAR + from, y, w: length(sum, most) - from, h: 1_600 }, 0).with("class", "tile");
        if length(sum, most) > from {
            row = row.add(Element::new("g").with("class", class).add(piece));
        }
    }
    let total = Text::new(format!("{} {}", dollars(sum), PER_MONTH.say(language)));
    row.add(text("t2", BAR + WHOLE + BEYOND + 800, y + 1_200, &total))
}

/// What the colours mean, four in a row.
fn keys_of(parts: &[(String, Points<MicroUsd>)], language: Language) -> Vec<Element> {
    let top = HEAD + 3 * ROW + 2_000;
    let key = |((category, _), at): (&(String, Points<MicroUsd>), i32)| {
        let (x, y) = (LEFT + at % 4 * 22_000, top + at / 4 * 2_400);
        let known = CATEGORIES.iter().find(|(name, _)| name == category);
        let words = known.map_or_else(|| category.clone(), |(_, words)| words.say(language).to_owned());
        let tile = rect(Rect { x, y: y - 1_200, w: 1_400, h: 1_400 }, 200).with("class", "tile");
        let class = Own(format!("c-{}", style::category(category)));
        let tile = Element::new("g").with("class", class).add(tile);
        [tile, text("t2", x + 2_000, y, &BODY.ellipsis(&Text::new(words), 19_000))]
    };
    parts.iter().zip(0..).flat_map(key).collect()
}
