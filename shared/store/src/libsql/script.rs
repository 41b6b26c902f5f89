//! A commit as one script, for a primary that is elsewhere: everything in it happens, or nothing.
//!
//! Whether a record is still at the version that a decision saw can only be said there. The view `expectation` refuses what
//! is not so, and with it the whole script.

use super::apply::{Must, Step};
use libsql::Value;
use std::fmt::Write;

/// What the primary says of a commit whose expectations it does not meet; part of the schema.
pub const ANOTHER_VERSION: &str = "a record is at another version";

#[derive(Default)]
pub struct Script(String);

impl Script {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn push(&mut self, step: &Step) {
        if step.must == Must::Hold {
            self.0.push_str("INSERT INTO expectation ");
        }
        self.fill_in(step.sql, &step.params);
        self.0.push_str(";\n");
        if step.must == Must::ChangeOne {
            self.0.push_str("INSERT INTO expectation SELECT changes() = 1;\n");
        }
    }

    /// The statement with its numbered parameters as literals. The statement itself is this program's own text and has
    /// question marks for nothing else.
    fn fill_in(&mut self, sql: &str, params: &[Value]) {
        let mut parts = sql.split('?');
        self.0.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let number: usize = part[..digits].parse().expect("parameters are numbered");
            self.literal(&params[number - 1]);
            self.0.push_str(&part[digits..]);
        }
    }

    fn literal(&mut self, value: &Value) {
        match value {
            Value::Null => self.0.push_str("NULL"),
            Value::Integer(number) => write!(self.0, "{number}").expect("a string takes everything"),
            // A literal would end at a zero character.
            Value::Text(text) if text.contains('\0') => self.bytes(text.as_bytes(), "CAST(", " AS TEXT)"),
            Value::Text(text) => {
                self.0.push('\'');
                self.0.push_str(&text.replace('\'', "''"));
                self.0.push('\'');
            }
            Value::Blob(bytes) => self.bytes(bytes, "", ""),
            Value::Real(_) => unreachable!("no column holds a fraction"),
        }
    }

    fn bytes(&mut self, bytes: &[u8], before: &str, after: &str) {
        self.0.push_str(before);
        self.0.push_str("x'");
        for byte in bytes {
            write!(self.0, "{byte:02x}").expect("a string takes everything");
        }
        self.0.push('\'');
        self.0.push_str(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::libsql::connection::{number, text};

    #[test]
    fn values_stay_values_whatever_they_say() {
        let mut script = Script::default();
        let params = vec![text("it's; DROP TABLE ?1 --"), Value::Null, number(7), text("a\0'b")];
        script.push(&Step { sql: "UPDATE t SET a = ?1, b = ?2, c = ?4 WHERE d = ?3", params, must: Must::ChangeOne });
        let params = vec![text("x")];
        script.push(&Step { sql: "SELECT version = ?1", params, must: Must::Hold });
        assert_eq!(
            script.text(),
            "UPDATE t SET a = 'it''s; DROP TABLE ?1 --', b = NULL, c = CAST(x'61002762' AS TEXT) WHERE d = 7;\n\
             INSERT INTO expectation SELECT changes() = 1;\n\
             INSERT INTO expectation SELECT version = 'x';\n"
        );
    }
}
