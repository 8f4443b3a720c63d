//! MODEL-709: waivers cover findings; one that is expired or covers nothing is a finding itself.

use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Model, Waiver};
use crate::units::Date;

/// Waivers expire, and hide nothing but what they name.
pub const WAIVER_WITHOUT_EFFECT: Rule =
    Rule { code: "MODEL-709", title: "waiver expired or unused", severity: Severity::Medium };

/// Marks the findings that waivers cover and adds the findings about the waivers themselves.
pub fn apply(model: &Model, today: Date, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut about_waivers = Vec::new();
    for waiver in &model.waivers {
        if let Some(until) = waiver.until.filter(|until| *until < today) {
            about_waivers.push(expired(waiver, until));
            continue;
        }
        let mut used = false;
        for finding in findings.iter_mut().filter(|finding| covers(waiver, finding)) {
            finding.waived = Some(waiver.because.clone().unwrap_or_default());
            used = true;
        }
        if !used {
            about_waivers.push(unused(waiver));
        }
    }
    findings.extend(about_waivers);
    findings
}

/// Is the finding of the waiver's code and about its thing?
fn covers(waiver: &Waiver, finding: &Diagnostic) -> bool {
    let same_thing = waiver
        .on
        .as_ref()
        .is_none_or(|on| finding.subject.as_ref().is_some_and(|subject| subject.is(on.value.as_str())));
    finding.code == waiver.code.value && same_thing
}

fn expired(waiver: &Waiver, until: Date) -> Diagnostic {
    let message = format!("the waiver of {} expired on {until}", waiver.code.value);
    let finding = WAIVER_WITHOUT_EFFECT.at(waiver.span).message(message);
    finding.help("mend the finding, or decide again and write a new date")
}

fn unused(waiver: &Waiver) -> Diagnostic {
    let message = format!("the waiver of {} covers no finding", waiver.code.value);
    WAIVER_WITHOUT_EFFECT.at(waiver.span).message(message).help("delete it, or correct its code or its `on`")
}
