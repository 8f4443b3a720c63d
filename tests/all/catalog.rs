//! The catalogue's data is whole, and its rows agree with each other.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "tests read the files they hold, and may fail anywhere"
)]

use std::collections::{BTreeMap, BTreeSet};

use archc::catalog::{Catalog, Kind, SettingDefault, SettingSpec, SettingType, When};
use archc::syntax::ast::Statement;
use archc::text::{FileId, Source};
use archc::units::{Bytes, Dimension, unit};

const KINDS: usize = 51;

fn is_kebab(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[test]
fn every_kind_file_is_read_whole() {
    let files = std::fs::read_dir("catalog/kinds").unwrap().count();
    let catalog = Catalog::embedded();
    assert_eq!(files, KINDS);
    assert_eq!(catalog.kinds().count(), files);
    for entry in std::fs::read_dir("catalog/kinds").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (project, findings) =
            Catalog::embedded().with_project(&[(FileId(0), &Source::new("k.toml", text))]);
        assert!(findings.is_empty(), "{}: {findings:?}", path.display());
        let id = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(project.kind(id), catalog.kind(id), "the embedded {id} differs from its file");
    }
}

#[test]
fn every_kind_says_what_it_is_in_both_languages() {
    for kind in Catalog::embedded().kinds() {
        let texts =
            [&kind.name, &kind.name_es, &kind.role, &kind.role_es, &kind.category, &kind.icon, &kind.word];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", kind.id);
        assert!(is_kebab(&kind.word) && is_kebab(&kind.icon), "{}", kind.id);
        assert!(!kind.role.ends_with('.') && !kind.role_es.ends_with('.'), "{}", kind.id);
        assert_ne!(kind.role, kind.role_es, "{}", kind.id);
    }
}

#[test]
fn words_are_unique_and_known() {
    let catalog = Catalog::embedded();
    let words: BTreeSet<&str> = catalog.kinds().map(|kind| kind.word.as_str()).collect();
    assert_eq!(words.len(), KINDS);
    let contract = [
        ("ec2", "ec2_service"),
        ("fargate", "ecs_fargate"),
        ("http-api", "api_http"),
        ("rest-api", "api_rest"),
        ("postgres", "rds_postgres"),
        ("mysql", "rds_mysql"),
        ("aurora", "aurora_serverless"),
        ("actor", "user"),
        ("parameter", "ssm_parameter"),
        ("kms-key", "kms"),
    ];
    for (word, id) in contract {
        assert_eq!(catalog.by_word(word).map(|kind| kind.id.as_str()), Some(id));
    }
    let other = |kind: &&Kind| contract.iter().all(|(_, id)| *id != kind.id) && kind.id != "subnet";
    for kind in catalog.kinds().filter(other) {
        assert_eq!(kind.word, kind.id.replace('_', "-"));
    }
    let undeclarable: Vec<&str> =
        catalog.kinds().filter(|kind| !kind.declarable).map(|kind| kind.word.as_str()).collect();
    assert_eq!(undeclarable, ["budget", "tier", "vpc", "vpc-link"]);
    assert_eq!(catalog.words().count(), KINDS - undeclarable.len());
}

/// A quantity as it is written in the language, in the scale of its dimension.
fn quantity(text: &str) -> Option<(Dimension, u64)> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, name) = text.split_at(digits);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let thousandths = format!("{whole}{fraction:0<3}").parse().ok()?;
    match name.trim() {
        "" => Some((Dimension::Count, thousandths)),
        name => unit(name).and_then(|unit| Some((unit.dimension, unit.scale(thousandths)?))),
    }
}

fn dimension(kind: SettingType) -> Option<Dimension> {
    Some(match kind {
        SettingType::Count => Dimension::Count,
        SettingType::Percent => Dimension::Percent,
        SettingType::Time => Dimension::Time,
        SettingType::Bytes => Dimension::Bytes,
        SettingType::Rate => Dimension::Rate,
        SettingType::Money => Dimension::Money,
        _ => return None,
    })
}

