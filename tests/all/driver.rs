//! Writing outputs: all or nothing, whatever the file system refuses and whenever the process is killed.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use archc::driver::manifest::MANIFEST;
use archc::driver::sink::{Disk, Entry, Sink};
use archc::driver::write::{Batch, Outcome, recover, write};
use archc::emit::Artifact;
use archc::text::RelPath;
use tempfile::TempDir;

/// What goes wrong, and from which operation on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The process dies: a write is torn in half, and nothing happens any more.
    Kill,
    /// One operation is refused, as by a full or read-only disk; the others work.
    Refuse,
}

/// The disk, but for one fault.
struct Faulty {
    disk: Disk,
    fault: Fault,
    /// Operations until the fault.
    left: Cell<usize>,
    /// Has the fault happened?
    struck: Cell<bool>,
}

impl Faulty {
    fn new(fault: Fault, left: usize) -> Self {
        Self { disk: Disk::default(), fault, left: Cell::new(left), struck: Cell::new(false) }
    }

    /// Is this operation one that fails? The first one that does is torn, if it is a write.
    fn fails(&self) -> bool {
        if self.struck.get() {
            return self.fault == Fault::Kill;
        }
        let strikes = self.left.get() == 0;
        self.struck.set(strikes);
        self.left.set(self.left.get().saturating_sub(1));
        strikes
    }

    fn pass(&self) -> io::Result<()> {
        if self.fails() { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
    }
}

impl Sink for Faulty {
    fn look(&self, path: &Path) -> io::Result<Entry> {
        self.pass().and_then(|()| self.disk.look(path))
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.pass().and_then(|()| self.disk.read(path))
    }
    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        self.pass().and_then(|()| self.disk.list(path))
    }
    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        self.pass().and_then(|()| self.disk.make_folder(path))
    }
    fn write_new(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let was_struck = self.struck.get();
        let passed = self.pass();
        if passed.is_err() && !was_struck {
            self.disk.write_new(path, &bytes[..bytes.len() / 2])?;
        }
        passed.and_then(|()| self.disk.write_new(path, bytes))
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass().and_then(|()| self.disk.rename(from, to))
    }
    fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        self.pass().and_then(|()| self.disk.remove_file(path))
    }
    fn remove_folder(&mut self, path: &Path) -> io::Result<()> {
        self.pass().and_then(|()| self.disk.remove_folder(path))
    }
    fn lock(&mut self, folder: &Path) -> io::Result<bool> {
        self.pass().and_then(|()| self.disk.lock(folder))
    }
}

/// Paths and contents; all test files are text.
type Tree = BTreeMap<String, String>;

/// Every file below a folder; a folder without files is listed with a `/`.
fn tree(folder: &Path) -> Tree {
    let mut found = Tree::new();
    if folder.exists() {
        add(folder, folder, &mut found);
    }
    found
}

fn add(root: &Path, at: &Path, found: &mut Tree) {
    let name = |path: &Path| path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    let entries: Vec<_> = fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()).collect();
    if entries.is_empty() && at != root {
        found.insert(name(at) + "/", String::new());
    }
    for path in entries {
        if path.is_dir() {
            add(root, &path, found);
        } else {
            found.insert(name(&path), fs::read_to_string(&path).unwrap());
        }
    }
}

