//! The architect's own rules: clauses of words become typed predicates.
//!
//! ```text
//! clause    = ("forbid" | "require") subject ["where" condition] ["with" condition] ["unless" condition]
//! subject   = "flow" ["from" selection] ["to" selection] | "service" [selection] | "role" [names]
//! condition = test {("and" | "or") test}
//! test      = ["not"] word arguments
//! ```

use crate::catalog::{SettingSpec, SettingType, Trait};
use crate::diag::Severity;
use crate::model::own_rule::{
    Comparison, Condition, Figure, Order, OwnClause, OwnRule, Property, Selection, Selector, Sort, Subject,
    Test,
};
use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::read::Reader;
use crate::model::resolve::rules::{SETTING_TWICE, UNKNOWN_NAME, UNKNOWN_SETTING, UNKNOWN_WORD, WRONG_VALUE};
use crate::model::{ContainerKind, DataClass, PlaceId, RoleId, TierAccess};
use crate::syntax::ast::{self, Argument, Setting, Statement};
use crate::text::{Ident, Phrase, Span, Spanned, Text, one_of, phrase};
use crate::units::Dimension;

/// Resolves all of them.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    for item in &outline.items {
        if let Statement::Rule(rule) = item.statement {
            add_rule(builder, rule, item.prefix);
        }
    }
}

/// Words that may begin a clause.
const CLAUSES: [&str; 4] = ["forbid", "require", "severity", "advice"];

fn add_rule(builder: &mut Builder<'_>, rule: &ast::UserRule, prefix: Option<&Ident>) {
    let Some(sentence) = &rule.sentence else { return };
    let (mut clauses, mut severity, mut advice) = (Vec::new(), None, None);
    for clause in &rule.clauses {
        match clause.name.value.as_str() {
            "forbid" => clauses.extend(Clause::new(builder, clause, prefix).read(true)),
            "require" => clauses.extend(Clause::new(builder, clause, prefix).read(false)),
            "severity" => once(builder, clause, &mut severity, read_severity),
            "advice" => once(builder, clause, &mut advice, read_text),
            other => {
                let message =
                    phrase!("a rule has no `{}`", "una regla no tiene `{}`", Ident::sanitized(other));
                let finding = UNKNOWN_SETTING.at(clause.name.span).message(message);
                builder.report(finding.help(one_of(other, CLAUSES)));
            }
        }
    }
    let says_nothing =
        !rule.clauses.iter().any(|clause| ["forbid", "require"].contains(&clause.name.value.as_str()));
    if says_nothing {
        let finding = WRONG_VALUE.at(rule.span).message(Phrase::new(
            "this rule forbids and requires nothing",
            "esta regla no prohíbe ni exige nada",
        ));
        builder.report(finding.help(Phrase::new(
            "write a clause: `forbid flow from * to postgres unless same group`",
            "escribe una cláusula: `forbid flow from * to postgres unless same group`",
        )));
    }
    let severity = severity.unwrap_or(Severity::Medium);
    builder.model.rules.push(OwnRule {
        sentence: sentence.value.clone(),
        clauses,
        severity,
        advice,
        span: rule.span,
    });
}

