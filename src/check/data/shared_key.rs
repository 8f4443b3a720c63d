//! DATA-401: sensitive data under a key that others share.

use crate::catalog::Trait;
use crate::check::case::{Case, Check};
use crate::check::place::about;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{DataClass, Service};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule {
        code: "DATA-401",
        title: "sensitive data stored unencrypted or under a shared key",
        severity: Severity::High,
    },
    find,
};

fn find(case: &Case) -> Vec<Diagnostic> {
    let stores = case.model.services.iter().filter(|(_, service)| is_shared(service));
    stores
        .filter_map(|(id, service)| {
            let class = service.holds().filter(|class| class.is_sensitive()).max()?;
            let message = phrase!(
                "`{}` holds {} under a key that others share",
                "`{}` guarda {} con una clave que otros comparten",
                service.name,
                DataClass::name(class)
            );
            let finding = about(&CHECK.rule, case, id).message(message);
            Some(finding.help(Phrase::new(
                "give it a key of its own: write `key own` in its braces",
                "dale clave propia: escribe `key own` en sus llaves",
            )))
        })
        .collect()
}

/// Could it have a key of its own, and has none? A secret store is encrypted for its own purpose.
fn is_shared(service: &Service) -> bool {
    service.kind.setting("key").is_some()
        && !service.kind.has(Trait::Secret)
        && service.settings.word("key") != Some("own")
        && !service.is_derived()
}
