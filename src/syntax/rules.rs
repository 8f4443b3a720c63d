//! The rules of the syntax and of units, and what each missing part is called.

use crate::diag::{Rule, Severity};
use crate::syntax::parse::Rule as Node;
use crate::text::Wording;

const fn error(code: &'static str, title: &'static str) -> Rule {
    Rule { code, title, severity: Severity::Error }
}

/// A part of a statement is missing.
pub const MISSING: Rule = error("SYN-001", "a part of the statement is missing");
/// Something stands behind a complete statement.
pub const UNEXPECTED: Rule = error("SYN-002", "text that does not belong to the statement");
/// A block is never closed.
pub const UNCLOSED_BLOCK: Rule = error("SYN-003", "a block is not closed");
/// A closing brace closes nothing.
pub const STRAY_BRACE: Rule = error("SYN-004", "a closing brace without an opening one");
/// A string is never closed.
pub const UNCLOSED_STRING: Rule = error("SYN-005", "a string is not closed");
/// A character outside strings and comments that the language does not use.
pub const ILLEGAL_CHARACTER: Rule = error("SYN-006", "a character the language does not use");
/// A character that looks like one of the language.
pub const LOOK_ALIKE: Rule = error("SYN-007", "a character that only looks like one of the language");
/// Blocks are nested too deep.
pub const TOO_DEEP: Rule = error("SYN-008", "blocks are nested too deep");
/// A version control system left its markers.
pub const CONFLICT: Rule = error("SYN-009", "an unresolved merge conflict");
/// A name with other characters than letters, digits, `_` and `-`, or a long one.
pub const BAD_NAME: Rule = error("SYN-010", "not a name");
/// Punctuation of another language.
pub const FOREIGN: Rule = error("SYN-011", "punctuation of another language");
/// An escape in a string that does not exist.
pub const BAD_ESCAPE: Rule = error("SYN-012", "an escape that does not exist");
/// A date that does not exist.
pub const BAD_DATE: Rule = error("SYN-013", "not a date");
/// An address block that does not exist.
pub const BAD_CIDR: Rule = error("SYN-014", "not an address block");
/// A word where only a few are possible.
pub const BAD_WORD: Rule = error("SYN-015", "not one of the possible words");
/// A line that begins no statement.
pub const NO_STATEMENT: Rule = error("SYN-016", "not a statement");
/// A unit that does not exist.
pub const UNKNOWN_UNIT: Rule = error("UNIT-001", "an unknown unit");
/// A unit that measures something else.
pub const WRONG_UNIT: Rule = error("UNIT-002", "a unit of another quantity");
/// A number without the unit it needs.
pub const NO_UNIT: Rule = error("UNIT-003", "a number without its unit");
/// A number too large to reckon with.
pub const TOO_LARGE: Rule = error("UNIT-004", "a number too large to reckon with");

/// Every rule of this room, in the order of their codes.
pub const RULES: [&Rule; 20] = [
    &MISSING,
    &UNEXPECTED,
    &UNCLOSED_BLOCK,
    &STRAY_BRACE,
    &UNCLOSED_STRING,
    &ILLEGAL_CHARACTER,
    &LOOK_ALIKE,
    &TOO_DEEP,
    &CONFLICT,
    &BAD_NAME,
    &FOREIGN,
    &BAD_ESCAPE,
    &BAD_DATE,
    &BAD_CIDR,
    &BAD_WORD,
    &NO_STATEMENT,
    &UNKNOWN_UNIT,
    &WRONG_UNIT,
    &NO_UNIT,
    &TOO_LARGE,
];

