//! Arrows become flows: both ends, the mechanism that makes them possible, and what was said about them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{End, Mechanism, Trait};
use crate::diag::{Diagnostic, Severity};
use crate::model::resolve::builder::Builder;
use crate::model::resolve::environment::Outline;
use crate::model::resolve::read::Reader;
use crate::model::resolve::rules::{AUTHORIZER_AS_FLOW, OUT_OF_BOUNDS, SHARES_OVER_WHOLE, UNKNOWN_SETTING};
use crate::model::resolve::system::class;
use crate::model::{Flow, Origin, ServiceId};
use crate::syntax::ast::{self, Setting, Statement, Word};
use crate::text::{Ident, Phrase, Span, Text, one_of, phrase};
use crate::units::{Bytes, Dimension, Millis, Percent};

/// A flow, an extra of its arrow, and what is still reported.
type Extra = fn(&mut Builder<'_>, &Setting, &mut Flow);

/// The words that may follow an arrow, each with the function that takes it.
const EXTRAS: &[(&str, Extra)] = &[
    ("share", share),
    ("carries", carries),
    ("size", size),
    ("timeout", timeout),
    ("retries", retries),
    ("idempotent", idempotent),
    ("tls", tls),
    ("path", path),
];

/// Resolves every arrow.
pub(super) fn resolve(builder: &mut Builder<'_>, outline: &Outline<'_>) {
    for item in &outline.items {
        if let Statement::Flow(arrow) = item.statement {
            add(builder, arrow, item.prefix);
        }
    }
    shares_fit(builder);
    pools_fit(builder);
}

/// Adds one flow for every pair of ends and every verb.
fn add(builder: &mut Builder<'_>, arrow: &ast::Flow, prefix: Option<&Ident>) {
    let from = builder.find_services(&arrow.from, prefix);
    let to = builder.find_services(&arrow.to, prefix);
    for (&from, &to) in from.iter().flat_map(|from| to.iter().map(move |to| (from, to))) {
        for verb in &arrow.verbs {
            add_one(builder, arrow, (from, to), verb);
        }
    }
}

fn add_one(builder: &mut Builder<'_>, arrow: &ast::Flow, (from, to): (ServiceId, ServiceId), verb: &Word) {
    let found = mechanism(builder, (from, to), &verb.value);
    if let Some((mechanism, _)) = &found
        && mechanism.verb_on == End::From
        && mechanism.via.contains("authorizer")
    {
        return authorizer_as_flow(builder, (from, to), arrow.span);
    }
    let (mechanism, verb) = match found {
        Some((mechanism, verb)) => (Some(mechanism), verb),
        None => (None, verb.value.clone()),
    };
    let mut flow = Flow { mechanism, soft: arrow.soft, ..blank((from, to), verb, arrow.span) };
    flow.remark = arrow.remark.as_ref().map(|remark| remark.value.clone()).unwrap_or_default();
    for extra in &arrow.extras {
        take(builder, extra, &mut flow);
    }
    builder.model.flows.add(flow);
}

/// A declared flow of which nothing is said.
pub(super) fn blank((from, to): (ServiceId, ServiceId), verb: String, span: Span) -> Flow {
    Flow {
        from,
        to,
        verb,
        mechanism: None,
        soft: false,
        share: None,
        carries: Vec::new(),
        size: None,
        timeout: None,
        retries: None,
        idempotent: None,
        tls: None,
        path: None,
        remark: Text::default(),
        through: Vec::new(),
        part_of: None,
        origin: Origin::Declared,
        span,
    }
}

/// The mechanism for two services and a verb, with the verb's canonical name.
fn mechanism(
    builder: &mut Builder<'_>,
    (from, to): (ServiceId, ServiceId),
    verb: &str,
) -> Option<(Arc<Mechanism>, String)> {
    let kinds = [from, to].map(|id| Arc::clone(&builder.model.services[id].kind));
    let [from, to] = &kinds;
    let found = builder.catalog.mechanisms(&from.id, &to.id).filter(|row| !row.implicit).find_map(|row| {
        let resource = if row.verb_on == End::From { from } else { to };
        let canonical = resource.verb(verb).map_or(verb, |known| known.name.as_str());
        let offered = row.verbs(&to.id);
        offered
            .iter()
            .any(|known| *known == canonical || *known == verb)
            .then(|| (row.clone(), canonical.to_owned()))
    })?;
    Some((builder.share_mechanism(&found.0), found.1))
}

fn authorizer_as_flow(builder: &mut Builder<'_>, (from, to): (ServiceId, ServiceId), span: Span) {
    let (pool, entry) = (builder.model.services[from].name.clone(), builder.model.services[to].name.clone());
    let finding = AUTHORIZER_AS_FLOW.at(span).message(phrase!(
        "`{pool}` authorises `{entry}` by a setting, not by a flow",
        "`{pool}` autoriza a `{entry}` con un ajuste, no con un flujo"
    ));
    builder.report(
        finding
            .help(phrase!(
                "write `auth {pool}` in the braces of `{entry}`",
                "escribe `auth {pool}` en las llaves de `{entry}`"
            ))
            .subject(entry.as_str()),
    );
}

fn take(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    let name = extra.name.value.as_str();
    if let Some((_, take)) = EXTRAS.iter().find(|(known, _)| *known == name) {
        return take(builder, extra, flow);
    }
    let message = phrase!("an arrow has no `{}`", "una flecha no tiene `{}`", Ident::sanitized(name));
    let help = one_of(name, EXTRAS.iter().map(|(known, _)| *known));
    builder.report(UNKNOWN_SETTING.at(extra.name.span).message(message).help(help));
}

fn share(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    flow.share = Reader::new(builder, extra).quantity(Dimension::Percent).map(Percent);
}

fn size(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    /// Nothing that is sent in one piece is larger than the largest object of S3 (5 TB).
    const LARGEST: Bytes = Bytes(5 << 40);
    let mut reader = Reader::new(builder, extra);
    let place = reader.place();
    flow.size = reader.quantity(Dimension::Bytes).map(Bytes);
    if flow.size.is_some_and(|size| size > LARGEST) {
        let message = phrase!("a message is at most {LARGEST}", "un mensaje es como mucho de {LARGEST}");
        builder.reject(&OUT_OF_BOUNDS, place, message);
        flow.size = Some(LARGEST);
    }
}

fn timeout(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    flow.timeout = Reader::new(builder, extra).quantity(Dimension::Time).map(Millis);
}

fn retries(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    flow.retries = Reader::new(builder, extra).count();
}

fn idempotent(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    let mut reader = Reader::new(builder, extra);
    flow.idempotent = if reader.keyword("by") {
        reader.word(Phrase::new("a field", "un campo"))
    } else {
        reader.want(Phrase::new("`by` and a field", "`by` y un campo"))
    };
}

fn tls(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    let mut reader = Reader::new(builder, extra);
    let off = reader.keyword("off");
    flow.tls = if off || reader.keyword("on") || reader.is_done() {
        Some(!off)
    } else {
        reader.want(Phrase::new("`on` or `off`", "`on` u `off`"))
    };
}

fn path(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    flow.path = Reader::new(builder, extra).text();
}

fn carries(builder: &mut Builder<'_>, extra: &Setting, flow: &mut Flow) {
    loop {
        let mut reader = Reader::new(builder, extra);
        for _ in 0..flow.carries.len() {
            reader.next();
            reader.comma();
        }
        let place = reader.place();
        let Some(word) = reader.word(Phrase::new("a class of data", "una clase de datos")) else { return };
        let more = reader.comma();
        let Some(class) = class(builder, &word, place) else { return };
        flow.carries.push(class);
        if !more {
            return;
        }
    }
}

/// Does it send each request, or hand each message, one way only?
fn splits_its_load(builder: &Builder<'_>, id: ServiceId) -> bool {
    let kind = &builder.model.services[id].kind;
    kind.has(Trait::Entry) || kind.has(Trait::Buffer) || kind.is_outside()
}

/// Reports callers that keep no connection to a database they call.
fn pools_fit(builder: &mut Builder<'_>) {
    let model = &builder.model;
    let callers = model.flows.values().filter(|flow| {
        let is_database = model.services[flow.to].kind.has(Trait::Sql);
        is_database && flow.is_sync() && model.services[flow.from].settings.count("pool") == Some(0)
    });
    let found: Vec<Diagnostic> = callers
        .map(|flow| {
            let (from, to) = (&model.services[flow.from], &model.services[flow.to].name);
            let message = phrase!(
                "`{}` keeps 0 connections and calls `{to}`",
                "`{}` mantiene 0 conexiones y llama a `{to}`",
                from.name
            );
            let place = from.settings.span("pool").unwrap_or(from.span);
            let finding = OUT_OF_BOUNDS
                .at(place)
                .message(message)
                .label(flow.span, Phrase::new("this needs a connection", "esto necesita una conexión"));
            let help = Phrase::new("keep some: `pool 10`", "mantén algunas: `pool 10`");
            finding.help(help).subject(from.name.as_str())
        })
        .collect();
    for finding in found {
        builder.report(finding);
    }
}

/// Reports callers whose shares add up to more than the whole.
fn shares_fit(builder: &mut Builder<'_>) {
    let mut sums: BTreeMap<ServiceId, (Percent, Span)> = BTreeMap::new();
    for flow in builder.model.flows.values() {
        let Some(share) = flow.share else { continue };
        let sum = sums.entry(flow.from).or_insert((Percent(0), flow.span));
        *sum = (sum.0 + share, flow.span);
    }
    for (id, (sum, span)) in sums {
        if sum > Percent::WHOLE {
            let name = builder.model.services[id].name.clone();
            let finding = SHARES_OVER_WHOLE.at(span).message(phrase!(
                "the shares of `{name}` add up to {sum}",
                "las partes de `{name}` suman {sum}"
            ));
            let finding = finding.subject(name.as_str());
            builder.report(if splits_its_load(builder, id) {
                finding.help(Phrase::new(
                    "shares split the load that arrives; together they are at most 100 %",
                    "las partes reparten la carga que llega; juntas son como máximo el 100 %",
                ))
            } else {
                Diagnostic { severity: Severity::Info, ..finding }.help(Phrase::new(
                    "it calls more than once a request; below 100 % in all it would split what arrives",
                    "llama más de una vez por petición; hasta el 100 % en total repartiría lo que llega",
                ))
            });
        }
    }
}
