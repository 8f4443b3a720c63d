//! The report: every model in every language, complete and unbroken by hostile words.

use std::collections::BTreeSet;

use archc::emit::svg::Plate;
use archc::text::{Language, RelPath};
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::support;

const LANGUAGES: [Language; 2] = [Language::En, Language::Es];

fn report(text: &str, language: Language) -> String {
    let (review, catalog) = support::review(text);
    let plate = |path, title: &str, is_page| Plate {
        path: RelPath::new(path).unwrap(),
        title: title.into(),
        is_page,
    };
    let pictures = [
        plate("diagrams/deployment.svg", "Deployment", false),
        plate("diagrams/page-net.svg", "VPC net", true),
    ];
    let artifacts = archc::emit::report::emit(&review, &catalog, language, &pictures);
    String::from_utf8(artifacts.into_iter().next().unwrap().bytes).unwrap()
}

/// What a text is made of, without its words: the kinds of blocks and spans in order.
fn skeleton(markdown: &str) -> Vec<String> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { .. }) => Some("link".to_owned()),
            Event::Start(tag) => Some(format!("{:?}", std::mem::discriminant(&tag))),
            Event::Html(_) | Event::InlineHtml(_) => Some("html".to_owned()),
            Event::Code(_) => Some("code".to_owned()),
            _ => None,
        })
        .collect()
}

#[test]
fn every_model_has_all_parts_in_every_language() {
    for (name, text) in support::models() {
        for language in LANGUAGES {
            let report = report(&text, language);
            for part in 1..=5 {
                let heading = match language {
                    Language::En => format!("## <a id=\"part-{part}\"></a>Part {part}: "),
                    Language::Es => format!("## <a id=\"part-{part}\"></a>Parte {part}: "),
                };
                assert!(report.contains(&heading), "{name} {language:?} lacks {heading}\n{report}");
            }
        }
    }
}

#[test]
fn both_languages_use_the_same_values() {
    let values = |language: &str| -> BTreeSet<String> {
        let folder = format!("{}/templates/{language}", env!("CARGO_MANIFEST_DIR"));
        let files = support::files_in(&folder);
        files.iter().flat_map(|(_, text)| placeholders(text)).collect()
    };
    assert_eq!(values("en"), values("es"));
}

/// Everything between `{{` and `}}`.
fn placeholders(text: &str) -> Vec<String> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.to_owned())).collect()
}

#[test]
fn hostile_words_change_no_block_and_open_no_span() {
    let model = |word: &str| {
        format!(
            "system s \"{word}\" in us-east-1 {{ env prod; zones 2; owner \"{word}\" }}\n\
             s3 files \"{word}\" {{ storage 1 GB; holds internal }}\n\
             claim \"{word}\" : encrypted files\ndecision \"{word}\" {{ status accepted; context \"{word}\" }}\n"
        )
    };
    let harmless = skeleton(&report(&model("x"), Language::En));
    for hostile in [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "![a](x)",
        "**b** _c_ `d` ~~e~~",
        "| a | b |",
        "# heading",
        "- item",
        "1. item",
        "+ item",
        "> quote",
        "===",
        "---",
        "&lt;b&gt;",
        "http://example.com <http://x>",
        "$x$",
        "a\\nb\\n\\n# c",
    ] {
        let found = skeleton(&report(&model(hostile), Language::En));
        assert_eq!(found, harmless, "{hostile}");
    }
}

#[test]
fn the_spanish_report_holds_no_english_sentence() {
    for (name, text) in support::models() {
        let report = report(&support::with_spanish_words(&text), Language::Es);
        for line in report.lines() {
            let english = support::english_words(line);
            assert!(english.is_empty(), "{name}: {english:?} in\n{line}");
        }
    }
}

/// Plurals that must not follow a one.
const PLURALS: &[&str] = &[
    "actions",
    "connections",
    "days",
    "errors",
    "findings",
    "flows",
    "grants",
    "hours",
    "messages",
    "minutes",
    "roles",
    "services",
    "statements",
    "units",
    "zones",
    "acciones",
    "conexiones",
    "días",
    "errores",
    "hallazgos",
    "horas",
    "mensajes",
    "minutos",
    "servicios",
    "declaraciones",
    "roles",
    "unidades",
    "zonas",
    "flujos",
];

