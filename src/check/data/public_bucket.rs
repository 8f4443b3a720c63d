//! DATA-409: a bucket anybody can read or write.

use crate::check::case::{Case, Check};
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::phrase;

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "DATA-409", title: "public bucket", severity: Severity::Error }, find };

fn find(case: &Case) -> Vec<Diagnostic> {
    let buckets = case.model.services.iter().filter(|(_, service)| service.is_a("s3"));
    buckets
        .filter_map(|(id, service)| {
            let by_setting = service.settings.span("public").filter(|_| service.settings.is_on("public"));
            let by_statement =
                case.model.publics.iter().find(|public| public.on == id).map(|public| public.span);
            let span = by_setting.or(by_statement)?;
            let name = &service.name;
            let finding = CHECK.rule.at(span).message(phrase!(
                "anybody can reach the bucket `{name}`",
                "cualquiera puede alcanzar el bucket `{name}`"
            ));
            let finding = finding.help(phrase!(
                "serve it through a CDN: `cloudfront cdn` and `cdn -> {name} : read`",
                "sírvelo por una CDN: `cloudfront cdn` y `cdn -> {name} : read`"
            ));
            Some(finding.subject(name.as_str()))
        })
        .collect()
}
