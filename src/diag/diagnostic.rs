//! One finding.

use serde::Serialize;

use crate::diag::rule::heading;
use crate::diag::{Rule, Severity};
use crate::text::{Phrase, Span, Text};

/// A remark on a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said of it; may be empty.
    pub text: Phrase,
}

/// A replacement of one stretch of a model's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What is replaced; zero-wide for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
    /// Where exactly, as far as only the text of the file can tell.
    pub form: Form,
}

/// How an edit finds its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The span is what is replaced.
    Here,
    /// The text is a setting for the braces of the statement whose head the span is.
    Inside,
    /// The text is a clause of the statement that the span is, in place of the one that begins with this word, or at its end.
    Clause(String),
    /// The text replaces this word of the statement that the span is.
    Word(String),
    /// The text is a statement at the end of the file that the span lies in.
    Last,
}

impl Edit {
    /// This text instead of what stands there.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), form: Form::Here }
    }

    /// Without the statement that stands there.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }

    /// With this setting in the braces of the statement whose head stands there.
    pub fn inside(head: Span, setting: impl Into<String>) -> Self {
        Self { form: Form::Inside, ..Self::replace(head, setting) }
    }

    /// With this clause in the statement that stands there: `timeout 5 s` in place of the `timeout` it has, or behind it all.
    pub fn clause(statement: Span, clause: &str) -> Self {
        let word = clause.split(' ').next().unwrap_or(clause).to_owned();
        Self { form: Form::Clause(word), ..Self::replace(statement, clause) }
    }

    /// With another word in the statement that stands there.
    pub fn word(statement: Span, word: &str, instead: impl Into<String>) -> Self {
        Self { form: Form::Word(word.to_owned()), ..Self::replace(statement, instead) }
    }

    /// With this statement at the end of the file in which the span lies.
    pub fn last(span: Span, statement: impl Into<String>) -> Self {
        Self { form: Form::Last, ..Self::replace(span, statement) }
    }
}

/// A change of the model's text that answers a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, in a few words.
    pub title: Phrase,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

/// One finding: what is wrong, where, and what to type instead.
///
/// `message` is a lower-case headline of at most 80 columns that suffices alone, with user names in back-ticks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's title.
    pub title: &'static str,
    /// How much it matters here; starts as the rule's.
    pub severity: Severity,
    /// The headline.
    pub message: Phrase,
    /// The place it is about.
    pub span: Span,
    /// What to say at that place; may be empty.
    pub note: Phrase,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What to do, one advice each.
    pub help: Vec<Phrase>,
    /// The name of the thing it is about: what a waiver's `on` is compared with.
    pub subject: Option<Text>,
    /// The edit that would answer it.
    pub fix: Option<Fix>,
    /// The reason of the waiver that covers it.
    pub waived: Option<Text>,
}

impl Diagnostic {
    /// A finding whose message is the rule's title.
    pub fn new(rule: &Rule, span: Span) -> Self {
        Self {
            code: rule.code,
            title: rule.title,
            severity: rule.severity,
            message: rule.heading(),
            span,
            note: Phrase::default(),
            labels: Vec::new(),
            help: Vec::new(),
            subject: None,
            fix: None,
            waived: None,
        }
    }

    /// The rule's title in every language.
    pub fn heading(&self) -> Phrase {
        heading(self.code, self.title)
    }

    /// With this headline.
    #[must_use]
    pub fn message(self, message: impl Into<Phrase>) -> Self {
        Self { message: message.into(), ..self }
    }

    /// With these words at the place itself.
    #[must_use]
    pub fn note(self, note: impl Into<Phrase>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// With a remark on another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<Phrase>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// With an advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<Phrase>) -> Self {
        self.help.push(help.into());
        self
    }

    /// With an advice when there is one.
    #[must_use]
    pub fn maybe_help(self, help: Option<impl Into<Phrase>>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// About this thing (a service's name, say): what a waiver's `on` is compared with.
    #[must_use]
    pub fn subject(self, subject: impl Into<Text>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    /// With edits that answer it, when there are any.
    #[must_use]
    pub fn fix(self, title: impl Into<Phrase>, edits: Vec<Edit>) -> Self {
        let fix = (!edits.is_empty()).then(|| Fix { title: title.into(), edits });
        Self { fix, ..self }
    }

    /// At another severity than the rule's.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}
