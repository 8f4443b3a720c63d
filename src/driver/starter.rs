//! The model `archc init` begins with.

/// A small system that builds without findings of severity `error`; `NAME` stands for the system's name.
pub const STARTER: &str = include_str!("starter.arch");