fn bound(setting: &SettingSpec, text: Option<&str>) -> Option<u64> {
    let (found, value) = quantity(text?).unwrap_or_else(|| panic!("{}: {text:?}", setting.name));
    assert_eq!(Some(found), dimension(setting.kind), "{}: {text:?}", setting.name);
    Some(value)
}

fn check_setting(kind: &Kind, setting: &SettingSpec) {
    let place = format!("{}.{}", kind.id, setting.name);
    assert!(is_kebab(&setting.name), "{place}");
    assert!(setting.doc.ends_with('.') && !setting.src.is_empty(), "{place}");
    assert_eq!(
        setting.kind == SettingType::Flag,
        matches!(setting.default, Some(SettingDefault::Flag(_))),
        "{place}"
    );
    let (min, max) = (bound(setting, setting.min.as_deref()), bound(setting, setting.max.as_deref()));
    assert!(min.is_none() || max.is_none() || min < max, "{place}");
    let Some(default) = setting.default_written() else { return };
    if dimension(setting.kind).is_some() {
        let value = bound(setting, Some(default));
        assert!(
            min.is_none_or(|min| Some(min) <= value) && max.is_none_or(|max| value <= Some(max)),
            "{place}"
        );
    }
    if !matches!(setting.kind, SettingType::Word | SettingType::Words) {
        // Of a number, the only word is the one that takes it away.
        assert!(setting.values.iter().all(|value| value == "off"), "{place}");
    } else if !setting.values.is_empty() {
        let known = |word: &str| setting.values.iter().any(|value| value == word.trim());
        assert!(default.split(',').all(known), "{place}: {default}");
    }
}

#[test]
fn every_setting_is_whole_and_its_default_lies_within_its_bounds() {
    let catalog = Catalog::embedded();
    for kind in catalog.kinds() {
        let names: BTreeSet<&str> = kind.all_settings().map(|setting| setting.name.as_str()).collect();
        assert_eq!(names.len(), kind.all_settings().count(), "{} has a setting twice", kind.id);
        assert!(!kind.settings.is_empty() || !kind.declarable, "{} has no settings", kind.id);
        for setting in kind.all_settings() {
            check_setting(kind, setting);
            for id in &setting.kinds {
                assert!(catalog.kind(id).is_some(), "{}.{} may refer to {id}", kind.id, setting.name);
            }
            if let (Some(table), Some(default)) = (&setting.table, setting.default_written()) {
                assert!(catalog.size(table, default).is_some(), "{}.{}", kind.id, setting.name);
            }
        }
    }
}

#[test]
fn prices_follow_settings_that_exist() {
    for kind in Catalog::embedded().kinds() {
        for price in &kind.pricing.items {
            let Some(when) = &price.when else { continue };
            let setting = kind.setting(when.setting()).unwrap_or_else(|| panic!("{}.{}", kind.id, price.id));
            if let When::Is(_, value) | When::IsNot(_, value) = when {
                assert!(
                    setting.values.contains(value) || setting.kind == SettingType::Transition,
                    "{}.{}",
                    kind.id,
                    price.id
                );
            }
        }
    }
}

#[test]
fn verbs_expand_to_known_verbs_and_people_can_work_with_every_service() {
    let catalog = Catalog::embedded();
    for kind in catalog.kinds() {
        for verb in &kind.access {
            assert!(verb.expands.iter().all(|part| kind.verb(part).is_some()), "{}.{}", kind.id, verb.name);
            assert!(
                verb.is_iam() || verb.channel.is_some() || !verb.expands.is_empty(),
                "{}.{}",
                kind.id,
                verb.name
            );
            assert!(verb.allow.iter().all(|allow| kind.arn_of(allow).is_some()), "{}.{}", kind.id, verb.name);
        }
        let without = ["external", "subnet", "user"];
        assert_eq!(kind.verb("observe").is_none(), without.contains(&kind.id.as_str()), "{}", kind.id);
    }
    let s3 = catalog.kind("s3").unwrap();
    let names: Vec<&str> =
        s3.expanded(s3.verb("readwrite").unwrap()).iter().map(|verb| verb.name.as_str()).collect();
    assert_eq!(names, ["readwrite", "read", "list", "write"]);
}

