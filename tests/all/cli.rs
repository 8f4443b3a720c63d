//! The command line: what each command prints, writes and exits with. The program itself is run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const SOUND: &str = "system shop in us-east-1 { env dev }\nsqs jobs { dlq after 5 }\nlambda work { memory 512 MB; work 50 ms }\njobs -> work : consume idempotent by id\n";

fn archc(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archc"));
    command.current_dir(folder).args(arguments).env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    archc(folder, arguments).output().unwrap()
}

/// The exit status, and both streams as text.
fn told(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = run(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn status(folder: &Path, arguments: &[&str]) -> i32 {
    told(folder, arguments).0
}

fn models() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Every file below a folder.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_exit_status_says_how_it_went() {
    let broken = "system shop in us-east-1\nsqs jobs { dlq after five }\n";
    let here = folder(&[("good.arch", SOUND), ("bad.arch", broken)]);
    let here = here.path();
    assert_eq!(status(here, &["check", "good.arch"]), 0);
    assert_eq!(status(here, &["check", "bad.arch"]), 1);
    assert_eq!(status(here, &["check"]), 2);
    assert_eq!(status(here, &["check", "good.arch", "--today", "tomorrow"]), 2);
    assert_eq!(status(here, &["build", "good.arch", "--only", "poems"]), 2);
    assert_eq!(status(here, &["check", "missing.arch"]), 3);
    assert_eq!(status(here, &["build", "missing.arch"]), 3);
    assert_eq!(status(here, &["check", "."]), 3);
    assert_eq!(status(here, &["--version"]), 0);
}

#[test]
fn deny_moves_the_bar() {
    let model = models().join("webshop.arch");
    let model = model.to_str().unwrap();
    let here = folder(&[]);
    let today = ["--today", "2026-11-22"];
    assert_eq!(status(here.path(), &["check", model, today[0], today[1]]), 0);
    assert_eq!(status(here.path(), &["check", model, today[0], today[1], "--deny", "high"]), 1);
}

#[test]
fn a_model_with_errors_loses_its_terraform_and_keeps_the_state() {
    let here = folder(&[("shop.arch", SOUND)]);
    let out = here.path().join("out");
    assert_eq!(status(here.path(), &["build", "shop.arch"]), 0);
    assert!(
        out.join("terraform").read_dir().unwrap().any(|entry| entry
            .unwrap()
            .path()
            .extension()
            .is_some_and(|end| end == "tf"))
    );
    fs::write(out.join("terraform/terraform.tfstate"), "{}").unwrap();
    fs::write(out.join("terraform/mine.tf"), "# mine").unwrap();
    fs::write(here.path().join("shop.arch"), format!("{SOUND}jobs -> nobody : consume\n")).unwrap();
    let (code, said, complained) = told(here.path(), &["build", "shop.arch"]);
    assert_eq!(code, 1, "{said}{complained}");
    assert!(complained.starts_with("shop.arch:5:") && complained.contains("error["), "{complained}");
    let left: Vec<String> = fs::read_dir(out.join("terraform"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(out.join("diagrams").is_dir(), "pictures show the findings");
}

#[test]
fn the_same_model_gives_the_same_bytes_wherever_it_lies() {
    let model = fs::read_to_string(models().join("webshop.arch")).unwrap();
    let (one, two) = (folder(&[("webshop.arch", &model)]), folder(&[("webshop.arch", &model)]));
    let build = |command: &mut Command| assert_eq!(command.output().unwrap().status.code(), Some(0));
    build(&mut archc(one.path(), &["build", "webshop.arch", "--today", "2026-11-22"]));
    let path = two.path().join("webshop.arch");
    let absolute = ["build", path.to_str().unwrap(), "--today", "2026-11-22"];
    build(archc(&models(), &absolute).env("TZ", "Pacific/Kiritimati").env("LANG", "tr_TR.UTF-8"));
    assert_eq!(tree(&one.path().join("out")), tree(&two.path().join("out")));
    build(&mut archc(one.path(), &["build", "webshop.arch", "--today", "2026-11-22"]));
    assert_eq!(tree(&one.path().join("out")), tree(&two.path().join("out")));
}

#[test]
fn only_some_outputs() {
    let here = folder(&[("shop.arch", SOUND)]);
    assert_eq!(status(here.path(), &["build", "shop.arch", "--only", "matrix,model", "-o", "some"]), 0);
    let written: Vec<PathBuf> = tree(&here.path().join("some")).into_keys().collect();
    assert_eq!(written, [".archc-outputs", "access.csv", "model.json"].map(PathBuf::from));
}

#[test]
fn a_model_is_read_from_standard_input() {
    let here = folder(&[]);
    let mut child = archc(here.path(), &["build", "-", "--only", "model"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(SOUND.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(here.path().join("out/model.json").exists());
}

#[test]
fn a_stream_that_does_not_end_is_refused() {
    let here = folder(&[]);
    let mut child =
        archc(here.path(), &["check", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let block = vec![b'#'; 1 << 20];
    let mut blocks = 0;
    // The program stops reading at its limit, and the pipe breaks.
    while blocks < 100 && input.write_all(&block).is_ok() {
        blocks += 1;
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("IO-004"));
    assert!(blocks < 30, "{blocks} MiB were read");
}

#[test]
fn a_closed_output_is_no_panic() {
    let here = folder(&[]);
    let mut child =
        archc(here.path(), &["kinds"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    // The text may have fit the pipe before it was closed.
    assert!([Some(0), Some(3)].contains(&output.status.code()), "{:?}", output.status);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_output_is_said() {
    let here = folder(&[]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = archc(here.path(), &["kinds"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the result"));
}

#[test]
fn some_folders_are_no_output_folders() {
    let here = folder(&[("shop.arch", SOUND)]);
    for out in ["/", ".", "shop.arch"] {
        let (code, _, complained) = told(here.path(), &["build", "shop.arch", "-o", out]);
        assert_eq!(code, 3, "{out}");
        assert!(complained.contains("OUT-90"), "{out}: {complained}");
    }
    assert_eq!(tree(here.path()).len(), 1);
}

#[test]
fn the_day_comes_from_the_option_then_the_environment() {
    let waived = format!("{SOUND}waive NET-299 until 2027-06-30 because \"later\"\n");
    let here = folder(&[("shop.arch", &waived)]);
    let expired = |command: &mut Command| {
        String::from_utf8(command.output().unwrap().stdout).unwrap().contains("expired on 2027-06-30")
    };
    let check = ["check", "shop.arch"];
    let epoch =
        |seconds: &str| archc(here.path(), &check).env("SOURCE_DATE_EPOCH", seconds).output().unwrap();
    assert!(!expired(&mut archc(here.path(), &["check", "shop.arch", "--today", "2027-06-30"])));
    assert!(expired(&mut archc(here.path(), &["check", "shop.arch", "--today", "2027-07-01"])));
    assert!(!String::from_utf8(epoch("1795305600").stdout).unwrap().contains("expired"));
    assert!(String::from_utf8(epoch("1895305600").stdout).unwrap().contains("expired"));
}

#[test]
fn codes_are_explained() {
    let here = folder(&[]);
    for code in ["NET-201", "iam-102", "IO-103", "SYN-001", "OUT-904"] {
        let (status, page, _) = told(here.path(), &["explain", code]);
        assert_eq!(status, 0, "{code}");
        assert!(page.contains(&code.to_uppercase()), "{code}: {page}");
    }
    let (status, _, complained) = told(here.path(), &["explain", "NET-21O"]);
    assert_eq!(status, 2);
    assert!(complained.contains("did you mean `NET-210`?"), "{complained}");
}

#[test]
fn every_kind_has_a_page() {
    let here = folder(&[]);
    let (_, table, _) = told(here.path(), &["kinds"]);
    let words: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert!(words.len() > 40, "{words:?}");
    let (_, page, _) = told(here.path(), &["kinds", "sqs"]);
    for part in ["settings", "verbs", "flows to it", "prices", "sqs:SendMessage", "max-age"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (status, _, complained) = told(here.path(), &["kinds", "postgers"]);
    assert!(status == 2 && complained.contains("`postgres`"), "{complained}");
}

#[test]
fn the_starter_model_builds_without_errors() {
    let here = folder(&[]);
    assert_eq!(status(here.path(), &["init", "demo"]), 0);
    let (code, _, complained) = told(here.path(), &["build", "demo.arch", "--deny", "high"]);
    assert_eq!(code, 0, "{complained}");
    let (code, _, complained) = told(here.path(), &["init", "demo"]);
    assert!(code == 3 && complained.contains("OUT-904"), "a model is not overwritten: {complained}");
    assert_eq!(status(here.path(), &["init", "../demo"]), 2);
}

#[test]
fn generated_models_have_no_errors_and_are_the_same_every_time() {
    let here = folder(&[]);
    for (services, seed) in [("8", "1"), ("120", "2"), ("400", "3")] {
        let arguments = ["dev", "generate", "--services", services, "--seed", seed];
        let model = run(here.path(), &arguments).stdout;
        assert_eq!(model, run(here.path(), &arguments).stdout);
        fs::write(here.path().join("made.arch"), model).unwrap();
        let (code, findings, _) = told(here.path(), &["check", "made.arch", "--format", "short"]);
        assert_eq!(code, 0, "{findings}");
    }
}

#[test]
fn shells_get_their_completions() {
    let here = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, _) = told(here.path(), &["completions", shell]);
        assert!(code == 0 && script.contains("archc"), "{shell}");
    }
}

#[test]
fn inner_forms_can_be_looked_at() {
    let here = folder(&[("shop.arch", SOUND)]);
    for (form, part) in [("ast", "Flow"), ("model", "Service"), ("facts", "Grant")] {
        let (code, said, _) = told(here.path(), &["dev", form, "shop.arch"]);
        assert!(code == 0 && said.contains(part), "{form}");
    }
}

#[test]
fn models_are_brought_into_the_canonical_form() {
    let ragged = "system   shop in us-east-1\n\n\n\nsqs    jobs   { dlq after 5 }   # a queue\n";
    let here = folder(&[("a.arch", ragged), ("b.arch", "system {{{\n"), ("notes.txt", ragged)]);
    let here = here.path();
    let (code, said, complained) = told(here, &["fmt", "--check"]);
    assert_eq!((code, said.as_str()), (1, "a.arch\n"));
    assert!(complained.contains("`b.arch` has mistakes"), "{complained}");
    assert_eq!(fs::read_to_string(here.join("a.arch")).unwrap(), ragged, "--check changes nothing");
    assert_eq!(status(here, &["fmt", "a.arch"]), 0);
    let formatted = fs::read_to_string(here.join("a.arch")).unwrap();
    assert_eq!(formatted, "system shop in us-east-1\n\nsqs jobs { dlq after 5 }  # a queue\n");
    assert_eq!(told(here, &["fmt", "--check", "a.arch"]), (0, String::new(), String::new()));
    assert_eq!(fs::read_to_string(here.join("notes.txt")).unwrap(), ragged);
    assert_eq!(status(here, &["fmt", "missing.arch"]), 3);
    assert_eq!(tree(here).len(), 3, "nothing is left beside the files");
}

/// What is wrong inside an environment is not kept for the day the stage is built.
#[test]
fn a_mistake_in_an_environment_is_found_without_asking_for_it() {
    let with = |lines: &str| format!("{SOUND}environment dev {{ {lines} }}\n");
    for (lines, code) in [
        ("work { memry 3 MB }", "NAME-004"),
        ("nobody { memory 1 GB }", "NAME-002"),
        ("work { memory 512 rps }", "UNIT-101"),
        ("nobody -> jobs : send", "NAME-002"),
    ] {
        let here = folder(&[("shop.arch", &with(lines))]);
        let (status, said, _) = told(here.path(), &["check", "shop.arch", "--format", "short"]);
        assert_eq!((status, said.matches(code).count()), (1, 1), "{lines}: {said}");
        assert!(
            said.contains(&format!("shop.arch:5:{}", "environment dev { ".len() + 1))
                || code == "NAME-004"
                || code == "UNIT-101",
            "{said}"
        );
    }
    let here = folder(&[("shop.arch", &with("zones 1; region eu-west-1; work { memory 1 GB }"))]);
    let (code, said, _) = told(here.path(), &["check", "shop.arch", "--format", "short"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(status(here.path(), &["build", "shop.arch", "--env", "dev", "--only", "terraform"]), 0);
    let values = fs::read_to_string(here.path().join("out/terraform/dev.tfvars")).unwrap();
    assert!(values.contains("\"eu-west-1\""), "{values}");
}

#[test]
fn drift_is_printed_in_every_format_and_ends_as_agreed() {
    let plan = "{\"format_version\":\"1.0\",\"terraform_version\":\"1.11.4\",\"values\":{\"root_module\":{\"resources\":[{\"address\":\"aws_sqs_queue.more\",\"mode\":\"managed\",\"type\":\"aws_sqs_queue\",\"name\":\"more\",\"values\":{\"name\":\"queue-more\"}}]}}}";
    let here = folder(&[("shop.arch", SOUND), ("plan.json", plan), ("empty.json", ""), ("odd.json", "{}")]);
    let here = here.path();
    for (format, part) in [
        ("human", "DRIFT-201"),
        ("short", "shop.arch:2:1: high[DRIFT-201]"),
        ("json", "\"DRIFT-202\""),
        ("sarif", "\"ruleId\""),
        ("github", "::"),
    ] {
        let (code, said, _) = told(here, &["drift", "shop.arch", "--plan", "plan.json", "--format", format]);
        assert!(code == 0 && said.contains(part), "{format}: {code}: {said}");
    }
    assert_eq!(status(here, &["drift", "shop.arch", "--plan", "plan.json", "--deny", "high"]), 1);
    assert_eq!(status(here, &["drift", "shop.arch", "--plan", "plan.json", "--format", "xml"]), 2);
    for plan in ["none.json", "empty.json", "odd.json"] {
        let (code, said, _) = told(here, &["drift", "shop.arch", "--plan", plan]);
        assert!(code == 3 && (said.contains("PLAN-") || said.contains("IO-")), "{plan}: {code}: {said}");
    }
    assert_eq!(status(here, &["drift", "none.arch", "--plan", "plan.json"]), 3);
}

#[test]
fn a_lock_is_written_kept_and_located_when_it_is_broken() {
    let here = folder(&[("shop.arch", SOUND), ("other.arch", SOUND)]);
    let here = here.path();
    let build = ["build", "shop.arch", "--only", "diagrams", "--today", "2026-11-22"];
    assert_eq!(status(here, &build), 0);
    assert!(!here.join("layout.lock").exists(), "only who asks for a lock gets one");
    assert_eq!(status(here, &[&build[..], &["--lock"]].concat()), 0);
    assert_eq!(status(here, &["build", "other.arch", "--lock", "--only", "diagrams", "-o", "more"]), 0);
    let lock = fs::read_to_string(here.join("layout.lock")).unwrap();
    assert!(lock.contains("\nview shop deployment ") && lock.contains("\nview other deployment "), "{lock}");
    let before = tree(&here.join("out"));
    assert_eq!(status(here, &[&build[..], &["--lock"]].concat()), 0);
    assert_eq!(fs::read_to_string(here.join("layout.lock")).unwrap(), lock);
    assert_eq!(tree(&here.join("out")), before);
    fs::write(here.join("layout.lock"), lock.replace("node work", "knot work")).unwrap();
    let line = lock.lines().position(|line| line.starts_with("node work")).unwrap() + 1;
    let (code, _, complained) = told(here, &[&build[..], &["--deny", "low"]].concat());
    assert!(code == 1 && complained.contains(&format!("layout.lock:{line}:1")), "{complained}");
    assert!(complained.contains("DRAW-808"), "{complained}");
    fs::write(here.join("layout.lock"), lock.replace("node work", "knot work").replace('\n', "\r\n"))
        .unwrap();
    let (_, _, complained) = told(here, &[&build[..], &["--deny", "low"]].concat());
    assert!(
        complained.contains(&format!("layout.lock:{line}:1")),
        "line ends of Windows count too: {complained}"
    );
    #[cfg(unix)]
    {
        fs::write(here.join("elsewhere"), "secret words").unwrap();
        fs::remove_file(here.join("layout.lock")).unwrap();
        std::os::unix::fs::symlink("elsewhere", here.join("layout.lock")).unwrap();
        let (_, said, complained) = told(here, &[&build[..], &["--deny", "low"]].concat());
        assert!(complained.contains("DRAW-808"), "{complained}");
        assert!(!format!("{said}{complained}").contains("secret"), "a link is not followed: {complained}");
    }
}
