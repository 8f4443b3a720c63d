//! A cursor over the parts of one statement, which reports what is missing and what is too much.

use std::iter::Peekable;

use pest::error::InputLocation;
use pest::iterators::{Pair, Pairs};

use crate::diag::{Diagnostic, Edit};
use crate::syntax::ast::{Name, Quoted, Word};
use crate::syntax::parse::Rule;
use crate::syntax::rules;
use crate::syntax::strings;
use crate::text::{FileId, Ident, LONGEST_NAME, Language, Phrase, Span, Spanned, Wording, phrase};

/// The most findings reported for one file: a text that is no model at all would fill the memory with them.
pub(super) const MOST_FINDINGS: usize = 1_000;

/// The piece of a file that is read, and the findings so far.
pub(super) struct Notes<'t> {
    file: FileId,
    /// The whole text as written.
    original: &'t str,
    /// Where the piece begins in it; places of nodes count from there.
    base: usize,
    findings: Vec<Diagnostic>,
}

impl<'t> Notes<'t> {
    /// Starts with the text as written, for messages, and the place of the piece in it.
    pub(super) const fn new(file: FileId, original: &'t str, base: usize) -> Self {
        Self { file, original, base, findings: Vec::new() }
    }

    /// What was written at `start..end` of the piece, and where that begins in the file.
    fn located(&self, start: usize, end: usize) -> (&'t str, usize) {
        let start = self.boundary(start, -1);
        (self.original.get(start..self.boundary(end, 1)).unwrap_or(""), start)
    }

    /// What was written at `start..end` of the piece.
    fn written(&self, start: usize, end: usize) -> &'t str {
        self.located(start, end).0
    }

    /// Adds a finding, unless there are [`MOST_FINDINGS`] already.
    pub(super) fn add(&mut self, finding: Diagnostic) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// The bytes `start..end` of the piece.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.span_in_file(self.boundary(start, -1), self.boundary(end, 1))
    }

    fn span_in_file(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end))
    }

    /// The next character boundary of the file in a direction: what replaces a look-alike may begin or end inside of it.
    fn boundary(&self, at: usize, step: isize) -> usize {
        let at = (self.base + at).min(self.original.len());
        let mut near = (0..4).filter_map(|steps| at.checked_add_signed(steps * step));
        near.find(|place| self.original.is_char_boundary(*place)).unwrap_or(at)
    }

    /// What was written at a node up to a comment or the end, and where.
    pub(super) fn line_rest(&self, pair: &Pair<'_, Rule>) -> (&'t str, Span) {
        let (start, end) = (pair.as_span().start(), pair.as_span().end());
        let (text, start) = self.located(start, end);
        let text = strings::without_comment(text);
        (text, self.span_in_file(start, start + text.len()))
    }

    /// The place of a node.
    pub(super) fn place(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        self.span(span.start(), span.end())
    }

    /// Was a missing part reported at this place?
    fn is_missing_at(&self, span: Span) -> bool {
        let last = self.findings.last();
        last.is_some_and(|finding| finding.code == rules::MISSING.code && finding.span == span)
    }

    /// The grammar is total, so only the work limit can refuse a text.
    pub(super) fn refused(&mut self, location: &InputLocation) {
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = *location;
        let finding = rules::TOO_DEEP.at(self.span(at, at)).message(Phrase::new(
            "the text is too intricate to be read",
            "el texto es demasiado enrevesado para leerlo",
        ));
        self.add(finding);
    }

    /// The findings in the order in which they were made.
    pub(super) fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }
}

/// The parts of one statement that are not taken yet.
pub(super) struct Parts<'c, 'i> {
    notes: &'c mut Notes<'i>,
    pairs: Peekable<Pairs<'i, Rule>>,
    statement: Rule,
    start: usize,
    /// Where the last part taken stands.
    last: (usize, usize),
    /// A missing part that is reported together with what stands in its place.
    wanted: Option<Phrase>,
}

