//! The matrix: every kind, every legal pair and every listed value of every setting, as small models in a few batches.
//!
//! What is tried comes from the catalogue; `tests/cases/terraform/matrix.toml` only says how a kind is declared. The models
//! and their modules are left below the test's folder, where `.ci/run terraform` judges them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use archc::catalog::{Catalog, Kind, SettingSpec, SettingType};
use archc::emit::terraform;
use serde::Deserialize;

/// What one end of an arrow needs beyond its kind's own settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct EndSpec {
    settings: String,
    also: String,
}

/// How a kind is declared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct KindSpec {
    settings: String,
    place: String,
    also: String,
    as_source: EndSpec,
    as_target: EndSpec,
    values: BTreeMap<String, String>,
    skip: BTreeMap<String, String>,
    silent: BTreeMap<String, String>,
    context: String,
}

/// What one pair, or one verb of it, needs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PairSpec {
    from: String,
    to: String,
    verb: String,
    source: EndSpec,
    target: EndSpec,
    /// What the arrow says after its verb.
    arrow: String,
}

/// The data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    kind: BTreeMap<String, KindSpec>,
    #[serde(default)]
    pair: Vec<PairSpec>,
    #[serde(default)]
    variant: Vec<VariantSpec>,
}

/// A variant that no single setting makes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantSpec {
    name: String,
    text: String,
}

/// One case: what it shows, and the statements that show it.
#[derive(Debug, Clone)]
struct Trial {
    name: String,
    text: String,
}

/// Several cases in one model.
#[derive(Debug)]
struct Batch {
    name: String,
    trials: Vec<Trial>,
}

impl Batch {
    fn model(&self) -> String {
        let mut text = PRELUDE.replace("SYSTEM", &self.name.replace('_', "-"));
        for trial in &self.trials {
            let _ = write!(text, "\n# {}\n{}", trial.name, trial.text);
        }
        text
    }
}

/// What the cases of a model share.
const PRELUDE: &str = r#"system SYSTEM in us-east-1 { env prod; zones 2; owner "matrix@example.com" }
actor person
cognito pool { users 100 }
sns ops { email "ops@example.com" }
acm cert { domain "shop.example.com" }
acm edge_cert { domain "www.example.com" }
s3 bucket { storage 1 GB; holds internal }
vpc net 10.0.0.0/16 {
  tier edge public { }
  tier app private { }
  tier data isolated { }
}
alarms auto -> ops
"#;

