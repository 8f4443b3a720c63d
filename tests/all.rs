//! All integration tests in one binary, so that linking is paid once.
//!
//! Each module is marked as a test, so that the lints know what may panic in it.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::cast_possible_truncation,
    clippy::decimal_bitwise_operands,
    clippy::maybe_infinite_iter,
    reason = "tests read cases, write what they compare, and may fail loudly"
)]

#[cfg(test)]
#[path = "all/access.rs"]
mod access;
#[cfg(test)]
#[path = "all/ask.rs"]
mod ask;
#[cfg(test)]
#[path = "all/ask_growth.rs"]
mod ask_growth;
#[cfg(test)]
#[path = "all/cases.rs"]
mod cases;
#[cfg(test)]
#[path = "all/catalog.rs"]
mod catalog;
#[cfg(test)]
#[path = "all/checks.rs"]
mod checks;
#[cfg(test)]
#[path = "all/cli.rs"]
mod cli;
#[cfg(test)]
#[path = "all/deployer.rs"]
mod deployer;
#[cfg(test)]
#[path = "all/drawings.rs"]
mod drawings;
#[cfg(test)]
#[path = "all/drawn_words.rs"]
mod drawn_words;
#[cfg(test)]
#[path = "all/driver.rs"]
mod driver;
#[cfg(test)]
#[path = "all/explain.rs"]
mod explain;
#[cfg(test)]
#[path = "all/extremes.rs"]
mod extremes;
#[cfg(test)]
#[path = "all/figures.rs"]
mod figures;
#[cfg(test)]
#[path = "all/fixes.rs"]
mod fixes;
#[cfg(test)]
#[path = "all/generated.rs"]
mod generated;
#[cfg(test)]
#[path = "all/import.rs"]
mod import;
#[cfg(test)]
#[path = "all/json.rs"]
mod json;
#[cfg(test)]
#[path = "all/kinds_page.rs"]
mod kinds_page;
#[cfg(test)]
#[path = "all/layout.rs"]
mod layout;
#[cfg(test)]
#[path = "all/lock.rs"]
mod lock;
#[cfg(test)]
#[path = "all/matrix.rs"]
mod matrix;
#[cfg(test)]
#[path = "all/own_rules.rs"]
mod own_rules;
#[cfg(test)]
#[path = "all/pages.rs"]
mod pages;
#[cfg(test)]
#[path = "all/prices.rs"]
mod prices;
#[cfg(test)]
#[path = "all/privilege.rs"]
mod privilege;
#[cfg(test)]
#[path = "all/reading.rs"]
mod reading;
#[cfg(test)]
#[path = "all/render.rs"]
mod render;
#[cfg(test)]
#[path = "all/report.rs"]
mod report;
#[cfg(test)]
#[path = "all/roundtrip.rs"]
mod roundtrip;
#[cfg(test)]
#[path = "all/sarif.rs"]
mod sarif;
#[cfg(test)]
#[path = "all/split.rs"]
mod split;
#[cfg(test)]
#[path = "all/support.rs"]
mod support;
#[cfg(test)]
#[path = "all/svg.rs"]
mod svg;
#[cfg(test)]
#[path = "all/syntax.rs"]
mod syntax;
#[cfg(test)]
#[path = "all/terraform.rs"]
mod terraform;
#[cfg(test)]
#[path = "all/totality.rs"]
mod totality;
#[cfg(test)]
#[path = "all/user_views.rs"]
mod user_views;
#[cfg(test)]
#[path = "all/values.rs"]
mod values;
