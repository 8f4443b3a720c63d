//! Generated models: whatever an architect combines, resolving, deriving and checking end, and point into the text.

use std::fmt::Write as _;

use archc::catalog::{Catalog, Kind, SettingSpec, SettingType};
use archc::diag::Diagnostic;
use archc::text::Sources;
use proptest::prelude::*;

use crate::support::review;

/// A sequence of choices that follows from a seed.
struct Choices(u64);

impl Choices {
    /// A number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("a remainder is small")
    }

    fn one<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// True once in `times`.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// A value of the setting's type: mostly one the catalogue allows, sometimes an extreme one.
fn value(choices: &mut Choices, spec: &SettingSpec, names: &[String]) -> Option<String> {
    if let (Some(written), false) = (spec.default_written(), choices.once_in(3)) {
        let keyword = spec.keyword.as_ref().map(|word| format!("{word} ")).unwrap_or_default();
        let is_text = spec.kind == SettingType::Text;
        return (!is_text).then(|| format!("{keyword}{written}"));
    }
    let word = |choices: &mut Choices| match spec.values.as_slice() {
        [] => "word".to_owned(),
        values => choices.one(values).clone(),
    };
    Some(match spec.kind {
        SettingType::Flag => choices.one(&["on", "off"]).to_string(),
        SettingType::Count => choices.one(&["1", "2", "7", "1000000", "18446744073709551"]).to_string(),
        SettingType::Percent => choices.one(&["0%", "50%", "100%", "0.001%"]).to_string(),
        SettingType::Time => choices.one(&["1 ms", "30 s", "15 min", "7 d", "3650 d", "0 s"]).to_string(),
        SettingType::Bytes => choices.one(&["0 B", "4 KB", "512 MB", "50 GB", "16000 TB"]).to_string(),
        SettingType::Rate => choices.one(&["1/d", "20 rps", "1000000 rps"]).to_string(),
        SettingType::Money => "3 USD".to_owned(),
        SettingType::Word | SettingType::Words => word(choices),
        SettingType::Text => "\"/a \\\"b\\\" ${c}\"".to_owned(),
        SettingType::Name | SettingType::Names => choices.one(names).clone(),
        SettingType::Scaling => choices.one(&["1..2 on cpu 50%", "2..40", "0..1", "3"]).to_string(),
        SettingType::Transition => "ia 90 d".to_owned(),
        SettingType::Cidr => "10.0.0.0/8".to_owned(),
    })
}

fn declaration(choices: &mut Choices, kind: &Kind, name: &str, names: &[String]) -> String {
    let mut settings = Vec::new();
    for spec in &kind.settings {
        let wanted = spec.kind != SettingType::Flag || spec.values.is_empty();
        if wanted && choices.once_in(3) {
            let value = value(choices, spec, names);
            let keyword = spec
                .keyword
                .as_ref()
                .filter(|word| value.as_ref().is_some_and(|value| !value.starts_with(*word)));
            let keyword = keyword.map(|word| format!("{word} ")).unwrap_or_default();
            settings.extend(value.map(|value| format!("{} {keyword}{value}", spec.name)));
        }
    }
    format!("{} {name} {{ {} }}\n", kind.word, settings.join("; "))
}

/// A model of some services of any kinds, most of its flows possible.
fn model(catalog: &Catalog, seed: u64, size: usize) -> String {
    let mut choices = Choices(seed | 1);
    let kinds: Vec<&Kind> = catalog.kinds().filter(|kind| kind.declarable && !kind.container).collect();
    let chosen: Vec<&Kind> = (0..size).map(|_| *choices.one(&kinds)).collect();
    let names: Vec<String> = (0..size).map(|at| format!("s{at}")).collect();
    let (mut inside, mut outside) = (String::new(), String::new());
    for (kind, name) in chosen.iter().zip(&names) {
        let text = declaration(&mut choices, kind, name, &names);
        let in_network = kind.placement.is_vpc() || (kind.placement_optional.is_some() && choices.once_in(2));
        if in_network { inside.push_str(&text) } else { outside.push_str(&text) }
    }
    let mut text =
        format!("system demo \"Demo\" in eu-west-1 {{ env prod; zones {} }}\n", 1 + choices.below(3));
    let access = choices.one(&["public", "private", "isolated"]).to_string();
    writeln!(text, "vpc net 10.0.0.0/16 {{\n  tier app {access} {{\n{inside}  }}\n}}\n{outside}")
        .expect("a string takes all");
    for _ in 0..size * 3 {
        flow(&mut choices, catalog, (&chosen, &names), &mut text);
    }
    statements(&mut choices, &names, &mut text);
    text
}

