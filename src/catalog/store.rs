//! The catalogue itself: everything AWS offers, each part parsed when it is first asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;

use crate::catalog::action::{self, ActionFacts, ActionSets, Duty, Escalation};
use crate::catalog::check::CheckText;
use crate::catalog::deployer::DeployerRows;
use crate::catalog::embedded::{self, CHECKS, FLOWS, FLOWS_PAIRS, IMPOSSIBLE, IMPOSSIBLE_PAIRS, KINDS, Pair};
use crate::catalog::flow::{Impossible, Mechanism};
use crate::catalog::kind::Kind;
use crate::catalog::region::{OwnPrice, PriceSubject, RegionFactor, Regions};
use crate::catalog::setting::SettingSpec;
use crate::catalog::size::{Size, Sizes};
use crate::catalog::terraform::TerraformRows;
use crate::diag::Severity;

/// A row that is parsed when it is first asked for. The embedded data is held to be sound by a test that reads all of it.
type Lazy<T> = OnceLock<Option<T>>;

/// What AWS offers, and what a project adds to it.
#[derive(Debug)]
pub struct Catalog {
    kinds: Vec<Lazy<Arc<Kind>>>,
    flows: Vec<Lazy<Mechanism>>,
    impossible: Vec<Lazy<Impossible>>,
    checks: Vec<Lazy<CheckText>>,
    shared: OnceLock<Arc<[SettingSpec]>>,
    sizes: OnceLock<Option<Sizes>>,
    regions: OnceLock<Option<Regions>>,
    sets: OnceLock<ActionSets>,
    terraform: OnceLock<TerraformRows>,
    deployer: OnceLock<DeployerRows>,
    pub(super) own_kinds: BTreeMap<String, Arc<Kind>>,
    pub(super) own_flows: Vec<Mechanism>,
    pub(super) own_impossible: Vec<Impossible>,
    pub(super) own_sizes: Option<Sizes>,
    pub(super) own_prices: Vec<OwnPrice>,
    pub(super) own_factors: Vec<RegionFactor>,
    pub(super) levels: BTreeMap<String, Severity>,
}

fn unread<T>(rows: usize) -> Vec<OnceLock<T>> {
    std::iter::repeat_with(OnceLock::new).take(rows).collect()
}

/// The row of a number, parsed on first use.
fn read<'a, T: DeserializeOwned, U>(
    cells: &'a [Lazy<U>],
    at: usize,
    json: Option<&str>,
    finish: impl FnOnce(T) -> U,
) -> Option<&'a U> {
    cells.get(at)?.get_or_init(|| serde_json::from_str(json?).ok().map(finish)).as_ref()
}

impl Catalog {
    /// The catalogue that comes with the program. Nothing is parsed yet.
    pub fn embedded() -> Self {
        Self {
            kinds: unread(KINDS.len()),
            flows: unread(FLOWS.len()),
            impossible: unread(IMPOSSIBLE.len()),
            checks: unread(CHECKS.len()),
            shared: OnceLock::new(),
            sizes: OnceLock::new(),
            sets: OnceLock::new(),
            terraform: OnceLock::new(),
            deployer: OnceLock::new(),
            own_kinds: BTreeMap::new(),
            own_flows: Vec::new(),
            own_impossible: Vec::new(),
            own_sizes: None,
            own_prices: Vec::new(),
            own_factors: Vec::new(),
            regions: OnceLock::new(),
            levels: BTreeMap::new(),
        }
    }

    /// How much the findings of a check matter in this project, when its `archc.toml` says so.
    pub fn level(&self, code: &str) -> Option<Severity> {
        self.levels.get(code).copied()
    }

