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
    /// The attributes that name it, `type.path`.
    pub by: Vec<String>,
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
