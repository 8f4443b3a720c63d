//! COST-510: logs kept forever.

use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::Service;
use crate::text::{Phrase, phrase};
use crate::units::Millis;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "COST-510", title: "logs kept forever", severity: Severity::Low }, find };

/// Ten years: nobody reads a log of that age, and `CloudWatch` keeps none longer unless it is for ever.
const FOR_EVER: Millis = Millis(3_650 * 86_400_000);

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let endless = case.model.services.iter().filter_map(|(id, service)| {
        let (setting, kept) = endless(service)?;
        let message = phrase!(
            "what `{}` logs is kept for {} years",
            "lo que `{}` registra se guarda {} años",
            service.name,
            kept.days() / 365
        );
        let span = service.settings.span(setting).unwrap_or(service.span);
        let found = about(&CHECK.rule, case, id)
            .message(message)
            .label(span, Phrase::new("as good as for ever", "casi para siempre"));
        let help = phrase!(
            "keep it for a time: `{} {} {{ {setting} 90 d }}`",
            "guárdalo un tiempo: `{} {} {{ {setting} 90 d }}`",
            service.kind.word,
            service.name
        );
        Some(
            found
                .note(Phrase::new("0.03 USD for each GB and month", "0.03 USD por cada GB y mes"))
                .help(help),
        )
    });
    endless.collect()
}

/// The setting by which its logs are kept as good as for ever, with the time.
fn endless(service: &Service) -> Option<(&'static str, Millis)> {
    let kept = |setting: &'static str| Some((setting, service.settings.time(setting)?));
    ["logs", "retention"].into_iter().filter_map(kept).find(|(_, kept)| *kept >= FOR_EVER)
}
