//! COST-510: logs kept forever.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Service, Value};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "COST-510", title: "logs kept forever", severity: Severity::Low }, find };

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let endless = case.model.services.iter().filter_map(|(id, service)| {
        let setting = endless(service)?;
        let message = format!("what `{}` logs is kept for ever", service.name);
        let span = service.settings.span(setting).unwrap_or(service.span);
        let found = about(&CHECK.rule, case, id).message(message).label(span, "no end is set");
        let help =
            format!("keep it for a time: `{} {} {{ {setting} 90 d }}`", service.kind.word, service.name);
        Some(found.note("0.03 USD for each GB and month").help(help))
    });
    endless.collect()
}

/// The setting that would end the keeping, when it is written off: code that runs logs in any case.
fn endless(service: &Service) -> Option<&'static str> {
    let off = |setting: &str| {
        service.settings.0.get(setting).is_some_and(|found| found.value == Value::Flag(false))
    };
    let runs = service.kind.has(Trait::AssumesRole) && service.kind.has(Trait::Scalable);
    let found = [("logs", runs), ("retention", service.kind.has(Trait::Observability))];
    found.into_iter().find(|(setting, keeps)| *keeps && off(setting)).map(|(setting, _)| setting)
}
