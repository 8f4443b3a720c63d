//! The catalogue's files as tables, made by `build.rs`.

/// One kind's file.
pub(super) struct EmbeddedKind {
    pub id: &'static str,
    pub word: &'static str,
    pub declarable: bool,
    pub json: &'static str,
}

/// The rows of one file that speak of a pair of kinds.
pub(super) struct Pair {
    pub from: &'static str,
    pub to: &'static str,
    pub rows: &'static [u16],
}

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// The rows of `pairs` for `from -> to`.
pub(super) fn rows_of(pairs: &'static [Pair], from: &str, to: &str) -> &'static [u16] {
    let at = pairs.binary_search_by(|pair| (pair.from, pair.to).cmp(&(from, to)));
    at.ok().and_then(|at| pairs.get(at)).map_or(&[], |pair| pair.rows)
}

/// The embedded kind of an id.
pub(super) fn kind_at(id: &str) -> Option<usize> {
    KINDS.binary_search_by(|kind| kind.id.cmp(id)).ok()
}
