//! All integration tests in one binary, so that linking is paid once.

#[path = "all/catalog.rs"]
mod catalog;
#[path = "all/driver.rs"]
mod driver;
#[path = "all/reading.rs"]
mod reading;
#[path = "all/syntax.rs"]
mod syntax;
