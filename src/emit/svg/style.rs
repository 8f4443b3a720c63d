//! Colours and strokes: one row a class, for light and dark pages.
//!
//! Variables are not used, since several readers of SVG do not know them; the dark page repeats the rows that differ.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A rule: its selector, what holds always, what holds on a light page, and what replaces that on a dark one.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// Everything but the categories' colours.
const ROWS: [Row; 52] = [
    (
        "text",
        "font-family:Inter,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif",
        "fill:#17212e",
        "fill:#e6ebf2",
    ),
    (".bg", "", "fill:#fff", "fill:#0e141b"),
    (".h1", "font-size:22px;font-weight:600", "", ""),
    (".h2", "font-size:13px", "fill:#586475", "fill:#9aa7b8"),
    (".lg", "font-size:12px", "fill:#586475", "fill:#9aa7b8"),
    (".end", "text-anchor:end", "", ""),
    (".mid", "text-anchor:middle", "", ""),
    (".rule", "stroke-width:1", "stroke:#dde2e9", "stroke:#2a3542"),
    (".t1", "font-size:14px;font-weight:600", "", ""),
    (".t2", "font-size:12px", "fill:#586475", "fill:#9aa7b8"),
    (".gt", "font-size:13px;font-weight:600;fill:currentColor", "", ""),
    (".gn", "font-size:12px", "fill:#586475", "fill:#9aa7b8"),
    (".box", "stroke-width:1", "fill:#fff;stroke:#c6ced9", "fill:#18212c;stroke:#3b4858"),
    (".d>.box,.d>a>.box", "stroke-dasharray:4 3", "fill:#fbfcfd", "fill:#131b24"),
    (".d .t1", "font-weight:500", "fill:#586475", "fill:#9aa7b8"),
    (".pg", "fill:none;stroke-width:1;stroke:currentColor;stroke-opacity:.55", "", ""),
    (".nav", "font-size:13px;text-decoration:underline", "fill:#1d5fa8", "fill:#7db8f0"),
    (".tile", "fill:currentColor", "", ""),
    (".d .tile", "fill-opacity:.14", "", ""),
    (".k", "fill:none;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round;stroke:#fff", "", ""),
    (".d .k,.gk", "stroke:currentColor", "", ""),
    (".f", "stroke-width:1.2;stroke:currentColor;fill:currentColor;fill-opacity:.045", "", ""),
    (".zb", "fill:currentColor;fill-opacity:.05", "", ""),
    (".zo", "fill-opacity:.11", "", ""),
    (".zt", "font-size:12px;font-weight:500;text-anchor:middle;fill:currentColor", "", ""),
    (".g-cloud .f", "fill-opacity:0", "", ""),
    (".g-cloud,.g-group", "", "color:#3d4a5c", "color:#aab6c6"),
    (".g-region", "", "color:#08717a", "color:#4cc3c9"),
    (".g-vpc", "", "color:#7446c8", "color:#b197f0"),
    (".g-public", "", "color:#3f6b14", "color:#93c95c"),
    (".g-private", "", "color:#185f98", "color:#72b5ea"),
    (".g-isolated", "", "color:#4b5f86", "color:#a3b5dd"),
    (".g-boundary", "", "color:#b3304a", "color:#f08a9f"),
    (".g-region .f,.g-group .f", "stroke-dasharray:3 3", "", ""),
    (".g-boundary .f,.g-d .f", "stroke-dasharray:7 4", "", ""),
    (".ln", "fill:none;stroke-width:1.5;stroke-linejoin:round", "stroke:#4a5769", "stroke:#93a1b3"),
    (".as", "stroke-dasharray:6 4", "", ""),
    (".at", "stroke-dasharray:1.5 4;stroke-linecap:round", "", ""),
    (".dv", "", "stroke:#93a0b1", "stroke:#657386"),
    (".pii", "", "stroke:#c02c50", "stroke:#f0718d"),
    (".ah", "", "fill:#4a5769", "fill:#93a1b3"),
    (".ah-o", "stroke-width:1.5", "fill:#fff;stroke:#4a5769", "fill:#0e141b;stroke:#93a1b3"),
    (".ah-p", "", "fill:#c02c50", "fill:#f0718d"),
    (".lb", "", "fill:#fff", "fill:#0e141b"),
    (".lt", "font-size:12px;font-weight:500;text-anchor:middle", "fill:#3a4656", "fill:#c3cddb"),
    (".lt.s", "", "fill:#b0244a", "fill:#f58fa6"),
    (".lt.b", "text-anchor:start", "", ""),
    (".lt.e", "text-anchor:end", "", ""),
    (".ct", "font-size:12px;font-weight:500;text-anchor:middle", "fill:#3a4656", "fill:#c3cddb"),
    (".num", "", "fill:#586475", "fill:#3b4858"),
    (".nt", "font-size:12px;font-weight:600;text-anchor:middle;fill:#fff", "", ""),
    (".bt", "font-size:12px;font-weight:600;text-anchor:middle;fill:#fff", "", ""),
];