/// Reads a part that a rule has at most once.
fn once<T>(
    builder: &mut Builder<'_>,
    clause: &Setting,
    known: &mut Option<T>,
    read: fn(&mut Builder<'_>, &Setting) -> Option<T>,
) {
    if known.is_some() {
        let message =
            phrase!("`{}` is given twice", "`{}` se da dos veces", Ident::sanitized(&clause.name.value));
        return builder.report(SETTING_TWICE.at(clause.span).message(message));
    }
    *known = read(builder, clause);
}

fn read_severity(builder: &mut Builder<'_>, clause: &Setting) -> Option<Severity> {
    let mut reader = Reader::new(builder, clause);
    let place = reader.place();
    let word = reader.word(Phrase::new("a severity", "una severidad"))?;
    reader.end();
    let found = Severity::from_name(&word);
    if found.is_none() {
        let message = phrase!("`{}` is no severity", "`{}` no es una severidad", Ident::sanitized(&word));
        let help = one_of(&word, Severity::all().map(Severity::name));
        builder.report(UNKNOWN_WORD.at(place).message(message).help(help));
    }
    found
}

fn read_text(builder: &mut Builder<'_>, clause: &Setting) -> Option<Text> {
    let mut reader = Reader::new(builder, clause);
    let text = reader.text();
    reader.end();
    text
}

/// Words that end a selection, a list or a test.
const JOINTS: &[&str] = &["where", "with", "unless", "and", "or", "not", "from", "to"];

/// A clause being read. What does not fit is reported once, and then the clause is left out.
struct Clause<'b, 'a, 's> {
    reader: Reader<'b, 'a, 's>,
    setting: &'s Setting,
    prefix: Option<&'s Ident>,
}

impl<'b, 'a, 's> Clause<'b, 'a, 's> {
    fn new(builder: &'b mut Builder<'a>, setting: &'s Setting, prefix: Option<&'s Ident>) -> Self {
        Self { reader: Reader::new(builder, setting), setting, prefix }
    }

    fn read(mut self, forbids: bool) -> Option<OwnClause> {
        let subject = self.subject()?;
        let sort = subject.sort();
        let only = self.part("where", sort)?;
        let demand = self.part("with", sort)?;
        let unless = self.part("unless", sort)?;
        if !self.reader.is_done() {
            return self.unexpected();
        }
        if !forbids && demand.0.is_empty() {
            let finding = WRONG_VALUE
                .at(self.setting.span.end_point())
                .message(Phrase::new("`require` wants `with`", "a `require` le falta `with`"));
            let help = phrase!(
                "say what each {} must have: `with …`",
                "di qué debe tener cada {}: `with …`",
                sort.word()
            );
            self.reader.builder().report(finding.help(help));
            return None;
        }
        let (only, demand) =
            if forbids { (both(&only, &demand), Condition::default()) } else { (only, demand) };
        Some(OwnClause { forbids, subject, only, demand, unless, span: self.setting.span })
    }

    /// Reports a word that cannot stand here.
    fn unexpected<T>(&mut self) -> Option<T> {
        let argument = self.reader.peek()?;
        let span = argument.span;
        let finding = match &argument.value {
            Argument::Word(word) => {
                let message = phrase!("`{}` has no place here", "`{}` no cabe aquí", Ident::sanitized(word));
                UNKNOWN_WORD
                    .at(span)
                    .message(message)
                    .help(one_of(word, ["where", "with", "unless", "and", "or"]))
            }
            _ => WRONG_VALUE.at(span).message(Phrase::new(
                "`where`, `with` or `unless` is wanted here",
                "aquí va `where`, `with` o `unless`",
            )),
        };
        self.reader.builder().report(finding);
        None
    }

    fn subject(&mut self) -> Option<Subject> {
        const SORTS: [&str; 3] = ["flow", "service", "role"];
        let place = self.reader.place();
        let word =
            self.reader.word(Phrase::new("`flow`, `service` or `role`", "`flow`, `service` o `role`"))?;
        match word.as_str() {
            "flow" => {
                let from = if self.reader.keyword("from") { self.selection()? } else { Selection::default() };
                let to = if self.reader.keyword("to") { self.selection()? } else { Selection::default() };
                Some(Subject::Flow(from, to))
            }
            "service" if self.is_at_joint() => Some(Subject::Service(Selection::default())),
            "service" => Some(Subject::Service(self.selection()?)),
            "role" if self.is_at_joint() => Some(Subject::Role(Vec::new())),
            "role" => self.roles().map(Subject::Role),
            _ => {
                let message = phrase!(
                    "`{}` is nothing a rule can be about",
                    "`{}` no es nada de lo que pueda tratar una regla",
                    Ident::sanitized(&word)
                );
                let finding = UNKNOWN_WORD.at(place).message(message).help(one_of(&word, SORTS));
                self.reader.builder().report(finding);
                None
            }
        }
    }