#[test]
fn every_action_exists_and_works_on_its_resource_type() {
    let catalog = Catalog::embedded();
    let mut actions = BTreeSet::new();
    for kind in catalog.kinds() {
        let of_verbs = kind.access.iter().flat_map(|verb| &verb.allow);
        for allow in of_verbs.chain(kind.base.iter().flat_map(|base| &base.allow)) {
            for name in &allow.actions {
                let facts = catalog.action(name).unwrap_or_else(|| panic!("{}: {name}", kind.id));
                let on = allow.on.split_once(':').map_or(allow.on.as_str(), |(_, on)| on);
                let fits = if on == "*" {
                    facts.is_without_resource()
                } else {
                    facts.resource_types().any(|known| known == on)
                };
                assert!(fits, "{}: {name} on {on}", kind.id);
                actions.insert(facts.name);
            }
        }
    }
    assert!(actions.len() > 300, "{}", actions.len());
}

#[test]
fn misspelt_actions_are_answered() {
    let catalog = Catalog::embedded();
    assert!(catalog.action("s3:HeadObject").is_none() && !catalog.is_unlisted_service("s3"));
    assert_eq!(catalog.similar_action("s3:GetObjct"), Some("s3:GetObject"));
    assert_eq!(catalog.similar_action("dynamodb:PutItems"), Some("dynamodb:PutItem"));
    assert_eq!(catalog.action("S3:getobject").map(|facts| facts.name), Some("s3:GetObject"));
    assert!(catalog.is_unlisted_service("rekognition") && !catalog.is_unlisted_service("nosuch"));
}

#[test]
fn escalation_sets_and_duties_name_actions_that_exist() {
    let catalog = Catalog::embedded();
    assert!(catalog.escalations().len() >= 50 && catalog.duties().len() == 5);
    let sets = catalog
        .escalations()
        .iter()
        .map(|set| &set.actions)
        .chain(catalog.duties().iter().map(|duty| &duty.actions));
    for name in sets.flatten().chain(catalog.credential_actions()).chain(catalog.exfiltration_actions()) {
        let service = name.split(':').next().unwrap();
        assert!(catalog.action(name).is_some() || catalog.is_unlisted_service(service), "{name}");
    }
}

#[test]
fn flows_name_known_kinds_and_verbs_and_no_pair_has_a_verb_twice() {
    let catalog = Catalog::embedded();
    let pairs: Vec<(&str, &str)> = catalog.flow_pairs().collect();
    assert!(pairs.len() >= 336, "{}", pairs.len());
    for (from, to) in pairs {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for mechanism in catalog.mechanisms(from, to) {
            let kind = catalog.kind(mechanism.verb_kind(from, to)).unwrap();
            let inserted = mechanism.inserts.iter().chain(mechanism.inserts_if.values());
            assert!(inserted.clone().all(|id| catalog.kind(id).is_some()), "{from} -> {to}");
            assert!(
                mechanism.lints.iter().all(|code| catalog.check_codes().any(|known| known == code)),
                "{from} -> {to}"
            );
            for verb in mechanism.verbs(to) {
                let twice = seen.insert(verb.clone(), &mechanism.via);
                assert!(twice.is_none(), "{from} -> {to} : {verb} by {twice:?} and {}", mechanism.via);
                assert!(mechanism.implicit || kind.verb(&verb).is_some(), "{from} -> {to} : {verb}");
            }
        }
        let possible = catalog.impossible(from, to).is_none_or(|row| !row.verbs.is_empty());
        assert!(possible, "{from} -> {to} is legal and impossible");
    }
}

