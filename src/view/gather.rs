//! What every view says of a service and of a flow.

use crate::catalog::{Mode, Placement};
use crate::check::Review;
use crate::diag::{Diagnostic, Severity};
use crate::model::{DataClass, Flow, Model, Origin, Service};
use crate::text::{Ident, Language, Text};
use crate::view::words::{Word, word};
use crate::view::{Badge, Cell, Node, Stroke, Tone};

/// The name of a service's kind.
pub(super) fn kind_name(service: &Service, language: Language) -> Text {
    Text::new(match language {
        Language::En => service.kind.name.as_str(),
        Language::Es => service.kind.name_es.as_str(),
    })
}

/// Does it stand outside AWS?
pub(super) fn is_outside(service: &Service) -> bool {
    service.kind.outside || service.kind.placement == Placement::External
}

/// A service as a node, without cells and without a container.
pub(super) fn node(review: &Review, service: &Service, language: Language) -> Node {
    let (title, subtitle) = titles(&review.model, service, language);
    Node {
        id: service.name.clone(),
        title,
        subtitle,
        detail: Text::new(detail(service)),
        icon: service.kind.icon.clone(),
        category: service.kind.category.clone(),
        parent: None,
        derived: service.is_derived(),
        cells: Vec::new(),
        badge: badge(&review.findings, &service.name, language),
        hint: Text::new(hint(service, language)),
        anchor: Some(service.name.clone()),
        opens: None,
    }
}

/// The title and the line under it. A derived thing is called by its parent's title when a service is its parent,
/// and by its kind otherwise, for its own title is only its name.
fn titles(model: &Model, service: &Service, language: Language) -> (Text, Text) {
    let kind = kind_name(service, language);
    if !service.is_derived() {
        return (service.title.clone(), kind);
    }
    let parent = service
        .name
        .as_str()
        .rsplit_once('.')
        .and_then(|(parent, child)| Some((model.service(parent)?, child)));
    let Some((parent, child)) = parent else { return (kind, Text::new(service.name.as_str())) };
    let title: String = model.services[parent].title.chars().collect();
    (Text::new(format!("{title} · {child}")), kind)
}

/// How much of it: `2–6 × t3.medium`, `512 MB`, `FIFO · product_id`.
fn detail(service: &Service) -> String {
    let settings = &service.settings;
    let unit = unit(service);
    let amount = match settings.scaling() {
        Some(scaling) if unit.is_empty() => format!("{}–{}", scaling.min, scaling.max),
        Some(scaling) => format!("{}–{} × {unit}", scaling.min, scaling.max),
        None => unit,
    };
    let fifo = if settings.is_on("fifo") { "FIFO".to_owned() } else { String::new() };
    let stored = settings.is_stated("storage").then(|| settings.bytes("storage")).flatten();
    let stored = stored.map_or_else(String::new, |bytes| bytes.to_string());
    let parts: Vec<String> = [amount, fifo, stored].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// One of it: its size, its processors and memory, or nothing that could be said.
fn unit(service: &Service) -> String {
    let settings = &service.settings;
    if let Some(size) = settings.word("size") {
        return size.to_owned();
    }
    let processors = settings.count("vcpu").map(|count| format!("{count} vCPU"));
    let memory = settings.is_on("memory").then(|| settings.bytes("memory")).flatten();
    let parts: Vec<String> = processors.into_iter().chain(memory.map(|bytes| bytes.to_string())).collect();
    parts.join(", ")
}

/// Why a derived thing is there, what is kept, how it is encrypted.
fn hint(service: &Service, language: Language) -> String {
    let why = match &service.origin {
        Origin::Derived { why, .. } => why.say(language).chars().collect(),
        Origin::Declared => String::new(),
    };
    let key = if has_own_key(service) { word(Word::OwnKey, language).to_owned() } else { String::new() };
    let classes: Vec<&str> = service.holds().map(DataClass::name).collect();
    let parts: Vec<String> = [service.name.to_string(), why, classes.join(", "), key]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n")
}

/// Is what it keeps encrypted with a key of its own?
pub(super) fn has_own_key(service: &Service) -> bool {
    service.settings.word("key") == Some("own")
}

/// The open findings, remarks left out.
pub(super) fn open(findings: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    findings.iter().filter(|finding| finding.waived.is_none() && finding.severity <= Severity::Medium)
}

/// The open findings about a thing.
fn badge(findings: &[Diagnostic], name: &Ident, language: Language) -> Option<Badge> {
    let about = |finding: &&Diagnostic| finding.subject.as_ref().is_some_and(|on| on.is(name.as_str()));
    let open: Vec<&Diagnostic> = open(findings).filter(about).collect();
    let severity = open.iter().map(|finding| finding.severity).min()?;
    let line = |finding: &&Diagnostic| {
        let message: String = finding.message.say(language).chars().collect();
        Text::new(format!("{} {}: {message}", finding.severity.word(language), finding.code))
    };
    Some(Badge { severity, count: open.len(), lines: open.iter().map(line).collect() })
}

/// What stands on a line: the verb, the share of the load, the classes of data.
pub(super) fn label(flow: &Flow, carries: &[DataClass]) -> Text {
    // Where nothing flows per request, a mere `call` would say the contrary.
    let verb = (flow.mode() != Mode::Attach || flow.verb != "call").then(|| flow.verb.clone());
    let share = flow.share.map(|share| format!("{} %", share.percent(1)));
    let classes = carries.iter().map(|class| class.name().to_owned());
    let parts: Vec<String> = verb.into_iter().chain(share).chain(classes).collect();
    Text::new(parts.join(" · "))
}

/// Does a flow carry data that needs care?
pub(super) fn is_sensitive(flow: &Flow) -> bool {
    flow.carries.iter().any(|class| class.is_sensitive())
}

/// How a flow is drawn.
pub(super) fn stroke(flow: &Flow) -> Stroke {
    match flow.mode() {
        Mode::Sync | Mode::Admin => Stroke::Sync,
        Mode::Async | Mode::Stream | Mode::Batch => Stroke::Async,
        Mode::Attach => Stroke::Attach,
    }
}

/// A cell for each class of data a service keeps.
pub(super) fn class_cells(service: &Service) -> Vec<Cell> {
    let tone = |class: DataClass| if class.is_sensitive() { Tone::Sensitive } else { Tone::Plain };
    service.holds().map(|class| Cell { label: Text::new(class.name()), tone: tone(class) }).collect()
}

/// A name for a line that stays when other lines come and go: its ends, its verb, and a number among equals.
pub(super) fn edge_id(taken: &[crate::view::Edge], from: &Ident, to: &Ident, verb: &str) -> Ident {
    let plain = if verb.is_empty() { format!("{from}.{to}") } else { format!("{from}.{to}.{verb}") };
    let candidates =
        std::iter::once(plain.clone()).chain((2..).map(|number: u32| format!("{plain}.{number}")));
    let mut free =
        candidates.map(|name| Ident::sanitized(&name)).filter(|id| taken.iter().all(|edge| edge.id != *id));
    free.next().unwrap_or_else(|| Ident::sanitized("_"))
}

/// What a tooltip says of a flow: its remark, what it carries, what it passes is drawn.
pub(super) fn flow_hint(flow: &Flow) -> Text {
    let remark: String = flow.remark.chars().collect();
    let classes: Vec<&str> = flow.carries.iter().map(|class| class.name()).collect();
    let size = flow.size.map_or_else(String::new, |size| size.to_string());
    let parts: Vec<String> =
        [remark, classes.join(", "), size].into_iter().filter(|part| !part.is_empty()).collect();
    Text::new(parts.join("\n"))
}