    /// Does a word that joins parts stand here, or nothing?
    fn is_at_joint(&self) -> bool {
        self.reader.peek().is_none_or(
            |argument| matches!(&argument.value, Argument::Word(word) if JOINTS.contains(&word.as_str())),
        )
    }

    /// Words with commas between them, with their places.
    fn words(&mut self, what: &Phrase) -> Option<Vec<Spanned<String>>> {
        let mut words = Vec::new();
        loop {
            let place = self.reader.place();
            words.push(Spanned::new(self.reader.word(what.clone())?, place));
            if !self.reader.comma() {
                return Some(words);
            }
        }
    }

    fn roles(&mut self) -> Option<Vec<RoleId>> {
        let words = self.words(&Phrase::new("the name of a role", "el nombre de un rol"))?;
        words
            .into_iter()
            .map(|word| self.named(&word, Phrase::new("a role", "un rol"), Symbol::role))
            .collect()
    }

    fn places(&mut self) -> Option<Vec<PlaceId>> {
        let words = self.words(&Phrase::new("the name of a container", "el nombre de un contenedor"))?;
        words
            .into_iter()
            .map(|word| self.named(&word, Phrase::new("a container", "un contenedor"), Symbol::place))
            .collect()
    }

    /// What a name stands for, when it is of the wanted sort; otherwise reported.
    fn named<T>(
        &mut self,
        word: &Spanned<String>,
        wanted: Phrase,
        pick: fn(Symbol) -> Option<T>,
    ) -> Option<T> {
        let prefix = self.prefix;
        let name = Spanned::new(Ident::sanitized(&word.value), word.span);
        let builder = self.reader.builder();
        let symbol = builder.find(&name, prefix)?;
        let found = pick(symbol);
        if found.is_none() {
            builder.wrong_sort(&name, symbol, wanted);
        }
        found
    }

    fn selection(&mut self) -> Option<Selection> {
        let words = self.words(&Phrase::new(
            "`*`, a name, a kind or a category",
            "`*`, un nombre, un tipo o una categoría",
        ))?;
        if words.iter().any(|word| word.value == "*") {
            return Some(Selection::default());
        }
        let prefix = self.prefix;
        let builder = self.reader.builder();
        let found: Option<Vec<Selector>> = words.iter().map(|word| selector(builder, word, prefix)).collect();
        found.map(Selection)
    }

    /// The condition after a joint; an empty one when the joint does not stand here.
    fn part(&mut self, joint: &str, sort: Sort) -> Option<Condition> {
        if !self.reader.keyword(joint) {
            return Some(Condition::default());
        }
        let mut any = vec![vec![self.test(sort)?]];
        loop {
            if self.reader.keyword("and") {
                let test = self.test(sort)?;
                if let Some(all) = any.last_mut() {
                    all.push(test);
                }
            } else if self.reader.keyword("or") {
                any.push(vec![self.test(sort)?]);
            } else {
                return Some(Condition(any));
            }
        }
    }

    fn test(&mut self, sort: Sort) -> Option<Test> {
        let negated = self.reader.keyword("not");
        let span = self.reader.place();
        let word = self.reader.word(Phrase::new("a test", "una prueba"))?;
        let known = TESTS.iter().find(|row| row.word == word && row.sorts.contains(&sort));
        let property = match known {
            Some(row) => (row.read)(self),
            None => match find_setting(self.reader.builder(), &word).filter(|_| sort == Sort::Service) {
                Some(spec) => self.setting(&spec),
                None => self.unknown_test(&word, span, sort),
            },
        }?;
        Some(Test { negated, property, span })
    }

