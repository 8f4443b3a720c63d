//! Elements of an SVG document: well-formed by construction, user words escaped by type.

use std::collections::BTreeSet;

use crate::text::{Ident, Text};

/// What may stand in an attribute or between tags. Plain strings only when they are the program's own.
pub(in crate::emit) trait Value {
    /// Appends the value in its escaped form.
    fn push(&self, out: &mut String);
}

/// A length: hundredths of a pixel, written with at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) struct Px(pub(in crate::emit) i32);

/// Path data, class lists and styles the program made of its own words and numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::emit) struct Own(pub(in crate::emit) String);

impl Value for Px {
    fn push(&self, out: &mut String) {
        if self.0 < 0 {
            out.push('-');
        }
        let (whole, part) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        push_number(out, whole);
        if part > 0 {
            out.push('.');
            push_digit(out, part / 10);
        }
        if !part.is_multiple_of(10) {
            push_digit(out, part % 10);
        }
    }
}

/// Decimal digits without the ways of `fmt`, which take most of a drawing's time.
fn push_number(out: &mut String, number: u32) {
    if number > 9 {
        push_number(out, number / 10);
    }
    push_digit(out, number % 10);
}

fn push_digit(out: &mut String, digit: u32) {
    out.extend(char::from_digit(digit, 10));
}

impl std::fmt::Display for Px {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.push(&mut text);
        out.write_str(&text)
    }
}

impl Value for &'static str {
    fn push(&self, out: &mut String) {
        if self.contains(['&', '<', '>', '"', '\'']) {
            out.push_str(&Text::new(*self).svg());
        } else {
            out.push_str(self);
        }
    }
}

impl Value for Ident {
    fn push(&self, out: &mut String) {
        out.push_str(self.as_str());
    }
}

impl Value for Text {
    fn push(&self, out: &mut String) {
        self.push_svg(out);
    }
}

/// Of the program's own characters only these mean something to XML.
impl Value for Own {
    fn push(&self, out: &mut String) {
        if self.0.contains(['&', '<', '"']) {
            out.push_str(&self.0.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"));
        } else {
            out.push_str(&self.0);
        }
    }
}

impl<V: Value> Value for &V {
    fn push(&self, out: &mut String) {
        (*self).push(out);
    }
}

/// Most elements are not longer.
const SHORT: usize = 160;

/// One element under construction.
#[derive(Debug, Clone)]
pub(in crate::emit) struct Element {
    tag: &'static str,
    head: String,
    body: String,
    ends_line: bool,
}

impl Element {
    /// An empty element.
    pub(in crate::emit) fn new(tag: &'static str) -> Self {
        let mut head = String::with_capacity(SHORT);
        head.push('<');
        head.push_str(tag);
        Self { tag, head, body: String::new(), ends_line: false }
    }

    /// With an attribute; each name is given once.
    pub(in crate::emit) fn with(mut self, name: &'static str, value: impl Value) -> Self {
        self.head.push(' ');
        self.head.push_str(name);
        self.head.push_str("=\"");
        value.push(&mut self.head);
        self.head.push('"');
        self
    }

    /// With an attribute when there is a value.
    pub(in crate::emit) fn with_some(self, name: &'static str, value: Option<impl Value>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With characters inside.
    pub(in crate::emit) fn say(mut self, words: impl Value) -> Self {
        words.push(&mut self.body);
        self
    }

    /// With an element inside, after those that are there.
    pub(in crate::emit) fn add(mut self, child: Self) -> Self {
        child.finish(&mut self.body);
        self
    }

    /// With elements inside, after those that are there.
    pub(in crate::emit) fn add_all(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, Self::add)
    }

    /// On a line of its own: begins the next child on a new line.
    pub(in crate::emit) fn line(mut self) -> Self {
        self.body.push('\n');
        self
    }

    /// Begins a new line after this element, so that a change of one thing changes one line.
    pub(in crate::emit) fn own_line(mut self) -> Self {
        self.ends_line = true;
        self
    }

    /// Appends the element to its parent's body.
    fn finish(self, out: &mut String) {
        out.reserve(self.head.len() + self.body.len() + self.tag.len() + 5);
        out.push_str(&self.head);
        if self.body.is_empty() {
            out.push_str("/>");
        } else {
            out.push('>');
            out.push_str(&self.body);
            out.push_str("</");
            out.push_str(self.tag);
            out.push('>');
        }
        if self.ends_line {
            out.push('\n');
        }
    }

    /// The classes of all elements inside.
    pub(in crate::emit) fn classes(&self) -> BTreeSet<&str> {
        let values = self.body.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        values.flat_map(|value| value.split(' ')).collect()
    }

    /// The document of this root.
    pub(in crate::emit) fn document(self) -> String {
        let mut out = String::new();
        self.own_line().finish(&mut out);
        out
    }
}

/// A rectangle with round corners; all in hundredths of a pixel.
pub(in crate::emit) fn rect(area: crate::layout::Rect, radius: i32) -> Element {
    let plain = Element::new("rect")
        .with("x", Px(area.x))
        .with("y", Px(area.y))
        .with("width", Px(area.w))
        .with("height", Px(area.h));
    plain.with_some("rx", (radius > 0).then_some(Px(radius)))
}

/// Characters with their baseline at a point.
pub(in crate::emit) fn text(class: &'static str, x: i32, y: i32, words: &Text) -> Element {
    Element::new("text").with("class", class).with("x", Px(x)).with("y", Px(y)).say(words)
}

/// The glyph of an icon in a square.
pub(in crate::emit) fn glyph(name: &'static str, x: i32, y: i32, side: i32) -> Element {
    let reference = Own(format!("#i..{name}"));
    let placed = Element::new("use").with("href", reference).with("x", Px(x)).with("y", Px(y));
    placed.with("width", Px(side)).with("height", Px(side))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_at_most_two_decimals() {
        let shown: Vec<String> = [0, 5, 50, 1_200, 1_234, -7, -250].map(|px| Px(px).to_string()).to_vec();
        assert_eq!(shown, ["0", "0.05", "0.5", "12", "12.34", "-0.07", "-2.5"]);
    }

    #[test]
    fn words_are_escaped_in_attributes_and_between_tags() {
        let hostile = Text::new("</text>\"'<&\u{1}");
        let element = Element::new("g").with("aria-label", &hostile).say(&hostile).document();
        assert_eq!(element.matches('<').count(), 2);
        assert_eq!(element.matches('"').count(), 2);
        assert!(!element.contains('\u{1}'));
    }
}
