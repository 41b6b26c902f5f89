//! What reaches the terminal: aligned tables, JSON, errors. Everything a server sent passes through `clean_line` or
//! `clean_block` first, because task titles are written by strangers and a terminal obeys what it reads.

use crate::errors::Failure;
use owp_wire::Timestamp;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;
use unicode_width::UnicodeWidthStr;

/// Titles may be 300 characters long; a table stays readable with this many.
const CELL_WIDTH_MAX: usize = 60;

/// The last cell of a row pushes nothing aside, so what explains something may be said to its end.
const LAST_CELL_WIDTH_MAX: usize = 300;

/// Why something could not be written to stdout, told once the command is over: what it did is done all the same.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints to stdout. A reader that went away (`| head`) is no error of ours.
pub fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let written = writeln!(stdout, "{}", text.trim_end_matches('\n')).and_then(|()| stdout.flush());
    if let Err(cause) = written.or_else(unless_nobody_reads) {
        LOST.get_or_init(|| cause.to_string());
    }
}

/// Whether all that was printed arrived.
pub fn arrived() -> Result<(), Failure> {
    let Some(cause) = LOST.get() else { return Ok(()) };
    let hint = "what was asked for is done; make room and ask for it again where it can be shown again";
    Err(Failure::local(format!("can't write standard output: {cause}"), hint))
}

/// A reader that went away has seen enough.
pub fn unless_nobody_reads(cause: io::Error) -> io::Result<()> {
    if cause.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(cause) }
}

pub fn warn(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "warning: {text}");
}

/// Prints one JSON document: indented for a person at a terminal, else on one line.
pub fn print_json(value: &Value) {
    let text = if std::io::stdout().is_terminal() { format!("{value:#}") } else { value.to_string() };
    print(&escape_controls_in_json(&text));
}

/// JSON may hold control characters past U+007F unescaped; an escape means the same and does nothing to a terminal.
pub fn escape_controls_in_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for char in json.chars() {
        if char != '\n' && is_unsafe(char) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(char));
        } else {
            escaped.push(char);
        }
    }
    escaped
}

pub fn complain(failure: &Failure) {
    let mut stderr = std::io::stderr().lock();
    let colour = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = failure.to_string();
    let text = match text.strip_prefix("error:") {
        Some(rest) if colour => format!("\u{1b}[1;31merror:\u{1b}[0m{rest}"),
        _ => text,
    };
    let _ = writeln!(stderr, "{text}");
}

/// Control characters, and those that turn the direction of text around.
fn is_unsafe(char: char) -> bool {
    char.is_control() || matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text from elsewhere on one line.
pub fn clean_line(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\n' | '\r' | '\t' => ' ',
            char if is_unsafe(char) => '\u{fffd}',
            char => char,
        })
        .collect()
}

/// Text from elsewhere that may have several lines.
pub fn clean_block(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|char| if is_unsafe(char) && !matches!(char, '\n' | '\t') { '\u{fffd}' } else { char })
        .collect()
}

/// Cuts text to so many characters, saying so with an ellipsis.
pub fn bounded(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Rows under a heading, in columns as wide as their widest cell.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(headings: &[&str]) -> Self {
        Self { rows: vec![headings.iter().map(|&heading| heading.to_owned()).collect()] }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let columns = self.rows[0].len();
        let width = |column| if column + 1 == columns { LAST_CELL_WIDTH_MAX } else { CELL_WIDTH_MAX };
        let cells = cells.into_iter().enumerate();
        self.rows.push(cells.map(|(column, cell)| bounded(&clean_line(&cell), width(column))).collect());
    }

    pub fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Names and values, one a line; values that are empty are left out.
pub fn facts(pairs: &[(&str, String)]) -> String {
    let shown: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    let width = shown.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    shown.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name:<width$}  {}", clean_line(value));
        text
    })
}

pub fn or_dash(value: Option<&str>) -> String {
    value.filter(|text| !text.is_empty()).unwrap_or("-").to_owned()
}

pub fn list_or_dash(values: &[String]) -> String {
    if values.is_empty() { "-".to_owned() } else { values.join(",") }
}

/// How far off a moment is, such as `in 3h 59m` or `2m ago`.
pub fn distance(moment: Timestamp, now: Timestamp) -> String {
    if moment > now {
        format!("in {}", span(moment.seconds_after(now)))
    } else {
        format!("{} ago", span(now.seconds_after(moment)))
    }
}

pub fn span(seconds: u32) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        // Of a clock that is nearly over, or that long, seconds matter.
        (0, 0, 1..10) if !seconds.is_multiple_of(60) => format!("{minutes}m {}s", seconds % 60),
        (0, 0, _) => format!("{minutes}m"),
        (0, _, _) => format!("{hours}h {minutes}m"),
        _ => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        CELL_WIDTH_MAX, LAST_CELL_WIDTH_MAX, Table, clean_block, clean_line, distance, escape_controls_in_json, facts,
    };
    use owp_wire::Timestamp;

    #[test]
    fn control_characters_from_the_server_never_reach_the_terminal() {
        let hostile = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\ne\u{7f}";
        assert_eq!(clean_line(hostile), "a\u{fffd}[2Jb\u{fffd}31mc\u{fffd}d e\u{fffd}");
        assert_eq!(clean_block("x\r\n\ty\u{7}"), "x\n\ty\u{fffd}");
    }

    #[test]
    fn json_keeps_its_meaning_when_controls_are_escaped() {
        let value = serde_json::json!({ "title": "a\u{9b}b\u{202e}c\u{7f}\n" });
        let text = escape_controls_in_json(&value.to_string());
        assert!(text.chars().all(|char| !char.is_control() && char != '\u{202e}'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn columns_line_up_by_what_a_terminal_shows() {
        let mut table = Table::new(&["TASK", "TITLE"]);
        table.row(["t_1".to_owned(), "日本".to_owned()]);
        table.row(["t_12345".to_owned(), "x".repeat(LAST_CELL_WIDTH_MAX + 1)]);
        let text = table.render();
        assert!(text.starts_with("TASK     TITLE\nt_1      日本\n"), "{text}");
        assert!(text.ends_with("…\n"));
    }

    #[test]
    fn only_the_last_cell_may_be_long() {
        let mut table = Table::new(&["TITLE", "WHY"]);
        table.row(["x".repeat(CELL_WIDTH_MAX + 1), "y".repeat(CELL_WIDTH_MAX + 1)]);
        let text = table.render();
        let row = text.lines().nth(1).expect("a row");
        assert_eq!(row, format!("{}…  {}", "x".repeat(CELL_WIDTH_MAX - 1), "y".repeat(CELL_WIDTH_MAX + 1)));
    }

    #[test]
    fn facts_leave_out_what_is_empty() {
        assert_eq!(facts(&[("a", "1".to_owned()), ("bbb", String::new()), ("cc", "2".to_owned())]), "a   1\ncc  2\n");
    }

    #[test]
    fn distances_read_like_speech() {
        let now = Timestamp::from_millis(1_000_000_000);
        assert_eq!(distance(now.plus_s(4 * 3600 - 30), now), "in 3h 59m");
        assert_eq!(distance(now.minus_s(120), now), "2m ago");
        assert_eq!(distance(now.plus_s(90), now), "in 1m 30s");
        assert_eq!(distance(now.plus_s(630), now), "in 10m");
        assert_eq!(distance(now.plus_s(90_000), now), "in 1d 1h");
    }
}