fn flow(choices: &mut Choices, catalog: &Catalog, (kinds, names): (&[&Kind], &[String]), text: &mut String) {
    let (from, to) = (choices.below(names.len()), choices.below(names.len()));
    let rows: Vec<_> =
        catalog.mechanisms(&kinds[from].id, &kinds[to].id).filter(|row| !row.implicit).collect();
    let verbs: Vec<String> = rows.iter().flat_map(|row| row.verbs(&kinds[to].id)).collect();
    let verb = match verbs.as_slice() {
        [] if choices.once_in(9) => "read".to_owned(),
        [] => return,
        verbs => choices.one(verbs).clone(),
    };
    let extra = choices.one(&[
        "",
        " ?",
        " carries pii",
        " share 10%",
        " size 8 KB",
        " timeout 2 s retries 9",
        " tls off",
    ]);
    let (soft, extra) = if *extra == " ?" { (" ?", "") } else { ("", *extra) };
    writeln!(text, "{} -> {} : {verb}{soft}{extra}", names[from], names[to]).expect("a string takes all");
}

fn statements(choices: &mut Choices, names: &[String], text: &mut String) {
    let lines = [
        "load NAME 20 rps, peak 100 rps for 60 h/month",
        "load NAME 0 rps",
        "public NAME because \"it is\"",
        "open port 22 on NAME from 0.0.0.0/0 because \"it is\"",
        "role r for group \"g\" { observe all; administer NAME; never read pii }",
        "grant NAME : actions \"s3:*\" on OTHER because \"it is\"",
        "slo 99.9% over 30 d on NAME",
        "recover NAME { rpo 5 min; rto 1 h }",
        "budget 10 USD monthly for demo { alert 80% actual, 100% forecast -> NAME }",
        "alarms auto -> NAME",
        "journey j { NAME -> OTHER }",
        "claim \"c\" : independent NAME, OTHER",
        "claim \"c\" : not reachable-only NAME by OTHER",
        "claim \"c\" : availability NAME > 99%",
        "waive NET-210 on NAME until 2027-01-01 because \"it is\"",
        "config NAME password \"hunter2\"",
        "note NAME \"see @OTHER and @nobody\"",
        "scale NAME 2..6 on cpu 50%",
        "defaults ec2 { size t3.small }",
    ];
    for line in lines {
        if choices.once_in(2) {
            let line = line
                .replace("NAME", choices.one(names).as_str())
                .replace("OTHER", choices.one(names).as_str());
            writeln!(text, "{line}").expect("a string takes all");
        }
    }
}

/// Does the finding point into a file, at characters?
fn is_sound(sources: &Sources, finding: &Diagnostic) -> bool {
    let spans = std::iter::once(finding.span).chain(finding.labels.iter().map(|label| label.span));
    let mut spans = spans.chain(finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span)));
    spans.all(|span| {
        let text = sources.get(span.file).map(|source| source.text.as_str());
        text.is_some_and(|text| text.get(span.start as usize..span.end as usize).is_some())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_combination_is_reviewed_and_findings_point_into_the_text(seed in any::<u64>(), size in 1_usize..24) {
        let text = model(&Catalog::embedded(), seed, size);
        let (review, _) = review(&text);
        for finding in &review.findings {
            prop_assert!(is_sound(&review.sources, finding), "{finding:#?}\n{text}");
            prop_assert!(finding.message.en().terminal().chars().count() <= 80, "{}: {}", finding.code, finding.message.en().terminal());
        }
        let syntax = review.findings.iter().find(|finding| finding.code.starts_with("SYN-"));
        prop_assert!(syntax.is_none(), "{syntax:#?}\n{text}");
    }
}
