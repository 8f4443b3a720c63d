//! The list of what archc wrote into a folder: `.archc-outputs`.
//!
//! A file that is not on the list is not archc's, and is neither replaced nor removed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::text::RelPath;

/// The list's own name.
pub const MANIFEST: &str = ".archc-outputs";

/// One written file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The output it belongs to: `diagrams`, `terraform`, …
    pub output: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// What archc wrote, by path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this format; 1.
    pub schema: u32,
    /// Files by their path below the folder.
    pub files: BTreeMap<String, Written>,
}

impl Manifest {
    /// Reads a list; one that cannot be read counts as empty, so that everything in the folder is taken for the user's.
    /// Paths that could lead out of the folder are left out.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut manifest: Self = serde_json::from_slice(bytes).unwrap_or_default();
        manifest.files.retain(|path, _| RelPath::new(path).is_some());
        Self { schema: 1, ..manifest }
    }

    /// The bytes of the list.
    pub fn bytes(&self) -> Vec<u8> {
        json(&Self { schema: 1, ..self.clone() })
    }
}

/// What is still to be done after the commit point: kept beside the staged files, so that another build can finish it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The SHA-256 of the list that commits this plan.
    pub manifest: String,
    /// Staged file (by its name in the staging folder) and its path below the output folder.
    pub moves: Vec<(String, String)>,
    /// Files to be removed, each with the SHA-256 of what archc wrote there.
    pub removals: Vec<(String, String)>,
}

impl Plan {
    /// Reads a plan; nothing when it is torn, or names a path that could lead out of the folder.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let plan: Self = serde_json::from_slice(bytes).ok()?;
        let targets =
            plan.moves.iter().map(|(_, path)| path).chain(plan.removals.iter().map(|(path, _)| path));
        let staged_are_plain =
            plan.moves.iter().all(|(name, _)| name.bytes().all(|byte| byte.is_ascii_digit()));
        let inside = targets.into_iter().all(|path| RelPath::new(path).is_some());
        (inside && staged_are_plain).then_some(plan)
    }

    /// The bytes of the plan.
    pub fn bytes(&self) -> Vec<u8> {
        json(self)
    }
}

/// Indented JSON with a newline at its end. These types have string keys only, which always serialize.
fn json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The SHA-256 of some bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_with_paths_that_lead_elsewhere_is_cut_down() {
        let text = r#"{"schema":1,"files":{"../x":{"output":"report","sha256":""},"a/b":{"output":"report","sha256":""}}}"#;
        let manifest = Manifest::parse(text.as_bytes());
        assert_eq!(manifest.files.keys().collect::<Vec<_>>(), ["a/b"]);
        assert_eq!(Manifest::parse(b"torn {").files.len(), 0);
    }

    #[test]
    fn a_plan_that_leads_elsewhere_is_refused() {
        let plan = |moves: &str| format!(r#"{{"manifest":"","moves":[{moves}],"removals":[]}}"#);
        assert!(Plan::parse(plan(r#"["0","a/b"]"#).as_bytes()).is_some());
        assert!(Plan::parse(plan(r#"["0","../b"]"#).as_bytes()).is_none());
        assert!(Plan::parse(plan(r#"["../0","b"]"#).as_bytes()).is_none());
    }

    #[test]
    fn digests_are_those_of_the_standard() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
