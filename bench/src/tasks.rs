//! Tasks as a maintainer might write them, as far as their size and what they ask for go.

use serde_json::{Value, json};

pub const SKILLS: [&str; 5] = ["rust", "python", "docs", "typescript", "testing"];

const DESCRIPTION: &str = "The parser accepts a trailing comma in lists but not in tables, which surprises people who \
    move a line. Accept it in both, add a test for each, and say so in the chapter on tables. Keep the error for two \
    commas in a row as it is; its wording is relied on. `cargo test -p parser` runs what is there.";

pub struct TaskMade {
    /// Makes its title unlike any other's.
    pub index: usize,
    pub repo: String,
    pub area: String,
    pub skill: &'static str,
    pub points: usize,
    pub priority: usize,
}

impl TaskMade {
    pub fn to_json(&self) -> Value {
        json!({
            "repo": self.repo, "title": format!("Accept a trailing comma in tables, part {}", self.index),
            "description": DESCRIPTION, "estimate_points": self.points, "priority": self.priority,
            "required_skills": [self.skill], "area": self.area, "tier": usize::from((self.index / 11).is_multiple_of(5)),
        })
    }
}
