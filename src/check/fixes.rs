//! What a finding's fix writes into the model: settings into the braces of what it is about, or lines that go.

use std::collections::BTreeMap;

use crate::check::case::Case;
use crate::diag::{Diagnostic, Edit};
use crate::model::{Flow, Origin, PlaceId, RoleId, Service, ServiceId, SettingSource, Settings};
use crate::text::{Phrase, Span, phrase};

/// What answers every finding of a rule.
enum Answer {
    /// One of these settings, as it is written: the one that stands there already, otherwise the first the kind has.
    Put(&'static [&'static str]),
    /// As above, but only in place of one that stands there.
    Replace(&'static [&'static str]),
    /// The statement goes.
    Delete,
}

/// Rules whose findings are answered alike wherever they stand. Others state their edit themselves or leave it to people.
const ANSWERS: &[(&str, Answer)] = &[
    ("AUTH-303", Answer::Put(&["mfa required"])),
    ("AUTH-306", Answer::Replace(&["guests off"])),
    ("COST-510", Answer::Replace(&["logs 90 d", "retention 90 d"])),
    ("COST-511", Answer::Put(&["lifecycle ia 90 d"])),
    ("DATA-401", Answer::Put(&["key own"])),
    ("DATA-407", Answer::Put(&["rotate 30 d"])),
    ("DATA-409", Answer::Replace(&["public off"])),
    ("IAM-101", Answer::Delete),
    ("NET-201", Answer::Replace(&["public off"])),
    ("NET-202", Answer::Delete),
    ("NET-203", Answer::Replace(&["public off"])),
    ("NET-204", Answer::Delete),
    ("NET-212", Answer::Put(&["flow-logs 30 d"])),
    ("OPS-603", Answer::Put(&["logs 90 d"])),
    ("OPS-604", Answer::Put(&["health \"/healthz\""])),
    ("REL-104", Answer::Put(&["dlq after 5"])),
    ("REL-109", Answer::Put(&["pitr", "backup 7 d"])),
    ("REL-111", Answer::Replace(&["deletion-protection on"])),
];

/// A thing that has braces.
#[derive(Clone, Copy)]
enum Owner {
    Service(ServiceId),
    Place(PlaceId),
    Role(RoleId),
}

/// Gives findings their fixes where the table has one.
pub(super) fn attach(case: &Case<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let owners = owners(case);
    findings.into_iter().map(|finding| attach_one(case, &owners, finding)).collect()
}

/// What each name of the model stands for.
fn owners<'a>(case: &Case<'a>) -> BTreeMap<&'a str, Owner> {
    let model = case.model;
    let services = model.services.iter().map(|(id, service)| (service.name.as_str(), Owner::Service(id)));
    let places = model.places.iter().map(|(id, place)| (place.name.as_str(), Owner::Place(id)));
    let roles = model.roles.iter().map(|(id, role)| (role.name.as_str(), Owner::Role(id)));
    services.chain(places).chain(roles).collect()
}

fn attach_one(case: &Case<'_>, owners: &BTreeMap<&str, Owner>, finding: Diagnostic) -> Diagnostic {
    let row = ANSWERS.iter().find(|(code, _)| *code == finding.code && finding.fix.is_none());
    let Some((_, answer)) = row else { return finding };
    if matches!(answer, Answer::Delete) {
        let edits = vec![Edit::delete(finding.span)];
        return finding.fix(Phrase::new("delete this line", "borrar esta línea"), edits);
    }
    let subject: String = finding.subject.iter().flat_map(|subject| subject.chars()).collect();
    let Some(owner) = owners.get(subject.as_str()) else { return finding };
    match wanted(case, *owner, answer) {
        Some((text, edit)) => finding.fix(title(text, &subject), vec![edit]),
        None => finding,
    }
}

fn title(text: &str, name: &str) -> Phrase {
    phrase!("write `{text}` in the braces of `{name}`", "escribir `{text}` en las llaves de `{name}`")
}

