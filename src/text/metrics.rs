//! How wide text is, and where it breaks: advances of Inter, compiled in.
//!
//! Sums of advances are never below what a text shaper gives for service names and 4 % of slack covers the fonts that
//! stand in for Inter; characters the font lacks count one em (East Asian ones are that wide), pictographs 1.4 em.

use crate::text::Text;
use crate::text::advances::STRETCHES;

/// A weight of the font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 500.
    Medium,
    /// 600.
    SemiBold,
}

/// A font: its weight and its size in hundredths of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Font {
    /// The weight.
    pub weight: Weight,
    /// The size in hundredths of a pixel.
    pub size: i32,
}

/// What stands where text was cut.
const ELLIPSIS: char = '…';

impl Font {
    /// A font of `size` hundredths of a pixel.
    pub const fn new(weight: Weight, size: i32) -> Self {
        Self { weight, size }
    }

    /// The width of characters on one line, in hundredths of a pixel, slack included.
    pub fn width(self, characters: impl IntoIterator<Item = char>) -> i32 {
        let thousandths: i64 = characters.into_iter().map(|c| i64::from(advance(c, self.weight))).sum();
        self.scaled(thousandths)
    }

    /// Thousandths of an em as hundredths of a pixel, with 4 % of slack, rounded up.
    fn scaled(self, thousandths: i64) -> i32 {
        let width = (thousandths * i64::from(self.size) * 104).div_euclid(100_000) + 1;
        i32::try_from(width).unwrap_or(i32::MAX)
    }

    /// At most `lines` lines no wider than `width`, broken at blanks where possible; the last one ends in an ellipsis
    /// when text is left over. White space of any sort counts as one blank.
    pub fn wrap(self, text: &Text, width: i32, lines: usize) -> Vec<Text> {
        let mut rest: Vec<String> = words(text).rev().collect();
        let mut out = Vec::new();
        while out.len() + 1 < lines && !rest.is_empty() {
            out.push(Text::new(self.take_line(&mut rest, width)));
        }
        rest.reverse();
        if !rest.is_empty() && lines > 0 {
            out.push(Text::new(self.cut(&rest.join(" "), width)));
        }
        out
    }

    /// The text on one line no wider than `width`, cut with an ellipsis when it is longer.
    #[must_use]
    pub fn ellipsis(self, text: &Text, width: i32) -> Text {
        self.wrap(text, width, 1).pop().unwrap_or_default()
    }

    /// Takes the words of one line off the end of `rest`, which is in reverse order.
    fn take_line(self, rest: &mut Vec<String>, width: i32) -> String {
        let mut line = String::new();
        while let Some(word) = rest.pop() {
            let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
            if self.width(longer.chars()) <= width {
                line = longer;
            } else if line.is_empty() {
                let (head, tail) = self.split(&word, width);
                rest.extend((!tail.is_empty()).then_some(tail));
                return head;
            } else {
                rest.push(word);
                return line;
            }
        }
        line
    }

    /// A word that is too wide, broken after its last seam before `width`, or where it reaches `width` when it has
    /// none; the first part has at least one character.
    fn split(self, word: &str, width: i32) -> (String, String) {
        let fitting = self.fitting(word, width).max(1);
        let at =
            word.char_indices().skip(fitting).find(|(_, c)| !is_joined(*c)).map_or(word.len(), |(at, _)| at);
        let (most, _) = word.split_at_checked(at).unwrap_or((word, ""));
        let seam = most.rfind(SEAMS).map_or(at, |seam| seam + 1);
        let (head, tail) = word.split_at_checked(seam).unwrap_or((word, ""));
        (head.to_owned(), tail.to_owned())
    }

    /// How many characters of `line` fit into `width`.
    fn fitting(self, line: &str, width: i32) -> usize {
        let sums = line.chars().scan(0, |sum: &mut i64, c| {
            *sum += i64::from(advance(c, self.weight));
            Some(self.scaled(*sum))
        });
        sums.take_while(|sum| *sum <= width).count()
    }

    /// `line`, ending in an ellipsis when it is wider than `width`.
    fn cut(self, line: &str, width: i32) -> String {
        if self.width(line.chars()) <= width {
            return line.to_owned();
        }
        let room = width - self.width([ELLIPSIS]);
        let mut kept: Vec<char> = line.chars().take(self.fitting(line, room)).collect();
        let next = line.chars().nth(kept.len());
        if next.is_some_and(is_joined) || kept.last() == Some(&JOINER) {
            drop_cluster(&mut kept);
        }
        let kept: String = kept.into_iter().collect();
        format!("{}{ELLIPSIS}", kept.trim_end())
    }
}

