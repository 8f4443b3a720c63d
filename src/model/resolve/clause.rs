//! Small statements about things: configuration, tags, notes, decisions, sizes, the backend.

use indexmap::IndexMap;

use crate::catalog::Size;
use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::names::Symbol;
use crate::model::resolve::read::{Reader, plain_number};
use crate::model::resolve::rules::{UNKNOWN_SETTING, UNKNOWN_SIZE, WRONG_VALUE};
use crate::model::{Backend, Decision, Note, ServiceId};
use crate::syntax::ast::{self, Argument, Setting, Statement};
use crate::text::{Ident, Phrase, Text, phrase};
use crate::units::{Bytes, Dimension};

/// Resolves all of them.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    for item in &outline.items {
        match item.statement {
            Statement::Config(config) => add_config(builder, config, item.prefix),
            Statement::Tags(tags) => add_tags(builder, tags, item.prefix),
            Statement::Note(note) => add_note(builder, note, item.prefix),
            Statement::Decision(decision) => add_decision(builder, decision),
            Statement::Backend(backend) => add_backend(builder, backend),
            Statement::Size(size) => add_size(builder, size),
            _ => (),
        }
    }
    unknown_sizes(builder);
}

fn add_config(builder: &mut Builder<'_>, config: &ast::Config, prefix: Option<&Ident>) {
    let on = config.on.as_ref().and_then(|name| builder.find_service(name, prefix));
    let (Some(on), Some(key), Some(value)) = (on, &config.key, &config.value) else { return };
    builder.model.services[on].config.push((key.value.clone(), value.value.clone(), config.span));
}

fn add_tags(builder: &mut Builder<'_>, tags: &ast::Tags, prefix: Option<&Ident>) {
    let mut on: Vec<ServiceId> = Vec::new();
    for name in &tags.on {
        match builder.find(name, prefix) {
            Some(Symbol::Service(id)) => on.push(id),
            Some(Symbol::Place(place)) => {
                let all = builder.model.services.ids();
                let inside = |id: &ServiceId| {
                    builder
                        .model
                        .enclosing(builder.model.services[*id].place)
                        .any(|(outer, _)| outer == place)
                };
                on.extend(all.filter(inside));
            }
            Some(other) => builder.wrong_sort(
                name,
                other,
                Phrase::new("a service or a container", "un servicio o un contenedor"),
            ),
            None => (),
        }
    }
    for tag in &tags.tags {
        let Some(value) = Reader::new(builder, tag).text() else { continue };
        for id in &on {
            builder.model.services[*id].tags.insert(tag.name.value.clone(), value.clone());
        }
    }
}

fn add_note(builder: &mut Builder<'_>, note: &ast::Note, prefix: Option<&Ident>) {
    let Some(text) = &note.text else { return };
    let is_system = |name: &ast::Name| name.value == builder.model.system.name;
    let named = note.on.as_ref().filter(|name| !is_system(name));
    let on = named.and_then(|name| builder.find_service(name, prefix));
    builder.model.notes.push(Note { on, text: text.value.clone(), span: note.span });
}

fn add_decision(builder: &mut Builder<'_>, decision: &ast::Decision) {
    let Some(title) = &decision.title else { return };
    let mut result = Decision {
        title: title.value.clone(),
        status: "proposed".to_owned(),
        parts: Vec::new(),
        span: decision.span,
    };
    for setting in &decision.settings {
        if setting.name.value == "status" {
            result.status = Reader::new(builder, setting)
                .word(Phrase::new("a status", "un estado"))
                .unwrap_or(result.status);
        } else if let Some(text) = Reader::new(builder, setting).text() {
            result.parts.push((setting.name.value.clone(), text));
        }
    }
    builder.model.decisions.push(result);
}

fn add_backend(builder: &mut Builder<'_>, backend: &ast::Backend) {
    let Some(kind) = &backend.kind else { return };
    let settings: IndexMap<Ident, Text> = backend
        .settings
        .iter()
        .filter_map(|setting| Some((Ident::new(&setting.name.value)?, plain_text(setting)?)))
        .collect();
    builder.model.backend =
        Some(Backend { kind: Ident::sanitized(&kind.value), settings, span: backend.span });
}

