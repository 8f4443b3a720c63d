//! Writing outputs, all or nothing.
//!
//! Files are staged in a hidden folder inside the output folder; renaming the list of outputs is the commit point; then
//! the files are moved to their places. What is interrupted before that point is discarded by the next build, what is
//! interrupted after it is finished by the next build. Nothing is forced onto the disk (`fsync`): a killed process is
//! survived, for a power failure the file system's own order counts.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::driver::manifest::{MANIFEST, Manifest, Plan, Written, sha256};
use crate::driver::rules::{self, Trouble};
use crate::driver::sink::{Entry, Sink};
use crate::emit::Artifact;

/// The folder files are staged in.
const STAGE: &str = ".archc-stage";
/// The plan's name in it.
const PLAN: &str = "plan";
/// The new list's name in it.
const STAGED_MANIFEST: &str = "manifest";

/// The outputs of one build: each by its name, with all its files. An output that is not named keeps its old files;
/// one that is named loses those that are not made any more.
pub type Batch = BTreeMap<&'static str, Vec<Artifact>>;

/// What a build changed, by paths below the output folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Files that are new or different.
    pub written: Vec<String>,
    /// Files that already had their content, and were not touched.
    pub unchanged: Vec<String>,
    /// Old outputs that were removed.
    pub removed: Vec<String>,
    /// Old outputs that somebody edited, and that are left alone.
    pub kept: Vec<String>,
}

/// Writes a batch into `folder`.
///
/// # Errors
/// A coded finding. Before the commit point nothing has changed; after it ([`rules::OUT_UNFINISHED`]) the next build
/// finishes the work.
pub fn write(sink: &mut dyn Sink, folder: &Path, batch: &Batch) -> Result<Outcome, Trouble> {
    let mut writer = Writer { sink, folder, made: Vec::new(), folders: BTreeSet::new() };
    let result = writer.run(batch);
    if result.as_ref().is_err_and(|finding| finding.code != rules::OUT_UNFINISHED.code) {
        writer.unmake();
    }
    result
}

/// Finishes or discards what an interrupted build left in `folder`.
///
/// # Errors
/// A coded finding.
pub fn recover(sink: &mut dyn Sink, folder: &Path) -> Result<(), Trouble> {
    Writer { sink, folder, made: Vec::new(), folders: BTreeSet::new() }.recover()
}

/// A batch compared with what stands in the folder.
#[derive(Debug, Default)]
struct Difference<'a> {
    /// Files to be staged.
    changed: Vec<&'a Artifact>,
    /// The old list.
    old: Manifest,
    /// The new list.
    new: Manifest,
    /// Old outputs to be removed, with their digests.
    removals: Vec<(String, String)>,
    /// What is reported.
    outcome: Outcome,
}

struct Writer<'a> {
    sink: &'a mut dyn Sink,
    folder: &'a Path,
    /// Folders made by this build, in order: taken back when it fails.
    made: Vec<PathBuf>,
    /// Folders that are known to be there: this build looked at them or made them.
    folders: BTreeSet<PathBuf>,
}