    fn unknown_test(&mut self, word: &str, span: Span, sort: Sort) -> Option<Property> {
        let message = phrase!(
            "`{}` is no test of a {}",
            "`{}` no es una prueba de `{}`",
            Ident::sanitized(word),
            sort.word()
        );
        let tests = TESTS.iter().filter(|row| row.sorts.contains(&sort)).map(|row| row.word);
        let builder = self.reader.builder();
        let settings = builder.model.services.values().flat_map(|service| service.kind.all_settings());
        let settings: Vec<String> =
            settings.filter(|_| sort == Sort::Service).map(|spec| spec.name.clone()).collect();
        let help = match crate::text::nearest(word, settings.iter().map(String::as_str)) {
            Some(near) if crate::text::nearest(word, tests.clone()).is_none() => one_of(word, [near]),
            _ => one_of(word, tests),
        };
        builder.report(UNKNOWN_WORD.at(span).message(message).help(help));
        None
    }

    /// A setting as a test: stated, one of these words, or compared.
    fn setting(&mut self, spec: &SettingSpec) -> Option<Property> {
        let name = spec.name.clone();
        if self.is_at_joint() {
            return Some(Property::Setting(name, Vec::new()));
        }
        let dimension = MEASURED.iter().find(|(kind, _)| *kind == spec.kind).map(|(_, dimension)| *dimension);
        if let Some(dimension) = dimension {
            let comparison = self.comparison(dimension)?;
            return match comparison {
                Some(comparison) => Some(Property::SettingFigure(name, comparison)),
                None => self.reader.want(Phrase::new(
                    "a comparison after its setting, such as `>= 7 d`",
                    "una comparación tras el ajuste, como `>= 7 d`",
                )),
            };
        }
        let words =
            self.words(&Phrase::new("one of the setting's words", "una de las palabras del ajuste"))?;
        let known: Option<Vec<String>> = words.iter().map(|word| self.setting_word(spec, word)).collect();
        Some(Property::Setting(name, known?))
    }

    /// One of the words a setting may have; any when the catalogue does not list them.
    fn setting_word(&mut self, spec: &SettingSpec, word: &Spanned<String>) -> Option<String> {
        if spec.values.is_empty() || spec.values.contains(&word.value) {
            return Some(word.value.clone());
        }
        let message =
            phrase!("`{}` is never `{}`", "`{}` nunca es `{}`", spec.name, Ident::sanitized(&word.value));
        let help = one_of(&word.value, spec.values.iter().map(String::as_str));
        self.reader.builder().report(UNKNOWN_WORD.at(word.span).message(message).help(help));
        None
    }

    fn plain_words(&mut self, what: &Phrase) -> Option<Vec<String>> {
        Some(self.words(what)?.into_iter().map(|word| word.value).collect())
    }

    fn classes(&mut self) -> Option<Vec<DataClass>> {
        let words = self.words(&Phrase::new("a class of data", "una clase de datos"))?;
        let builder = self.reader.builder();
        words.iter().map(|word| class(builder, word)).collect()
    }

    /// A comparison, when one stands here. `Err`-like `None` means that it was reported.
    #[expect(clippy::option_option, reason = "nothing to compare and a comparison that was reported differ")]
    fn comparison(&mut self, dimension: Dimension) -> Option<Option<Comparison>> {
        let Some(order) = ORDERS.iter().find(|(sign, _)| self.reader.keyword(sign)).map(|(_, order)| *order)
        else {
            return Some(None);
        };
        let bound = match dimension {
            Dimension::Count => self.reader.count()?,
            other => self.reader.quantity(other)?,
        };
        Some(Some(Comparison { order, bound, dimension }))
    }

    /// A figure that may be stated or compared.
    fn stated(&mut self, figure: Figure, dimension: Dimension) -> Option<Property> {
        Some(Property::Figure(figure, self.comparison(dimension)?))
    }

