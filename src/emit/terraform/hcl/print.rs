//! The printer: two-space indent, equals signs aligned within a run of one-line arguments, blank lines around blocks.

use crate::emit::terraform::hcl::block::{Block, Body, Entry};
use crate::emit::terraform::hcl::expr::{Expr, Node, Part};
use crate::text::Text;

/// The longest line a list or object is written on, in characters.
const WIDTH: usize = 110;
/// Arguments that stand apart at the top of a body.
const HEAD: [&str; 3] = ["for_each", "provider", "source"];
/// Arguments that stand apart at the end of a body.
const TAIL: [&str; 2] = ["depends_on", "tags"];

/// A block as text, ended by a newline.
pub(super) fn block(block: &Block) -> String {
    let mut out = String::new();
    push_block(&mut out, block, 0);
    out
}

/// The comments and the body of a block, without the block around them.
pub(super) fn inside(block: &Block) -> String {
    let mut out = String::new();
    for comment in &block.comments {
        out.extend(["# ", comment, "\n"]);
    }
    push_body(&mut out, &block.body, 0);
    out
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn push_block(out: &mut String, block: &Block, depth: usize) {
    for comment in &block.comments {
        indent(out, depth);
        out.push_str("# ");
        out.push_str(comment);
        out.push('\n');
    }
    indent(out, depth);
    out.push_str(&block.kind);
    for label in &block.labels {
        out.extend([" \"", &Text::new(label.as_str()).hcl(), "\""]);
    }
    if block.body.0.is_empty() && block.notes.is_empty() {
        out.push_str(" {}\n");
        return;
    }
    out.push_str(" {\n");
    for note in &block.notes {
        indent(out, depth + 1);
        out.extend(["#", note, "\n"]);
    }
    push_body(out, &block.body, depth + 1);
    indent(out, depth);
    out.push_str("}\n");
}

/// Does a blank line belong between two neighbours?
fn is_apart(above: &Entry, below: &Entry) -> bool {
    match (above, below) {
        (Entry::Argument(above, _), Entry::Argument(below, _)) => {
            HEAD.contains(&above.as_str()) || TAIL.contains(&below.as_str())
        }
        _ => true,
    }
}

fn push_body(out: &mut String, body: &Body, depth: usize) {
    let mut run: Vec<(String, String)> = Vec::new();
    let mut above: Option<&Entry> = None;
    for entry in &body.0 {
        if above.is_some_and(|above| is_apart(above, entry)) {
            push_run(out, &mut run, depth);
            out.push('\n');
        }
        match entry {
            Entry::Block(inner) => push_block(out, inner, depth),
            Entry::Argument(name, value) => {
                push_argument(out, &mut run, (name.clone(), expression(value, depth)), depth);
            }
        }
        above = Some(entry);
    }
    push_run(out, &mut run, depth);
}

/// Adds an argument to the run; one that needs several lines ends the run and stands alone.
fn push_argument(out: &mut String, run: &mut Vec<(String, String)>, line: (String, String), depth: usize) {
    let is_long = line.1.contains('\n');
    if is_long {
        push_run(out, run, depth);
    }
    run.push(line);
    if is_long {
        push_run(out, run, depth);
    }
}

/// Writes the gathered lines with their equals signs below each other.
fn push_run(out: &mut String, run: &mut Vec<(String, String)>, depth: usize) {
    let width = run.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, value) in run.drain(..) {
        indent(out, depth);
        let gap = " ".repeat(width - name.chars().count());
        out.extend([&name, &gap, " = ", &value, "\n"]);
    }
}

/// An expression as it stands at a depth; one line when it fits.
fn expression(expr: &Expr, depth: usize) -> String {
    match &expr.0 {
        Node::Quoted(parts) => quoted(parts),
        Node::Code(code) => code.clone(),
        Node::Number(number) => number.to_string(),
        Node::Bool(flag) => flag.to_string(),
        Node::List(items) => items_in(items, depth),
        Node::Map(entries) => entries_in(entries, depth),
        Node::Call(name, arguments) => call_of(name, arguments, depth),
    }
}

fn quoted(parts: &[Part]) -> String {
    let mut out = String::from("\"");
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(text) => {
                let before_code = matches!(parts.get(index + 1), Some(Part::Code(_)));
                push_literal(&mut out, &text.hcl(), before_code);
            }
            Part::Code(code) => out.extend(["${", code, "}"]),
        }
    }
    out.push('"');
    out
}

/// A dollar sign right before an interpolation would escape it, so that one becomes an interpolation itself.
fn push_literal(out: &mut String, text: &str, before_code: bool) {
    match text.chars().next_back() {
        Some(last @ ('$' | '%')) if before_code => {
            out.push_str(text.trim_end_matches(['$', '%']));
            let kept = text.chars().rev().take_while(|c| matches!(c, '$' | '%')).count();
            let tail: String = text.chars().skip(text.chars().count() - kept).collect();
            debug_assert!(tail.ends_with(last));
            out.extend(["${\"", &tail, "\"}"]);
        }
        _ => out.push_str(text),
    }
}

