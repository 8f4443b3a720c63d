//! All distances of a drawing, in hundredths of a pixel.

/// One pixel.
pub(crate) const PX: i32 = 100;
/// Between two boxes of one layer.
pub(crate) const NODE_GAP: i32 = 26 * PX;
/// Between a box and a line or label beside it.
pub(crate) const LINE_TO_NODE: i32 = 14 * PX;
/// Between a label and a line or label beside it.
pub(crate) const LINE_TO_LABEL: i32 = 10 * PX;
/// Between two lines.
pub(crate) const LINE_GAP: i32 = 12 * PX;
/// Guessed distance between two rows of boxes.
pub(crate) const ROW_GAP: i32 = 40 * PX;
/// Between boxes without flows, one above the other.
pub(crate) const LOOSE_GAP: i32 = 22 * PX;
/// Inside a border.
pub(crate) const PAD: i32 = 18 * PX;
/// Beside a border, where only lines are near.
pub(crate) const PORT_PAD: i32 = 12 * PX;
/// A group without content is at least this wide and high.
pub(crate) const LEAST_GROUP: i32 = 60 * PX;
/// From a border to the title inside.
pub(crate) const TITLE_INSET: i32 = 10 * PX;
/// From the upper border to the title.
pub(crate) const TITLE_TOP: i32 = 8 * PX;
/// Below a title.
pub(crate) const TITLE_UNDER: i32 = 12 * PX;
/// Between the ends of two lines on one side of a node, at most.
pub(crate) const PORT_GAP: i32 = 22 * PX;
/// The same at least; nearer lines share one end.
pub(crate) const LEAST_PORT_GAP: i32 = 6 * PX;
/// From the corner of a node to the first end of a line.
pub(crate) const CORNER: i32 = 12 * PX;
/// Lines nearer than this would be read as one.
pub(crate) const LANE: i32 = 3 * PX;
/// Uncomfortably near.
pub(crate) const TIGHT: i32 = 6 * PX;
/// Between two lines on one track.
pub(crate) const TRACK_GAP: i32 = 8 * PX;
/// Above a label on a track and below it, together.
pub(crate) const TRACK_LABEL: i32 = 6 * PX;
/// What a group needs for each 100 of what it holds.
pub(crate) const GROUP_SHARE: i64 = 135;
/// The least area of a group in square pixels.
pub(crate) const LEAST_GROUP_AREA: i64 = 4_000;
