//! What several areas need: the models of the project, and the whole pipeline on a text.

use archc::catalog::Catalog;
use archc::check::{self, Case, Review};
use archc::derive;
use archc::model;
use archc::syntax;
use archc::text::{Source, Sources};
use archc::units::Date;

/// The day the golden findings are for.
pub const TODAY: Date = Date { year: 2026, month: 11, day: 22 };

/// The files of a folder, by name.
pub fn files_in(folder: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// The models of the project, by file name.
pub fn models() -> Vec<(String, String)> {
    files_in(&format!("{}/models", env!("CARGO_MANIFEST_DIR")))
}

/// The review of one text, and the catalogue it was made with.
pub fn review(text: &str) -> (Review, Catalog) {
    review_in("model.arch", text, None)
}

/// The review of one text of a name, in an environment, and the catalogue it was made with.
pub fn review_in(name: &str, text: &str, environment: Option<&str>) -> (Review, Catalog) {
    let catalog = Catalog::embedded();
    let mut sources = Sources::default();
    let file = sources.add(Source::new(name, text));
    let (ast, mut findings) = syntax::parse(file, sources.get(file).unwrap());
    let (model, unresolved) = model::resolve(&[(ast, None)], environment, &catalog);
    findings.extend(unresolved);
    let facts = derive::derive(&model, &catalog);
    findings.extend(check::check(&Case { model: &model, facts: &facts, catalog: &catalog, today: TODAY }));
    let findings = check::sorted(findings);
    (Review { sources, model, facts, findings, today: TODAY }, catalog)
}

/// Compares a text with the committed one, or writes it with `ARCHC_BLESS=1`.
pub fn golden(path: &str, text: &str) {
    let file = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var("ARCHC_BLESS").is_ok() {
        return std::fs::write(&file, text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text, committed, "{path} differs; run again with ARCHC_BLESS=1 when the new text is right");
}

/// Words that make an English sentence and no Spanish one.
const ENGLISH: &[&str] = &[
    "and", "are", "at", "be", "before", "but", "by", "can", "cannot", "each", "every", "for", "from", "has",
    "have", "is", "it", "its", "may", "nobody", "not", "nothing", "of", "on", "or", "that", "the", "this",
    "through", "to", "which", "will", "with", "without",
];

/// The English words of a Spanish text, outside code and the targets of links.
pub fn english_words(text: &str) -> Vec<String> {
    let prose: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let prose: String =
        prose.split("](").map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect();
    let words = prose.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| ENGLISH.contains(word)).map(str::to_owned).collect()
}

/// A model whose sentences in quotes are Spanish: what its author wrote is no wording of archc.
pub fn with_spanish_words(text: &str) -> String {
    let piece = |(at, part): (usize, &str)| {
        if at % 2 == 1 && part.contains(' ') {
            "Unas palabras en español".to_owned()
        } else {
            part.to_owned()
        }
    };
    text.lines()
        .map(|line| line.split('"').enumerate().map(piece).collect::<Vec<_>>().join("\"") + "\n")
        .collect()
}