/// Missing parts that say nothing about the part after them.
const fn is_structural(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::miss_colon
            | Rule::miss_arrow
            | Rule::miss_on
            | Rule::miss_from
            | Rule::miss_over
            | Rule::miss_port
            | Rule::miss_group
    )
}

/// Parts without a value of their own: words of the language and punctuation.
fn is_quiet(rule: Rule) -> bool {
    rule >= Rule::k_system
        || matches!(rule, Rule::colon | Rule::comma | Rule::left | Rule::right | Rule::miss_right)
}

impl<'c, 'i> Parts<'c, 'i> {
    /// The parts of `pair`.
    pub(super) fn new(pair: Pair<'i, Rule>, notes: &'c mut Notes<'i>) -> Self {
        let start = pair.as_span().start();
        let statement = pair.as_rule();
        Self {
            notes,
            pairs: pair.into_inner().peekable(),
            statement,
            start,
            last: (start, start),
            wanted: None,
        }
    }

    /// What is being read.
    pub(super) const fn statement(&self) -> Rule {
        self.statement
    }

    /// Where findings go.
    pub(super) const fn notes(&mut self) -> &mut Notes<'i> {
        self.notes
    }

    /// The kind of the next part.
    pub(super) fn peek(&mut self) -> Option<Rule> {
        self.pairs.peek().map(Pair::as_rule)
    }

    /// The next part, whatever it is. Its inside is the caller's to read.
    pub(super) fn next(&mut self) -> Option<Pair<'i, Rule>> {
        let pair = self.pairs.next()?;
        let span = pair.as_span();
        if span.end() > span.start() {
            self.last = (span.start(), span.end());
        }
        Some(pair)
    }

    /// From the first part to the last one taken, without the space behind it.
    pub(super) fn span(&self) -> Span {
        self.notes.span(self.start, self.last.1.max(self.start))
    }

    /// Passes over punctuation and reports missing parts, until something stands next that has a value.
    /// True when a missing value was among them: the value asked for is not there.
    fn skip_to(&mut self, wanted: Rule) -> bool {
        while let Some(rule) = self.peek() {
            if rule == wanted {
                return false;
            }
            let missing = rules::missing_part(rule);
            if missing.is_none() && !is_quiet(rule) {
                return false;
            }
            let pair = self.next();
            if let (Some(words), Some(pair)) = (missing, pair) {
                self.report_missing(words, pair.as_span().start());
                if !is_structural(rule) {
                    return true;
                }
            }
        }
        false
    }

    /// Reports that `words` were expected after the last part taken: once a place, and if something else stands
    /// there, together with that.
    fn report_missing(&mut self, words: Wording, at: usize) {
        let (start, end) = self.last;
        let place = if end > start { end } else { at };
        let before = strings::shortened(self.notes.written(start, end), 40);
        let Wording { en, es } = words;
        let message = if before.is_empty() {
            phrase!("expected {en}", "falta {es}")
        } else {
            phrase!("expected {en} after `{before}`", "falta {es} después de `{before}`")
        };
        let span = self.notes.span(place, place);
        if self.peek() == Some(Rule::junk) {
            self.wanted.get_or_insert(message);
        } else if !self.notes.is_missing_at(span) {
            let help = rules::form(self.statement).map(|form| phrase!("write `{form}`", "escribe `{form}`"));
            self.notes.add(rules::MISSING.at(span).message(message).maybe_help(help));
        }
    }

    /// The part of this kind, if it stands next.
    pub(super) fn take(&mut self, wanted: Rule) -> Option<Pair<'i, Rule>> {
        let missing = self.skip_to(wanted);
        if !missing && self.peek() == Some(wanted) { self.next() } else { None }
    }

    /// Does this part stand next? It is taken if so.
    pub(super) fn flag(&mut self, wanted: Rule) -> bool {
        self.take(wanted).is_some()
    }

    /// What `read` makes of the inside of the part of this kind, if it stands next.
    pub(super) fn within<T>(
        &mut self,
        wanted: Rule,
        read: impl FnOnce(&mut Parts<'_, 'i>) -> T,
    ) -> Option<T> {
        let pair = self.take(wanted)?;
        Some(self.inside(pair, read))
    }

    /// What `read` makes of the inside of a part that was taken.
    pub(super) fn inside<T>(
        &mut self,
        pair: Pair<'i, Rule>,
        read: impl FnOnce(&mut Parts<'_, 'i>) -> T,
    ) -> T {
        let mut parts = Parts::new(pair, self.notes);
        parts.last = self.last;
        let value = read(&mut parts);
        parts.finish();
        self.last = parts.last;
        value
    }

    /// Reports what is left: missing parts, and text that does not belong here.
    pub(super) fn finish(&mut self) {
        while let Some(pair) = self.next() {
            match (pair.as_rule(), rules::missing_part(pair.as_rule())) {
                (Rule::junk, _) => self.report_junk(&pair),
                (_, Some(words)) => self.report_missing(words, pair.as_span().start()),
                _ => {}
            }
        }
    }

    /// Reports the rest of a line.
    fn report_junk(&mut self, pair: &Pair<'i, Rule>) {
        let (text, span) = self.notes.line_rest(pair);
        let shown = strings::shortened(text, 40);
        let finding = if let Some(wanted) = self.wanted.take() {
            let [en, es] = [Language::En, Language::Es].map(|language| wanted.say(language).terminal());
            rules::MISSING.at(span).message(phrase!("{en}, found `{shown}`", "{es}, y está `{shown}`"))
        } else {
            rules::UNEXPECTED.at(span).message(phrase!("unexpected `{shown}`", "`{shown}` no va aquí"))
        };
        let finding = finding.note(junk_note(text, self.statement));
        let help = rules::form(self.statement).map(|form| phrase!("write `{form}`", "escribe `{form}`"));
        self.notes.add(finding.maybe_help(help));
    }

    /// A name, if one stands next; a word that is no name is reported.
    pub(super) fn name(&mut self) -> Option<Name> {
        let pair = self.take(Rule::name)?;
        Some(self.name_of(&pair))
    }

    /// The name in `pair`; a word that is no name is reported and mended.
    pub(super) fn name_of(&mut self, pair: &Pair<'i, Rule>) -> Name {
        let span = self.notes.place(pair);
        let text = pair.as_str();
        let ident = Ident::new(text).unwrap_or_else(|| {
            self.notes.add(bad_name(text, span));
            Ident::sanitized(text)
        });
        Spanned::new(ident, span)
    }

    /// Names with commas between them.
    pub(super) fn names(&mut self) -> Vec<Name> {
        let mut names: Vec<Name> = self.name().into_iter().collect();
        while matches!(self.peek(), Some(Rule::comma)) && !names.is_empty() {
            let _comma = self.next();
            names.extend(self.name());
        }
        names
    }

    /// Words of this kind with commas between them.
    pub(super) fn words(&mut self, kind: Rule) -> Vec<Word> {
        let mut words: Vec<Word> = self.word(kind).into_iter().collect();
        while matches!(self.peek(), Some(Rule::comma)) && !words.is_empty() {
            let _comma = self.next();
            words.extend(self.word(kind));
        }
        words
    }

    /// A word of this kind, if it stands next.
    pub(super) fn word(&mut self, kind: Rule) -> Option<Word> {
        let pair = self.take(kind)?;
        Some(self.word_of(&pair))
    }

    /// The word in `pair`.
    pub(super) fn word_of(&self, pair: &Pair<'i, Rule>) -> Word {
        Spanned::new(pair.as_str().to_owned(), self.notes.place(pair))
    }

    /// A string, if one stands next.
    pub(super) fn quoted(&mut self) -> Option<Quoted> {
        let pair = self.take(Rule::string)?;
        Some(self.quoted_of(&pair))
    }

    /// The string in `pair`; escapes that do not exist are reported.
    pub(super) fn quoted_of(&mut self, pair: &Pair<'i, Rule>) -> Quoted {
        let span = self.notes.place(pair);
        let (text, bad) = strings::unquoted(pair.as_str());
        for at in bad {
            let start = pair.as_span().start() + at;
            let finding = rules::BAD_ESCAPE.at(self.notes.span(start, start + 1));
            self.notes.add(
                finding.help(Phrase::new(
                    "a backslash is written `\\\\`, a quote `\\\"`, a new line `\\n`, a tab `\\t`",
                    "una barra inversa se escribe `\\\\`, una comilla `\\\"`, un salto de línea `\\n`, un tabulador `\\t`",
                )),
            );
        }
        Spanned::new(text.into(), span)
    }

    /// `because "…"`, if it stands next.
    pub(super) fn because(&mut self) -> Option<Quoted> {
        self.within(Rule::because, quoted).flatten()
    }

    /// An arrow, if it stands next; the arrows of other languages are reported.
    pub(super) fn arrow(&mut self) {
        let Some(pair) = self.take(Rule::arrow) else { return };
        if pair.as_str() != "->" {
            let span = self.notes.place(&pair);
            let written = pair.as_str();
            let message = phrase!("an arrow is `->`, not `{written}`", "una flecha es `->`, no `{written}`");
            self.foreign(span, message, "->");
        }
    }

    /// Reports punctuation of another language with its replacement.
    pub(super) fn foreign(&mut self, span: Span, message: Phrase, instead: &str) {
        let edits = vec![Edit::replace(span, instead)];
        let title = if instead.is_empty() {
            Phrase::new("remove it", "quítalo")
        } else {
            phrase!("write `{instead}`", "escribe `{instead}`")
        };
        self.notes.add(rules::FOREIGN.at(span).message(message).fix(title, edits));
    }
}

