//! Did you mean: the known word nearest to a misspelt one.

use crate::text::{Phrase, phrase};

/// The candidate with the smallest edit distance to `word`, if that distance is at most a third of its length
/// (at least 1); the first one wins a tie. Insertions, deletions, substitutions and swaps of neighbours count 1.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// ``did you mean `postgres`?``, when a known word is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Phrase> {
    nearest(word, known).map(|similar| phrase!("did you mean `{similar}`?", "¿quería decir `{similar}`?"))
}

/// What to type instead of `word`: the one that is meant, otherwise all that is possible.
pub fn one_of<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Phrase {
    let known: Vec<&str> = known.into_iter().collect();
    did_you_mean(word, known.iter().copied())
        .unwrap_or_else(|| phrase!("possible: {}", "posibles: {}", known.join(", ")))
}

/// The optimal string alignment distance of two words, in edits.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (row, c) in a.chars().enumerate() {
        let next = next_row((row, c, last), &b, &before, &above);
        before = std::mem::replace(&mut above, next);
        last = Some(c);
    }
    above.last().copied().unwrap_or(0)
}

/// One row of the distance table: `(row, character, character before)` of the first word against all of the second.
fn next_row(
    (row, c, last): (usize, char, Option<char>),
    b: &[char],
    before: &[usize],
    above: &[usize],
) -> Vec<usize> {
    let cell = |cells: &[usize], at: usize| cells.get(at).copied().unwrap_or(usize::MAX / 2);
    let mut next = vec![row + 1];
    for (column, &d) in b.iter().enumerate() {
        let substitution = cell(above, column) + usize::from(c != d);
        let mut best = substitution.min(cell(above, column + 1) + 1).min(cell(&next, column) + 1);
        if column > 0 && last == Some(d) && b.get(column - 1) == Some(&c) {
            best = best.min(cell(before, column - 1) + 1);
        }
        next.push(best);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_meant_or_what_is_possible() {
        assert_eq!(one_of("lamdba", ["lambda", "sqs"]).en().terminal(), "did you mean `lambda`?");
        assert_eq!(one_of("zzz", ["lambda", "sqs"]).en().terminal(), "possible: lambda, sqs");
    }

    #[test]
    fn finds_the_word_meant() {
        assert_eq!(nearest("postgers", ["mysql", "postgres"]), Some("postgres"));
        assert_eq!(nearest("lamdba", ["lambda", "sqs"]), Some("lambda"));
        assert_eq!(nearest("zzz", ["lambda", "sqs"]), None);
    }
}
