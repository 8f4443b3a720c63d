//! Settings: what may stand between the braces of a declaration.

use serde::Deserialize;

/// What a setting's value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingType {
    /// The word alone, or followed by `on` or `off`.
    Flag,
    /// A whole number.
    Count,
    /// A number with `%`.
    Percent,
    /// A number with a unit of time.
    Time,
    /// A number with a unit of data.
    Bytes,
    /// A number with a unit of rate.
    Rate,
    /// A number with `USD`.
    Money,
    /// One word, from `values` or a size of `table` when these are given.
    Word,
    /// Several words, separated by commas.
    Words,
    /// A quoted text.
    Text,
    /// The name of one thing of the model.
    Name,
    /// Names of several things, separated by commas.
    Names,
    /// `2..6`, and perhaps `on METRIC TARGET`.
    Scaling,
    /// A class and a time: `ia 90 d`; several are separated by commas.
    Transition,
    /// An address range: `10.0.0.0/16`.
    Cidr,
}

/// The value that holds when nothing else is stated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum SettingDefault {
    /// Of a flag.
    Flag(bool),
    /// Of any other type, as it is written in the language.
    Written(String),
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingSpec {
    /// The word.
    pub name: String,
    /// What its value looks like.
    #[serde(rename = "type")]
    pub kind: SettingType,
    /// The unit it is shown in.
    #[serde(default)]
    pub unit: Option<String>,
    /// The least value, as it is written in the language.
    #[serde(default)]
    pub min: Option<String>,
    /// The greatest value, as it is written in the language.
    #[serde(default)]
    pub max: Option<String>,
    /// What holds when the setting is not written; of an optional value, what holds when the word stands alone.
    #[serde(default)]
    pub default: Option<SettingDefault>,
    /// The legal words.
    #[serde(default)]
    pub values: Vec<String>,
    /// The table of sizes whose names are the legal words.
    #[serde(default)]
    pub table: Option<String>,
    /// The word before the value: `after` in `dlq after 5`.
    #[serde(default)]
    pub keyword: Option<String>,
    /// May the value be left out?
    #[serde(default)]
    pub optional: bool,
    /// Of a name: the kinds it may refer to; any when there are none.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// One sentence that says what it does.
    pub doc: String,
    /// Where the bounds and the default come from.
    pub src: String,
    /// The Terraform argument it ends in.
    #[serde(default)]
    pub terraform: Option<String>,
}

impl SettingSpec {
    /// The default as it is written in the language; `on` or `off` of a flag.
    pub fn default_written(&self) -> Option<&str> {
        match self.default.as_ref()? {
            SettingDefault::Flag(true) => Some("on"),
            SettingDefault::Flag(false) => Some("off"),
            SettingDefault::Written(text) => Some(text),
        }
    }

    /// Is a flag on when it is not written?
    pub fn is_on_by_default(&self) -> bool {
        self.default == Some(SettingDefault::Flag(true))
    }
}