    /// A figure that is always there, so that only a comparison says something.
    fn figure(&mut self, figure: Figure, dimension: Dimension) -> Option<Property> {
        match self.comparison(dimension)? {
            Some(comparison) => Some(Property::Figure(figure, Some(comparison))),
            None => self.reader.want(Phrase::new(
                "a comparison, such as `< 5`, before this",
                "una comparación, como `< 5`, delante de esto",
            )),
        }
    }

    fn same(&mut self) -> Option<Property> {
        const SORTS: [(&str, ContainerKind); 4] = [
            ("group", ContainerKind::Group),
            ("vpc", ContainerKind::Vpc),
            ("tier", ContainerKind::Tier),
            ("region", ContainerKind::Region),
        ];
        let place = self.reader.place();
        let word = self
            .reader
            .word(Phrase::new("`group`, `vpc`, `tier` or `region`", "`group`, `vpc`, `tier` o `region`"))?;
        let found = SORTS.iter().find(|(known, _)| *known == word).map(|(_, kind)| Property::Same(*kind));
        if found.is_none() {
            let message = phrase!(
                "`{}` is no sort of container",
                "`{}` no es una clase de contenedor",
                Ident::sanitized(&word)
            );
            let help = one_of(&word, SORTS.iter().map(|(known, _)| *known));
            self.reader.builder().report(UNKNOWN_WORD.at(place).message(message).help(help));
        }
        found
    }

    fn inside(&mut self) -> Option<Property> {
        const ACCESS: [(&str, TierAccess); 3] = [
            ("public", TierAccess::Public),
            ("private", TierAccess::Private),
            ("isolated", TierAccess::Isolated),
        ];
        let access = ACCESS.iter().find(|(word, _)| self.reader.keyword(word)).map(|(_, access)| *access);
        match access {
            Some(access) => Some(Property::InTier(access)),
            None => self.places().map(Property::In),
        }
    }

    fn tag(&mut self) -> Option<Property> {
        let key = self.reader.word(Phrase::new("the name of a tag", "el nombre de una etiqueta"))?;
        Some(Property::Tag(key, self.reader.text_if_any()))
    }

    fn named_like(&mut self) -> Option<Property> {
        Some(Property::Named(self.reader.word(Phrase::new(
            "a name, in which `*` stands for anything",
            "un nombre, en el que `*` vale por cualquier cosa",
        ))?))
    }
}

/// What makes a selection of one word: a name of the model first, then a kind, a category, a trait, a class of data.
fn selector(builder: &mut Builder<'_>, word: &Spanned<String>, prefix: Option<&Ident>) -> Option<Selector> {
    let name = Ident::sanitized(&word.value);
    match builder.names.find(&name, prefix) {
        Some(Symbol::Service(id)) => return Some(Selector::Service(id)),
        Some(Symbol::Place(id)) => return Some(Selector::Place(id)),
        Some(other @ Symbol::Role(_)) => {
            builder.wrong_sort(
                &Spanned::new(name, word.span),
                other,
                Phrase::new("a service or a container", "un servicio o un contenedor"),
            );
            return None;
        }
        None => (),
    }
    let text = word.value.as_str();
    if let Some(kind) = builder.catalog.by_word(text) {
        return Some(Selector::Kind(kind.id.clone()));
    }
    let special = SELECTORS.iter().find(|(known, _)| *known == text).map(|(_, selector)| selector.clone());
    let class = DataClass::from_name(text).map(Selector::Holds);
    let category = || builder.catalog.kinds().any(|kind| kind.category == text);
    let found = special.or(class).or_else(|| category().then(|| Selector::Category(text.to_owned())));
    if found.is_none() {
        let catalog = builder.catalog;
        let categories = catalog.kinds().map(|kind| kind.category.as_str());
        let known = SELECTORS.iter().map(|(known, _)| *known).chain(JOINTS.iter().copied());
        let words = catalog.words().chain(categories).chain(known);
        let similar = crate::text::did_you_mean(text, words).or_else(|| builder.names.similar(&name));
        let finding = UNKNOWN_NAME
            .at(word.span)
            .message(phrase!("nothing is called `{name}`", "nada se llama `{name}`"));
        let help = Phrase::new(
            "write a name, a kind (`postgres`), a category (`database`) or a class of data (`pii`)",
            "escribe un nombre, un tipo (`postgres`), una categoría (`database`) o una clase de datos (`pii`)",
        );
        builder.report(finding.maybe_help(similar).help(help));
    }
    found
}