#[test]
fn the_seeds_arrows_have_their_mechanisms() {
    let catalog = Catalog::embedded();
    let via =
        |from: &str, to: &str| catalog.mechanisms(from, to).map(|row| row.via.clone()).collect::<Vec<_>>();
    assert_eq!(via("api_http", "ec2_service"), ["vpc-link-v2+alb"]);
    assert_eq!(via("sqs", "lambda"), ["event-source-mapping"]);
    assert_eq!(via("lambda", "aurora_serverless"), ["tcp-in-vpc", "rds-data-api"]);
    let row = catalog.mechanisms("api_http", "ec2_service").next().unwrap();
    assert_eq!(row.inserts, ["vpc_link", "alb"]);
    assert_eq!(catalog.mechanism(row.id), Some(row));
    assert!(catalog.impossible("sqs", "s3").unwrap().advice.contains("lambda"));
}

#[test]
fn figures_are_exact() {
    let catalog = Catalog::embedded();
    let lambda = catalog.kind("lambda").unwrap();
    assert_eq!(lambda.pricing.item("gb-second").unwrap().pico_usd, 16_666_700);
    assert_eq!(lambda.availability.sla.0, 999_500);
    let medium = catalog.size("ec2", "t3.medium").unwrap();
    assert_eq!((medium.vcpu, medium.memory, medium.pico_usd), (2, Bytes(4 << 30), 41_600_000_000));
    assert_eq!(medium.amount(730_000).usd(3), "30.368");
    let postgres = catalog.kind("rds_postgres").unwrap();
    assert_eq!(postgres.capacity.connections(Bytes(4 << 30)), Some(405));
    assert!(catalog.size("ec2", "t4g.small").unwrap().is_from_memory() && !medium.is_from_memory());
}

#[test]
fn every_check_says_everything_in_both_languages() {
    let catalog = Catalog::embedded();
    assert_eq!(catalog.checks().count(), catalog.check_codes().count());
    assert_eq!(catalog.checks().count(), 116);
    for check in catalog.checks() {
        let texts =
            [&check.title, &check.title_es, &check.rationale, &check.rationale_es, &check.fix, &check.fix_es];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", check.code);
        assert!(check.title != check.title_es && check.rationale != check.rationale_es, "{}", check.code);
        let fragments =
            |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(fragments(&check.fix), fragments(&check.fix_es), "{}", check.code);
        assert!(!check.source.is_empty() && !check.detects.is_empty(), "{}", check.code);
    }
}

#[test]
fn a_projects_own_kind_is_read_and_its_mistakes_are_placed() {
    let text = std::fs::read_to_string("catalog/kinds/sqs.toml").unwrap();
    let own = text.replace("kind = \"sqs\"", "kind = \"mq\"").replace("word = \"sqs\"", "word = \"rabbit\"");
    let flows = "schema = 1\n[[flow]]\nfrom = \"lambda\"\nto = \"mq\"\nverb = \"send\"\nvia = \"amqp\"\nmode = \"async\"\n\
                 initiator = \"from\"\ngrant = []\n[[flow]]\nfrom = \"lamda\"\nto = \"mq\"\nverb = \"send\"\nvia = \"amqp\"\n\
                 mode = \"async\"\ninitiator = \"from\"\ngrant = []\n";
    let sources = [Source::new("aws/mq.toml", own), Source::new("aws/flows.toml", flows)];
    let files: Vec<(FileId, &Source)> = (0..).map(FileId).zip(&sources).collect();
    let (catalog, findings) = Catalog::embedded().with_project(&files);
    assert_eq!(catalog.by_word("rabbit").map(|kind| kind.id.as_str()), Some("mq"));
    assert_eq!(catalog.mechanisms("lambda", "mq").map(|row| row.via.as_str()).collect::<Vec<_>>(), ["amqp"]);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((finding.code, sources[1].slice(finding.span.start, finding.span.end)), ("CAT-003", "lamda"));

    let typo = Source::new("aws/mq.toml", text.replace("protocol", "protokol"));
    let (_, findings) = Catalog::embedded().with_project(&[(FileId(0), &typo)]);
    assert_eq!(
        (findings[0].code, typo.slice(findings[0].span.start, findings[0].span.end)),
        ("CAT-001", "protokol")
    );

    let taken = Source::new("aws/mq.toml", text.replace("kind = \"sqs\"", "kind = \"mq\""));
    let (_, findings) = Catalog::embedded().with_project(&[(FileId(0), &taken)]);
    assert_eq!(findings[0].code, "CAT-002");
}