/// Long names may be broken after these.
const SEAMS: [char; 4] = ['-', '.', '_', '/'];
/// Joins two pictographs to one.
const JOINER: char = '\u{200D}';

/// Drops the last character together with all that is joined to it.
fn drop_cluster(kept: &mut Vec<char>) {
    while let Some(c) = kept.pop() {
        if !is_joined(c) && kept.last() != Some(&JOINER) {
            return;
        }
    }
}

/// The words between white space.
fn words(text: &Text) -> std::vec::IntoIter<String> {
    let all: String = text.chars().collect();
    all.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Does this character belong to the one before it?
fn is_joined(c: char) -> bool {
    c == JOINER || is_narrowless(c) || matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Characters without a width of their own: combining marks, joiners, variation selectors.
fn is_narrowless(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}' | '\u{064B}'..='\u{065F}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{200B}'..='\u{200D}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The advance of a character in thousandths of an em.
fn advance(c: char, weight: Weight) -> u16 {
    if is_narrowless(c) {
        return 0;
    }
    let known = known_advance(u32::from(c), weight as usize).filter(|width| *width > 0);
    known.unwrap_or(if u32::from(c) >= 0x1_F000 { 1_400 } else { 1_000 })
}

/// The advance in the table; nothing, or 0, for a character the font lacks.
fn known_advance(code: u32, weight: usize) -> Option<u16> {
    STRETCHES.iter().find_map(|(start, widths)| {
        let index = usize::try_from(code.checked_sub(*start)?).ok()?;
        widths.get(weight)?.get(index).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Font = Font::new(Weight::Regular, 1_300);

    fn shown(lines: &[Text]) -> Vec<String> {
        lines.iter().map(|line| line.chars().collect()).collect()
    }

    #[test]
    fn widths_are_those_of_the_font_with_slack() {
        // Inter Regular, thousandths of an em: a 564, b 621, c 559.
        assert_eq!(Font::new(Weight::Regular, 100_000).width("abc".chars()), (564 + 621 + 559) * 104 + 1);
        assert!(BODY.width("WWW".chars()) > BODY.width("iii".chars()) * 3);
        assert_eq!(Font::new(Weight::Regular, 100).width("漢".chars()), 105);
        assert_eq!(BODY.width("e\u{301}".chars()), BODY.width("e".chars()));
        let bold = Font::new(Weight::SemiBold, 1_300);
        assert!(bold.width("Productos".chars()) > BODY.width("Productos".chars()));
    }

    #[test]
    fn lines_break_at_blanks_and_the_last_is_cut() {
        let text = Text::new("Imágenes, bocetos\n y   archivos");
        assert_eq!(shown(&BODY.wrap(&text, 13_000, 3)), ["Imágenes, bocetos", "y archivos"]);
        assert_eq!(shown(&BODY.wrap(&text, 100_000, 3)), ["Imágenes, bocetos y archivos"]);
        let cut = BODY.wrap(&text, 8_000, 2);
        assert_eq!(cut.len(), 2);
        assert!(shown(&cut).last().unwrap().ends_with('…'));
        assert!(BODY.wrap(&Text::new(" \n "), 8_000, 2).is_empty());
    }

    #[test]
    fn a_word_without_blanks_is_broken_and_nothing_is_wider_than_asked() {
        for text in ["漢".repeat(200), "x".repeat(200), "👩‍👩‍👧 ".repeat(40), "e\u{301}".repeat(90)]
        {
            let lines = BODY.wrap(&Text::new(text), 9_000, 3);
            assert_eq!(lines.len(), 3);
            assert!(lines.iter().all(|line| BODY.width(line.chars()) <= 9_000), "{lines:?}");
        }
    }

    #[test]
    fn a_long_name_is_broken_at_its_seams() {
        let lines = |name: &str| BODY.wrap(&Text::new(name), 11_000, 3);
        assert_eq!(shown(&lines("net.dynamodb-endpoint")), ["net.dynamodb-", "endpoint"]);
        assert_eq!(
            shown(&lines("the.orders_by_customer-and-day")),
            ["the.orders_by_", "customer-and-", "day"]
        );
    }

    #[test]
    fn a_cut_never_parts_a_mark_from_its_letter() {
        let family = Text::new("👩‍👩‍👧".repeat(9));
        for width in 2_000..9_000 {
            let cut: Vec<char> = BODY.ellipsis(&family, width).chars().collect();
            let before = cut.iter().rev().nth(1).copied();
            assert!(before != Some(JOINER), "{cut:?}");
        }
    }
}
