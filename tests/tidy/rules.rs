//! One rule a test, each with the table it holds the sources against.

use std::collections::BTreeSet;

use crate::code::{Function, RustFile, TextFile, Token, functions, reads, root, rust_files, texts};

/// A room: its folder below `src`, its floor, and the packages only it and its equals may name.
struct Room {
    name: &'static str,
    floor: u8,
    packages: &'static [&'static str],
}

const fn room(name: &'static str, floor: u8, packages: &'static [&'static str]) -> Room {
    Room { name, floor, packages }
}

/// The floors. A room imports only rooms with a smaller number, and only the packages of its row.
const ROOMS: &[Room] = &[
    room("text", 0, &["pulldown_cmark", "pulldown_cmark_to_cmark", "serde", "schemars"]),
    room("units", 0, &["serde", "schemars"]),
    room("diag", 1, &["annotate_snippets", "serde", "serde_json", "schemars", "sha2"]),
    room("catalog", 2, &["indexmap", "serde", "serde_json", "toml", "schemars"]),
    room("syntax", 3, &["pest", "pest_derive", "rayon"]),
    room("model", 4, &["foldhash", "indexmap", "petgraph", "schemars", "serde"]),
    room("derive", 5, &["indexmap", "rayon", "schemars", "serde"]),
    room("check", 6, &["indexmap", "rayon"]),
    room("ask", 6, &["indexmap"]),
    room("view", 7, &["indexmap"]),
    room("layout", 8, &["indexmap", "layout"]),
    room(
        "emit",
        9,
        &["handlebars", "indexmap", "rayon", "resvg", "schemars", "serde", "serde_json", "svg2pdf"],
    ),
    room("import", 9, &["indexmap", "serde", "serde_json"]),
    room("driver", 10, &["indexmap", "rayon", "serde", "serde_json", "sha2"]),
    room("shell", 11, &["clap", "clap_complete"]),
];

/// The files at the root of the library: `lib.rs` joins all rooms up to `emit` for those above it.
const ROOT_FLOOR: u8 = 9;

/// The packages of the files at the root.
const ROOT_PACKAGES: &[(&str, &[&str])] = &[("src/lib.rs", &["rayon"]), ("src/main.rs", &["mimalloc"])];

/// Where a panic is possible in spite of the lints, and how often: the whole list of exceptions.
const PANICS: &[(&str, &str, usize)] = &[("src/units/arena.rs", "indexing_slicing", 2)];

/// The lints that keep panics out.
const PANIC_LINTS: &[&str] = &[
    "unwrap_used",
    "expect_used",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
    "indexing_slicing",
    "string_slice",
];

const LONGEST_FILE: usize = 800;
const LONGEST_FUNCTION: usize = 100;
/// Percentile and the most lines it may have.
const FUNCTION_LINES: &[(usize, usize)] = &[(50, 7), (99, 70)];

/// Endings of type names that say nothing.
const EMPTY_NOUNS: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "Data", "Info"];

/// Paths of a machine, which mean nothing to a reader elsewhere. Split, so that this file does not hold them itself.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("C:", "\\"),
];

/// What only the continuous checks may name: the folder beside the project.
const NEIGHBOUR: &str = concat!("../sha", "red");

fn row(name: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.name == name)
}

/// The room of a file: the folder below `src`; nothing for the files at the root.
fn room_of(file: &RustFile) -> Option<&'static Room> {
    let inside = file.path.strip_prefix("src/")?;
    let (folder, _) = inside.split_once('/')?;
    Some(row(folder).unwrap_or_else(|| panic!("{}: `{folder}` has no floor; add it to ROOMS", file.path)))
}

/// The names that stand after `path ::` at index `at`: one, or those of a braced list.
fn heads(tokens: &[Token], at: usize) -> Vec<&Token> {
    if tokens.get(at).is_none_or(|token| token.text != "{") {
        return tokens.get(at).into_iter().collect();
    }
    let (mut depth, mut found, mut fresh) = (0_usize, Vec::new(), true);
    for token in &tokens[at..] {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," => fresh = depth == 1,
            _ if fresh => {
                found.push(token);
                fresh = false;
            }
            _ => {}
        }
    }
    found
}

