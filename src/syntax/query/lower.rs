//! From the nodes of a question to its tree, with what is missing or too much.

use pest::iterators::{Pair, Pairs};

use crate::diag::Diagnostic;
use crate::syntax::ast::{Quoted, Word};
use crate::syntax::query::ast::{Question, Thing, Things};
use crate::syntax::query::{INCOMPLETE, Rule, TOO_MUCH, advice, missing, no_question};
use crate::syntax::strings;
use crate::text::{FileId, Span, Spanned};

/// The question that is read, and the findings so far.
pub(super) struct Reading<'t> {
    file: FileId,
    text: &'t str,
    findings: Vec<Diagnostic>,
}

impl<'t> Reading<'t> {
    pub(super) const fn new(file: FileId, text: &'t str) -> Self {
        Self { file, text, findings: Vec::new() }
    }

    pub(super) fn add(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// One finding is enough: what follows the first mistake was read under a wrong assumption.
    pub(super) fn into_findings(mut self) -> Vec<Diagnostic> {
        self.findings.truncate(1);
        self.findings
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end))
    }

    fn place(&self, pair: &Pair<'_, Rule>) -> Span {
        self.span(pair.as_span().start(), pair.as_span().end())
    }

    /// Reports a missing part of `form` behind the last word before it.
    fn report_missing(&mut self, words: &str, at: usize, form: Rule) {
        let before = self.text.get(..at).unwrap_or("").trim_end();
        let last = before.rsplit(char::is_whitespace).next().unwrap_or("");
        let after = if last.is_empty() {
            String::new()
        } else {
            format!(" after `{}`", strings::shortened(last, 40))
        };
        let finding = INCOMPLETE.at(self.span(before.len(), before.len()));
        let finding = finding.message(format!("expected {words}{after}"));
        self.add(advice(form).into_iter().fold(finding, Diagnostic::help));
    }

    fn word(&self, pair: &Pair<'_, Rule>) -> Word {
        Spanned::new(pair.as_str().trim_end().to_owned(), self.place(pair))
    }

    fn quoted(&self, pair: &Pair<'_, Rule>) -> Quoted {
        Spanned::new(strings::unquoted(pair.as_str()).0.into(), self.place(pair))
    }
}

/// Reads the node `question`.
pub(super) fn question(pairs: Pairs<'_, Rule>, reading: &mut Reading<'_>) -> Option<Question> {
    let mut found = None;
    for pair in pairs.flat_map(Pair::into_inner) {
        match pair.as_rule() {
            Rule::unknown => report_unknown(&pair, reading),
            Rule::rest => report_rest(&pair, reading),
            Rule::EOI => {}
            _ => found = form(pair, reading),
        }
    }
    found
}

fn report_unknown(pair: &Pair<'_, Rule>, reading: &mut Reading<'_>) {
    let first = pair.as_str().split_whitespace().next().unwrap_or("");
    let start = pair.as_span().start();
    let span = reading.span(start, start + first.len());
    reading.add(no_question(&strings::shortened(first, 40), span));
}

fn report_rest(pair: &Pair<'_, Rule>, reading: &mut Reading<'_>) {
    let text = strings::shortened(pair.as_str(), 40);
    let finding = TOO_MUCH.at(reading.place(pair)).message(format!("unexpected `{text}`"));
    reading.add(finding.help("things are joined with commas, `and` or `or`; a question ends after them"));
}

/// The parts of one form of question: what they say, in order.
#[derive(Default)]
struct Parts {
    things: Vec<Things>,
    word: Option<Word>,
}

/// Reads one of the forms. What is missing is reported with this form.
fn form(pair: Pair<'_, Rule>, reading: &mut Reading<'_>) -> Option<Question> {
    let rule = pair.as_rule();
    let mut parts = Parts::default();
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::breaks | Rule::may | Rule::needs => return form(part, reading),
            Rule::things => parts.things.push(things(part, reading, rule)),
            Rule::verb => parts.word = Some(reading.word(&part)),
            Rule::does => parts.word = Some(reading.word(&part).map(|word| infinitive(&word))),
            Rule::zone => parts.word = zone(part, reading, rule),
            other => {
                if let Some(words) = missing(other) {
                    reading.report_missing(words, part.as_span().start(), rule);
                }
            }
        }
    }
    build(rule, parts)
}

fn zone(pair: Pair<'_, Rule>, reading: &mut Reading<'_>, form: Rule) -> Option<Word> {
    let part = pair.into_inner().find(|part| part.as_rule() != Rule::k_zone)?;
    if part.as_rule() == Rule::word {
        return Some(reading.word(&part));
    }
    reading.report_missing(missing(part.as_rule()).unwrap_or(""), part.as_span().start(), form);
    None
}

