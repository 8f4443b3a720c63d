//! SCALE-213: queue never drains.

use crate::check::case::{Case, Check};
use crate::check::place::{about, name};
use crate::derive::capacity::Queue;
use crate::diag::{Diagnostic, Rule, Severity};
use crate::text::{Phrase, noun, phrase};

/// The rule and its predicate.
pub const CHECK: Check =
    Check { rule: Rule { code: "SCALE-213", title: "queue never drains", severity: Severity::High }, find };

fn find(case: &Case<'_>) -> Vec<Diagnostic> {
    let known = |queue: &&Queue| queue.service_rate.0 > 0 && queue.peak.0 > 0;
    case.facts.capacity.queues.iter().filter(known).filter_map(|queue| finding(case, queue)).collect()
}

fn finding(case: &Case<'_>, queue: &Queue) -> Option<Diagnostic> {
    let subject = name(case, queue.service);
    let message = if queue.stable {
        let (drain, bound) = (queue.drain, queue.bound?);
        let late = drain.is_none_or(|drain| drain > bound);
        let drain = drain.filter(|_| late)?.spoken();
        phrase!(
            "after a peak, `{subject}` drains for {drain}; a message may wait {bound}",
            "tras un pico, `{subject}` tarda {drain} en vaciarse; un mensaje puede esperar {bound}"
        )
    } else {
        phrase!(
            "`{subject}` only grows: {} arrive, {} are worked off",
            "`{subject}` solo crece: llegan {}, se procesan {}",
            queue.usual,
            queue.service_rate
        )
    };
    let found = about(&CHECK.rule, case, queue.service).message(message);
    let note = phrase!(
        "at peak {} arrive, and the backlog grows to {}",
        "en el pico llegan {}, y la cola crece hasta {:#}",
        queue.peak,
        noun::MESSAGE.count(queue.backlog)
    );
    let consumers = queue.consumers.iter().map(|id| case.model.flows[*id].span);
    let found = consumers.fold(found.note(note), |found, span| {
        found.label(span, Phrase::new("worked off here", "se procesa aquí"))
    });
    Some(found.help(Phrase::new(
        "more consumers (`concurrency 50`, a higher maximum), or shorter work",
        "más consumidores (`concurrency 50`, un máximo mayor), o un trabajo más corto",
    )))
}
