//! Findings by severity, each rule once, with what to do.

use serde::Serialize;

use crate::diag::{Diagnostic, Severity};
use crate::emit::report::Subject;
use crate::emit::report::markdown::Markdown;
use crate::text::{Language, Text};

/// The chapter.
#[derive(Debug, Serialize)]
pub(super) struct Findings {
    levels: Vec<Level>,
    waived: Vec<WaivedRow>,
}

/// All open findings of one severity.
#[derive(Debug, Serialize)]
struct Level {
    name: Markdown,
    groups: Vec<Group>,
}

/// One rule and where it is broken.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub code: &'static str,
    pub title: Markdown,
    pub why: Markdown,
    pub severity: &'static str,
    pub cases: Vec<CaseRow>,
    /// What to do, when it is the same for all.
    pub common: Vec<Markdown>,
    /// Does `archc check --fix` write it, for one of them at least?
    pub mends: bool,
}

/// One place where a rule is broken.
#[derive(Debug, Serialize)]
pub(super) struct CaseRow {
    pub message: Markdown,
    pub place: Markdown,
    pub fix: Vec<Markdown>,
    /// What a waiver would be written on.
    #[serde(skip)]
    pub subject: Option<Text>,
}

#[derive(Debug, Serialize)]
struct WaivedRow {
    code: &'static str,
    title: Markdown,
    message: Markdown,
    place: Markdown,
    reason: Markdown,
}

pub(super) fn findings(subject: Subject<'_>) -> Findings {
    let all = subject.review.findings.iter();
    let waived = all.filter_map(|finding| Some((finding, finding.waived.as_ref()?)));
    let level = |severity: Severity| {
        let groups = groups(subject, |finding| finding.severity == severity);
        let name = Markdown::own(severity.title(subject.language));
        (!groups.is_empty()).then_some(Level { name, groups })
    };
    Findings {
        levels: Severity::all().filter_map(level).collect(),
        waived: waived
            .map(|(finding, reason)| WaivedRow {
                code: finding.code,
                title: title(subject, finding),
                message: subject.sentence(&finding.message),
                place: Markdown::place(&subject.review.sources, finding.span),
                reason: Markdown::text(reason),
            })
            .collect(),
    }
}

/// The open findings of which something holds, by rule, in the order of the first of each.
pub(super) fn groups(subject: Subject<'_>, wanted: impl Fn(&Diagnostic) -> bool) -> Vec<Group> {
    let open = subject.review.findings.iter().filter(|finding| finding.waived.is_none() && wanted(finding));
    let mut groups: Vec<Group> = Vec::new();
    for finding in open {
        let known = groups.iter().position(|group| group.code == finding.code);
        let at = known.unwrap_or_else(|| {
            groups.push(group(subject, finding));
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(at) else { continue };
        group.mends |= finding.fix.is_some();
        group.cases.push(CaseRow {
            message: subject.sentence(&finding.message),
            place: Markdown::place(&subject.review.sources, finding.span),
            fix: advice(subject, finding),
            subject: finding.subject.clone(),
        });
    }
    groups.iter_mut().for_each(share_advice);
    groups
}

/// A rule in the report's language: its title and its reason come from the catalogue.
fn group(subject: Subject<'_>, finding: &Diagnostic) -> Group {
    let words = subject.catalog.check(finding.code);
    let why = words.map(|words| subject.say(&words.rationale, &words.rationale_es));
    Group {
        code: finding.code,
        title: title(subject, finding),
        why: why.map(|why| Markdown::message(&Text::new(why))).unwrap_or_default(),
        severity: finding.severity.word(subject.language),
        cases: Vec::new(),
        common: Vec::new(),
        mends: false,
    }
}

fn title(subject: Subject<'_>, finding: &Diagnostic) -> Markdown {
    match subject.catalog.check(finding.code) {
        Some(words) => Markdown::text(&Text::new(subject.say(&words.title, &words.title_es))),
        None => subject.sentence(&finding.heading()),
    }
}

/// What a finding tells to do; what its rule tells where it says nothing of its own.
fn advice(subject: Subject<'_>, finding: &Diagnostic) -> Vec<Markdown> {
    let words = subject.catalog.check(finding.code).filter(|_| finding.help.is_empty());
    let general = words.map(|words| {
        Markdown::own(match subject.language {
            Language::En => &words.fix,
            Language::Es => &words.fix_es,
        })
    });
    general.into_iter().chain(finding.help.iter().map(|help| subject.sentence(help))).collect()
}

/// Says an advice once that all cases of a rule have in common.
fn share_advice(group: &mut Group) {
    let Some(first) = group.cases.first().map(|case| case.fix.clone()) else { return };
    if group.cases.iter().all(|case| case.fix == first) {
        group.cases.iter_mut().for_each(|case| case.fix.clear());
        group.common = first;
    }
}
