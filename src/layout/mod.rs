//! View to scene: where boxes, lines and labels stand. Knows nothing of models, services or files.
//!
//! The layered engine draws nested boxes with lines that never run through a box they have no business in:
//! each container is laid out alone in layers, and a line that leaves a container passes a port on its
//! border. The phases run in this order, each a pure function from one type to the next: frames for large
//! containers (`gather`), nesting (`tree`), input (`plan`), pieces of flows (`course`), cycle breaking
//! (`feedback`), layers (`rank`), elements (`build`), crossing reduction (`order`), ends of lines (`ports`),
//! coordinates (`place`, `stack`), channel routing (`channel`), drawing (`draw`).

mod arena;
mod build;
mod chance;
mod channel;
mod course;
mod cross;
mod draw;
mod feedback;
mod gather;
mod grid;
mod hierarchy;
mod keep;
mod layered;
mod loose;
mod measure;
mod occupancy;
mod order;
mod path;
mod place;
mod plain;
mod plan;
mod polish;
mod ports;
mod rank;
mod scene;
mod sheet;
mod shift;
mod simplex;
mod spacing;
mod spot;
mod stack;
mod tree;

pub use keep::{Kept, keep};
pub use measure::{Measures, measure, relative_length};
pub use scene::{
    Defect, Direction, Edge, End, Graph, Group, GroupBox, Node, Point, Rect, Route, Scene, Size,
};
pub use shift::displaced;

/// Who lays out a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The layered engine of this room, for nested pictures of any size.
    #[default]
    Layered,
    /// The package layout-rs, for small pictures without groups; others go to the layered engine.
    LayoutRs,
}

/// Lays out a graph. Never fails: an edge whose end does not exist has an empty route.
pub fn layout(graph: &Graph, engine: Engine) -> Scene {
    match engine {
        Engine::Layered => layered::layered(graph),
        Engine::LayoutRs => plain::plain(graph).unwrap_or_else(|| layered::layered(graph)),
    }
}
