//! What the labels of an issue say about the task that it is.
//!
//! `pool:ready` puts an issue in; the others say the fields of a task as `size:3` does. A label that looks like one of
//! these and can't be read is a fault to tell the maintainer, never a reason to guess.

use std::fmt;

/// The label that puts an issue into the pool.
pub const READY: &str = "pool:ready";

const POINTS_MAX: u32 = 100;
const PRIORITY_MAX: u32 = 1000;
const TIER_MAX: u32 = 3;
const SKILLS_MAX: usize = 20;
const SKILL_CHARS_MAX: usize = 60;
const AREA_CHARS_MAX: usize = 120;

/// What `priority:high` and its like stand for.
const PRIORITIES: [(&str, u32); 4] = [("critical", 100), ("high", 80), ("medium", 50), ("low", 20)];

/// The fields of a task that its labels say; what none says is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskLabels {
    pub is_ready: bool,
    pub estimate_points: Option<u32>,
    pub priority: Option<u32>,
    /// Trimmed, lower-case, each once, in the order of the labels.
    pub required_skills: Vec<String>,
    pub area: Option<String>,
    pub tier: Option<u32>,
    /// Labels that were meant for the pool and were not followed.
    pub faults: Vec<LabelFault>,
}

/// A label that was not followed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelFault {
    pub label: String,
    pub because: String,
}

impl fmt::Display for LabelFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label, self.because)
    }
}

impl TaskLabels {
    /// Reads labels in any order, without regard to case and to space around their parts.
    pub fn read<'a>(labels: impl IntoIterator<Item = &'a str>) -> Self {
        let mut read = Self::default();
        for label in labels {
            if let Err(because) = read.take(label) {
                read.faults.push(LabelFault { label: label.to_owned(), because });
            }
        }
        read
    }

    fn take(&mut self, label: &str) -> Result<(), String> {
        let Some((name, value)) = label.split_once(':') else { return Ok(()) };
        let (name, value) = (name.trim().to_lowercase(), value.trim().to_lowercase());
        match name.as_str() {
            "pool" if value == "ready" => self.is_ready = true,
            "estimate" | "size" => keep_greater(&mut self.estimate_points, number(&value, 1, POINTS_MAX)?)?,
            "priority" => {
                let word = PRIORITIES.iter().find(|(word, _)| *word == value).map(|(_, priority)| *priority);
                let priority = word.map_or_else(|| priority_number(&value), Ok)?;
                keep_greater(&mut self.priority, priority)?;
            }
            "tier" => keep_greater(&mut self.tier, number(&value, 0, TIER_MAX)?)?,
            "skills" | "skill" => self.add_skills(&value)?,
            "area" => self.take_area(&value)?,
            _ => {}
        }
        Ok(())
    }

    fn add_skills(&mut self, list: &str) -> Result<(), String> {
        let skills: Vec<&str> = list.split(',').map(str::trim).filter(|skill| !skill.is_empty()).collect();
        if skills.is_empty() {
            return Err("names no skill; write skills:python,docs".to_owned());
        }
        for skill in skills {
            if skill.chars().count() > SKILL_CHARS_MAX || skill.chars().any(char::is_control) {
                return Err(format!("a skill has at most {SKILL_CHARS_MAX} characters"));
            }
            if !self.required_skills.iter().any(|known| known == skill) {
                if self.required_skills.len() == SKILLS_MAX {
                    return Err(format!("a task asks for at most {SKILLS_MAX} skills"));
                }
                self.required_skills.push(skill.to_owned());
            }
        }
        Ok(())
    }

    /// A task has one area. Of two the first in the alphabet counts, so that the order in which GitHub lists them does
    /// not matter.
    fn take_area(&mut self, area: &str) -> Result<(), String> {
        if area.is_empty() || area.chars().count() > AREA_CHARS_MAX || area.chars().any(char::is_control) {
            return Err(format!("an area has 1 to {AREA_CHARS_MAX} characters"));
        }
        let known = self.area.take().unwrap_or_else(|| area.to_owned());
        let (first, other) = if area < known.as_str() { (area.to_owned(), known) } else { (known, area.to_owned()) };
        let fault = (first != other).then(|| format!("the task has the area {first} already; leave one"));
        self.area = Some(first);
        fault.map_or(Ok(()), Err)
    }
}