fn spec() -> Spec {
    let path = format!("{}/tests/cases/terraform/matrix.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn joined(parts: &[&str]) -> String {
    let filled: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    filled.join("; ")
}

/// The second number of an address block that no other case of a batch has.
fn octet(name: &str) -> String {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    (digits.parse::<u32>().unwrap_or(0) % 200 + 1).to_string()
}

fn lines(one: &str, two: &str) -> String {
    format!("{one}\n{two}").trim().to_owned()
}

/// The settings of a declaration, each by its first word; a later one replaces an earlier one.
fn merged(parts: &[&str]) -> String {
    let mut found: Vec<(String, &str)> = Vec::new();
    for setting in
        parts.iter().flat_map(|part| part.split(';')).map(str::trim).filter(|part| !part.is_empty())
    {
        let word = setting.split(' ').next().unwrap_or_default().to_owned();
        match found.iter_mut().find(|(known, _)| *known == word) {
            Some(known) => known.1 = setting,
            None => found.push((word, setting)),
        }
    }
    found.into_iter().map(|(_, setting)| setting).collect::<Vec<_>>().join("; ")
}

impl Spec {
    /// The statements that declare a thing.
    fn declaration(&self, kind: &Kind, name: &str, end: &EndSpec, more: &str) -> String {
        let known = self
            .kind
            .get(&kind.id)
            .unwrap_or_else(|| panic!("matrix.toml does not say how {} is declared", kind.id));
        let settings = merged(&[&known.settings, &end.settings, more]);
        let place =
            settings.split("; ").find_map(|setting| setting.strip_prefix("place ")).unwrap_or(&known.place);
        let place = if place.is_empty() || place == "none" { String::new() } else { format!(" in {place}") };
        let settings: Vec<&str> = settings
            .split("; ")
            .filter(|setting| !setting.is_empty() && !setting.starts_with("place "))
            .collect();
        let settings = settings.join("; ");
        let also = match end.also.strip_prefix('-') {
            Some(instead) => instead.to_owned(),
            None => format!("{}\n{}", known.also, end.also),
        };
        format!("{} {name}{place} {{ {settings} }}\n{}\n", kind.word, also.trim())
            .replace("NAME", name)
            .replace("OCTET", &octet(name))
    }

    /// What is said of a pair's verb.
    fn pair(&self, from: &str, to: &str, verb: &str) -> PairSpec {
        let matches = |own: &str, wanted: &str| own.is_empty() || own.split('|').any(|one| one == wanted);
        let fits =
            |row: &&PairSpec| matches(&row.from, from) && matches(&row.to, to) && matches(&row.verb, verb);
        self.pair.iter().filter(fits).fold(PairSpec::default(), |sum, row| PairSpec {
            source: EndSpec {
                settings: joined(&[&sum.source.settings, &row.source.settings]),
                also: lines(&sum.source.also, &row.source.also),
            },
            target: EndSpec {
                settings: joined(&[&sum.target.settings, &row.target.settings]),
                also: lines(&sum.target.also, &row.target.also),
            },
            arrow: format!("{} {}", sum.arrow, row.arrow),
            ..sum
        })
    }
}

/// Every declarable kind alone.
fn kinds(spec: &Spec, catalog: &Catalog) -> Vec<Trial> {
    let alone = |kind: &Kind| {
        let name = kind.word.replace('-', "_");
        Trial {
            name: kind.word.clone(),
            text: spec.declaration(kind, &format!("a_{name}"), &EndSpec::default(), ""),
        }
    };
    catalog.kinds().filter(|kind| kind.declarable).map(alone).collect()
}

/// Every verb of every legal pair, by the kind at the start.
fn pairs(spec: &Spec, catalog: &Catalog) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (from, to) in catalog.flow_pairs() {
        let (Some(source), Some(target)) = (catalog.kind(from), catalog.kind(to)) else { continue };
        if !source.declarable || !target.declarable {
            continue;
        }
        for row in catalog.mechanisms(from, to).filter(|row| !row.implicit) {
            for verb in row.verbs(to) {
                trials.push(pair(spec, source, target, &verb, trials.len()));
            }
        }
    }
    trials
}

fn pair(spec: &Spec, source: &Kind, target: &Kind, verb: &str, number: usize) -> Trial {
    let own = spec.pair(&source.id, &target.id, verb);
    let known = |kind: &Kind| spec.kind.get(&kind.id).cloned().unwrap_or_default();
    let (first, second) = (known(source).as_source, known(target).as_target);
    let both = |one: &EndSpec, two: &EndSpec| EndSpec {
        settings: joined(&[&one.settings, &two.settings]),
        also: lines(&one.also, &two.also),
    };
    let (a, b) = (
        format!("s{number}_{}", source.word.replace('-', "_")),
        format!("t{number}_{}", target.word.replace('-', "_")),
    );
    let a = if source.id == "user" { "person".to_owned() } else { a };
    let start = spec.declaration(source, &a, &both(&first, &own.source), "");
    let start = if source.id == "user" { String::new() } else { start };
    let end = spec.declaration(target, &b, &both(&second, &own.target), "");
    let replace = |text: String| text.replace("SOURCE", &a).replace("TARGET", &b);
    let arrow = if verb == "authorize" {
        String::new()
    } else {
        format!("{a} -> {b} : {verb}{}\n", own.arrow.trim_end())
    };
    Trial {
        name: format!("{} -> {} : {verb}", source.word, target.word),
        text: replace(format!("{start}{end}{arrow}")),
    }
}

/// The values a setting takes in variants.
fn values_of(setting: &SettingSpec, known: &KindSpec) -> Vec<String> {
    if known.skip.contains_key(&setting.name) {
        return Vec::new();
    }
    if let Some(own) = known.values.get(&setting.name) {
        return own.split('|').map(|value| format!("{} {}", setting.name, value.trim())).collect();
    }
    let plain = |value: &String| format!("{} {value}", setting.name);
    match setting.kind {
        SettingType::Flag => vec![setting.name.clone(), format!("{} off", setting.name)],
        _ => setting.values.iter().map(plain).collect(),
    }
}