/// Cells at the feet of cards, and badges.
const TONES: [Row; 12] = [
    (".z", "", "fill:#e3effa", "fill:#1b344b"),
    (".zi", "stroke-dasharray:3 2", "fill:none;stroke:#c6ced9", "fill:none;stroke:#3b4858"),
    (".sn", "", "fill:#fbe3e9", "fill:#4a1f2b"),
    (".pl", "", "fill:#eef1f5", "fill:#232e3a"),
    (".h0", "", "fill:#eef5e9", "fill:#1d2f1e"),
    (".hh1", "", "fill:#f6f0cf", "fill:#3a3414"),
    (".hh2", "", "fill:#fbe0b4", "fill:#4a3210"),
    (".hh3", "", "fill:#f8c19b", "fill:#5d2f14"),
    (".hh4", "", "fill:#f1a08f", "fill:#6e261c"),
    (".b-error", "", "fill:#b3122d", "fill:#c7304a"),
    (".b-high", "", "fill:#c2410c", "fill:#c2410c"),
    (".b-medium", "", "fill:#8a6a00", "fill:#8f6f06"),
];

/// Categories of the catalogue with their colour on a light and on a dark page.
const CATEGORIES: [(&str, &str, &str); 13] = [
    ("compute", "#d4660a", "#e07a20"),
    ("database", "#3a54c4", "#5d76e0"),
    ("storage", "#4a8a1c", "#5a9c2b"),
    ("network", "#7446c8", "#8d63dc"),
    ("edge", "#7446c8", "#8d63dc"),
    ("messaging", "#c42a6e", "#d9488a"),
    ("security", "#c02f3a", "#d74a55"),
    ("identity", "#c02f3a", "#d74a55"),
    ("observability", "#0b7f86", "#1a959c"),
    ("cost", "#0b7f86", "#1a959c"),
    ("analytics", "#5a49c2", "#7868dd"),
    ("ml", "#0a8570", "#189a84"),
    ("external", "#566274", "#6b788b"),
];

/// What holds whatever the page: focus, the page of the printer, more contrast, few colours. The colours of a system with
/// few of them outweigh those of classes.
const ALWAYS: &str = "a{cursor:pointer}a:focus{outline:none}a:hover .box{stroke-width:2.5}\
a:focus .box,:target .box{stroke-width:3;stroke:#1d6fb0}a:hover .nav,a:focus .nav{font-weight:600}\
@media print{.bg{fill:none}}\
@media (prefers-contrast:more){.t1,.t2,.h2,.lg,.gn,.lt,.ct,.d .t1{fill:#000}.box,.d>.box,.d>a>.box,.ln,.dv{stroke:#000}}\
@media screen and (prefers-contrast:more) and (prefers-color-scheme:dark){\
.t1,.t2,.h2,.lg,.gn,.lt,.ct,.d .t1{fill:#fff}.box,.d>.box,.d>a>.box,.ln,.dv{stroke:#fff}}\
@media (forced-colors:active){.box,.f,.ln,.rule{stroke:CanvasText!important}text{fill:CanvasText!important}\
.bg,.box,.lb,.zb,.z,.zi,.sn,.pl,.h0,.hh1,.hh2,.hh3,.hh4{fill:Canvas!important}.nav{fill:LinkText!important}\
.bt,.nt{fill:#fff!important}}";

/// The class of a category; one of a project's own that is not in the table looks external.
pub(super) fn category(name: &str) -> &'static str {
    CATEGORIES.iter().find(|(known, ..)| *known == name).map_or("external", |(known, ..)| known)
}

/// The style sheet of a document that uses these classes.
pub(super) fn sheet(used: &BTreeSet<&str>) -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for (selector, always, on_light, on_dark) in ROWS.iter().chain(&TONES).filter(|row| is_used(row.0, used))
    {
        push_rule(&mut light, selector, &[always, on_light]);
        push_rule(&mut dark, selector, &[on_dark]);
    }
    for (name, on_light, on_dark) in &CATEGORIES {
        let selector = format!(".c-{name}");
        if is_used(&selector, used) {
            push_rule(&mut light, &selector, &["color:", on_light]);
            push_rule(&mut dark, &selector, &["color:", on_dark]);
        }
    }
    format!("{light}@media screen and (prefers-color-scheme:dark){{{dark}}}{ALWAYS}")
}

/// Are all classes of one of the selector's alternatives in use? A selector without classes always is.
fn is_used(selector: &str, used: &BTreeSet<&str>) -> bool {
    let has_all = |alternative: &str| classes(alternative).all(|class| used.contains(class));
    selector.split(',').any(has_all)
}