fn build(rule: Rule, parts: Parts) -> Option<Question> {
    let mut things = parts.things.into_iter();
    Some(match rule {
        Rule::who => Question::Who { verb: parts.word?, on: things.next()? },
        Rule::may => match (things.next()?, parts.word?) {
            (who, verb) if verb.value.eq_ignore_ascii_case("do") => Question::Access { who },
            (who, verb) => Question::May { who, verb },
        },
        Rule::access => Question::Access { who: things.next()? },
        Rule::blast => Question::Blast { who: things.next()? },
        Rule::path => Question::Path { from: things.next()?, to: things.next()? },
        Rule::cost | Rule::how => Question::Cost { of: things.next()? },
        Rule::needs => Question::Failure { of: things.next()? },
        Rule::breaks => match parts.word {
            Some(zone) => Question::Zone { zone },
            None => Question::Failure { of: things.next()? },
        },
        _ => return None,
    })
}

/// `writes` as `write`, `accesses` as `access`.
fn infinitive(word: &str) -> String {
    let lower = word.to_lowercase();
    let stem = lower.strip_suffix("sses").map(|stem| format!("{stem}ss"));
    let ends_in_ss = lower.ends_with("ss");
    stem.unwrap_or_else(|| if ends_in_ss { lower.clone() } else { lower.trim_end_matches('s').to_owned() })
}

fn things(pair: Pair<'_, Rule>, reading: &mut Reading<'_>, form: Rule) -> Things {
    let span = reading.span(pair.as_span().start(), pair.as_str().trim_end().len() + pair.as_span().start());
    let mut each = Vec::new();
    for part in pair.into_inner() {
        match missing(part.as_rule()) {
            Some(words) => reading.report_missing(words, part.as_span().start(), form),
            None if part.as_rule() == Rule::thing => each.extend(thing(part, reading)),
            None => {}
        }
    }
    Things { each, span }
}

fn thing(pair: Pair<'_, Rule>, reading: &Reading<'_>) -> Option<Thing> {
    let mut parts = pair.into_inner().filter(|part| part.as_rule() != Rule::the);
    let first = parts.next()?;
    match first.as_rule() {
        Rule::tag => {
            let mut parts = first.into_inner().filter(|part| part.as_rule() != Rule::k_tag);
            let key = reading.word(&parts.next()?);
            Some(Thing::Tagged { key, value: parts.next().map(|value| reading.quoted(&value)) })
        }
        Rule::sort => {
            let sort = reading.word(&first).map(|word| word.to_lowercase());
            Some(Thing::Sorted { sort, name: reading.word(&parts.next()?) })
        }
        _ => Some(Thing::Named(reading.word(&first))),
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::query::question;
    use crate::text::{FileId, Source};

    fn read(text: &str) -> Result<String, String> {
        let (found, findings) = question(FileId(0), &Source::new("question", text));
        let said = findings.first().map(|finding| {
            format!(
                "{} {}..{} {}",
                finding.code,
                finding.span.start,
                finding.span.end,
                finding.message.en().terminal()
            )
        });
        match (found, said) {
            (Some(found), None) => Ok(format!("{found:?}").split([' ', '{']).next().unwrap_or("").to_owned()),
            (_, said) => Err(said.unwrap_or_default()),
        }
    }

    #[test]
    fn every_form_is_read_with_its_example() {
        for (_, example) in super::super::FORMS {
            assert!(read(example).is_ok(), "{example}: {:?}", read(example));
        }
        for text in [
            "Who can read pii?",
            "who can write on orders, media or class pii",
            "what breaks if products_db and sales fail ?",
            "path from customer to orders",
            "blast radius of products",
            "what can role developers write",
            "cost tag team \"web\"",
            "what breaks if zone b fails",
            "who has access to clients_db",
            "who writes orders",
            "who accesses the orders",
            "which services write to orders",
            "which roles can read from media",
            "what happens if products_db goes down",
            "what fails if products_db is down?",
            "what depends on products_db",
            "what can developers do",
            "what does group sales cost?",
            "how much does any postgres cost",
        ] {
            assert!(read(text).is_ok(), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn mistakes_stand_at_their_place() {
        let cases = [
            ("", "ASK-001 0..0 there is no question"),
            ("hwo can write", "ASK-001 0..3 no question begins with `hwo`"),
            ("who", "ASK-002 3..3 expected `can` and a verb after `who`"),
            ("who can", "ASK-002 7..7 expected a verb after `can`"),
            ("who can write", "ASK-002 13..13 expected the name of a thing after `write`"),
            ("what", "ASK-002 4..4 expected `breaks` or `can` after `what`"),
            ("what breaks", "ASK-002 11..11 expected `if … fails` or `without …` after `breaks`"),
            ("what breaks if db", "ASK-002 17..17 expected `fails` after `db`"),
            ("what breaks without zone", "ASK-002 24..24 expected the letter of a zone after `zone`"),
            ("path a", "ASK-002 6..6 expected `->` and where to after `a`"),
            ("path a ->", "ASK-002 9..9 expected the name of a thing after `->`"),
            ("access", "ASK-002 6..6 expected the name of a role or service after `access`"),
            ("cost of a,", "ASK-002 10..10 expected the name of a thing after `a,`"),
            ("cost of a b", "ASK-003 10..11 unexpected `b`"),
            ("\u{1F600}", "ASK-001 0..4 no question begins with `\u{1F600}`"),
        ];
        for (text, said) in cases {
            assert_eq!(read(text), Err(said.to_owned()), "{text}");
        }
    }
}
