//! The system's own line.

use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::read::Reader;
use crate::model::resolve::rules::{ONE_SYSTEM, UNKNOWN_SETTING, UNKNOWN_WORD, WRONG_VALUE};
use crate::model::{DataClass, System};
use crate::syntax::ast::{self, Setting, Statement};
use crate::text::{Ident, Phrase, Span, Text, one_of, phrase};

/// Takes one setting of the system.
type SystemSetting = fn(&mut Builder<'_>, &Setting);

/// The settings of `system`, each with the function that takes it.
const SETTINGS: &[(&str, SystemSetting)] = &[
    ("env", env),
    ("zones", zones),
    ("owner", owner),
    ("account", account),
    ("data", data),
    ("region", region),
];

/// Resolves the one system line, or reports that there is none or a second one.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    let mut lines = outline.items.iter().filter_map(|item| match item.statement {
        Statement::System(system) => Some(system),
        _ => None,
    });
    let Some(first) = lines.next() else { return missing(builder) };
    take(builder, first);
    for second in lines {
        let finding = ONE_SYSTEM
            .at(second.span)
            .message(Phrase::new("a second `system` line", "una segunda línea `system`"))
            .label(first.span, Phrase::new("the first one", "la primera"));
        builder.report(finding.help(Phrase::new(
            "keep one; an included file needs none",
            "deja una; un archivo incluido no la necesita",
        )));
    }
    overrides(builder, outline);
}

fn missing(builder: &mut Builder<'_>) {
    let finding = ONE_SYSTEM
        .at(Span::default())
        .message(Phrase::new("the model has no `system` line", "el modelo no tiene línea `system`"));
    builder.report(finding.help(Phrase::new(
        "begin with `system NAME \"Title\" in us-east-1 { env prod; zones 2 }`",
        "comienza con `system NAME \"Title\" in us-east-1 { env prod; zones 2 }`",
    )));
}

fn take(builder: &mut Builder<'_>, line: &ast::System) {
    let name = line.name.as_ref().map_or_else(|| Ident::sanitized("system"), |name| name.value.clone());
    let title = line.title.as_ref().map_or_else(|| Text::new(name.as_str()), |title| title.value.clone());
    let default = System::default();
    let region = line.region.as_ref().map_or(default.region.clone(), |region| region.value.clone());
    builder.model.system = System { name, title, region, span: line.span, ..default };
    for setting in &line.settings {
        apply(builder, setting);
    }
}

fn apply(builder: &mut Builder<'_>, setting: &Setting) {
    let name = setting.name.value.as_str();
    if let Some((_, take)) = SETTINGS.iter().find(|(known, _)| *known == name) {
        return take(builder, setting);
    }
    let message =
        phrase!("`system` has no setting `{}`", "`system` no tiene el ajuste `{}`", Ident::sanitized(name));
    let finding = UNKNOWN_SETTING.at(setting.name.span).message(message);
    builder.report(finding.help(one_of(name, SETTINGS.iter().map(|(known, _)| *known))));
}

/// Settings of the environment that name no service are the system's; its name is the stage unless it says otherwise.
fn overrides(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    if let Some(name) = builder.model.environment.clone() {
        builder.model.system.env = name;
    }
    for (setting, _) in outline.overrides.iter().filter(|(setting, _)| is_system_setting(setting)) {
        apply(builder, setting);
    }
}

/// Is it a setting of the system rather than a block for a service?
pub(super) fn is_system_setting(setting: &Setting) -> bool {
    setting.block.is_empty() && SETTINGS.iter().any(|(known, _)| *known == setting.name.value)
}

fn env(builder: &mut Builder<'_>, setting: &Setting) {
    if let Some(word) =
        Reader::new(builder, setting).word(Phrase::new("a stage, such as `prod`", "una etapa, como `prod`"))
    {
        builder.model.system.env = Ident::sanitized(&word);
    }
}

fn region(builder: &mut Builder<'_>, setting: &Setting) {
    let wanted = Phrase::new("a region, such as `eu-west-1`", "una región, como `eu-west-1`");
    if let Some(region) = Reader::new(builder, setting).word(wanted) {
        builder.model.system.region = region;
    }
}

fn zones(builder: &mut Builder<'_>, setting: &Setting) {
    let Some(zones) = Reader::new(builder, setting).count() else { return };
    if (1..=6).contains(&zones) {
        builder.model.system.zones = zones;
    } else {
        builder.reject(
            &crate::model::resolve::rules::OUT_OF_BOUNDS,
            setting.span,
            phrase!(
                "`zones` is {zones}; a region offers 1 to 6",
                "`zones` es {zones}; una región ofrece de 1 a 6"
            ),
        );
    }
}

fn owner(builder: &mut Builder<'_>, setting: &Setting) {
    builder.model.system.owner = Reader::new(builder, setting).text();
}

fn account(builder: &mut Builder<'_>, setting: &Setting) {
    let Some(text) = Reader::new(builder, setting).text() else { return };
    let digits: String = text.chars().collect();
    if digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        builder.model.system.account = Some(digits);
    } else {
        builder.reject(
            &WRONG_VALUE,
            setting.span,
            Phrase::new(
                "an AWS account is 12 digits in quotes",
                "una cuenta de AWS son 12 cifras entre comillas",
            ),
        );
    }
}

fn data(builder: &mut Builder<'_>, setting: &Setting) {
    let mut reader = Reader::new(builder, setting);
    let (Some(word), text) =
        (reader.word(Phrase::new("a class of data", "una clase de datos")), reader.text_if_any())
    else {
        return;
    };
    if let Some(class) = class(builder, &word, setting.span) {
        builder.model.system.data.push((class, text.unwrap_or_default()));
    }
}

/// The data class of a word; reports an unknown one.
pub(super) fn class(builder: &mut Builder<'_>, word: &str, span: Span) -> Option<DataClass> {
    let class = DataClass::from_name(word);
    if class.is_none() {
        let finding = UNKNOWN_WORD.at(span).message(phrase!(
            "`{}` is no class of data",
            "`{}` no es una clase de datos",
            Ident::sanitized(word)
        ));
        builder.report(finding.help(one_of(word, DataClass::NAMES)));
    }
    class
}