/// The classes a selector names: `lt` and `s` of `.lt.s`.
fn classes(selector: &str) -> impl Iterator<Item = &str> {
    selector.split([' ', '>']).flat_map(|element| element.split('.').skip(1))
}

fn push_rule(out: &mut String, selector: &str, declarations: &[&str]) {
    let filled: Vec<&str> = declarations.iter().copied().filter(|part| !part.is_empty()).collect();
    if filled.is_empty() {
        return;
    }
    let separator = if filled.first().is_some_and(|first| first.ends_with(':')) { "" } else { ";" };
    let _ = write!(out, "{selector}{{{}}}", filled.join(separator));
}

#[cfg(test)]
mod tests {
    use super::{CATEGORIES, ROWS, TONES};

    /// The colour that the first row of a selector gives to a property, on a light or a dark page.
    fn colour(selector: &str, property: &str, is_dark: bool) -> [f64; 3] {
        let row = ROWS.iter().chain(&TONES).find(|row| row.0 == selector && row.2.contains(property));
        let (_, _, light, dark) = row.unwrap_or_else(|| panic!("{selector} has no {property}"));
        let all = if is_dark && !dark.is_empty() { dark } else { light };
        let value = all.split(';').find_map(|part| part.strip_prefix(property)).unwrap();
        rgb(value.trim_start_matches(':'))
    }

    fn rgb(hex: &str) -> [f64; 3] {
        let hex = hex.trim_start_matches('#');
        let wide: String =
            if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
        let value = u32::from_str_radix(&wide, 16).unwrap();
        [16, 8, 0].map(|shift| f64::from(value >> shift & 255))
    }

    /// The contrast of two colours by WCAG 2.2.
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let channel = |value: f64| {
            let value = value / 255.;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let light =
            |of: [f64; 3]| 0.2126 * channel(of[0]) + 0.7152 * channel(of[1]) + 0.0722 * channel(of[2]);
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// A page under tints of one colour.
    fn tinted(page: [f64; 3], tint: [f64; 3], shares: &[f64]) -> [f64; 3] {
        let mix = |page: f64, tint: f64| shares.iter().fold(page, |page, by| page * (1. - by) + tint * by);
        [mix(page[0], tint[0]), mix(page[1], tint[1]), mix(page[2], tint[2])]
    }

    #[test]
    fn every_word_stands_out_from_what_is_behind_it() {
        const PAIRS: [(&str, &str); 21] = [
            ("text", ".bg"),
            ("text", ".box"),
            (".h2", ".bg"),
            (".lg", ".bg"),
            (".gn", ".bg"),
            (".nav", ".bg"),
            (".t2", ".box"),
            (".d .t1", ".d>.box,.d>a>.box"),
            (".t2", ".d>.box,.d>a>.box"),
            (".lt", ".lb"),
            (".lt.s", ".lb"),
            (".lt", ".bg"),
            (".lt.s", ".bg"),
            (".ct", ".z"),
            (".ct", ".sn"),
            (".ct", ".pl"),
            (".ct", ".h0"),
            (".ct", ".hh1"),
            (".ct", ".hh2"),
            (".ct", ".hh3"),
            (".ct", ".hh4"),
        ];
        for is_dark in [false, true] {
            let fill = |selector| colour(selector, "fill", is_dark);
            for (word, behind) in PAIRS {
                let found = contrast(fill(word), fill(behind));
                assert!(found >= 4.5, "{word} on {behind}: {found:.2}, dark: {is_dark}");
            }
            let white = rgb("#fff");
            for badge in [".b-error", ".b-high", ".b-medium", ".num"] {
                let found = contrast(white, fill(badge));
                assert!(found >= 4.5, "white on {badge}: {found:.2}, dark: {is_dark}");
            }
            let page = fill(".bg");
            for frame in [
                ".g-cloud,.g-group",
                ".g-region",
                ".g-vpc",
                ".g-public",
                ".g-private",
                ".g-isolated",
                ".g-boundary",
            ] {
                let title = colour(frame, "color", is_dark);
                let found = contrast(title, tinted(page, title, &[0.045; 3]));
                assert!(found >= 4.5, "the title of {frame}: {found:.2}, dark: {is_dark}");
            }
            // The letters of zones stand on bands.
            for tier in [".g-public", ".g-private", ".g-isolated"] {
                let letter = colour(tier, "color", is_dark);
                let found = contrast(letter, tinted(page, letter, &[0.045, 0.045, 0.045, 0.11]));
                assert!(found >= 4.5, "a zone of {tier}: {found:.2}, dark: {is_dark}");
            }
            // Icons are large.
            for (name, light, dark) in CATEGORIES {
                let found = contrast(white, rgb(if is_dark { dark } else { light }));
                assert!(found >= 3.0, "the icon of {name}: {found:.2}, dark: {is_dark}");
            }
        }
    }
}