impl Writer<'_> {
    fn run(&mut self, batch: &Batch) -> Result<Outcome, Trouble> {
        self.enter()?;
        self.recover()?;
        let difference = self.compare(batch)?;
        if difference.old != difference.new || !difference.changed.is_empty() {
            let plan = self.stage(&difference)?;
            self.finish(&plan).map_err(|error| self.unfinished(&error))?;
        }
        Ok(difference.outcome)
    }

    /// Makes the output folder when it is missing, and keeps other builds out of it.
    fn enter(&mut self) -> Result<(), Trouble> {
        match self.look(self.folder)? {
            Entry::Folder => {}
            Entry::Missing => self.make_folders(self.folder)?,
            Entry::File => return Err(obstructed(&rules::OUT_NOT_FOLDER, self.folder)),
            Entry::Other => return Err(obstructed(&rules::OUT_LINK, self.folder)),
        }
        let locked = self.sink.lock(self.folder);
        let advice = "wait until it has ended, or choose another folder with `-o`";
        let busy = || rules::about(&rules::OUT_BUSY, self.folder, advice);
        if locked.map_err(|error| failed(self.folder, &error))? { Ok(()) } else { Err(busy()) }
    }

    fn recover(&mut self) -> Result<(), Trouble> {
        let stage = self.folder.join(STAGE);
        match self.look(&stage)? {
            Entry::Missing => Ok(()),
            Entry::Folder => match self.committed_plan(&stage) {
                Some(plan) => self.finish(&plan).map_err(|error| self.unfinished(&error)),
                None => self.discard(&stage).map_err(|error| failed(&stage, &error)),
            },
            Entry::File | Entry::Other => Err(obstructed(&rules::OUT_FOREIGN, &stage)),
        }
    }

    /// The plan in the staging folder, if its list of outputs is the one in force.
    fn committed_plan(&self, stage: &Path) -> Option<Plan> {
        let plan = Plan::parse(&self.sink.read(&stage.join(PLAN)).ok()?)?;
        let manifest = self.sink.read(&self.folder.join(MANIFEST)).ok()?;
        (plan.manifest == sha256(&manifest)).then_some(plan)
    }

    /// Removes what archc put into the staging folder, and the folder.
    fn discard(&mut self, stage: &Path) -> io::Result<()> {
        let is_ours = |name: &String| {
            [PLAN, STAGED_MANIFEST].contains(&name.as_str()) || name.bytes().all(|byte| byte.is_ascii_digit())
        };
        for name in self.sink.list(stage)?.iter().filter(|name| is_ours(name)) {
            self.sink.remove_file(&stage.join(name))?;
        }
        self.sink.remove_folder(stage)
    }

    fn compare<'b>(&mut self, batch: &'b Batch) -> Result<Difference<'b>, Trouble> {
        let old = self.manifest()?;
        let mut difference = Difference { new: old.clone(), old, ..Difference::default() };
        let all: Vec<(&str, &Artifact)> =
            batch.iter().flat_map(|(output, all)| all.iter().map(move |one| (*output, one))).collect();
        let digests: Vec<String> = all.par_iter().map(|(_, artifact)| sha256(&artifact.bytes)).collect();
        for ((output, artifact), sha256) in all.into_iter().zip(digests) {
            self.compare_one(artifact, Written { output: output.to_owned(), sha256 }, &mut difference)?;
        }
        self.compare_retired(batch, &mut difference)?;
        Ok(difference)
    }

    fn compare_one<'b>(
        &mut self,
        artifact: &'b Artifact,
        written: Written,
        into: &mut Difference<'b>,
    ) -> Result<(), Trouble> {
        let path = artifact.path.as_str().to_owned();
        let standing = self.standing(&path)?;
        let is_same = standing.as_deref() == Some(artifact.bytes.as_slice());
        if standing.is_some() && !is_same && !into.old.files.contains_key(&path) {
            return Err(obstructed(&rules::OUT_FOREIGN, &self.folder.join(&path)));
        }
        into.new.files.insert(path.clone(), written);
        if is_same {
            into.outcome.unchanged.push(path);
        } else {
            into.changed.push(artifact);
            into.outcome.written.push(path);
        }
        Ok(())
    }

    /// Old files of the batch's outputs that it does not hold any more.
    fn compare_retired(&mut self, batch: &Batch, into: &mut Difference<'_>) -> Result<(), Trouble> {
        let made: BTreeSet<&str> = batch.values().flatten().map(|artifact| artifact.path.as_str()).collect();
        let is_retired = |path: &str, written: &Written| {
            batch.contains_key(written.output.as_str()) && !made.contains(path)
        };
        let old = into.old.files.clone();
        for (path, written) in old.into_iter().filter(|(path, written)| is_retired(path, written)) {
            into.new.files.remove(&path);
            match self.standing(&path)? {
                None => {}
                Some(bytes) if sha256(&bytes) == written.sha256 => {
                    into.outcome.removed.push(path.clone());
                    into.removals.push((path, written.sha256));
                }
                Some(_) => into.outcome.kept.push(path),
            }
        }
        Ok(())
    }

    fn manifest(&self) -> Result<Manifest, Trouble> {
        let path = self.folder.join(MANIFEST);
        match self.look(&path)? {
            Entry::Missing => Ok(Manifest { schema: 1, ..Manifest::default() }),
            Entry::File => {
                let bytes = self.sink.read(&path).map_err(|error| failed(&path, &error))?;
                Ok(Manifest::parse(&bytes))
            }
            Entry::Folder | Entry::Other => Err(obstructed(&rules::OUT_FOREIGN, &path)),
        }
    }

    /// The bytes that stand at a path below the folder.
    fn standing(&mut self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let Some(at) = self.file_at(path)? else { return Ok(None) };
        self.sink.read(&at).map(Some).map_err(|error| failed(&at, &error))
    }

    /// The file at a path below the folder, if there is one, reached without following any link.
    fn file_at(&mut self, path: &str) -> Result<Option<PathBuf>, Trouble> {
        let mut at = self.folder.to_owned();
        for part in path.split('/') {
            match self.look_on_the_way(&at)? {
                Entry::Folder => at.push(part),
                Entry::Missing => return Ok(None),
                Entry::File => return Err(obstructed(&rules::OUT_FOREIGN, &at)),
                Entry::Other => return Err(obstructed(&rules::OUT_LINK, &at)),
            }
        }
        match self.look(&at)? {
            Entry::Missing => Ok(None),
            Entry::File => Ok(Some(at)),
            Entry::Folder => Err(obstructed(&rules::OUT_FOREIGN, &at)),
            Entry::Other => Err(obstructed(&rules::OUT_LINK, &at)),
        }
    }

    /// Stages everything, then commits. On failure nothing stays behind.
    fn stage(&mut self, difference: &Difference<'_>) -> Result<Plan, Trouble> {
        let stage = self.folder.join(STAGE);
        let result = self.make_targets(difference).and_then(|()| {
            let staged = self.stage_files(&stage, difference);
            staged.map_err(|error| failed(self.folder, &error))
        });
        if result.is_err() {
            // The first trouble is what is reported; what cannot be removed now, the next build discards.
            let _ = self.discard(&stage);
        }
        result
    }

    fn make_targets(&mut self, difference: &Difference<'_>) -> Result<(), Trouble> {
        let parents: BTreeSet<PathBuf> = difference
            .changed
            .iter()
            .filter_map(|artifact| self.folder.join(artifact.path.as_str()).parent().map(Path::to_owned))
            .collect();
        parents.iter().try_for_each(|parent| self.make_folders(parent))
    }

    fn stage_files(&mut self, stage: &Path, difference: &Difference<'_>) -> io::Result<Plan> {
        let manifest = difference.new.bytes();
        let mut plan =
            Plan { manifest: sha256(&manifest), moves: Vec::new(), removals: difference.removals.clone() };
        self.sink.make_folder(stage)?;
        for (number, artifact) in difference.changed.iter().enumerate() {
            self.sink.write_new(&stage.join(number.to_string()), &artifact.bytes)?;
            plan.moves.push((number.to_string(), artifact.path.as_str().to_owned()));
        }
        self.sink.write_new(&stage.join(PLAN), &plan.bytes())?;
        self.sink.write_new(&stage.join(STAGED_MANIFEST), &manifest)?;
        self.sink.rename(&stage.join(STAGED_MANIFEST), &self.folder.join(MANIFEST))?;
        Ok(plan)
    }

    /// Brings the folder to what the list in force says. Every step may have been done before.
    fn finish(&mut self, plan: &Plan) -> io::Result<()> {
        let stage = self.folder.join(STAGE);
        for (name, path) in &plan.moves {
            self.finish_move(&stage.join(name), path)?;
        }
        for (path, digest) in &plan.removals {
            self.finish_removal(path, digest)?;
        }
        self.discard(&stage)
    }

    fn finish_move(&mut self, staged: &Path, path: &str) -> io::Result<()> {
        if self.sink.look(staged)? == Entry::Missing {
            return Ok(());
        }
        self.file_at(path).map_err(|finding| as_error(&finding))?;
        let target = self.folder.join(path);
        if let Some(parent) = target.parent() {
            self.make_folders(parent).map_err(|finding| as_error(&finding))?;
        }
        self.sink.rename(staged, &target)
    }

    /// Removes an old output, if it still is what archc wrote, and the folders that are empty then.
    fn finish_removal(&mut self, path: &str, digest: &str) -> io::Result<()> {
        let is_still_ours = match self.standing(path) {
            Ok(found) => found.is_some_and(|bytes| sha256(&bytes) == digest),
            Err(finding) if finding.code == rules::OUT_FAILED.code => return Err(as_error(&finding)),
            Err(_) => false,
        };
        if !is_still_ours {
            return Ok(());
        }
        let target = self.folder.join(path);
        self.sink.remove_file(&target)?;
        for parent in target.ancestors().skip(1).take_while(|parent| *parent != self.folder) {
            if !self.sink.list(parent)?.is_empty() {
                break;
            }
            self.sink.remove_folder(parent)?;
            self.folders.remove(parent);
        }
        Ok(())
    }

    /// Makes a folder and the missing ones above it.
    fn make_folders(&mut self, folder: &Path) -> Result<(), Trouble> {
        let mut missing = Vec::new();
        for above in folder.ancestors().filter(|above| !above.as_os_str().is_empty()) {
            match self.look_on_the_way(above)? {
                Entry::Missing => missing.push(above.to_owned()),
                _ => break,
            }
        }
        for one in missing.into_iter().rev() {
            self.sink.make_folder(&one).map_err(|error| failed(&one, &error))?;
            self.folders.insert(one.clone());
            self.made.push(one);
        }
        Ok(())
    }

    /// Takes back the folders this build made; those that hold something by now stay.
    fn unmake(&mut self) {
        for folder in self.made.drain(..).rev() {
            let _ = self.sink.remove_folder(&folder);
        }
    }

    /// Looks at a folder once: outputs share theirs.
    fn look_on_the_way(&mut self, path: &Path) -> Result<Entry, Trouble> {
        if self.folders.contains(path) {
            return Ok(Entry::Folder);
        }
        let entry = self.look(path)?;
        if entry == Entry::Folder {
            self.folders.insert(path.to_owned());
        }
        Ok(entry)
    }

    fn look(&self, path: &Path) -> Result<Entry, Trouble> {
        self.sink.look(path).map_err(|error| failed(path, &error))
    }

    /// The system refused something after the commit point.
    fn unfinished(&self, error: &io::Error) -> Trouble {
        let advice = "build again when the cause is gone: the rest is moved into place first";
        rules::refused(&rules::OUT_UNFINISHED, self.folder, error, advice)
    }
}

/// Something stands at a path where an output would go.
fn obstructed(rule: &crate::diag::Rule, path: &Path) -> Trouble {
    rules::about(rule, path, "move it away, or choose another folder with `-o`")
}

/// The system refused something before the commit point.
fn failed(path: &Path, error: &io::Error) -> Trouble {
    rules::refused(&rules::OUT_FAILED, path, error, "nothing was changed")
}

/// A finding on the way to another one that will hold its words.
fn as_error(finding: &Trouble) -> io::Error {
    io::Error::other(finding.message.en().terminal())
}