fn batch(outputs: &[(&'static str, &[(&str, &str)])]) -> Batch {
    let artifact = |(path, text): &(&str, &str)| Artifact {
        path: RelPath::new(path).unwrap(),
        bytes: text.as_bytes().to_vec(),
    };
    outputs.iter().map(|(name, files)| (*name, files.iter().map(artifact).collect())).collect()
}

fn first() -> Batch {
    batch(&[
        ("diagrams", &[("diagrams/a.svg", "<a/>"), ("diagrams/journeys/old.svg", "<old/>")]),
        ("report", &[("report.md", "# one")]),
        ("terraform", &[("terraform/main.tf", "one"), ("terraform/net.tf", "net")]),
    ])
}

/// The same system with errors: pictures and report anew, no Terraform, one journey less.
fn second() -> Batch {
    batch(&[
        ("diagrams", &[("diagrams/a.svg", "<a2/>"), ("diagrams/new/b.svg", "<b/>")]),
        ("report", &[("report.md", "# one")]),
        ("terraform", &[]),
    ])
}

/// What a user keeps in the output folder.
fn add_users_files(out: &Path) {
    fs::create_dir_all(out.join("terraform/.terraform")).unwrap();
    fs::write(out.join("terraform/terraform.tfstate"), "state").unwrap();
    fs::write(out.join("terraform/.terraform/lock"), "lock").unwrap();
    fs::write(out.join("notes.md"), "mine").unwrap();
}

fn build(out: &Path, batch: &Batch) -> Outcome {
    write(&mut Disk::default(), out, batch).unwrap()
}

/// A folder in its state before a step, and the batch of that step.
type Scene = (&'static str, fn(&Path), Batch);

fn scenes() -> Vec<Scene> {
    let from_first: fn(&Path) = |out| {
        build(out, &first());
        add_users_files(out);
    };
    vec![
        ("from nothing", |_| (), first()),
        ("update", from_first, second()),
        ("same again", from_first, first()),
    ]
}

/// Runs one scene with a fault at operation `at`; false when the build ended before the fault.
fn strike(scene: &Scene, fault: Fault, at: usize) -> bool {
    let (name, prepare, batch) = scene;
    let place = format!("{name}, {fault:?} at {at}");
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("deep/out");
    prepare(&out);
    let old = tree(&out);
    let new = finished(scene);
    let mut sink = Faulty::new(fault, at);
    let result = write(&mut sink, &out, batch);
    let struck = sink.struck.get();
    drop(sink);
    if fault == Fault::Refuse {
        let unfinished = result.as_ref().is_err_and(|finding| finding.code == "OUT-907");
        let now = tree(&out);
        assert!(
            unfinished || now == if result.is_ok() { new.clone() } else { old.clone() },
            "{place}: {now:#?}"
        );
        assert!(
            result.is_ok() || unfinished || out.exists() != old.is_empty(),
            "{place}: a folder stays behind"
        );
    }
    for (path, bytes) in
        tree(&out).iter().filter(|(path, _)| !path.starts_with(".archc-stage") && !path.ends_with('/'))
    {
        assert!(old.get(path) == Some(bytes) || new.get(path) == Some(bytes), "{place}: `{path}` is torn");
    }
    if out.exists() {
        recover(&mut Disk::default(), &out).unwrap();
        let after = without_empty_folders(tree(&out));
        assert!(after == without_empty_folders(old) || after == new, "{place}: {after:#?}");
        build(&out, batch);
        assert_eq!(without_empty_folders(tree(&out)), new, "{place}");
    }
    struck
}

/// Folders made ahead of a build that was then killed hold nothing, and are used by the next one.
fn without_empty_folders(tree: Tree) -> Tree {
    tree.into_iter().filter(|(path, _)| !path.ends_with('/')).collect()
}

/// The tree a scene ends with when nothing goes wrong.
fn finished((_, prepare, batch): &Scene) -> Tree {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("deep/out");
    prepare(&out);
    build(&out, batch);
    tree(&out)
}

#[test]
fn every_fault_leaves_the_old_tree_or_the_new_one() {
    let mut faults = 0;
    for scene in scenes() {
        for fault in [Fault::Kill, Fault::Refuse] {
            let count = (0..).take_while(|at| strike(&scene, fault, *at)).count();
            assert!(count > 15, "{}: only {count} operations", scene.0);
            faults += count;
        }
    }
    println!("{faults} faults, each survived");
}

#[test]
fn what_archc_did_not_write_is_never_touched() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    build(&out, &first());
    add_users_files(&out);
    fs::write(out.join("terraform/net.tf"), "edited by hand").unwrap();
    let outcome = build(&out, &second());
    assert_eq!(outcome.kept, ["terraform/net.tf"]);
    assert_eq!(outcome.removed, ["diagrams/journeys/old.svg", "terraform/main.tf"]);
    assert_eq!(outcome.unchanged, ["report.md"]);
    let left = tree(&out);
    for path in ["terraform/net.tf", "terraform/terraform.tfstate", "terraform/.terraform/lock", "notes.md"] {
        assert!(left.contains_key(path), "{path} is gone");
    }
    assert!(!out.join("diagrams/journeys").exists(), "a folder without outputs stays");
}

#[test]
fn a_foreign_file_in_the_way_stops_the_build_before_it_begins() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("report.md"), "my own report").unwrap();
    let finding = write(&mut Disk::default(), &out, &first()).unwrap_err();
    assert_eq!(finding.code, "OUT-904");
    assert_eq!(tree(&out).len(), 1);
}