fn report(broken: &[String]) {
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn a_room_imports_only_rooms_below_it() {
    let mut broken = Vec::new();
    for file in rust_files() {
        let floor = room_of(file).map_or(ROOT_FLOOR + 1, |room| room.floor);
        let own = room_of(file).map(|room| room.name);
        let named = (0..file.tokens.len()).filter(|at| reads(&file.tokens, *at, &["crate", ":", ":"]));
        for token in named.flat_map(|at| heads(&file.tokens, at + 3)) {
            let theirs = row(&token.text).map_or(ROOT_FLOOR, |room| room.floor);
            if own != Some(token.text.as_str()) && own.is_some() && theirs >= floor {
                let line = format!(
                    "{}:{}: floor {floor} imports `{}`, floor {theirs}",
                    file.path, token.line, token.text
                );
                broken.push(line);
            }
        }
    }
    report(&broken);
}

/// The packages the manifest names, as they are written in paths.
fn packages() -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table: toml::Table = manifest.parse().unwrap();
    let names = table["dependencies"].as_table().unwrap().keys();
    let written =
        |name: &String| if name == "layout-rs" { "layout".to_owned() } else { name.replace('-', "_") };
    names.map(written).collect()
}

#[test]
fn a_package_is_named_only_in_the_rooms_of_its_row() {
    let packages = packages();
    let mut broken = Vec::new();
    for file in rust_files() {
        let at_root = || ROOT_PACKAGES.iter().find(|(path, _)| *path == file.path);
        let allowed = room_of(file)
            .map(|room| room.packages)
            .or_else(|| at_root().map(|(_, packages)| *packages))
            .unwrap_or_default();
        for (at, token) in file.tokens.iter().enumerate() {
            let path = reads(&file.tokens, at + 1, &[":", ":"]) && !follows_path(&file.tokens, at);
            if path && packages.contains(&token.text) && !allowed.contains(&token.text.as_str()) {
                broken.push(format!("{}:{}: names the package `{}`", file.path, token.line, token.text));
            }
        }
    }
    report(&broken);
}

/// Is the token a later part of a path, such as `layout` in `crate::layout::…`?
fn follows_path(tokens: &[Token], at: usize) -> bool {
    at >= 2 && tokens[at - 1].text == ":" && tokens[at - 2].text == ":"
}

#[test]
fn every_package_of_the_manifest_has_a_room() {
    let rooms = ROOMS.iter().map(|room| room.packages);
    let root = ROOT_PACKAGES.iter().map(|(_, packages)| *packages);
    let housed: BTreeSet<&str> = rooms.chain(root).flatten().copied().collect();
    let homeless: Vec<String> =
        packages().into_iter().filter(|package| !housed.contains(package.as_str())).collect();
    report(&homeless);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut broken = Vec::new();
    let ours = ["src", "tests", "benches", "build.rs"];
    for file in ours.iter().flat_map(|folder| texts_if_there(folder, &[".rs"])) {
        let lines = file.text.lines().count();
        if lines > LONGEST_FILE {
            broken.push(format!("{}: {lines} lines, at most {LONGEST_FILE}", file.path));
        }
        if !file.text.starts_with("//!") {
            broken.push(format!("{}: must begin with `//!` and what it is for", file.path));
        }
    }
    report(&broken);
}

fn texts_if_there(folder: &str, endings: &[&str]) -> Vec<TextFile> {
    if root().join(folder).exists() { texts(folder, endings) } else { Vec::new() }
}

fn percentile(sorted: &[Function], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(0, |function| function.lines)
}

#[test]
fn functions_are_short() {
    let mut all: Vec<Function> = rust_files().iter().flat_map(functions).collect();
    all.sort_by_key(|function| function.lines);
    let line = |percent| format!("p{percent} {}", percentile(&all, percent));
    let figures = [50, 90, 99].map(line).join(", ");
    println!("{} functions: {figures}, longest {}", all.len(), percentile(&all, 100));
    for function in all.iter().rev().take(5) {
        println!("  {:>3} lines  {}  {}", function.lines, function.name, function.place);
    }
    let mut broken: Vec<String> = all
        .iter()
        .filter(|function| function.lines > LONGEST_FUNCTION)
        .map(|long| {
            format!("{}: `{}` has {} lines, at most {LONGEST_FUNCTION}", long.place, long.name, long.lines)
        })
        .collect();
    for (percent, most) in FUNCTION_LINES {
        if percentile(&all, *percent) > *most {
            broken.push(format!(
                "p{percent} of all functions is {}, at most {most}",
                percentile(&all, *percent)
            ));
        }
    }
    report(&broken);
}

/// How often each lint that keeps panics out is lifted, by file.
fn lifted(file: &RustFile, lint: &str) -> usize {
    let tokens = &file.tokens;
    let opens = |at: &usize| ["expect", "allow"].iter().any(|word| reads(tokens, *at, &["[", word, "("]));
    let names = |at: usize| {
        let end = (at..tokens.len()).find(|end| reads(tokens, *end, &[")", "]"])).unwrap_or(tokens.len());
        tokens[at..end].iter().filter(|token| token.text == lint).count()
    };
    (0..tokens.len()).filter(opens).map(names).sum()
}

