//! Answers as text for people and as JSON for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::ask::{Answer, Cell, Table};
use crate::text::{Sources, Span};

/// An answer as text: its sentence, its tables, its remarks.
pub fn text(answer: &Answer, sources: &Sources) -> String {
    let mut out = format!("{}\n", answer.headline);
    for table in &answer.tables {
        out.push_str(&format_table(table, sources));
    }
    for remark in &answer.remarks {
        out.push_str("\nnote: ");
        out.push_str(remark);
        out.push('\n');
    }
    out
}

/// A wider cell is broken over several lines.
const WIDEST: usize = 60;

fn format_table(table: &Table, sources: &Sources) -> String {
    let heads: Vec<String> = table.columns.iter().map(|column| column.title.to_owned()).collect();
    let cells = |row: &Vec<Cell>| row.iter().map(|cell| shown(cell, sources)).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
    // A column in which nothing stands is left out.
    let used: Vec<usize> = (0..heads.len())
        .filter(|at| rows.iter().any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty())))
        .collect();
    let pick = |row: &[String]| used.iter().filter_map(|at| row.get(*at).cloned()).collect::<Vec<_>>();
    let rows: Vec<Vec<Vec<String>>> = std::iter::once(pick(&heads))
        .chain(rows.iter().map(|row| pick(row)))
        .map(|row| row.iter().map(|cell| wrapped(cell)).collect())
        .collect();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).flatten();
        cells.map(|line| line.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..used.len()).map(width).collect();
    let lines = rows.iter().flat_map(|row| row_lines(row, &widths));
    let mut out = format!("\n{}\n", table.title);
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The lines of one row, each column padded to its width.
fn row_lines(row: &[Vec<String>], widths: &[usize]) -> Vec<String> {
    let tall = row.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let cells = row.iter().zip(widths).map(|(cell, width)| {
            let text = cell.get(at).map_or("", String::as_str);
            format!("  {text}{}", " ".repeat(width.saturating_sub(text.chars().count())))
        });
        cells.collect::<String>()
    };
    (0..tall).map(line).collect()
}

/// A cell's text in lines of at most [`WIDEST`] characters where blanks allow it.
fn wrapped(cell: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in cell.split(' ') {
        let width = lines.last().map_or(0, |line| line.chars().count());
        if width > 0 && width + 1 + word.chars().count() > WIDEST {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// A cell for a person.
fn shown(cell: &Cell, sources: &Sources) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Words(words) => words.clone(),
        Cell::Text(text) => text.terminal(),
        Cell::List(words) => words.join(", "),
        Cell::Count(count) => count.to_string(),
        Cell::Rate(rate) => rate.to_string(),
        Cell::Share(share) => format!("{} %", share.percent(1)),
        Cell::Chance(share) => share.to_string(),
        Cell::Time(time) => time.to_string(),
        Cell::Money(money) => money.to_string(),
        Cell::Places(spans) => places(spans, sources),
    }
}

/// `webshop.arch:38, 52`: the file once, then its lines.
fn places(spans: &[Span], sources: &Sources) -> String {
    let mut out = String::new();
    let mut before = "";
    let mut seen = Vec::new();
    for span in spans {
        let Some(source) = sources.get(span.file) else { continue };
        let line = source.position(span.start).line;
        if seen.contains(&(span.file, line)) {
            continue;
        }
        seen.push((span.file, line));
        let joint = if out.is_empty() { "" } else { ", " };
        if source.name == before {
            let _infallible = write!(out, "{joint}{line}");
        } else {
            let name = crate::text::Text::new(source.name.as_str());
            let _infallible = write!(out, "{joint}{}:{line}", name.terminal());
        }
        before = source.name.as_str();
    }
    out
}

/// An answer as JSON: `answer`, `tables` with their rows as objects, `notes`. Money is in millionths of a dollar, rates in
/// thousandths of an event a second, shares in millionths, availability in billionths, times in microseconds; places are `file:line`.
pub fn document(question: &str, answer: &Answer, sources: &Sources) -> Value {
    let tables: Vec<Value> = answer.tables.iter().map(|table| table_value(table, sources)).collect();
    json!({ "question": question, "answer": answer.headline, "tables": tables, "notes": answer.remarks })
}

fn table_value(table: &Table, sources: &Sources) -> Value {
    let object = |row: &Vec<Cell>| {
        let pairs = table.columns.iter().zip(row);
        Value::Object(
            pairs.map(|(column, cell)| (column.key.to_owned(), value(cell, sources))).collect::<Map<_, _>>(),
        )
    };
    json!({ "table": table.key, "rows": table.rows.iter().map(object).collect::<Vec<_>>() })
}

fn value(cell: &Cell, sources: &Sources) -> Value {
    match cell {
        Cell::Nothing => Value::Null,
        Cell::Words(words) => json!(words),
        Cell::Text(text) => json!(text),
        Cell::List(words) => json!(words),
        Cell::Count(count) => json!(count),
        Cell::Rate(rate) => json!(rate),
        Cell::Share(share) => json!(share),
        Cell::Chance(share) => json!(share),
        Cell::Time(time) => json!(time),
        Cell::Money(money) => json!(money),
        Cell::Places(spans) => json!(spans.iter().map(|span| sources.place(*span)).collect::<Vec<_>>()),
    }
}

/// JSON text with a final newline, in which no character changes what a terminal shows.
pub fn json_text(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|_| "{}".to_owned());
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // Only strings hold such characters, and there the escape means the same.
        if (c.is_control() && c != '\n') || crate::text::is_direction_control(c) {
            let _infallible = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
