//! `docs/reference/kinds.md` is written from the catalogue, so it cannot lag behind. `BLESS=1 cargo test kinds_page` writes it anew.
#![allow(clippy::disallowed_methods, reason = "this test writes and reads the page it holds")]

use std::fmt::Write as _;

use archc::catalog::{Catalog, Kind, SettingSpec, SettingType, Verb};

const PAGE: &str = "docs/reference/kinds.md";

const HEAD: &str = "# Kinds\n\n\
    What can begin a declaration, with its settings and verbs. This page is written from `catalog/`; `archc kinds KIND` prints the same\n\
    at the prompt. A bare flag means on; `off` after it turns it off. `~` marks a figure that was not verified.\n";

/// How a value of a type is written.
fn shape(setting: &SettingSpec) -> String {
    let written = match setting.kind {
        SettingType::Flag => return String::new(),
        SettingType::Text => "\"TEXT\"".to_owned(),
        SettingType::Name => "NAME".to_owned(),
        SettingType::Names => "NAME, NAME".to_owned(),
        SettingType::Scaling => "2..6 on METRIC TARGET".to_owned(),
        SettingType::Transition => "CLASS 90 d".to_owned(),
        SettingType::Cidr => "10.0.0.0/16".to_owned(),
        SettingType::Word | SettingType::Words if !setting.values.is_empty() => setting.values.join(" \\| "),
        SettingType::Word => "WORD".to_owned(),
        SettingType::Words => "WORD, WORD".to_owned(),
        _ => format!(
            "N {}",
            setting.unit.as_deref().filter(|_| setting.kind != SettingType::Count).unwrap_or_default()
        ),
    };
    let keyword = setting.keyword.iter().map(String::as_str);
    let value: String = keyword.chain([written.trim_end()]).collect::<Vec<_>>().join(" ");
    if setting.optional { format!(" [{value}]") } else { format!(" {value}") }
}

fn setting_row(setting: &SettingSpec) -> String {
    let bounds = match (&setting.min, &setting.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => String::new(),
    };
    let unsure = if setting.src.starts_with("memory") && !bounds.is_empty() { " ~" } else { "" };
    let default = setting.default_written().unwrap_or_default();
    format!("| `{}{}` | {} | {bounds}{unsure} | {default} |\n", setting.name, shape(setting), setting.doc)
}

fn verb_row(verb: &Verb) -> String {
    let who = if verb.is_human() { "people" } else { "services" };
    let actions: Vec<&str> = verb.allow.iter().flat_map(|allow| &allow.actions).map(String::as_str).collect();
    let union = (!verb.expands.is_empty()).then(|| format!("all of {}", verb.expands.join(", ")));
    let grants: Vec<String> =
        union.into_iter().chain((!actions.is_empty()).then(|| actions.join(", "))).collect();
    let grants = if grants.is_empty() { "a network path".to_owned() } else { grants.join("; ") };
    format!("| {} | {} | {who} | {grants} |\n", verb.name, verb.aliases.join(", "))
}

fn section(kind: &Kind) -> String {
    let mut page = format!("\n## {}\n\n**{}** {}.\n", kind.word, kind.name, kind.role);
    let sla = &kind.availability;
    if sla.sla.0 < 1_000_000 {
        let unsure = if sla.is_from_memory() { " ~" } else { "" };
        let _ = writeln!(page, "Availability that AWS commits to: {}{unsure}.", sla.sla);
    }
    if !kind.declarable {
        page.push_str("It is a place, a statement of its own, or always derived; nobody declares it by this word alone.\n");
    }
    if !kind.settings.is_empty() {
        page.push_str("\n| setting | meaning | bounds | default |\n| --- | --- | --- | --- |\n");
        page.extend(kind.settings.iter().map(setting_row));
    }
    if !kind.access.is_empty() {
        page.push_str("\n| verb | also | for | grants |\n| --- | --- | --- | --- |\n");
        page.extend(kind.access.iter().map(verb_row));
    }
    page
}

fn page() -> String {
    let catalog = Catalog::embedded();
    let mut page = HEAD.to_owned();
    page.push_str("\n## Every kind\n\n| setting | meaning | bounds | default |\n| --- | --- | --- | --- |\n");
    page.extend(catalog.shared_settings().iter().map(setting_row));
    let mut kinds: Vec<&Kind> = catalog.kinds().collect();
    kinds.sort_by_key(|kind| &kind.word);
    page.extend(kinds.into_iter().map(section));
    page
}

#[test]
fn the_page_of_kinds_is_what_the_catalogue_says() {
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == page, "{PAGE} is old: run `BLESS=1 cargo test kinds_page`");
}