#[test]
fn panics_are_possible_only_where_the_list_says() {
    let mut found = Vec::new();
    for file in rust_files() {
        for lint in PANIC_LINTS {
            let count = lifted(file, lint);
            found.extend((count > 0).then(|| (file.path.clone(), *lint, count)));
        }
    }
    let found: Vec<(&str, &str, usize)> =
        found.iter().map(|(path, lint, count)| (path.as_str(), *lint, *count)).collect();
    println!("exceptions to the panic lints: {found:?}");
    assert_eq!(found, PANICS);
}

#[test]
fn nothing_outside_tests_unwraps_or_gives_up() {
    const CALLS: &[&[&str]] = &[&[".", "unwrap", "("], &[".", "expect", "("]];
    const MACROS: &[&str] = &["panic", "todo", "unimplemented", "unreachable", "assert", "assert_eq", "dbg"];
    let mut broken = Vec::new();
    for file in rust_files() {
        for (at, token) in file.tokens.iter().enumerate() {
            let called = CALLS.iter().any(|call| reads(&file.tokens, at, call));
            let macro_called =
                MACROS.contains(&token.text.as_str()) && reads(&file.tokens, at + 1, &["!", "("]);
            if called || macro_called {
                broken.push(format!("{}:{}: can panic", file.path, token.line));
            }
        }
    }
    report(&broken);
}

#[test]
fn every_lifted_lint_has_a_reason() {
    let mut broken = Vec::new();
    for file in rust_files() {
        for at in 0..file.tokens.len() {
            let lifts = ["expect", "allow"].iter().any(|word| reads(&file.tokens, at, &["[", word, "("]));
            if lifts && !is_reasoned(&file.tokens, at) {
                broken.push(format!("{}:{}: says no reason", file.path, file.tokens[at].line));
            }
        }
    }
    report(&broken);
}

/// Does the attribute that opens at `at` hold a `reason`?
fn is_reasoned(tokens: &[Token], at: usize) -> bool {
    let end = (at..tokens.len()).find(|end| reads(tokens, *end, &[")", "]"])).unwrap_or(at);
    tokens[at..end].iter().any(|token| token.text == "reason")
}

#[test]
fn types_are_named_by_what_they_are() {
    let mut broken = Vec::new();
    for file in rust_files() {
        for pair in file.tokens.windows(2) {
            let declares = ["struct", "enum", "trait", "type"].contains(&pair[0].text.as_str());
            if declares && EMPTY_NOUNS.iter().any(|noun| pair[1].text.ends_with(noun)) {
                broken.push(format!("{}:{}: `{}` says nothing", file.path, pair[1].line, pair[1].text));
            }
        }
    }
    report(&broken);
}

#[test]
fn only_the_driver_reads_files_the_environment_and_clocks() {
    const DOORS: &[&[&str]] = &[
        &["std", ":", ":", "fs"],
        &["std", ":", ":", "env"],
        &["std", ":", ":", "net", ":", ":", "Tcp"],
        &["std", ":", ":", "process", ":", ":", "Command"],
        &["SystemTime"],
        &["Instant"],
    ];
    let mut broken = Vec::new();
    for file in rust_files().iter().filter(|file| !file.path.starts_with("src/driver/")) {
        for (at, token) in file.tokens.iter().enumerate() {
            let opens = DOORS.iter().any(|door| reads(&file.tokens, at, door));
            // The build script's folder and the command's own arguments are not input of a run.
            let by_the_compiler = reads(&file.tokens, at + 4, &["!"]);
            if opens && !by_the_compiler {
                broken.push(format!("{}:{}: `{}` belongs to the driver", file.path, token.line, token.text));
            }
        }
    }
    report(&broken);
}

#[test]
fn no_file_names_a_machine() {
    const OURS: &[&str] = &[
        "src",
        "tests",
        "benches",
        "docs",
        "grammar",
        "catalog",
        "templates",
        "models",
        "editors",
        "README.md",
        "CHANGELOG.md",
        "Cargo.toml",
        "build.rs",
        ".ci",
    ];
    let mut broken = Vec::new();
    for file in OURS.iter().flat_map(|folder| texts_if_there(folder, &[])) {
        for (number, line) in (1..).zip(file.text.lines()) {
            let neighbour = line.contains(NEIGHBOUR) && !file.path.starts_with(".ci/");
            if neighbour || MACHINE_PATHS.iter().any(|path| line.contains(path)) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    report(&broken);
}

#[test]
fn the_command_is_thin() {
    let main = rust_files().iter().find(|file| file.path == "src/main.rs").unwrap();
    assert!(main.text.lines().count() <= 30, "src/main.rs only hands over to the shell");
}
