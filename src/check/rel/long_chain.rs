//! REL-141: synchronous chain too long.

use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::derive::paths::Path;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::model::{Slo, Target};
use crate::text::{Phrase, phrase};

/// The rule and its predicate.
pub const CHECK: Check = Check {
    rule: Rule { code: "REL-141", title: "synchronous chain too long", severity: Severity::Medium },
    find,
};

/// A request should not wait for more calls in a row than this.
const MOST: usize = 4;

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let long = longest(case).into_iter().map(|path| too_long(case, path));
    let slow = case.model.slos.iter().filter_map(|slo| too_slow(case, slo));
    long.chain(slow).collect()
}

/// Of each entry, its longest way of calls, when that is too long.
fn longest<'a>(case: &Case<'a>) -> Vec<&'a Path> {
    let mut found: Vec<&Path> = Vec::new();
    let calls = |path: &Path| path.flows.iter().filter(|id| case.model.flows[**id].is_sync()).count();
    for path in case.facts.paths.all.iter().filter(|path| path.from_outside && calls(path) > MOST) {
        match found.iter_mut().find(|known| known.start == path.start) {
            Some(known) if calls(known) < calls(path) => *known = path,
            Some(_) => {}
            None => found.push(path),
        }
    }
    found
}

fn too_long(case: &Case<'_>, path: &Path) -> Diagnostic {
    let names: Vec<&str> = path.services(case.model).into_iter().map(|id| name(case, id).as_str()).collect();
    let message = phrase!(
        "a request to `{}` waits for {} calls in a row",
        "una petición a `{}` espera {} llamadas seguidas",
        name(case, path.start),
        path.flows.len()
    );
    let found = about(&CHECK.rule, case, path.start).message(message).note(names.join(" -> "));
    found.help(Phrase::new(
        "merge two services, keep answers in a cache, or go on over a queue",
        "une dos servicios, guarda respuestas en una caché, o sigue por una cola",
    ))
}

/// The summed 99th percentiles of a way against the objective's bound.
fn too_slow(case: &Case<'_>, slo: &Slo) -> Option<Diagnostic> {
    let (_, bound) = slo.latency?;
    let Some(Target::Service(id)) = slo.on else { return None };
    let starts = |at: usize| case.facts.paths.all.get(at).is_some_and(|path| path.start == id);
    let ways = case.facts.latency.paths.iter().filter(|way| starts(way.path));
    let slowest = ways.filter_map(|way| way.p99_bound).max().filter(|slowest| *slowest > bound)?;
    let message = phrase!(
        "`{}` may take {slowest}, its objective is {bound}",
        "`{}` puede tardar {slowest}, su objetivo es {bound}",
        name(case, id)
    );
    let found = CHECK.rule.at(slo.span).message(message).subject(name(case, id).as_str());
    Some(
        found
            .note(Phrase::new(
                "the sum of the 99th percentiles along its slowest way",
                "la suma de los percentiles 99 por su camino más lento",
            ))
            .help(Phrase::new(
                "shorten the way, or go on over a queue",
                "acorta el camino, o sigue por una cola",
            )),
    )
}