/// The first argument of a setting as text.
fn plain_text(setting: &Setting) -> Option<Text> {
    Some(match &setting.arguments.first()?.value {
        Argument::Text(text) => text.clone(),
        Argument::Word(word) | Argument::Cidr(word) => Text::new(word.as_str()),
        Argument::Quantity(quantity) => Text::new(plain_number(quantity.amount)),
        _ => return None,
    })
}

/// `size m7i.2xlarge { vcpu 8; memory 32 GB; price 0.40 USD/h }`
fn add_size(builder: &mut Builder<'_>, size: &ast::Size) {
    let Some(name) = &size.name else { return };
    let (mut vcpu, mut memory, mut price) = (None, None, None);
    for setting in &size.settings {
        let mut reader = Reader::new(builder, setting);
        match setting.name.value.as_str() {
            "vcpu" => vcpu = reader.count(),
            "memory" => memory = reader.quantity(Dimension::Bytes),
            "price" => price = reader.quantity(Dimension::MoneyPerHour),
            other => {
                let message =
                    phrase!("a size has no `{}`", "un tamaño no tiene `{}`", Ident::sanitized(other));
                let finding = UNKNOWN_SETTING.at(setting.name.span).message(message);
                builder.report(finding.help(Phrase::new(
                    "a size is `{ vcpu 8; memory 32 GB; price 0.40 USD/h }`",
                    "un tamaño es `{ vcpu 8; memory 32 GB; price 0.40 USD/h }`",
                )));
            }
        }
    }
    let vcpu = vcpu.and_then(|vcpu| u32::try_from(vcpu).ok()).filter(|vcpu| (1..=10_000).contains(vcpu));
    let memory = memory.map(Bytes).filter(|memory| memory.0 > 0);
    if let (Some(vcpu), Some(memory), Some(price)) = (vcpu, memory, price) {
        let (pico_usd, src) = (i128::from(price) * 1_000_000, "stated in the model".to_owned());
        let stated = Size { name: name.value.clone(), vcpu, memory, pico_usd, burstable: None, src };
        builder.model.sizes.insert(name.value.clone(), stated);
    } else {
        let message = Phrase::new(
            "a size needs `vcpu` (1 to 10 000), `memory` and `price`",
            "un tamaño necesita `vcpu` (1 a 10 000), `memory` y `price`",
        );
        builder.reject(&WRONG_VALUE, size.span, message);
    }
}

/// Reports sizes neither the catalogue nor the model knows: a warning, because only figures depend on them.
fn unknown_sizes(builder: &mut Builder<'_>) {
    let mut unknown = Vec::new();
    for (id, service) in builder.model.services.iter() {
        let tables =
            service.kind.all_settings().filter_map(|spec| Some((spec.name.as_str(), spec.table.as_deref()?)));
        for (setting, table) in tables {
            let Some(word) = service.settings.word(setting) else { continue };
            if builder.catalog.size(table, word).is_none() && !builder.model.sizes.contains_key(word) {
                unknown.push((id, setting.to_owned(), word.to_owned()));
            }
        }
    }
    for (id, setting, word) in unknown {
        let service = &builder.model.services[id];
        let shown = Ident::sanitized(&word);
        let span = service.settings.span(&setting).unwrap_or(service.span);
        let finding = UNKNOWN_SIZE.at(span).message(phrase!(
            "nothing is known of the size `{shown}`",
            "no se sabe nada del tamaño `{shown}`"
        ));
        let help = phrase!(
            "teach it: `size {shown} {{ vcpu 2; memory 8 GB; price 0.10 USD/h }}`",
            "enséñalo: `size {shown} {{ vcpu 2; memory 8 GB; price 0.10 USD/h }}`"
        );
        builder.report(finding.help(help).subject(service.name.as_str()));
    }
}