fn bad_name(text: &str, span: Span) -> Diagnostic {
    let finding = rules::BAD_NAME.at(span);
    if text.len() > LONGEST_NAME && Ident::new(&text.chars().take(LONGEST_NAME).collect::<String>()).is_some()
    {
        return finding.message(phrase!(
            "a name has at most {LONGEST_NAME} characters, this one {}",
            "un nombre tiene como máximo {LONGEST_NAME} caracteres, este {}",
            text.len()
        ));
    }
    let message = phrase!("`{}` is not a name", "`{}` no es un nombre", strings::shortened(text, 40));
    let help = Phrase::new(
        "names are made of ASCII letters, digits, `_` and `-`; a title in quotes may hold any text",
        "los nombres llevan letras ASCII, cifras, `_` y `-`; un título entre comillas admite cualquier texto",
    );
    let all = text == "*";
    finding.message(message).help(help).maybe_help(all.then(|| {
        Phrase::new(
            "write `all` for every declared service",
            "escribe `all` para todos los servicios declarados",
        )
    }))
}

/// What to say of the rest of a line, by how it begins.
fn junk_note(text: &str, statement: Rule) -> Phrase {
    const NOTES: [(&str, Wording); 5] = [
        (
            "->",
            Wording::new(
                "a flow has one arrow; a chain of steps is a `journey`",
                "un flujo tiene una flecha; una cadena de pasos es un `journey`",
            ),
        ),
        ("{", Wording::new("this statement has no block", "esta línea no lleva bloque")),
        ("}", Wording::new("this closes nothing", "esto no cierra nada")),
        ("\"", Wording::new("a string has no place here", "aquí no cabe un texto entre comillas")),
        (",", Wording::new("no list stands here", "aquí no va una lista")),
    ];
    let known = NOTES.iter().find(|(begin, _)| text.starts_with(begin)).map(|(_, note)| *note);
    let settings = Wording::new("settings stand between `{` and `}`", "los ajustes van entre `{` y `}`");
    let known = known.or_else(|| (statement == Rule::declaration).then_some(settings));
    known.map_or_else(Phrase::default, Phrase::from)
}

/// [`Parts::names`] for [`Parts::within`], which needs a function of any lifetime.
pub(super) fn names(parts: &mut Parts<'_, '_>) -> Vec<Name> {
    parts.names()
}

/// [`Parts::quoted`] for [`Parts::within`], which needs a function of any lifetime.
pub(super) fn quoted(parts: &mut Parts<'_, '_>) -> Option<Quoted> {
    parts.quoted()
}
