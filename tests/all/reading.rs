//! Reading models: what is no model, and where includes may lead.

use std::fs;
use std::path::Path;

use archc::driver::file::LARGEST_FILE;
use archc::driver::read::{DEEPEST_INCLUDE, Input, MOST_FILES, Project, read};
use archc::driver::timing::Stopwatch;
use tempfile::TempDir;

const SYSTEM: &str = "system shop in us-east-1\n";

/// A folder with these files.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn open(path: &Path) -> Project {
    read(&Input::new(path), &mut Stopwatch::default())
}

fn codes(project: &Project) -> Vec<&'static str> {
    project.findings.iter().map(|finding| finding.code).collect()
}

/// The codes of a project whose model is `main.arch`.
fn codes_of(files: &[(&str, &str)]) -> Vec<&'static str> {
    codes(&open(&project(files).path().join("main.arch")))
}

#[test]
fn what_is_no_model_is_said_and_nothing_is_parsed() {
    let folder = project(&[("empty.arch", ""), ("blank.arch", " \n\t\n"), ("good.arch", SYSTEM)]);
    fs::create_dir(folder.path().join("folder.arch")).unwrap();
    fs::write(folder.path().join("latin.arch"), b"system shop \"Tienda \xe1\" in us-east-1").unwrap();
    let rows = [
        ("missing.arch", "IO-001"),
        ("good.arch/inside.arch", "IO-001"),
        ("folder.arch", "IO-002"),
        ("latin.arch", "IO-005"),
        ("empty.arch", "IO-006"),
        ("blank.arch", "IO-006"),
    ];
    for (name, code) in rows {
        let project = open(&folder.path().join(name));
        assert_eq!(codes(&project), [code], "{name}");
        assert!(project.asts.is_empty(), "{name}");
    }
    assert!(codes(&open(&folder.path().join("good.arch"))).is_empty());
}

#[cfg(unix)]
#[test]
fn a_device_is_no_model() {
    assert_eq!(codes(&open(Path::new("/dev/zero"))), ["IO-003"]);
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("large.arch");
    fs::File::create(&path).unwrap().set_len(LARGEST_FILE + 1).unwrap();
    assert_eq!(codes(&open(&path)), ["IO-004"]);
}

#[test]
fn the_first_wrong_byte_has_a_place() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("latin.arch");
    fs::write(&path, b"system shop in us-east-1\nsqs q \"\xe1\"").unwrap();
    let project = open(&path);
    let finding = &project.findings[0];
    let source = project.sources.get(finding.span.file).unwrap();
    let place = source.position(finding.span.start);
    assert_eq!((place.line, place.column), (2, 8));
    assert!(finding.note.en().is("here stands 0xe1"));
}

#[test]
fn the_model_that_was_meant_is_named() {
    let folder = project(&[("webshop.arch", SYSTEM)]);
    for typed in ["websop.arch", "webshop"] {
        let project = open(&folder.path().join(typed));
        let help: Vec<String> = project.findings[0].help.iter().map(|help| help.en().terminal()).collect();
        assert!(help.iter().any(|help| help.contains("webshop.arch")), "{typed}: {help:?}");
    }
}

#[test]
fn includes_are_read_once_in_order_with_their_prefixes() {
    let folder = project(&[
        ("main.arch", "system s in us-east-1\ninclude \"parts/a.arch\" as pay\ninclude \"b.arch\"\n"),
        ("parts/a.arch", "sqs q\ninclude \"../b.arch\"\ninclude \"deep/c.arch\" as inner\n"),
        ("parts/deep/c.arch", "sqs r\n"),
        ("b.arch", "sqs t\n"),
    ]);
    let project = open(&folder.path().join("main.arch"));
    let names: Vec<&str> = project.sources.iter().map(|(_, source)| source.name.as_str()).collect();
    assert_eq!(names, ["main.arch", "parts/a.arch", "b.arch", "parts/deep/c.arch"]);
    let prefixes: Vec<Option<&str>> =
        project.asts.iter().map(|(_, prefix)| prefix.as_ref().map(archc::text::Ident::as_str)).collect();
    assert_eq!(prefixes, [None, Some("pay"), Some("pay"), Some("pay.inner")]);
    // `b.arch` belongs to `pay` by its first include; the second one, without a prefix, contradicts it.
    assert_eq!(codes(&project), ["IO-106"]);
}

#[test]
fn an_include_that_is_missing_or_no_text_is_said_at_its_path() {
    let main = "system s in us-east-1\ninclude \"x.arch\"\n";
    assert_eq!(codes_of(&[("main.arch", main)]), ["IO-101"]);
    assert_eq!(codes_of(&[("main.arch", main), ("x.arch", "")]), ["IO-006"]);
    assert_eq!(codes_of(&[("main.arch", main), ("x.arch/y", "")]), ["IO-002"]);
    let folder = project(&[("main.arch", main)]);
    let found = open(&folder.path().join("main.arch"));
    assert_eq!(found.sources.slice(found.findings[0].span), "\"x.arch\"");
    assert_eq!(found.asts.len(), 1, "the rest of the model stands");
}