/// The setting that answers, and its edit.
fn wanted(case: &Case<'_>, owner: Owner, answer: &Answer) -> Option<(&'static str, Edit)> {
    let (texts, inserts): (&'static [&'static str], bool) = match answer {
        Answer::Put(texts) => (texts, true),
        Answer::Replace(texts) => (texts, false),
        Answer::Delete => return None,
    };
    let service = match owner {
        Owner::Service(id) => &case.model.services[id],
        // A role is asked for a second factor by one word.
        Owner::Role(id) => return Some(("mfa", Edit::inside(case.model.roles[id].span, "mfa"))),
        Owner::Place(id) => {
            let place = &case.model.places[id];
            let text = texts.first().filter(|_| !place.derived)?;
            return Some((*text, put(&place.settings, place.span, text)?));
        }
    };
    let standing = texts.iter().find(|text| service.settings.is_stated(first_word(text)));
    let can =
        || texts.iter().find(|text| service.kind.setting(first_word(text)).is_some()).filter(|_| inserts);
    let text = standing.or_else(can)?;
    Some((*text, put_in(service, text)?))
}

/// The edit that writes a setting into the braces of a declared service.
pub(super) fn put_in(service: &Service, text: &str) -> Option<Edit> {
    if service.is_derived() { None } else { put(&service.settings, service.span, text) }
}

/// In place of the same setting when it stands in the braces behind `head`, otherwise as the first of them. Nothing when the
/// environment or a statement elsewhere gives it, which an edit here would not change.
fn put(settings: &Settings, head: Span, text: &str) -> Option<Edit> {
    let standing = settings.0.get(first_word(text));
    match standing.filter(|setting| setting.source != SettingSource::Assumed) {
        None => Some(Edit::inside(head, text)),
        Some(setting) if setting.source == SettingSource::Defaults => Some(Edit::inside(head, text)),
        Some(setting) if setting.source == SettingSource::Stated && setting.span.file == head.file => {
            Some(Edit::replace(setting.span, text))
        }
        Some(_) => None,
    }
}

/// The finding with an edit that writes a setting into the braces of a service.
pub(super) fn written(case: &Case<'_>, id: ServiceId, setting: &str, finding: Diagnostic) -> Diagnostic {
    let service = &case.model.services[id];
    let edit = put_in(service, setting);
    finding.fix(title(setting, service.name.as_str()), edit.into_iter().collect())
}

/// The finding with an edit that gives an arrow this clause; a derived flow has none of its own.
pub(super) fn on_arrow(flow: &Flow, clause: &str, finding: Diagnostic) -> Diagnostic {
    if !matches!(flow.origin, Origin::Declared) {
        return finding;
    }
    let title = phrase!("write `{clause}` on the arrow", "escribir `{clause}` en la flecha");
    finding.fix(title, vec![Edit::clause(flow.span, clause)])
}

/// The finding with an edit that adds a statement at the end of the system's file.
pub(super) fn added(case: &Case<'_>, statement: &str, finding: Diagnostic) -> Diagnostic {
    let title = phrase!("add `{statement}`", "añadir `{statement}`");
    finding.fix(title, vec![Edit::last(case.model.system.span, statement)])
}

/// The topic that people hear, when there is exactly one: where news of the system go without asking anybody.
pub(super) fn only_topic(case: &Case<'_>) -> Option<ServiceId> {
    only(case, |service| service.is_a("sns") && service.settings.is_on("email"))
}

/// The user pool, when there is exactly one.
pub(super) fn only_pool(case: &Case<'_>) -> Option<ServiceId> {
    only(case, |service| service.is_a("cognito"))
}

fn only(case: &Case<'_>, wanted: impl Fn(&Service) -> bool) -> Option<ServiceId> {
    let mut found = case.model.services.iter().filter(|(_, s)| !s.is_derived() && wanted(s));
    found.next().filter(|_| found.next().is_none()).map(|(id, _)| id)
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}
