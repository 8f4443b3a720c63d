//! What can be wrong with a plan, and what is worth saying about one: `PLAN-` for reading, `DRIFT-` for comparing.

use crate::diag::{Rule, Severity};

const fn rule(code: &'static str, title: &'static str, severity: Severity) -> Rule {
    Rule { code, title, severity }
}

/// The file is no JSON.
pub const NOT_JSON: Rule = rule("PLAN-001", "the plan is not JSON", Severity::Error);
/// It is JSON, but neither a plan nor a state.
pub const NOT_A_PLAN: Rule =
    rule("PLAN-002", "the file is neither a plan nor a state of Terraform", Severity::Error);
/// It is Terraform's own state file.
pub const RAW_STATE: Rule = rule("PLAN-003", "this is Terraform's own state file", Severity::Error);
/// It holds more than archc reads.
pub const TOO_MANY: Rule = rule("PLAN-004", "the plan holds too many resources", Severity::Error);
/// A part of it has another form than Terraform writes.
pub const ODD_FORM: Rule =
    rule("PLAN-005", "a part of the plan has a form Terraform does not write", Severity::Medium);
/// Nothing in it is a service.
pub const NOTHING_FOUND: Rule =
    rule("PLAN-006", "nothing in the plan is a service archc knows", Severity::Medium);
/// A resource has no counterpart in a model.
pub const UNKNOWN_TYPE: Rule =
    rule("PLAN-101", "a resource type has no counterpart in a model", Severity::Info);
/// A policy cannot be read before it is applied.
pub const UNPROVEN: Rule = rule("PLAN-102", "a policy is not known before it is applied", Severity::Low);
/// A policy allows more than names can say.
pub const TOO_WIDE: Rule = rule("PLAN-103", "a policy is wider than a model can say", Severity::High);
/// A group lets addresses in.
pub const OPEN_GROUP: Rule = rule("PLAN-104", "a security group lets in any address", Severity::High);

/// A role has a policy that AWS writes.
pub const MANAGED: Rule =
    rule("PLAN-105", "a role has a policy of AWS's own, which a model cannot say", Severity::Medium);

/// A service of the model is not in the plan.
pub const MISSING: Rule = rule("DRIFT-201", "a service of the model is not in the plan", Severity::High);
/// A service of the plan is not in the model.
pub const UNMANAGED: Rule = rule("DRIFT-202", "a service of the plan is not in the model", Severity::Medium);
/// Both have it, as another kind.
pub const OTHER_KIND: Rule = rule("DRIFT-203", "a service is of another kind in the plan", Severity::Error);
/// Both have it, in another sort of tier.
pub const OTHER_TIER: Rule = rule("DRIFT-204", "a service stands elsewhere in the plan", Severity::High);
/// A setting has another value.
pub const OTHER_SETTING: Rule = rule("DRIFT-205", "a setting has another value in the plan", Severity::Low);
/// A role may do more than the model says.
pub const MORE_RIGHTS: Rule =
    rule("DRIFT-206", "a role of the plan may do more than the model says", Severity::Error);
/// A role may do less than the model says.
pub const LESS_RIGHTS: Rule =
    rule("DRIFT-207", "a role of the plan may do less than the model says", Severity::High);
/// The network is more open than the model says.
pub const MORE_WAYS: Rule =
    rule("DRIFT-208", "a security group of the plan lets in more than the model", Severity::Error);
/// The network is less open than the model says.
pub const LESS_WAYS: Rule =
    rule("DRIFT-209", "a security group of the plan lets in less than the model", Severity::High);
/// Something was changed by another hand.
pub const CHANGED_OUTSIDE: Rule =
    rule("DRIFT-210", "a resource was changed outside Terraform", Severity::Medium);
/// Terraform has something to do.
pub const PENDING: Rule = rule("DRIFT-211", "Terraform has a change to make", Severity::Info);

/// The findings of a comparison.
pub const DIFFERENCES: &[&Rule] = &[
    &MISSING,
    &UNMANAGED,
    &OTHER_KIND,
    &OTHER_TIER,
    &OTHER_SETTING,
    &MORE_RIGHTS,
    &LESS_RIGHTS,
    &MORE_WAYS,
    &LESS_WAYS,
    &CHANGED_OUTSIDE,
    &PENDING,
];
/// The findings that end a run: nothing could be read.
pub const TROUBLE: &[&Rule] = &[&NOT_JSON, &NOT_A_PLAN, &RAW_STATE, &TOO_MANY];
/// The findings about a plan that was read.
pub const REMARKS: &[&Rule] =
    &[&ODD_FORM, &NOTHING_FOUND, &UNKNOWN_TYPE, &UNPROVEN, &TOO_WIDE, &OPEN_GROUP, &MANAGED];
