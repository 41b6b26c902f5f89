//! What was measured, beside what it should be: as a table or as JSON.

use serde::Serialize;

#[derive(Default, Serialize)]
pub struct Report {
    pub rows: Vec<Row>,
    /// What a reader needs to know to judge the figures.
    pub notes: Vec<String>,
    /// Error answers and broken invariants. With any of these the whole run has failed.
    pub failures: Vec<String>,
}

#[derive(Serialize)]
pub struct Row {
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    pub measured: String,
    /// The figure that is compared with the goal, in the goal's unit.
    pub value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
}

/// What a figure should be.
#[derive(Clone, Copy)]
pub enum Goal {
    AtLeast(f64, &'static str),
    AtMost(f64, &'static str),
}

impl Goal {
    fn said(self) -> String {
        match self {
            Self::AtLeast(bound, unit) => format!("≥ {bound} {unit}").trim_end().to_owned(),
            Self::AtMost(bound, unit) => format!("≤ {bound} {unit}").trim_end().to_owned(),
        }
    }

    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound, _) => value >= bound,
            Self::AtMost(bound, _) => value <= bound,
        }
    }
}

impl Report {
    pub fn compare(&mut self, what: impl Into<String>, goal: Goal, value: f64, measured: String) {
        let (met, goal) = (Some(goal.is_met(value)), Some(goal.said()));
        self.rows.push(Row { what: what.into(), goal, measured, value, met });
    }

    pub fn tell(&mut self, what: impl Into<String>, value: f64, measured: String) {
        self.rows.push(Row { what: what.into(), goal: None, measured, value, met: None });
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub fn print(&self, as_json: bool) -> anyhow::Result<()> {
        if as_json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        let width = |cell: fn(&Row) -> &str| self.rows.iter().map(|row| cell(row).chars().count()).max().unwrap_or(0);
        let (what, goal) = (width(|row| &row.what), width(Row::goal).max("goal".len()));
        println!("{:what$}  {:goal$}         measured", "what", "goal");
        for row in &self.rows {
            let verdict = match row.met {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "",
            };
            println!("{:what$}  {:goal$}  {verdict:6} {}", row.what, row.goal(), row.measured);
        }
        for note in &self.notes {
            println!("note: {note}");
        }
        for failure in &self.failures {
            println!("FAILED: {failure}");
        }
        Ok(())
    }
}

impl Row {
    fn goal(&self) -> &str {
        self.goal.as_deref().unwrap_or_default()
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of a bench run are far below 2^52")]
pub fn count(value: usize) -> f64 {
    value as f64
}