/// Variants of each kind: the n-th one takes the n-th value of every setting, so that each value is taken once.
fn variants(spec: &Spec, catalog: &Catalog) -> Vec<Trial> {
    let mut trials = Vec::new();
    for kind in catalog.kinds().filter(|kind| kind.declarable) {
        let known = spec.kind.get(&kind.id).cloned().unwrap_or_default();
        let values: Vec<Vec<String>> =
            kind.settings.iter().map(|setting| values_of(setting, &known)).collect();
        let most = values.iter().map(Vec::len).max().unwrap_or_default();
        for number in 0..most {
            let taken: Vec<String> = values
                .iter()
                .filter(|list| !list.is_empty())
                .map(|list| list[number % list.len()].clone())
                .collect();
            let name = format!("v{number}_{}", kind.word.replace('-', "_"));
            let around = EndSpec { also: known.context.clone(), ..EndSpec::default() };
            let text = spec.declaration(kind, &name, &around, &taken.join("; "));
            trials.push(Trial { name: format!("{} {{ {} }}", kind.word, taken.join("; ")), text });
        }
    }
    trials.extend(spec.variant.iter().map(|own| Trial { name: own.name.clone(), text: own.text.clone() }));
    trials
}

fn batches(kind: &str, trials: &[Trial], size: usize) -> Vec<Batch> {
    let name = |number: usize| format!("{kind}{number:02}");
    trials
        .chunks(size)
        .enumerate()
        .map(|(number, trials)| Batch { name: name(number), trials: trials.to_vec() })
        .collect()
}

fn all(spec: &Spec, catalog: &Catalog) -> Vec<Batch> {
    let mut all = batches("kinds", &kinds(spec, catalog), 17);
    all.extend(batches("pairs", &pairs(spec, catalog), 24));
    all.extend(batches("variants", &variants(spec, catalog), 24));
    all
}

/// The names and texts of all models of the matrix.
pub fn models() -> Vec<(String, String)> {
    let all = all(&spec(), &Catalog::embedded());
    all.iter().map(|batch| (batch.name.clone(), batch.model())).collect()
}