#[test]
fn a_circle_of_includes_is_drawn() {
    let folder = project(&[
        ("main.arch", "system s in us-east-1\ninclude \"a.arch\"\n"),
        ("a.arch", "include \"b.arch\"\n"),
        ("b.arch", "include \"./a.arch\"\n"),
    ]);
    let project = open(&folder.path().join("main.arch"));
    assert_eq!(codes(&project), ["IO-103"]);
    assert!(project.findings[0].help[0].en().is("a.arch -> b.arch -> a.arch"));
    assert_eq!(codes_of(&[("main.arch", "include \"main.arch\"\n")]), ["IO-103"]);
}

#[test]
fn includes_are_nested_at_most_sixteen_deep() {
    let chain = |length: usize| -> Vec<(String, String)> {
        let next = |at: usize| {
            if at < length { format!("include \"f{}.arch\"\n", at + 1) } else { "sqs q\n".to_owned() }
        };
        let files = (1..=length).map(|at| (format!("f{at}.arch"), next(at)));
        std::iter::once(("main.arch".to_owned(), next(0))).chain(files).collect()
    };
    let codes_of_chain = |length| {
        let files = chain(length);
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        codes_of(&files)
    };
    assert!(codes_of_chain(DEEPEST_INCLUDE).is_empty());
    assert_eq!(codes_of_chain(DEEPEST_INCLUDE + 1), ["IO-104"]);
}

#[test]
fn a_doubling_tower_of_includes_is_read_in_linear_time() {
    let mut files: Vec<(String, String)> = (0..12)
        .map(|at| (format!("f{at}.arch"), format!("include \"f{0}.arch\"\ninclude \"f{0}.arch\"\n", at + 1)))
        .collect();
    files.push(("f12.arch".to_owned(), "sqs q\n".to_owned()));
    files.push(("main.arch".to_owned(), "include \"f0.arch\"\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = project(&files);
    assert_eq!(open(&folder.path().join("main.arch")).asts.len(), 14);
}

#[test]
fn a_project_has_at_most_ten_thousand_files() {
    use std::fmt::Write as _;
    let folder = TempDir::new().unwrap();
    let mut main = String::new();
    for at in 0..MOST_FILES + 5 {
        writeln!(main, "include \"{at}.arch\"").unwrap();
        fs::write(folder.path().join(format!("{at}.arch")), "#").unwrap();
    }
    fs::write(folder.path().join("main.arch"), main).unwrap();
    let project = open(&folder.path().join("main.arch"));
    assert_eq!(project.asts.len(), MOST_FILES);
    assert!(codes(&project).iter().all(|code| *code == "IO-105"));
}

#[test]
fn no_include_leaves_the_folder_of_the_model() {
    for typed in
        ["../secret.arch", "/etc/passwd", "a/../../secret.arch", "..\\\\secret.arch", "C:/x.arch", "", "~/x"]
    {
        let main = format!("include \"{typed}\"\n");
        assert_eq!(codes_of(&[("main.arch", &main)]), ["IO-102"], "{typed}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_may_lead_to_another_place_of_the_project_but_not_out_of_it() {
    use std::os::unix::fs::symlink;
    let outside = project(&[("secret.arch", "sqs q\n")]);
    let folder = project(&[("main.arch", "include \"link.arch\"\n"), ("real.arch", "sqs q\n")]);
    let link = folder.path().join("link.arch");
    symlink(outside.path().join("secret.arch"), &link).unwrap();
    assert_eq!(codes(&open(&folder.path().join("main.arch"))), ["IO-102"]);
    fs::remove_file(&link).unwrap();
    symlink("real.arch", &link).unwrap();
    assert!(codes(&open(&folder.path().join("main.arch"))).is_empty());
    fs::remove_file(&link).unwrap();
    symlink("/dev/zero", &link).unwrap();
    assert_eq!(codes(&open(&folder.path().join("main.arch"))), ["IO-102"]);
}

#[test]
fn a_folder_of_kinds_is_inside_the_project_too() {
    assert_eq!(codes_of(&[("main.arch", "catalog \"kinds\"\n")]), ["IO-107"]);
    assert_eq!(codes_of(&[("main.arch", "catalog \"../kinds\"\n")]), ["IO-102"]);
    assert_eq!(codes_of(&[("main.arch", "catalog \"kinds\"\n"), ("kinds/readme.md", "x")]), [""; 0]);
    let broken = codes_of(&[("main.arch", "catalog \"kinds\"\n"), ("kinds/x.toml", "kind = ")]);
    assert!(broken.iter().all(|code| code.starts_with("CAT-")) && broken.len() == 1, "{broken:?}");
}
