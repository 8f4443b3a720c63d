//! One question, answered.

use crate::ask::access::{access, actors, may};
use crate::ask::answer::Answer;
use crate::ask::blast::blast;
use crate::ask::cost::cost;
use crate::ask::failure;
use crate::ask::index::Index;
use crate::ask::path::path;
use crate::ask::select::{Asked, select, services};
use crate::ask::who::who;
use crate::syntax::query::ast::Question;

/// Answers a question about an indexed model.
///
/// # Errors
/// A finding at the name or verb that the model does not know, or that has no place in the question.
pub fn answer(index: &Index<'_>, question: &Question) -> Asked<Answer> {
    const FLOWS: &str = "people have no flows; ask `access ROLE` or `blast-radius ROLE`";
    const FAILS: &str = "a role does not fail; ask `blast-radius ROLE`";
    const COST: &str = "people cost nothing here; ask for services, groups or kinds";
    const THING: &str = "name what is acted upon: a service, group, class or kind";
    match question {
        Question::Who { verb, on } => who(index, verb, &services(index, on, THING)?),
        Question::May { who, verb } => may(index, &actors(index, select(index, who)?, who)?, verb),
        Question::Access { who } => {
            let found = actors(index, select(index, who)?, who)?;
            let words = found.words.clone();
            Ok(access(index, &found, &words))
        }
        Question::Path { from, to } => {
            Ok(path(index, &services(index, from, FLOWS)?, &services(index, to, FLOWS)?))
        }
        Question::Blast { who } => Ok(blast(index, &actors(index, select(index, who)?, who)?)),
        Question::Failure { of } => Ok(failure::failure(index, &services(index, of, FAILS)?)),
        Question::Zone { zone } => failure::zone(index, zone),
        Question::Cost { of } => Ok(cost(index, &services(index, of, COST)?)),
    }
}
