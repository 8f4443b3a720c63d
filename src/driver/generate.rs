//! A generator of well-typed models, for tests and measurements: the same text for the same size and seed.
//!
//! A model is made of modules: an API with a function and a server group behind it, a queue with its consumer, a table,
//! a bucket and a database. Later modules call earlier ones, so that flows reach across the system.

use std::fmt::Write as _;

/// Services in one module.
const MODULE: usize = 8;
/// Modules in one network.
const MODULES_PER_NETWORK: usize = 20;

/// A model that declares `services` services (at least one module), without findings of severity `error`.
pub fn generate(services: usize, seed: u64) -> String {
    let mut dice = Dice(seed);
    let modules = (services / MODULE).max(1);
    let mut out = String::new();
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(out, "# {modules} modules of {MODULE} services, seed {seed}.");
    out.push_str("system made \"Made up\" in us-east-1 { env prod; zones 2; owner \"team@example.com\" }\n");
    out.push_str("actor visitor \"Visitor\"\ncognito signin \"Sign-in\" { users 5000; mfa optional }\n");
    out.push_str("sns ops \"Alerts\" { email \"ops@example.com\" }\nvisitor -> signin : sign-in ?\n");
    for network in 0..modules.div_ceil(MODULES_PER_NETWORK) {
        let range = network * MODULES_PER_NETWORK..modules.min((network + 1) * MODULES_PER_NETWORK);
        push_network(&mut out, &mut dice, network, range.clone());
    }
    for module in 0..modules {
        push_module(&mut out, &mut dice, module);
    }
    out.push_str("role developers for group \"dev\" { observe all }\nalarms auto -> ops\n");
    out
}

/// The servers and databases of some modules, in a network of their own.
fn push_network(out: &mut String, dice: &mut Dice, network: usize, modules: std::ops::Range<usize>) {
    let _ = writeln!(out, "vpc net{network} 10.{network}.0.0/16 {{\n  tier app{network} private {{");
    for module in modules.clone() {
        let size = dice.pick(&["t3.small", "t3.medium", "m6i.large"]);
        let most = 2 + dice.below(5);
        let _ = writeln!(
            out,
            "    ec2 web{module} \"Servers {module}\" {{ size {size}; port 8080; scale 2..{most} on cpu 50%; health \"/healthz\"; work 20 ms }}"
        );
    }
    let _ = writeln!(out, "  }}\n  tier data{network} isolated {{");
    for module in modules {
        let storage = 20 + 10 * dice.below(9);
        let _ = writeln!(
            out,
            "    postgres store{module} \"Database {module}\" {{ size db.t4g.small; storage {storage} GB; multi-az; backup 7 d; holds internal }}"
        );
    }
    out.push_str("  }\n}\n");
}

/// The rest of a module, and its flows.
fn push_module(out: &mut String, dice: &mut Dice, module: usize) {
    let (rate, work, memory) = (5 + dice.below(40), 20 + dice.below(200), dice.pick(&["256", "512", "1024"]));
    let storage = 1 + dice.below(200);
    let _ = write!(
        out,
        "load api{module} {rate} rps\n\
         http-api api{module} \"API {module}\" {{ auth signin; throttle 500 rps; logs 30 d }}\n\
         lambda fn{module} \"Function {module}\" {{ memory {memory} MB; work {work} ms }}\n\
         lambda take{module} \"Consumer {module}\" {{ memory 512 MB; work 100 ms; concurrency 10 }}\n\
         sqs jobs{module} \"Queue {module}\" {{ dlq after 5; max-age 15 min }}\n\
         dynamodb rows{module} \"Table {module}\" {{ storage 5 GB; pitr; holds internal }}\n\
         s3 files{module} \"Files {module}\" {{ storage {storage} GB; holds internal }}\n\
         visitor -> api{module} : call\n\
         api{module} -> web{module} : call share 60%\n\
         api{module} -> fn{module} : call share 40%\n\
         web{module} -> store{module} : readwrite\n\
         web{module} -> files{module} : readwrite\n\
         fn{module} -> rows{module} : readwrite\n\
         fn{module} -> jobs{module} : send\n\
         jobs{module} -> take{module} : consume idempotent by id\n\
         take{module} -> rows{module} : readwrite\n"
    );
    if module > 0 {
        let _ = writeln!(out, "fn{module} -> jobs{} : send", dice.below(module));
    }
}