/// The TOML blocks of the page about a project's own kinds.
fn blocks_of_the_page() -> Vec<String> {
    let page = std::fs::read_to_string("docs/reference/catalog.md").unwrap();
    let blocks = page.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned());
    blocks.map(|block| block.lines().map(|line| format!("{}\n", line.trim_start())).collect()).collect()
}

#[test]
fn the_page_about_own_kinds_shows_files_that_are_read() {
    let names = ["aws/mq.toml", "aws/flows.toml", "aws/sizes.toml", "aws/prices.toml"];
    let sources: Vec<Source> =
        names.into_iter().zip(blocks_of_the_page()).map(|(name, text)| Source::new(name, text)).collect();
    assert_eq!(sources.len(), names.len());
    let files: Vec<(FileId, &Source)> = (0..).map(FileId).zip(&sources).collect();
    let (catalog, findings) = Catalog::embedded().with_project(&files);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(catalog.by_word("mq").map(|kind| kind.settings.len()), Some(1));
    assert_eq!(catalog.mechanisms("ec2_service", "mq").count(), 1);
    assert_eq!(catalog.size("ec2", "m7i.2xlarge").map(|size| size.memory), Some(Bytes(32 << 30)));
}

#[test]
fn the_schema_page_names_every_key_of_the_data() {
    let page = std::fs::read_to_string("catalog/SCHEMA.md").unwrap();
    let words: BTreeSet<&str> =
        page.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').collect();
    let files = std::fs::read_dir("catalog/kinds").unwrap().map(|entry| entry.unwrap().path());
    for path in files
        .chain(["flows", "checks", "regions", "settings"].map(|name| format!("catalog/{name}.toml").into()))
    {
        let table: toml::Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let lists = ["setting", "access", "base", "flow", "impossible", "check", "factor"];
        let rows = lists.iter().filter_map(|list| table.get(*list)?.as_array()).flatten();
        let inner = rows.filter_map(toml::Value::as_table).flat_map(toml::Table::keys);
        let missing: Vec<&String> =
            table.keys().chain(inner).filter(|key| !words.contains(key.as_str())).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", path.display());
    }
}

/// What stands in back-ticks in a text.
fn fragments(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Does a declaration name a kind and settings of the catalogue?
fn is_known(catalog: &Catalog, statement: &Statement) -> bool {
    let Statement::Declaration(declaration) = statement else { return true };
    let kind = catalog.by_word(&declaration.kind.value);
    kind.is_some_and(|kind| {
        declaration.settings.iter().all(|written| kind.setting(&written.name.value).is_some())
    })
}

#[test]
fn what_a_fix_tells_to_type_is_a_command_or_a_statement() {
    let catalog = Catalog::embedded();
    let mut broken = Vec::new();
    for check in catalog.checks() {
        for fragment in fragments(&check.fix).filter(|fragment| !fragment.starts_with("archc ")) {
            let (ast, findings) = archc::syntax::parse(FileId(0), &Source::new("fix.arch", fragment));
            let said: Vec<_> = findings.iter().map(|finding| (finding.code, &finding.message)).collect();
            let known = ast.statements.iter().all(|statement| is_known(&catalog, statement));
            if !said.is_empty() || ast.statements.len() != 1 || !known {
                broken.push(format!("{}: {fragment}: {said:?}", check.code));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
