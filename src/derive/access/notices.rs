//! Grants by which alarms and budgets reach the topics that are told of them.

use std::collections::BTreeMap;

use crate::derive::access::verbs::{self, Ask};
use crate::derive::access::{Carrier, Conditions, Grant, Principal, Reason};
use crate::model::{Model, ServiceId};
use crate::text::{Span, Wording};

/// Who tells: its service principal, the ARNs it tells from, and the clause that says what it is.
struct Teller {
    principal: &'static str,
    source: &'static str,
    what: Wording,
}

const ALARMS: Teller = Teller {
    principal: "cloudwatch.amazonaws.com",
    source: "arn:${partition}:cloudwatch:${region}:${account}:alarm:*",
    what: Wording::new("alarms are told here", "aquí avisan las alarmas"),
};
const BUDGETS: Teller = Teller {
    principal: "budgets.amazonaws.com",
    source: "arn:${partition}:budgets::${account}:*",
    what: Wording::new("budgets are told here", "aquí avisan los presupuestos"),
};

/// The grants of all topics that alarms or budgets name.
pub(super) fn grants(model: &Model) -> Vec<Grant> {
    let alarms = model.alarms.iter().flat_map(|alarms| alarms.to.iter().map(|to| (*to, alarms.span)));
    let alerts = model.budgets.iter().flat_map(|budget| budget.alerts.iter().map(|(at, to)| (at.span, to)));
    let budgets = alerts.flat_map(|(span, to)| to.iter().map(move |to| (*to, span)));
    let mut grants = told(model, &ALARMS, alarms);
    grants.extend(told(model, &BUDGETS, budgets));
    grants
}

/// One grant a topic, with all the lines that name it.
fn told(model: &Model, teller: &Teller, named: impl Iterator<Item = (ServiceId, Span)>) -> Vec<Grant> {
    let mut topics: BTreeMap<ServiceId, Vec<Span>> = BTreeMap::new();
    for (topic, span) in named {
        topics.entry(topic).or_default().push(span);
    }
    topics.into_iter().flat_map(|(topic, causes)| topic_grants(model, teller, topic, &causes)).collect()
}

fn topic_grants(model: &Model, teller: &Teller, topic: ServiceId, causes: &[Span]) -> Vec<Grant> {
    let Some(verb) = model.services[topic].kind.verb("publish") else { return Vec::new() };
    let principal = Principal::Aws(teller.principal.to_owned());
    let ask = Ask::identity(principal, Reason::Notice(teller.what), causes);
    let ask = Ask { carrier: Carrier::ResourcePolicy, ..ask };
    verbs::grants(model, &ask, verb, topic).into_iter().map(|grant| bound(teller, grant)).collect()
}

fn bound(teller: &Teller, grant: Grant) -> Grant {
    if grant.carrier == Carrier::KeyPolicy {
        return grant;
    }
    let condition = |operator: &str, key: &str, value: &str| {
        ((operator.to_owned(), key.to_owned()), vec![value.to_owned()])
    };
    let conditions = Conditions::from([
        condition("ArnLike", "aws:SourceArn", teller.source),
        condition("StringEquals", "aws:SourceAccount", "${account}"),
    ]);
    Grant { conditions, ..grant }
}