#[test]
fn every_model_of_the_matrix_is_sound_and_its_module_parses() {
    let (spec, catalog) = (spec(), Catalog::embedded());
    let folder = format!("{}/matrix", env!("CARGO_TARGET_TMPDIR"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut failures = String::new();
    for batch in all(&spec, &catalog) {
        let text = batch.model();
        std::fs::write(format!("{folder}/{}.arch", batch.name), &text).unwrap();
        let (review, _) = crate::support::review_in(&format!("{}.arch", batch.name), &text, None);
        let Some(checked) = review.seal() else {
            for finding in
                review.findings.iter().filter(|finding| finding.severity == archc::diag::Severity::Error)
            {
                let _ = writeln!(failures, "{}: {finding:?}", batch.name);
            }
            continue;
        };
        let module = format!("{folder}/{}", batch.name);
        std::fs::create_dir_all(&module).unwrap();
        for artifact in terraform::print(&terraform::module(checked)) {
            let text = std::str::from_utf8(&artifact.bytes).unwrap();
            let file = artifact.path.as_str().trim_start_matches("terraform/").trim_end_matches(".example");
            if file.ends_with(".tf") {
                hcl_edit::parser::parse_body(text)
                    .unwrap_or_else(|error| panic!("{}: {file}: {error}", batch.name));
            }
            std::fs::write(format!("{module}/{file}"), text).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Each pair that the catalogue calls impossible is refused where it stands, with the catalogue's advice.
#[test]
fn every_impossible_pair_is_refused_with_its_advice() {
    let (spec, catalog) = (spec(), Catalog::embedded());
    let declarable = |id: &&Kind| id.declarable;
    let mut refused = 0;
    for source in catalog.kinds().filter(declarable) {
        for target in catalog.kinds().filter(declarable) {
            let Some(row) = catalog.impossible(&source.id, &target.id) else { continue };
            let (a, b) = ("one", "two");
            let verbs = if row.verbs.is_empty() { vec!["call".to_owned()] } else { row.verbs.clone() };
            for verb in verbs {
                let start = spec.declaration(source, a, &EndSpec::default(), "");
                let end = spec.declaration(target, b, &EndSpec::default(), "");
                let text = format!("{start}{end}{a} -> {b} : {verb}\n");
                let batch = Batch {
                    name: "impossible".to_owned(),
                    trials: vec![Trial { name: String::new(), text }],
                };
                let (review, _) = crate::support::review_in("impossible.arch", &batch.model(), None);
                let finding = review.findings.iter().find(|finding| finding.code == "MODEL-704");
                let finding = finding.unwrap_or_else(|| {
                    panic!("{} -> {} : {verb}: {:?}", source.id, target.id, review.findings)
                });
                let said = format!("{finding:?}");
                let advice = row
                    .advice
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == ' ')
                    .collect::<String>();
                assert!(said.contains(advice.trim()), "{} -> {}: {said}", source.id, target.id);
                assert!(review.seal().is_none(), "{} -> {}", source.id, target.id);
                refused += 1;
            }
        }
    }
    assert!(refused >= 110, "{refused}");
}

/// What the matrix covers, so that a hole in it is seen.
#[test]
fn the_matrix_has_every_kind_every_pair_and_every_listed_value() {
    let (spec, catalog) = (spec(), Catalog::embedded());
    let whole: String = all(&spec, &catalog).iter().map(Batch::model).collect();
    for kind in catalog.kinds().filter(|kind| kind.declarable) {
        assert!(whole.contains(&format!("\n{} a_", kind.word)), "{}", kind.id);
        let known = spec.kind.get(&kind.id).cloned().unwrap_or_default();
        for setting in kind.settings.iter().filter(|setting| !known.skip.contains_key(&setting.name)) {
            for value in setting.values.iter().filter(|value| setting.default_written() != Some(value)) {
                let wanted = format!("{} {value}", setting.name);
                let said = whole.lines().any(|line| line.starts_with(&kind.word) && line.contains(&wanted));
                assert!(said || known.values.contains_key(&setting.name), "{}: {wanted}", kind.id);
            }
        }
    }
    let arrows = pairs(&spec, &catalog).len();
    assert!(arrows >= 480, "{arrows}");
}

/// The module of one declaration with further settings, without its comments; nothing when the model is not sound.
fn lone(spec: &Spec, catalog: &Catalog, kind: &Kind, more: &str) -> Option<String> {
    let known = spec.kind.get(&kind.id).cloned().unwrap_or_default();
    let around = EndSpec { also: known.context, ..EndSpec::default() };
    let text = spec.declaration(kind, "it", &around, more);
    let batch = Batch { name: "lone".to_owned(), trials: vec![Trial { name: String::new(), text }] };
    let review = crate::terraform::review("lone.arch", &batch.model(), catalog);
    let files = terraform::print(&terraform::module(review.seal()?));
    let texts = files.iter().map(|file| std::str::from_utf8(&file.bytes).unwrap());
    let lines = texts.flat_map(str::lines).filter(|line| !line.trim_start().starts_with('#'));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// A setting that names an argument of Terraform changes what is written, for one of its values at least.
#[test]
fn every_setting_of_terraform_changes_the_module() {
    let (spec, catalog) = (spec(), Catalog::embedded());
    let mut failures = Vec::new();
    for kind in catalog.kinds().filter(|kind| kind.declarable) {
        let known = spec.kind.get(&kind.id).cloned().unwrap_or_default();
        let Some(plain) = lone(&spec, &catalog, kind, "") else { panic!("{} is not sound", kind.id) };
        for setting in kind.settings.iter().filter(|setting| setting.terraform.is_some()) {
            let keyword = setting.keyword.as_ref().map(|word| format!("{word} ")).unwrap_or_default();
            let bounds = [&setting.max, &setting.min].into_iter().flatten();
            let bounds = bounds.map(|bound| format!("{} {keyword}{bound}", setting.name));
            let values: Vec<String> = values_of(setting, &known).into_iter().chain(bounds).collect();
            let mut modules = values.iter().filter_map(|value| lone(&spec, &catalog, kind, value));
            let is_heard = modules.any(|module| module != plain);
            let is_exempt =
                known.skip.contains_key(&setting.name) || known.silent.contains_key(&setting.name);
            if is_heard && known.silent.contains_key(&setting.name) || !is_heard && !is_exempt {
                failures.push(format!("{}.{} {values:?}", kind.id, setting.name));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// A statement as it is written or granted: document, id, effect, actions, whether it is about everything, conditions.
type Said = (String, String, bool, Vec<String>, bool, usize);

fn words(block: &hcl_edit::structure::Block, name: &str) -> Vec<String> {
    let Some(attribute) = block.body.get_attribute(name) else { return Vec::new() };
    match attribute.value.as_array() {
        Some(array) => array.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        None => attribute.value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// The statements of all policy documents of a file.
fn written(text: &str) -> Vec<Said> {
    let body = hcl_edit::parser::parse_body(text).unwrap();
    let documents = body.blocks().filter(|block| {
        block.has_ident("data")
            && block.labels.first().is_some_and(|kind| kind.as_str() == "aws_iam_policy_document")
    });
    let mut found = Vec::new();
    for document in documents {
        for statement in document.body.get_blocks("statement") {
            let denies = words(statement, "effect").concat() == "Deny";
            let is_on_all = words(statement, "resources") == ["*"];
            let conditions = statement.body.get_blocks("condition").count();
            let label = document.labels[1].as_str().to_owned();
            let sid = words(statement, "sid").concat();
            found.push((label, sid, denies, words(statement, "actions"), is_on_all, conditions));
        }
    }
    found.sort();
    found
}

/// What a model grants to the roles of its services, statement by statement.
fn granted(review: &archc::check::Review) -> Vec<Said> {
    use archc::derive::access::{Carrier, Effect, Principal};
    let mut found = Vec::new();
    for (id, service) in review.model.services.iter() {
        let statements = review.facts.access.statements(&Principal::Service(id));
        for statement in statements.iter().filter(|statement| statement.carrier == Carrier::Identity) {
            let which =
                if statement.role.is_empty() { String::new() } else { format!("_{}", statement.role) };
            let label = format!("{}{which}", service.name.label());
            let denies = statement.effect == Effect::Deny;
            let (actions, conditions) = (statement.actions.clone(), statement.conditions.len());
            found.push((
                label,
                statement.sid.clone(),
                denies,
                actions,
                statement.is_on_everything(),
                conditions,
            ));
        }
    }
    found.sort();
    found
}

/// Every statement of every service's role stands in the Terraform, and nothing else does; no action is a wildcard.
#[test]
fn roles_hold_exactly_what_the_facts_grant() {
    let (spec, catalog) = (spec(), Catalog::embedded());
    let mut texts: Vec<(String, String)> =
        all(&spec, &catalog).iter().map(|batch| (batch.name.clone(), batch.model())).collect();
    texts.extend(crate::support::models());
    let (mut proven, mut on_all) = (0, 0);
    for (name, text) in texts {
        let review = crate::terraform::review(&name, &text, &catalog);
        let granted = granted(&review);
        let labels: std::collections::BTreeSet<&String> = granted.iter().map(|said| &said.0).collect();
        for artifact in terraform::print(&terraform::module(review.seal().unwrap())) {
            let text = std::str::from_utf8(&artifact.bytes).unwrap();
            if !artifact.path.as_str().ends_with(".tf") {
                continue;
            }
            let written = written(text);
            for (label, _, denies, actions, _, _) in &written {
                let wild = actions.iter().filter(|action| action.contains('*') && *action != "kms:*");
                assert!(*denies || wild.count() == 0, "{name}: {label}: {actions:?}");
            }
            if artifact.path.as_str().ends_with("/iam.tf") {
                let own: Vec<Said> = written.into_iter().filter(|said| labels.contains(&said.0)).collect();
                assert_eq!(own, granted, "{name}");
                proven += own.len();
                on_all += own.iter().filter(|said| said.4).count();
            }
        }
    }
    assert!(proven > 1_000 && on_all < proven, "{proven} statements, {on_all} of them on everything");
    println!("{proven} statements, {on_all} of them on everything");
}