fn fits(line: &str, depth: usize) -> bool {
    !line.contains('\n') && line.chars().count() + depth * 2 <= WIDTH
}

fn items_in(items: &[Expr], depth: usize) -> String {
    let inner: Vec<String> = items.iter().map(|item| expression(item, depth + 1)).collect();
    let line = format!("[{}]", inner.join(", "));
    if fits(&line, depth + 8) || (inner.len() == 1 && !line.contains('\n')) {
        return line;
    }
    if inner.len() == 1 {
        return format!("[{}]", expression_of_only(items, depth));
    }
    let mut out = String::from("[\n");
    for item in &inner {
        indent(&mut out, depth + 1);
        out.extend([item, ",\n"]);
    }
    indent(&mut out, depth);
    out.push(']');
    out
}

/// The only item of a list, hugged by the list's brackets.
fn expression_of_only(items: &[Expr], depth: usize) -> String {
    items.first().map_or_else(String::new, |item| expression(item, depth))
}

fn is_plain(key: &str) -> bool {
    let mut chars = key.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn key_of(key: &str) -> String {
    if is_plain(key) { key.to_owned() } else { format!("\"{}\"", Text::new(key).hcl()) }
}

fn entries_in(entries: &[(String, Expr)], depth: usize) -> String {
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let lines: Vec<(String, String)> =
        entries.iter().map(|(key, value)| (key_of(key), expression(value, depth + 1))).collect();
    let short: Vec<String> = lines.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    let line = format!("{{ {} }}", short.join(", "));
    if entries.len() <= 3 && fits(&line, depth + 16) {
        return line;
    }
    let mut out = String::from("{\n");
    let mut run = Vec::new();
    for line in lines {
        push_argument(&mut out, &mut run, line, depth + 1);
    }
    push_run(&mut out, &mut run, depth + 1);
    indent(&mut out, depth);
    out.push('}');
    out
}

fn call_of(name: &str, arguments: &[Expr], depth: usize) -> String {
    let hugged: Vec<String> = arguments.iter().map(|argument| expression(argument, depth)).collect();
    let line = format!("{name}({})", hugged.join(", "));
    if arguments.len() <= 1 || fits(&line, depth) {
        return line;
    }
    let mut out = format!("{name}(\n");
    for argument in arguments {
        indent(&mut out, depth + 1);
        out.extend([&expression(argument, depth + 1), ",\n"]);
    }
    indent(&mut out, depth);
    out.push(')');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::emit::terraform::hcl::{Block, Body, Expr, body, code, json, list, map, template};
    use crate::text::Text;

    /// The string an independent parser reads from the argument `x`.
    fn read_back(printed: &str) -> String {
        let parsed =
            hcl_edit::parser::parse_body(printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
        let value = &parsed.get_attribute("x").expect("the argument").value;
        if let Some(text) = value.as_str() {
            return text.to_owned();
        }
        let template = value.as_string_template().unwrap_or_else(|| panic!("no string: {printed}"));
        template.iter().map(|element| element.as_literal().expect("a literal").as_str().to_owned()).collect()
    }

    /// What no output may hold becomes the replacement character.
    fn printable(text: &str) -> String {
        let legal = |c: char| if c.is_control() && !matches!(c, '\n' | '\r' | '\t') { '\u{FFFD}' } else { c };
        text.chars().map(legal).collect()
    }

    fn printed(expr: Expr) -> String {
        Block::new("", &[], Body::default().with("x", expr)).print_inside()
    }

    proptest! {
        #[test]
        fn hostile_text_never_leaves_its_quotes(text in "(?s).{0,40}|[$%{}\"\\\\\n#a]{0,12}") {
            prop_assert_eq!(read_back(&printed(Expr::text(&Text::new(text.as_str())))), printable(&text));
        }

        #[test]
        fn nested_values_parse(texts in prop::collection::vec("[$%{}\"\\\\\na-z]{0,30}", 0..9)) {
            let items = list(texts.iter().map(String::as_str));
            let object = map(texts.iter().enumerate().map(|(at, text)| (format!("{text}{at}"), Expr::from(text))));
            let block = Block::resource("aws_x", "y", body! { a = items.clone(); b = json(object); nested { c = items; } });
            prop_assert!(hcl_edit::parser::parse_body(&block.print()).is_ok(), "{}", block.print());
        }
    }

    #[test]
    fn equals_signs_stand_below_each_other_within_a_run() {
        let block = Block::resource(
            "aws_x",
            "y",
            body! {
                for_each = code("local.zones");
                name = template("${local.name}-x");
                description = "short";
                policy = json(map([("One", "1"), ("Two", "2"), ("Three", "3"), ("Four", "4")]));
                port = 443_u64;
                inner { enabled = true; }
                empty {}
                tags = map([("Name", "x")]);
            },
        );
        insta::assert_snapshot!(block.comment("why\nnot").print());
    }

    #[test]
    fn a_dollar_before_an_interpolation_stays_a_dollar() {
        assert_eq!(printed(template("a$${local.name}")), "x = \"a${\"$\"}${local.name}\"\n");
        assert_eq!(printed(template("${local.name}")), "x = local.name\n");
    }
}
