//! MODEL-709: waivers cover findings; one that is expired or covers nothing is a finding itself.
//!
//! A waiver of a scanner's rule covers what that scanner will find in the Terraform: here it is only held against what there can be.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Kind, scanner_rule, scanners};
use crate::check::case::Case;
use crate::diag::{Diagnostic, Edit, Rule, Severity};
use crate::model::Waiver;
use crate::text::{Ident, Phrase, did_you_mean, phrase};
use crate::units::Date;

/// Waivers expire, and hide nothing but what they name.
pub const WAIVER_WITHOUT_EFFECT: Rule =
    Rule { code: "MODEL-709", title: "waiver expired or unused", severity: Severity::Medium };

/// Marks the findings that waivers cover and adds the findings about the waivers themselves.
///
/// An error is never covered: what cannot be built does not become sound by a reason.
pub fn apply(case: &Case<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    apply_some(case, findings, |waiver| !is_of_drift(waiver))
}

/// The same for the differences from a plan, whose waivers say nothing about the model alone.
pub fn apply_to_drift(case: &Case<'_>, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    apply_some(case, findings, is_of_drift)
}

fn is_of_drift(waiver: &Waiver) -> bool {
    waiver.code.value.starts_with("DRIFT-")
}

fn apply_some(
    case: &Case<'_>,
    mut findings: Vec<Diagnostic>,
    is_meant: fn(&Waiver) -> bool,
) -> Vec<Diagnostic> {
    let mut about_waivers = Vec::new();
    for waiver in case.model.waivers.iter().filter(|waiver| is_meant(waiver)) {
        if let Some(until) = waiver.until.filter(|until| *until < case.today) {
            about_waivers.push(expired(waiver, until));
            continue;
        }
        if let Some((_, types)) = scanner_rule(&waiver.code.value) {
            about_waivers.extend((!has_blocks(case, waiver, types)).then(|| without_blocks(waiver)));
            continue;
        }
        let covered = findings.iter().filter(|finding| names(waiver, finding)).count();
        if waiver.on.is_none() && covered > 1 {
            about_waivers.push(too_wide(waiver, covered));
            continue;
        }
        let (mut used, mut refused) = (false, false);
        for finding in findings.iter_mut().filter(|finding| names(waiver, finding)) {
            if finding.severity == Severity::Error {
                refused = true;
            } else {
                finding.waived = Some(waiver.because.clone().unwrap_or_default());
                used = true;
            }
        }
        if !used {
            about_waivers.push(if refused { of_error(waiver) } else { unused(case.catalog, waiver) });
        }
    }
    findings.extend(about_waivers);
    findings
}

/// Is the finding of the waiver's code and about its thing?
fn names(waiver: &Waiver, finding: &Diagnostic) -> bool {
    let same_thing = waiver
        .on
        .as_ref()
        .is_none_or(|on| finding.subject.as_ref().is_some_and(|subject| subject.is(on.value.as_str())));
    finding.code == waiver.code.value && same_thing
}

/// Can there be Terraform that a scanner's rule complains about and that belongs to what the waiver names?
fn has_blocks(case: &Case<'_>, waiver: &Waiver, types: &BTreeSet<String>) -> bool {
    let Some(on) = &waiver.on else { return true };
    let name = on.value.as_str();
    let is_place = || case.model.places.values().any(|place| place.name.as_str() == name);
    let is_role = || case.model.roles.values().any(|role| role.name.as_str() == name);
    match case.model.service(name) {
        Some(id) => types.iter().any(|kind| can_have(case, &case.model.services[id].kind, kind)),
        None => is_role() || is_place(),
    }
}

/// Types that any service may have beside those of its kind.
const COMMON: [&str; 6] = [
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_kms_key",
    "aws_security_group",
];

/// Is a type one of the kind's, one that any service may have, or none that another kind claims?
fn can_have(case: &Case<'_>, kind: &Kind, wanted: &str) -> bool {
    let has = |kind: &Kind| kind.terraform.iter().any(|known| known == wanted);
    has(kind) || COMMON.contains(&wanted) || !case.catalog.kinds().any(has)
}

fn without_blocks(waiver: &Waiver) -> Diagnostic {
    let finding = about(
        waiver,
        phrase!(
            "nothing that the Terraform has for this is looked at by {}",
            "{} no mira nada de lo que hay en el Terraform para esto",
            code(waiver)
        ),
    );
    finding.help(Phrase::new(
        "delete it, or correct its rule or its `on`",
        "bórrala, o corrige su regla o su `on`",
    ))
}

/// The waiver's code as it may be printed.
fn code(waiver: &Waiver) -> Ident {
    Ident::sanitized(&waiver.code.value)
}

/// A finding about a waiver, under the name that it is about.
fn about(waiver: &Waiver, message: Phrase) -> Diagnostic {
    let finding = WAIVER_WITHOUT_EFFECT.at(waiver.span).message(message);
    match &waiver.on {
        Some(on) => finding.subject(on.value.as_str()),
        None => finding,
    }
}

fn expired(waiver: &Waiver, until: Date) -> Diagnostic {
    let finding = about(
        waiver,
        phrase!("the waiver of {} expired on {until}", "la excepción de {} venció el {until}", code(waiver)),
    );
    let title = Phrase::new("delete the waiver", "borrar la excepción");
    finding.fix(title, vec![Edit::delete(waiver.span)]).help(Phrase::new(
        "mend the finding, or decide again and write a new date",
        "corrige el hallazgo, o decide de nuevo y escribe otra fecha",
    ))
}

/// One reason does not answer several findings, and would hide the next one too.
fn too_wide(waiver: &Waiver, covered: usize) -> Diagnostic {
    let finding = about(
        waiver,
        phrase!(
            "the waiver of {} names {covered} findings, and a waiver is for one",
            "la excepción de {} nombra {covered} hallazgos, y una excepción es para uno",
            code(waiver)
        ),
    );
    finding.help(phrase!(
        "say on what: `waive {} on NAME until DATE because \"…\"`, a line for each",
        "di sobre qué: `waive {} on NAME until DATE because \"…\"`, una línea para cada uno",
        code(waiver)
    ))
}

fn of_error(waiver: &Waiver) -> Diagnostic {
    let finding = about(
        waiver,
        phrase!(
            "{} is an error, and an error cannot be waived",
            "{} es un error, y un error no se puede aceptar",
            code(waiver)
        ),
    );
    finding.help(Phrase::new(
        "mend the finding and delete the waiver",
        "corrige el hallazgo y borra la excepción",
    ))
}

/// Covers nothing: because of its code, of its name, or because the finding is gone.
fn unused(catalog: &Catalog, waiver: &Waiver) -> Diagnostic {
    let finding = about(
        waiver,
        phrase!(
            "the waiver of {} covers no finding",
            "la excepción de {} no cubre ningún hallazgo",
            code(waiver)
        ),
    );
    let similar = if catalog.check(&waiver.code.value).is_some() {
        None
    } else {
        let rules = scanners().iter().flat_map(|scanner| scanner.rules.keys().map(String::as_str));
        did_you_mean(&waiver.code.value, catalog.check_codes().chain(rules))
    };
    let title = Phrase::new("delete the waiver", "borrar la excepción");
    let finding = finding.fix(title, vec![Edit::delete(waiver.span)]);
    finding.maybe_help(similar).help(Phrase::new(
        "delete it, or correct its code or its `on`",
        "bórrala, o corrige su código o su `on`",
    ))
}