/// Of two labels that contradict one another the greater counts: too much room is better than too little, and too much
/// protection better than too little.
fn keep_greater(field: &mut Option<u32>, value: u32) -> Result<(), String> {
    let known = field.unwrap_or(value);
    let greater = known.max(value);
    *field = Some(greater);
    if known == value { Ok(()) } else { Err(format!("contradicts another label, so {greater} counts; leave one")) }
}

fn number(value: &str, least: u32, most: u32) -> Result<u32, String> {
    let parsed = value.parse().ok().filter(|number| (least..=most).contains(number));
    parsed.ok_or_else(|| format!("is no whole number from {least} to {most}"))
}

fn priority_number(value: &str) -> Result<u32, String> {
    number(value, 0, PRIORITY_MAX).map_err(|_| {
        let words: Vec<&str> = PRIORITIES.iter().map(|(word, _)| *word).collect();
        format!("is none of {} and no whole number from 0 to {PRIORITY_MAX}", words.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(labels: &[&str], expected: &str) {
        let read = TaskLabels::read(labels.iter().copied());
        let number = |value: Option<u32>| value.map_or("-".to_owned(), |value| value.to_string());
        let faults: Vec<String> = read.faults.iter().map(ToString::to_string).collect();
        let said = format!(
            "{} points {} priority {} skills {} area {} tier {}{}",
            if read.is_ready { "in" } else { "out" },
            number(read.estimate_points),
            number(read.priority),
            read.required_skills.join("+"),
            read.area.as_deref().unwrap_or("-"),
            number(read.tier),
            faults.iter().flat_map(|fault| [" | ", fault.as_str()]).collect::<String>(),
        );
        assert_eq!(said, expected, "{labels:?}");
    }

    #[test]
    fn labels_say_the_fields_of_a_task() {
        check(&[], "out points - priority - skills  area - tier -");
        check(&["bug", "help wanted", "good first issue"], "out points - priority - skills  area - tier -");
        check(
            &["pool:ready", "estimate:3", "priority:high", "skills:python,docs", "area:auth", "tier:1"],
            "in points 3 priority 80 skills python+docs area auth tier 1",
        );
        check(&["size:5", "pool:ready"], "in points 5 priority - skills  area - tier -");
        for (word, priority) in [("critical", 100), ("high", 80), ("medium", 50), ("low", 20), ("7", 7), ("0", 0)] {
            let label = format!("priority:{word}");
            check(&[&label], &format!("out points - priority {priority} skills  area - tier -"));
        }
    }

    #[test]
    fn case_and_space_do_not_matter_and_skills_add_up() {
        check(&["Pool: Ready", " SIZE : 2 "], "in points 2 priority - skills  area - tier -");
        check(
            &["skills:Python, docs", "skill:rust", "skills:python"],
            "out points - priority - skills python+docs+rust area - tier -",
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_and_not_guessed() {
        check(&["size:0"], "out points - priority - skills  area - tier - | size:0: is no whole number from 1 to 100");
        check(
            &["size:XL"],
            "out points - priority - skills  area - tier - | size:XL: is no whole number from 1 to 100",
        );
        check(&["tier:4"], "out points - priority - skills  area - tier - | tier:4: is no whole number from 0 to 3");
        check(&["tier:-1"], "out points - priority - skills  area - tier - | tier:-1: is no whole number from 0 to 3");
        check(
            &["priority:urgent"],
            "out points - priority - skills  area - tier - | priority:urgent: is none of critical, high, medium, low and no \
             whole number from 0 to 1000",
        );
        check(
            &["skills:,"],
            "out points - priority - skills  area - tier - | skills:,: names no skill; write skills:python,docs",
        );
        check(&["area:"], "out points - priority - skills  area - tier - | area:: an area has 1 to 120 characters");
    }

    #[test]
    fn contradictions_are_settled_the_same_way_in_any_order() {
        let fault = "contradicts another label, so 5 counts; leave one";
        check(
            &["size:3", "estimate:5"],
            &format!("out points 5 priority - skills  area - tier - | estimate:5: {fault}"),
        );
        check(&["estimate:5", "size:3"], &format!("out points 5 priority - skills  area - tier - | size:3: {fault}"));
        let fault = "the task has the area auth already; leave one";
        check(
            &["area:web", "area:auth"],
            &format!("out points - priority - skills  area auth tier - | area:auth: {fault}"),
        );
        check(
            &["area:auth", "area:web"],
            &format!("out points - priority - skills  area auth tier - | area:web: {fault}"),
        );
        check(&["tier:2", "tier:2"], "out points - priority - skills  area - tier 2");
    }
}
