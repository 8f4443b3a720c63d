//! All integration tests in one binary, so that linking is paid once.

#[path = "all/catalog.rs"]
mod catalog;
#[path = "all/syntax.rs"]
mod syntax;
