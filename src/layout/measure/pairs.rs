//! Lines on lines.

use std::collections::BTreeSet;

use super::Sight;
use super::geometry::{Meeting, meeting};

/// How lines meet.
#[derive(Debug, Default)]
pub(super) struct Meetings {
    pub(super) crossings: usize,
    pub(super) lanes: BTreeSet<(usize, usize)>,
    pub(super) tight: usize,
}

/// All meetings of pieces of different lines.
pub(super) fn meetings(sight: &Sight) -> Meetings {
    let (mut found, mut tight, mut touches) = (Meetings::default(), BTreeSet::new(), BTreeSet::new());
    for (number, piece) in sight.pieces.iter().enumerate() {
        let reach = piece.rect().grown(600);
        for other in sight.piece_grid.near(&reach).filter(|&other| other > number) {
            let Some(other) = sight.pieces.get(other) else { continue };
            if other.edge == piece.edge {
                continue;
            }
            let pair = (piece.edge.min(other.edge), piece.edge.max(other.edge));
            match meeting(piece, other) {
                Meeting::Cross => found.crossings += 1,
                Meeting::Touch => drop(touches.insert(pair)),
                Meeting::Lane => drop(found.lanes.insert(pair)),
                Meeting::Tight => drop(tight.insert(pair)),
                Meeting::None => {}
            }
        }
    }
    found.lanes.retain(|&(a, b)| !sight.related(a, b));
    touches.retain(|&(a, b)| !sight.related(a, b));
    found.crossings += touches.difference(&found.lanes).count();
    found.tight = tight.len();
    found
}
