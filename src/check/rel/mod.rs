//! Rules about staying up: redundancy, queues, timeouts, recovery.

mod below_objective;
mod call_cycle;
mod deletable_store;
mod hard_outside;
mod inverted_timeout;
mod long_chain;
mod no_backup;
mod no_dead_letter_queue;
mod not_idempotent;
mod order_not_kept;
mod recovery_out_of_reach;
mod retry_storm;
mod shared_fate;
mod short_visibility;
mod single_point;
mod unmeasurable_objective;
mod unread_dead_letters;
mod waiting_function;

use crate::check::case::Check;

/// Every rule of this area, by code.
pub const CHECKS: &[Check] = &[
    single_point::CHECK,
    below_objective::CHECK,
    unmeasurable_objective::CHECK,
    no_dead_letter_queue::CHECK,
    unread_dead_letters::CHECK,
    short_visibility::CHECK,
    not_idempotent::CHECK,
    order_not_kept::CHECK,
    no_backup::CHECK,
    recovery_out_of_reach::CHECK,
    deletable_store::CHECK,
    call_cycle::CHECK,
    long_chain::CHECK,
    waiting_function::CHECK,
    inverted_timeout::CHECK,
    retry_storm::CHECK,
    hard_outside::CHECK,
    shared_fate::CHECK,
];