/// Words for services of many kinds.
const SELECTORS: &[(&str, Selector)] = &[
    ("datastore", Selector::Trait(Trait::Datastore)),
    ("entry", Selector::Trait(Trait::Entry)),
    ("buffer", Selector::Trait(Trait::Buffer)),
    ("cache", Selector::Trait(Trait::Cache)),
    ("code", Selector::Trait(Trait::AssumesRole)),
    ("outside", Selector::Outside),
];

/// Signs of comparison; each is a word of its own.
const ORDERS: [(&str, Order); 5] = [
    ("<", Order::Below),
    ("<=", Order::AtMost),
    (">", Order::Above),
    (">=", Order::AtLeast),
    ("=", Order::Equal),
];

/// Reads what follows a test's word.
type ReadTest = fn(&mut Clause<'_, '_, '_>) -> Option<Property>;

/// One test: its word, what it can be asked of, and how it is read.
struct TestRow {
    word: &'static str,
    sorts: &'static [Sort],
    read: ReadTest,
}

const FLOW: &[Sort] = &[Sort::Flow];
const SERVICE: &[Sort] = &[Sort::Service];
const ROLE: &[Sort] = &[Sort::Role];

/// Every test; the settings of services are tests besides.
const TESTS: &[TestRow] = &[
    TestRow { word: "same", sorts: FLOW, read: |clause| clause.same() },
    TestRow {
        word: "verb",
        sorts: FLOW,
        read: |clause| clause.plain_words(&Phrase::new("a verb", "un verbo")).map(Property::Verb),
    },
    TestRow { word: "carries", sorts: FLOW, read: |clause| clause.classes().map(Property::Carries) },
    TestRow { word: "through", sorts: FLOW, read: |clause| clause.selection().map(Property::Through) },
    TestRow { word: "encrypted", sorts: FLOW, read: |_| Some(Property::Encrypted) },
    TestRow { word: "sync", sorts: FLOW, read: |_| Some(Property::Sync) },
    TestRow { word: "soft", sorts: FLOW, read: |_| Some(Property::Soft) },
    TestRow { word: "idempotent", sorts: FLOW, read: |_| Some(Property::Idempotent) },
    TestRow { word: "timeout", sorts: FLOW, read: |clause| clause.stated(Figure::Timeout, Dimension::Time) },
    TestRow { word: "retries", sorts: FLOW, read: |clause| clause.stated(Figure::Retries, Dimension::Count) },
    TestRow { word: "size", sorts: FLOW, read: |clause| clause.stated(Figure::Size, Dimension::Bytes) },
    TestRow { word: "share", sorts: FLOW, read: |clause| clause.stated(Figure::Share, Dimension::Percent) },
    TestRow { word: "rate", sorts: FLOW, read: |clause| clause.figure(Figure::Rate, Dimension::Rate) },
    TestRow {
        word: "peak-rate",
        sorts: FLOW,
        read: |clause| clause.figure(Figure::PeakRate, Dimension::Rate),
    },
    TestRow { word: "is", sorts: SERVICE, read: |clause| clause.selection().map(Property::Is) },
    TestRow { word: "in", sorts: SERVICE, read: |clause| clause.inside() },
    TestRow { word: "holds", sorts: SERVICE, read: |clause| clause.classes().map(Property::Holds) },
    TestRow { word: "tag", sorts: SERVICE, read: |clause| clause.tag() },
    TestRow { word: "named", sorts: &[Sort::Service, Sort::Role], read: |clause| clause.named_like() },
    TestRow { word: "called-by", sorts: SERVICE, read: |clause| clause.selection().map(Property::CalledBy) },
    TestRow { word: "calls", sorts: SERVICE, read: |clause| clause.selection().map(Property::Calls) },
    TestRow { word: "public", sorts: SERVICE, read: |_| Some(Property::Public) },
    TestRow { word: "watched", sorts: SERVICE, read: |_| Some(Property::Watched) },
    TestRow { word: "cost", sorts: SERVICE, read: |clause| clause.figure(Figure::Cost, Dimension::Money) },
    TestRow {
        word: "max-cost",
        sorts: SERVICE,
        read: |clause| clause.figure(Figure::MaxCost, Dimension::Money),
    },
    TestRow {
        word: "callers",
        sorts: SERVICE,
        read: |clause| clause.figure(Figure::Callers, Dimension::Count),
    },
    TestRow {
        word: "targets",
        sorts: SERVICE,
        read: |clause| clause.figure(Figure::Targets, Dimension::Count),
    },
    TestRow {
        word: "availability",
        sorts: SERVICE,
        read: |clause| clause.figure(Figure::Availability, Dimension::Percent),
    },
    TestRow {
        word: "latency",
        sorts: SERVICE,
        read: |clause| clause.figure(Figure::Latency, Dimension::Time),
    },
    TestRow { word: "changes", sorts: ROLE, read: |clause| clause.selection().map(Property::Changes) },
    TestRow { word: "mfa", sorts: ROLE, read: |_| Some(Property::Mfa) },
    TestRow { word: "boundary", sorts: ROLE, read: |_| Some(Property::Bounded) },
    TestRow {
        word: "may",
        sorts: ROLE,
        read: |clause| clause.plain_words(&Phrase::new("a verb", "un verbo")).map(Property::May),
    },
    TestRow { word: "session", sorts: ROLE, read: |clause| clause.stated(Figure::Session, Dimension::Time) },
    TestRow { word: "actions", sorts: ROLE, read: |clause| clause.figure(Figure::Actions, Dimension::Count) },
];

/// What the settings that can be compared measure.
const MEASURED: [(SettingType, Dimension); 8] = [
    (SettingType::Count, Dimension::Count),
    (SettingType::Scaling, Dimension::Count),
    (SettingType::Percent, Dimension::Percent),
    (SettingType::Time, Dimension::Time),
    (SettingType::Transition, Dimension::Time),
    (SettingType::Bytes, Dimension::Bytes),
    (SettingType::Rate, Dimension::Rate),
    (SettingType::Money, Dimension::Money),
];

/// The setting of this name of a kind in use, otherwise of any kind.
fn find_setting(builder: &Builder<'_>, name: &str) -> Option<SettingSpec> {
    let used = builder.model.services.values().find_map(|service| service.kind.setting(name));
    used.or_else(|| builder.catalog.kinds().find_map(|kind| kind.setting(name))).cloned()
}

fn class(builder: &mut Builder<'_>, word: &Spanned<String>) -> Option<DataClass> {
    let found = DataClass::from_name(&word.value);
    if found.is_none() {
        let message = phrase!(
            "`{}` is no class of data",
            "`{}` no es una clase de datos",
            Ident::sanitized(&word.value)
        );
        let finding = UNKNOWN_WORD.at(word.span).message(message);
        builder.report(finding.help(one_of(&word.value, DataClass::NAMES)));
    }
    found
}

/// Both conditions at once.
fn both(one: &Condition, other: &Condition) -> Condition {
    if one.0.is_empty() || other.0.is_empty() {
        return Condition([one.0.as_slice(), other.0.as_slice()].concat());
    }
    let pairs = one.0.iter().flat_map(|all| other.0.iter().map(move |more| [all.as_slice(), more].concat()));
    Condition(pairs.collect())
}