/// `1 statements` and the like in a text.
fn false_plurals(text: &str) -> Vec<String> {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    words
        .windows(2)
        .filter(|pair| pair[0] == "1" && PLURALS.contains(&pair[1]))
        .map(|pair| pair.join(" "))
        .collect()
}

#[test]
fn no_report_counts_one_of_several() {
    assert_eq!(false_plurals("it holds 1 statements, 2 units"), ["1 statements"]);
    for (name, text) in support::models() {
        for language in LANGUAGES {
            let found = false_plurals(&report(&text, language));
            assert!(found.is_empty(), "{name} {language:?}: {found:?}");
        }
    }
}

/// Targets of links, paths of images and ids of anchors of a report.
fn references(markdown: &str) -> (BTreeSet<String>, BTreeSet<String>, Vec<String>) {
    let (mut links, mut images, mut anchors) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => drop(links.insert(dest_url.to_string())),
            Event::Start(Tag::Image { dest_url, .. }) => drop(images.insert(dest_url.to_string())),
            Event::InlineHtml(html) | Event::Html(html) => {
                let id = html.strip_prefix("<a id=\"").and_then(|rest| rest.split('"').next());
                anchors.extend(id.map(str::to_owned));
            }
            _ => (),
        }
    }
    (links, images, anchors)
}

#[test]
fn every_link_and_every_picture_of_a_report_leads_somewhere() {
    for (name, _) in support::models().into_iter().filter(|(name, _)| name.ends_with(".arch")) {
        for language in ["en", "es"] {
            let folder = tempfile::TempDir::new().unwrap();
            let model = format!("{}/models/{name}", env!("CARGO_MANIFEST_DIR"));
            let status = std::process::Command::new(env!("CARGO_BIN_EXE_archc"))
                .args(["build", &model, "--lang", language, "--today", "2026-11-22", "-o"])
                .arg(folder.path())
                .output()
                .unwrap()
                .status;
            assert!(status.success(), "{name}");
            let report = std::fs::read_to_string(folder.path().join("report.md")).unwrap();
            let (links, images, anchors) = references(&report);
            let known: BTreeSet<String> = anchors.iter().map(|anchor| format!("#{anchor}")).collect();
            assert_eq!(
                known.len(),
                anchors.len(),
                "{name} {language}: an anchor stands twice in {anchors:?}"
            );
            let lost: Vec<&String> = links.difference(&known).collect();
            assert!(lost.is_empty(), "{name} {language}: {lost:?}");
            assert!(images.len() >= 5, "{name} {language}: {images:?}");
            for image in &images {
                assert!(folder.path().join(image).is_file(), "{name} {language}: {image}");
            }
            let mut drawn: BTreeSet<String> = BTreeSet::new();
            for below in ["diagrams", "charts"] {
                let files = std::fs::read_dir(folder.path().join(below)).unwrap();
                let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
                drawn.extend(
                    names.filter(|file| file.ends_with(".svg")).map(|file| format!("{below}/{file}")),
                );
            }
            assert_eq!(images, drawn, "{name} {language}: a picture is not shown");
        }
    }
}

#[test]
fn a_report_of_many_findings_asks_for_five_decisions_and_says_each_rule_once() {
    let text = "system demo \"Demo\" in us-east-1 { env prod; zones 2 }\n\
        load front 20 rps\nactor guest\nhttp-api front {}\n\
        sqs jobs { holds internal }\nsqs mails { holds internal }\n\
        lambda work { memory 512 MB; work 50 ms }\nlambda post { memory 512 MB; work 50 ms }\n\
        guest -> front : call\nfront -> jobs : send\nfront -> mails : send\n\
        jobs -> work : consume\nmails -> post : consume\n\
        claim \"jobs are in order\" : ordered jobs by id\n";
    let report = report(text, Language::En);
    let decide =
        report.split("## What to decide").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    assert_eq!(decide.matches("\n1. ").count(), 5, "{decide}");
    assert!(decide.contains("“jobs are in order” does not hold"), "{decide}");
    assert!(decide.contains("`waive REL-104 on jobs until 2027-05-"), "{decide}");
    assert_eq!(report.matches("#### REL-104 ").count(), 1, "{report}");
    assert!(report.contains("it cannot be built; 1 error must be mended first"), "{report}");
}
