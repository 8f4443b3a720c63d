//! Names: safe in every output as they are.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A name: 1 to 64 ASCII letters, digits, `_` or `-`; a dotted path joins several with `.`.
///
/// The alphabet is what makes a name harmless in every output, so it has a `Display`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(Arc<str>);

/// The longest name, in characters of one part of a dotted path.
pub const LONGEST_NAME: usize = 64;

impl Ident {
    /// The name in `text`, or nothing when a character or the length forbids it.
    pub fn new(text: &str) -> Option<Self> {
        text.split('.').all(is_part).then(|| Self(Arc::from(text)))
    }

    /// The name made of the legal characters of `text`; what is illegal becomes `_`.
    #[must_use]
    pub fn sanitized(text: &str) -> Self {
        let legal = |c: char| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' };
        let kept: String = text.chars().map(legal).collect();
        Self::new(&kept).unwrap_or_else(|| Self(Arc::from("_")))
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of a derived child: `sales` and `dlq` give `sales.dlq`.
    #[must_use]
    pub fn child(&self, part: &str) -> Self {
        Self::sanitized(&format!("{}.{part}", self.0))
    }

    /// The name with `.` and `-` replaced by `_`: a Terraform label, an XML id part.
    pub fn label(&self) -> String {
        self.0.replace(['.', '-'], "_")
    }

    /// The name with `.` and `_` replaced by `-`: the form AWS resource names take.
    pub fn dashed(&self) -> String {
        self.0.replace(['.', '_'], "-")
    }
}

fn is_part(part: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (1..=LONGEST_NAME).contains(&part.len()) && part.chars().all(legal)
}

impl fmt::Display for Ident {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}`", self.0)
    }
}

impl Serialize for Ident {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Borrow<str> for Ident {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl schemars::JsonSchema for Ident {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_.-]+$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_ascii_and_at_most_64_long() {
        assert!(Ident::new("sales.dlq").is_some());
        assert!(Ident::new("a-b_c9").is_some());
        for bad in ["", ".", "a.", "a b", "ñ", "a\"", &"x".repeat(65)] {
            assert!(Ident::new(bad).is_none(), "{bad}");
        }
    }
}