    /// Every word that can begin a declaration, in alphabetical order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let own = self.own_kinds.values().filter(|kind| kind.declarable).map(|kind| kind.word.as_str());
        let ours = KINDS.iter().filter(|kind| kind.declarable && !self.own_kinds.contains_key(kind.id));
        own.chain(ours.map(|kind| kind.word)).collect::<BTreeSet<_>>().into_iter()
    }

    /// The kind an architect names by this word; also of those that cannot be declared.
    pub fn by_word(&self, word: &str) -> Option<&Arc<Kind>> {
        let own = self.own_kinds.values().find(|kind| kind.word == word);
        own.or_else(|| self.kind(KINDS.iter().find(|kind| kind.word == word)?.id))
    }

    /// The kind of an identifier.
    pub fn kind(&self, id: &str) -> Option<&Arc<Kind>> {
        self.own_kinds.get(id).or_else(|| {
            let at = embedded::kind_at(id)?;
            read(&self.kinds, at, KINDS.get(at).map(|kind| kind.json), |kind| self.with_shared(kind))
        })
    }

    /// Gives a kind the settings that all kinds have.
    pub(super) fn with_shared(&self, kind: Kind) -> Arc<Kind> {
        Arc::new(Kind { shared: Arc::clone(self.shared_settings()), ..kind })
    }

    /// All kinds, by identifier.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        let own = self.own_kinds.keys().map(String::as_str);
        let ids: BTreeSet<&str> = KINDS.iter().map(|kind| kind.id).chain(own).collect();
        ids.into_iter().filter_map(|id| self.kind(id)).map(Arc::as_ref)
    }

    /// The settings that every kind has.
    pub fn shared_settings(&self) -> &Arc<[SettingSpec]> {
        #[derive(serde::Deserialize)]
        struct Shared {
            setting: Vec<SettingSpec>,
        }
        let parse = || serde_json::from_str::<Shared>(embedded::SETTINGS).map(|shared| shared.setting.into());
        self.shared.get_or_init(|| parse().unwrap_or_default())
    }

    /// The mechanisms by which the first kind works with the second, in the order of the data.
    pub fn mechanisms(&self, from: &str, to: &str) -> impl Iterator<Item = &Mechanism> {
        let rows = embedded::rows_of(FLOWS_PAIRS, from, to);
        let own: Vec<&Mechanism> = self.own_flows.iter().filter(|row| row.joins(from, to)).collect();
        rows.iter().filter_map(|row| self.mechanism(*row)).chain(own)
    }

    /// The mechanism of a row number.
    pub fn mechanism(&self, id: u16) -> Option<&Mechanism> {
        let at = usize::from(id);
        if let Some(own) = at.checked_sub(FLOWS.len()) {
            return self.own_flows.get(own);
        }
        read(&self.flows, at, FLOWS.get(at).copied(), |row: Mechanism| row.numbered(id))
    }

    /// All pairs of kinds that have a mechanism, sorted.
    pub fn flow_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.own_flows.iter().flat_map(|row| {
            row.from.iter().flat_map(|from| row.to.iter().map(move |to| (from.as_str(), to.as_str())))
        });
        let ours = FLOWS_PAIRS.iter().map(|pair| (pair.from, pair.to));
        ours.chain(own).collect::<BTreeSet<_>>().into_iter()
    }

    /// Why the first kind cannot work with the second directly, and what to write instead.
    pub fn impossible(&self, from: &str, to: &str) -> Option<&Impossible> {
        let named = |kinds: &[String], kind: &str| kinds.iter().any(|name| name == kind);
        let own = self.own_impossible.iter().find(|row| named(&row.from, from) && named(&row.to, to));
        own.or_else(|| self.impossible_rows(IMPOSSIBLE_PAIRS, from, to).next())
    }

    fn impossible_rows(
        &self,
        pairs: &'static [Pair],
        from: &str,
        to: &str,
    ) -> impl Iterator<Item = &Impossible> {
        embedded::rows_of(pairs, from, to).iter().filter_map(|row| {
            let at = usize::from(*row);
            read(&self.impossible, at, IMPOSSIBLE.get(at).copied(), |row| row)
        })
    }

    fn our_sizes(&self) -> Option<&Sizes> {
        let parse = || serde_json::from_str::<Sizes>(embedded::SIZES).ok().map(Sizes::named);
        self.sizes.get_or_init(parse).as_ref()
    }

    /// The size of a name in a table; a project's own comes first.
    pub fn size(&self, table: &str, name: &str) -> Option<&Size> {
        let own = self.own_sizes.as_ref().and_then(|sizes| sizes.get(table, name));
        own.or_else(|| self.our_sizes()?.get(table, name))
    }

    /// The sizes of a table: the catalogue's, then a project's own.
    pub fn sizes(&self, table: &str) -> impl Iterator<Item = &Size> {
        self.our_sizes().into_iter().chain(&self.own_sizes).flat_map(move |sizes| sizes.table(table))
    }

    /// Is a size, or the whole kind, one of the project's own, so that its price is none of the catalogue's?
    pub fn is_own_size(&self, table: &str, name: &str) -> bool {
        self.own_sizes.as_ref().is_some_and(|sizes| sizes.get(table, name).is_some())
    }

    /// Is a kind the project's own?
    pub fn is_own_kind(&self, id: &str) -> bool {
        self.own_kinds.contains_key(id)
    }

    fn regions(&self) -> Option<&Regions> {
        let parse =
            || serde_json::from_str::<Regions>(embedded::REGIONS).ok().filter(|regions| regions.schema == 1);
        self.regions.get_or_init(parse).as_ref()
    }

    /// The region whose list prices the catalogue holds.
    pub fn home_region(&self) -> &str {
        self.regions().map_or("us-east-1", |regions| regions.home.as_str())
    }

    /// The project's own price of something in a region: one for the region, otherwise one for every region; of several the
    /// last that was read.
    pub fn own_price(&self, kind: &str, subject: &PriceSubject, region: &str) -> Option<&OwnPrice> {
        let found = |wanted: Option<&str>| {
            let rows = self.own_prices.iter().rev();
            let mut rows = rows.filter(|row| row.kind == kind && row.subject == *subject);
            rows.find(|row| row.region.as_deref() == wanted)
        };
        if self.own_prices.is_empty() { None } else { found(Some(region)).or_else(|| found(None)) }
    }

    /// How many times the home region's price something costs in another region: the project's factor, otherwise the
    /// catalogue's.
    pub fn region_factor(&self, region: &str, kind: &str, item: &str) -> Option<&RegionFactor> {
        let covers = |row: &&RegionFactor| row.covers(region, kind, item);
        let own = self.own_factors.iter().rev().find(covers);
        own.or_else(|| self.regions()?.factor.iter().find(covers))
    }

    /// Hours of a reckoned month.
    pub fn hours_per_month(&self) -> u32 {
        self.our_sizes().map_or(730, |sizes| sizes.hours_per_month)
    }

    /// The words of a check.
    pub fn check(&self, code: &str) -> Option<&CheckText> {
        let at = CHECKS.binary_search_by(|(known, _)| (*known).cmp(code)).ok()?;
        self.check_at(at)
    }

    fn check_at(&self, at: usize) -> Option<&CheckText> {
        read(&self.checks, at, CHECKS.get(at).map(|(_, json)| *json), |check| check)
    }

    /// All checks, by code.
    pub fn checks(&self) -> impl Iterator<Item = &CheckText> {
        (0..CHECKS.len()).filter_map(|at| self.check_at(at))
    }

    /// The codes of all checks, sorted.
    pub fn check_codes(&self) -> impl Iterator<Item = &'static str> + use<> {
        CHECKS.iter().map(|(code, _)| *code)
    }

    /// What is known of an IAM action; nothing when there is none of that name, or its service is not listed.
    pub fn action(&self, name: &str) -> Option<ActionFacts> {
        action::action(name)
    }

    /// The listed IAM actions of a service, such as `s3`, in alphabetical order.
    pub fn actions_of(&self, service: &str) -> impl Iterator<Item = ActionFacts> + use<> {
        action::of_service(service)
    }

    /// Does AWS have a service of this prefix whose actions are not listed, so that nothing can be said of them?
    pub fn is_unlisted_service(&self, service: &str) -> bool {
        action::is_unlisted_service(service)
    }

    /// The listed IAM action nearest to a misspelt one.
    pub fn similar_action(&self, name: &str) -> Option<&str> {
        action::similar(name)
    }

    /// What Terraform itself needs to be allowed.
    pub fn deployer_rows(&self) -> &DeployerRows {
        self.deployer.get_or_init(|| serde_json::from_str(embedded::DEPLOYER).unwrap_or_default())
    }

    /// How resources of Terraform are read back into a model.
    pub fn terraform_rows(&self) -> &TerraformRows {
        self.terraform.get_or_init(|| serde_json::from_str(embedded::IMPORT).unwrap_or_default())
    }

    fn action_sets(&self) -> &ActionSets {
        self.sets.get_or_init(|| serde_json::from_str(embedded::ESCALATION).unwrap_or_default())
    }

    /// The sets of actions by which a principal can become another.
    pub fn escalations(&self) -> &[Escalation] {
        &self.action_sets().escalation
    }

    /// The actions that make a new thing of a kind, by the words of those kinds.
    pub fn creations(&self) -> &BTreeMap<String, Vec<String>> {
        &self.action_sets().creation
    }

    /// The duties that should not lie in one hand.
    pub fn duties(&self) -> &[Duty] {
        &self.action_sets().duty
    }

    /// The actions that hand out a credential or a token.
    pub fn credential_actions(&self) -> &[String] {
        &self.action_sets().credentials
    }

    /// The read actions by which data usually leaves.
    pub fn exfiltration_actions(&self) -> &[String] {
        &self.action_sets().exfiltration
    }
}