#[test]
fn a_file_with_the_same_content_is_not_written_again() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    build(&out, &first());
    let stamp = |name: &str| fs::metadata(out.join(name)).unwrap().modified().unwrap();
    let before = [stamp("report.md"), stamp(MANIFEST)];
    let outcome = build(&out, &first());
    assert_eq!((outcome.written.len(), outcome.unchanged.len()), (0, 5));
    assert_eq!([stamp("report.md"), stamp(MANIFEST)], before);
}

#[test]
fn an_output_that_is_not_asked_for_keeps_its_files() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    build(&out, &first());
    let outcome = build(&out, &batch(&[("report", &[("report.md", "# two")])]));
    assert_eq!(outcome, Outcome { written: vec!["report.md".to_owned()], ..Outcome::default() });
    assert!(out.join("terraform/main.tf").exists());
}

#[test]
fn two_builds_do_not_mix() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir_all(&out).unwrap();
    let mut other = Disk::default();
    assert!(other.lock(&out).unwrap());
    assert_eq!(write(&mut Disk::default(), &out, &first()).unwrap_err().code, "OUT-905");
    drop(other);
    build(&out, &first());
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = TempDir::new().unwrap();
    let (out, elsewhere) = (folder.path().join("out"), folder.path().join("elsewhere"));
    fs::create_dir_all(&elsewhere).unwrap();
    fs::write(elsewhere.join("main.tf"), "theirs").unwrap();

    symlink(&elsewhere, &out).unwrap();
    assert_eq!(write(&mut Disk::default(), &out, &first()).unwrap_err().code, "OUT-903");
    fs::remove_file(&out).unwrap();

    fs::create_dir_all(&out).unwrap();
    symlink(&elsewhere, out.join("terraform")).unwrap();
    assert_eq!(write(&mut Disk::default(), &out, &first()).unwrap_err().code, "OUT-903");
    fs::remove_file(out.join("terraform")).unwrap();

    symlink(elsewhere.join("main.tf"), out.join("report.md")).unwrap();
    assert_eq!(write(&mut Disk::default(), &out, &first()).unwrap_err().code, "OUT-903");
    assert_eq!(fs::read(elsewhere.join("main.tf")).unwrap(), b"theirs");
    assert_eq!(tree(&elsewhere).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_put_in_place_of_an_old_output_does_not_lead_its_removal_away() {
    use std::os::unix::fs::symlink;
    let folder = TempDir::new().unwrap();
    let (out, elsewhere) = (folder.path().join("out"), folder.path().join("elsewhere"));
    build(&out, &first());
    fs::create_dir_all(&elsewhere).unwrap();
    fs::write(elsewhere.join("old.svg"), "<old/>").unwrap();
    fs::remove_dir_all(out.join("diagrams/journeys")).unwrap();
    symlink(&elsewhere, out.join("diagrams/journeys")).unwrap();
    assert_eq!(write(&mut Disk::default(), &out, &second()).unwrap_err().code, "OUT-903");
    assert!(elsewhere.join("old.svg").exists());
}

#[test]
fn a_path_taken_by_a_file_is_no_output_folder() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::write(&out, "a file").unwrap();
    assert_eq!(write(&mut Disk::default(), &out, &first()).unwrap_err().code, "OUT-902");
    assert_eq!(fs::read(&out).unwrap(), b"a file");
}

#[test]
fn a_list_somebody_else_wrote_cannot_lead_a_removal_out_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir_all(&out).unwrap();
    fs::write(folder.path().join("victim"), "").unwrap();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let list = format!(r#"{{"schema":1,"files":{{"../victim":{{"output":"report","sha256":"{empty}"}}}}}}"#);
    fs::write(out.join(MANIFEST), list).unwrap();
    build(&out, &first());
    assert!(folder.path().join("victim").exists());
}

#[test]
fn every_rule_of_input_and_output_has_its_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
    for rule in archc::driver::rules::RULES {
        let page = fs::read_to_string(folder.join(format!("{}.md", rule.code))).unwrap_or_default();
        assert!(
            page.starts_with(&format!(
                "# {}: {}\n\nSeverity: {}.",
                rule.code,
                rule.title,
                rule.severity.name()
            )),
            "{}",
            rule.code
        );
    }
    let pages = fs::read_dir(folder).unwrap().filter(|page| {
        let name = page.as_ref().unwrap().file_name().into_string().unwrap();
        name.starts_with("IO-") || name.starts_with("OUT-")
    });
    assert_eq!(pages.count(), archc::driver::rules::RULES.len());
}
