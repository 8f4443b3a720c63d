//! A small printer of HCL: typed expressions and blocks in, text that `terraform fmt` leaves alone out.
//!
//! User text only enters as [`Expr::text`] or through `From`, which quotes it; interpolations and references are
//! written by this room alone, from labels whose alphabet is safe.

mod block;
mod differ;
mod expr;
mod print;

pub use block::{Block, Body};
pub use differ::{Difference, Step, differences};
pub use expr::{Expr, call, code, json, list, map, template};

/// A [`Body`] as one reads it: `name = value;` for an argument, `name ?= value;` for one that may be missing,
/// `name { … }` for a nested block, `name ?{ body }` for one that may be missing.
macro_rules! body {
    (@ $body:ident;) => {};
    (@ $body:ident; $key:ident ?= $value:expr; $($rest:tt)*) => {
        $body.push_some(stringify!($key), $value);
        $crate::emit::terraform::hcl::body!(@ $body; $($rest)*);
    };
    (@ $body:ident; $key:ident = $value:expr; $($rest:tt)*) => {
        $body.push(stringify!($key), $value);
        $crate::emit::terraform::hcl::body!(@ $body; $($rest)*);
    };
    (@ $body:ident; $key:ident ?{ $inner:expr } $($rest:tt)*) => {
        $body.push_blocks(stringify!($key), $inner);
        $crate::emit::terraform::hcl::body!(@ $body; $($rest)*);
    };
    (@ $body:ident; $key:ident { $($inner:tt)* } $($rest:tt)*) => {
        $body.push_block(stringify!($key), $crate::emit::terraform::hcl::body!($($inner)*));
        $crate::emit::terraform::hcl::body!(@ $body; $($rest)*);
    };
    () => { $crate::emit::terraform::hcl::Body::default() };
    ($($all:tt)+) => {{
        let mut body = $crate::emit::terraform::hcl::Body::default();
        $crate::emit::terraform::hcl::body!(@ body; $($all)+);
        body
    }};
}
pub(crate) use body;