/// What a missing part is called.
const PARTS: [(Node, Wording); 32] = [
    (Node::miss_name, Wording::new("a name", "un nombre")),
    (Node::miss_names, Wording::new("one or more names", "uno o varios nombres")),
    (Node::miss_target, Wording::new("the name of a target", "el nombre de un destino")),
    (Node::miss_colon, Wording::new("`:` and a verb", "`:` y un verbo")),
    (Node::miss_verb, Wording::new("a verb", "un verbo")),
    (Node::miss_arrow, Wording::new("`->`", "`->`")),
    (Node::miss_region, Wording::new("a region such as `us-east-1`", "una región como `us-east-1`")),
    (Node::miss_place, Wording::new("the name of a place", "el nombre de un lugar")),
    (Node::miss_rate, Wording::new("a rate such as `20 rps`", "una tasa como `20 rps`")),
    (Node::miss_time, Wording::new("a time such as `30 d`", "un tiempo como `30 d`")),
    (Node::miss_percent, Wording::new("a share such as `80%`", "una parte como `80%`")),
    (Node::miss_money, Wording::new("an amount such as `700 USD`", "un importe como `700 USD`")),
    (
        Node::miss_period,
        Wording::new(
            "`monthly`, `daily`, `quarterly` or `annually`",
            "`monthly`, `daily`, `quarterly` o `annually`",
        ),
    ),
    (Node::miss_text, Wording::new("a string in quotes", "un texto entre comillas")),
    (Node::miss_group, Wording::new("`group \"…\"`", "`group \"…\"`")),
    (Node::miss_port, Wording::new("`port`", "`port`")),
    (Node::miss_number, Wording::new("a number", "un número")),
    (Node::miss_range, Wording::new("a range such as `2..6`", "un intervalo como `2..6`")),
    (Node::miss_on, Wording::new("`on` and a name", "`on` y un nombre")),
    (
        Node::miss_from,
        Wording::new(
            "`from` and an address block or a name",
            "`from` y un bloque de direcciones o un nombre",
        ),
    ),
    (Node::miss_origin, Wording::new("an address block or a name", "un bloque de direcciones o un nombre")),
    (Node::miss_over, Wording::new("`over` and a time", "`over` y un tiempo")),
    (Node::miss_key, Wording::new("a key", "una clave")),
    (Node::miss_mode, Wording::new("`auto` or `off`", "`auto` u `off`")),
    (Node::miss_step, Wording::new("the name of the next step", "el nombre del paso siguiente")),
    (Node::miss_code, Wording::new("the code of a check", "el código de una comprobación")),
    (Node::miss_date, Wording::new("a date such as `2027-06-30`", "una fecha como `2027-06-30`")),
    (Node::miss_predicate, Wording::new("a predicate", "un predicado")),
    (Node::miss_size, Wording::new("the name of a size", "el nombre de un tamaño")),
    (Node::miss_kind, Wording::new("a kind", "un tipo")),
    (Node::miss_action, Wording::new("an action such as `deny new ec2`", "una acción como `deny new ec2`")),
    (Node::miss_block, Wording::new("`{`", "`{`")),
];

/// What the missing part is called, or nothing when the node marks no missing part.
pub(super) fn missing_part(node: Node) -> Option<Wording> {
    PARTS.iter().find(|(part, _)| *part == node).map(|(_, words)| *words)
}

/// How each statement is written.
const FORMS: [(Node, &str); 35] = [
    (Node::system, "system NAME \"Title\" in REGION { settings }"),
    (Node::declaration, "KIND NAME \"Title\" { settings }"),
    (Node::vpc, "vpc NAME 10.0.0.0/16 { … }"),
    (Node::tier, "tier NAME public|private|isolated { … }"),
    (Node::region, "region NAME { … }"),
    (Node::group, "group NAME \"Title\" { … }"),
    (Node::flow, "FROM -> TO : VERB"),
    (Node::lost_arrow, "FROM -> TO : VERB"),
    (Node::load, "load ENTRY 20 rps, peak 100 rps for 60 h/month within 5 min"),
    (Node::role, "role NAME for group \"…\" { observe all; never read pii }"),
    (Node::role_clause, "VERB NAMES"),
    (Node::grant, "grant NAME : VERBS on NAMES because \"…\""),
    (Node::public, "public NAME because \"…\""),
    (Node::open, "open port 22 on NAME from 10.0.0.0/8 because \"…\""),
    (Node::config, "config NAME KEY \"value\""),
    (Node::scale, "scale NAMES 2..6 on METRIC"),
    (Node::slo, "slo 99.8% over 30 d on NAME"),
    (Node::recover, "recover NAMES { rpo 5 min; rto 1 h }"),
    (Node::budget, "budget 700 USD monthly for NAME { alert 80% actual -> NAME }"),
    (Node::alert, "alert 80% actual, 100% forecast -> NAME"),
    (Node::budget_action, "at 120% actual deny new KIND"),
    (Node::alarms, "alarms auto -> NAME"),
    (Node::journey, "journey NAME \"Title\" { A -> B -> C }"),
    (Node::steps, "A -> B -> C, D"),
    (Node::claim, "claim \"…\" : PREDICATE NAMES"),
    (Node::own_rule, "rule \"…\" { forbid flow from A to B }"),
    (Node::waive, "waive CODE on NAME until 2027-06-30 because \"…\""),
    (Node::view, "view NAME { show NAMES; hide NAMES }"),
    (Node::tags, "tags NAMES { team \"web\" }"),
    (Node::include, "include \"file.arch\" as PREFIX"),
    (Node::catalog, "catalog \"folder\""),
    (Node::size, "size NAME { vcpu 8; memory 32 GB; price 0.40 USD/h }"),
    (Node::defaults, "defaults KIND { settings }"),
    (Node::environment, "environment NAME { NAME { settings } }"),
    (Node::setting, "SETTING VALUE"),
];

/// How the statement of this node is written.
pub(super) fn form(node: Node) -> Option<&'static str> {
    FORMS.iter().find(|(statement, _)| *statement == node).map(|(_, words)| *words)
}