/// A small generator of numbers (`SplitMix64`, Steele and others 2014); good enough to vary models.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 for a bound of 0.
    fn below(&mut self, bound: usize) -> usize {
        let bound = bound.max(1) as u64;
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.below(words.len());
        words.get(at).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;
    use crate::ask::{Index, answer};
    use crate::catalog::Catalog;
    use crate::check::{CHECKS, Case, Review};
    use crate::derive::derive;
    use crate::emit::pictures::Drawing;
    use crate::emit::{Draft, OUTPUTS, Shared};
    use crate::model::resolve;
    use crate::syntax::{parse, query};
    use crate::text::{FileId, Ident, Source, Sources};
    use crate::units::{Date, WORK};

    const TODAY: Date = Date { year: 2026, month: 11, day: 22 };

    const QUESTIONS: [&str; 10] = [
        "who can write rows7",
        "who can read all",
        "what can developers access",
        "access fn7",
        "blast-radius fn9",
        "path visitor -> rows7",
        "what breaks if store7 fails",
        "what breaks without zone a",
        "cost of vpc net0",
        "what breaks if signin fails",
    ];

    /// Steps of work by what takes them; everything runs on this one thread.
    #[derive(Default)]
    struct Tally(Vec<(String, usize)>);

    impl Tally {
        fn note<T>(&mut self, what: &str, work: impl FnOnce() -> T) -> T {
            let before = WORK.get();
            let made = work();
            self.0.push((what.to_owned(), WORK.get() - before));
            made
        }
    }

    /// What each stage, check and question and the outputs of data take of a model of so many services.
    fn tally(services: usize) -> Tally {
        let mut tally = Tally::default();
        let source = Source::new("made.arch", generate(services, 1));
        let catalog = Catalog::embedded();
        let ast = parse(FileId(0), &source).0;
        let (model, findings) = tally.note("resolve", || resolve(&[(ast, None)], None, &catalog));
        let facts = tally.note("derive", || derive(&model, &catalog));
        let case = Case { model: &model, facts: &facts, catalog: &catalog, today: TODAY };
        for check in CHECKS.iter().copied().flatten() {
            tally.note(check.rule.code, || black_box((check.find)(&case)));
        }
        let index = tally.note("index", || Index::new(&model, &facts, &catalog));
        for text in QUESTIONS {
            let (question, _) = query::question(FileId(0), &Source::new("question", text));
            tally.note(text, || answer(&index, &question.unwrap()).unwrap());
        }
        let mut sources = Sources::default();
        sources.add(source);
        let review = Review { sources, model: model.clone(), facts: facts.clone(), findings, today: TODAY };
        for output in OUTPUTS.iter().filter(|output| matches!(output.name, "matrix" | "model")) {
            let (digest, drawing, shared) = (Ident::sanitized("0"), Drawing::default(), Shared::default());
            let draft = Draft::new(&review, &catalog, &digest, &drawing, &shared);
            tally.note(output.name, || output.make(draft));
        }
        tally
    }

    #[test]
    fn the_work_grows_with_the_model() {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let [small, large] = [500, 2_000].map(|services| alone.install(|| tally(services)));
        let mut steep = Vec::new();
        for ((what, small), (_, large)) in small.0.into_iter().zip(large.0) {
            // Four times the services; 4 to the power of 1.2 is 5.3. What takes next to nothing may jump.
            if large * 10 > small * 53 && large > 4 * 2_000 {
                steep.push(format!("{what}: {small} steps for 500 services, {large} for 2 000"));
            }
        }
        assert!(steep.is_empty(), "{}", steep.join("\n"));
    }
}
