//! How resources of Terraform are read back: which are things of a model, which belong to one, which bind two.

use indexmap::IndexMap;
use serde::Deserialize;

/// A resource type that is a service of the model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThingRow {
    /// The Terraform type.
    #[serde(rename = "type")]
    pub resource: String,
    /// The kind it is.
    pub kind: String,
    /// Attributes that must have these values; one that is not set counts as any.
    #[serde(default)]
    pub when: IndexMap<String, String>,
    /// Why it is not written into a model, when it follows from the rest.
    #[serde(default)]
    pub derived: Option<String>,
    /// Is it one only when no thing names it?
    #[serde(default)]
    pub lone: bool,
}

/// A thing that another one's attribute makes its child.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoldRow {
    /// The child's Terraform type.
    #[serde(rename = "type")]
    pub resource: String,
    /// The last part of the child's name.
    pub child: String,
    /// The setting that stands for it.
    #[serde(default)]
    pub setting: Option<String>,
    /// The attribute of the child that is the setting's value.
    #[serde(default)]
    pub value: Option<String>,
    /// The attributes that name it, `type.path`.
    pub by: Vec<String>,
}

/// Several resources that are one thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeRow {
    /// Their Terraform type.
    #[serde(rename = "type")]
    pub resource: String,
    /// The attribute that names what they have in common; the thing is called like it.
    #[serde(default)]
    pub group: Option<String>,
    /// Attributes in which those of one group agree, or they are several things.
    #[serde(default)]
    pub same: Vec<String>,
    /// Is one that is called like another with its region behind the other's, in that region?
    #[serde(default)]
    pub twin: bool,
    /// The setting that stands for it, of the only thing that `by` names beside it.
    #[serde(default)]
    pub setting: Option<String>,
    /// The attributes of one resource that name it and what it is for, `type.path`.
    #[serde(default)]
    pub by: Vec<String>,
    /// Why it is not written.
    pub why: String,
}

/// A resource that binds two things.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointRow {
    /// The Terraform type.
    #[serde(rename = "type")]
    pub resource: String,
    /// The attributes that name where the arrow begins; `self` is the resource itself.
    pub from: Vec<String>,
    /// The attributes that name where it ends.
    pub to: Vec<String>,
    /// The setting of the thing at the end that names the thing at the start; an arrow when there is none.
    #[serde(default)]
    pub setting: Option<String>,
    /// Settings of the thing at the end that attributes say, instead of an arrow, where its kind has them.
    #[serde(default)]
    pub says: IndexMap<String, String>,
    /// Does it only open the network?
    #[serde(default)]
    pub network: bool,
    /// Attributes that must have these values.
    #[serde(default)]
    pub when: IndexMap<String, String>,
}

/// Where the bounds of a group of units are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalingRow {
    /// The Terraform type.
    #[serde(rename = "type")]
    pub resource: String,
    /// The attribute of the fewest units.
    pub min: String,
    /// The attribute of the most units.
    pub max: String,
}

/// Where the value of one setting is, when that is not the argument the kind names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingRow {
    /// The kind.
    pub kind: String,
    /// The setting.
    pub name: String,
    /// The attribute, `type.path`.
    pub path: String,
    /// The unit the attribute counts in, when that is not the setting's.
    #[serde(default)]
    pub unit: Option<String>,
    /// How many of the attribute's numbers make one of the setting's.
    #[serde(default)]
    pub per: Option<u64>,
    /// The setting's words for the attribute's values, where they are called otherwise.
    #[serde(default)]
    pub words: IndexMap<String, String>,
    /// Part of a value that the compiler writes by itself: then nobody stated it.
    #[serde(default)]
    pub unless: Option<String>,
}

/// The whole of `import.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerraformRows {
    /// The version of the data's schema.
    pub schema: u32,
    /// Attributes whose values name their resource.
    pub identities: Vec<String>,
    /// Types without a meaning of their own.
    pub ignored: Vec<String>,
    /// Types that belong to whichever thing names them.
    pub common_parts: Vec<String>,
    /// Things.
    #[serde(rename = "thing")]
    pub things: Vec<ThingRow>,
    /// Folds.
    #[serde(rename = "fold")]
    pub folds: Vec<FoldRow>,
    /// Merges.
    #[serde(rename = "merge")]
    pub merges: Vec<MergeRow>,
    /// Joints.
    #[serde(rename = "joint")]
    pub joints: Vec<JointRow>,
    /// Scaling.
    #[serde(rename = "scaling")]
    pub scalings: Vec<ScalingRow>,
    /// Settings.
    #[serde(rename = "setting")]
    pub settings: Vec<SettingRow>,
}

impl TerraformRows {
    /// Does a plan hold no value of a kind's setting?
    pub fn is_silent(&self, kind: &str, setting: &str) -> bool {
        self.settings.iter().any(|row| row.kind == kind && row.name == setting && row.path.is_empty())
    }
}
