//! Reading the policy file field by field, and gathering what is wrong with it.

use super::{
    AdmissionMode, AdmissionRule, Budget, COMMAND_CHARS_MAX, COMMANDS_MAX, Commands, Disclosure, HANDLE_CHARS_MAX,
    HANDLES_MAX, LINE_CHARS_MAX, PATH_TIERS_MAX, PATTERN_CHARS_MAX, PATTERNS_MAX, PathRules, PathTier, Policy,
    PolicyFault, QUIET_HOURS_MAX, SizeLimits, TEXT_CHARS_MAX,
};
use crate::record::QuietHours;
use owp_wire::Weekday;
use serde_json::{Map, Value};

const FIELDS: [&str; 9] =
    ["admission", "budget", "commands", "disclosure", "paths", "quiet_hours", "size", "tiers", "version"];

/// More than any pull request that somebody looks at.
const LINES_LIMIT_MAX: u32 = 1_000_000;
const FILES_LIMIT_MAX: u32 = 3000;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

#[derive(Default)]
pub struct Reader {
    pub faults: Vec<PolicyFault>,
}

/// A value of the file, and where it is.
#[derive(Clone)]
struct At<'a> {
    value: &'a Value,
    pointer: String,
}

impl<'a> At<'a> {
    fn field(&self, name: &str) -> Option<At<'a>> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(At { value, pointer: format!("{}/{name}", self.pointer) })
    }
}

impl Reader {
    pub fn policy(&mut self, file: &Value) -> Policy {
        let file = At { value: file, pointer: String::new() };
        if !file.value.is_object() {
            self.fault(&file, "is no mapping; begin with `version: 1`");
            return Policy::default();
        }
        self.known(&file, &FIELDS);
        match file.field("version") {
            None => self.missing(&file, "version", "is missing; write `version: 1`"),
            Some(version) if *version.value != 1 => self.fault(&version, "is not 1, the one version that there is"),
            Some(_) => {}
        }
        Policy {
            budget: self.part(
                &file,
                "budget",
                &["max_open_prs", "prs_per_hour_max", "security_extra_slots"],
                Self::budget,
            ),
            quiet_hours: file.field("quiet_hours").map(|list| self.each(&list, QUIET_HOURS_MAX, Self::quiet_hours)),
            paths: self.part(&file, "paths", &["allow", "deny"], |reader, paths| PathRules {
                allow: reader.list(paths, "allow", PATTERNS_MAX, Self::pattern),
                deny: reader.list(paths, "deny", PATTERNS_MAX, Self::pattern),
            }),
            tiers: self.list(&file, "tiers", PATH_TIERS_MAX, Self::path_tier),
            commands: self.part(&file, "commands", &["setup", "test"], |reader, commands| Commands {
                setup: reader.list(commands, "setup", COMMANDS_MAX, Self::command),
                test: reader.list(commands, "test", COMMANDS_MAX, Self::command),
            }),
            size: self.part(&file, "size", &["files_max", "lines_max", "lines_per_point_max"], |reader, size| {
                SizeLimits {
                    files_max: reader.number(size, "files_max", 1, FILES_LIMIT_MAX),
                    lines_max: reader.number(size, "lines_max", 1, LINES_LIMIT_MAX),
                    lines_per_point_max: reader.number(size, "lines_per_point_max", 1, LINES_LIMIT_MAX),
                }
            }),
            disclosure: file.field("disclosure").map(|disclosure| self.disclosure(&disclosure)),
            admission: self.part(&file, "admission", &["exempt", "mode"], |reader, admission| AdmissionRule {
                mode: admission.field("mode").and_then(|mode| reader.mode(&mode)),
                exempt: reader.list(admission, "exempt", HANDLES_MAX, Self::handle),
            }),
        }
    }

    fn budget(&mut self, budget: &At) -> Budget {
        Budget {
            max_open_prs: self.number(budget, "max_open_prs", 0, 100),
            prs_per_hour_max: self.number(budget, "prs_per_hour_max", 0, 100),
            security_extra_slots: self.number(budget, "security_extra_slots", 0, 20),
        }
    }

    fn quiet_hours(&mut self, hours: &At) -> Option<QuietHours> {
        self.mapping(hours, &["days", "from", "to"])?;
        let days = self.list(hours, "days", WEEKDAYS.len(), |reader, day| {
            let found = WEEKDAYS.iter().find(|(name, _)| day.value == *name).map(|(_, day)| *day);
            let names: Vec<&str> = WEEKDAYS.iter().map(|(name, _)| *name).collect();
            reader.or_fault(found, day, &format!("is none of {}", names.join(", ")))
        });
        let (from, to) = (self.minute(hours, "from"), self.minute(hours, "to"));
        Some(QuietHours { days, from_minute: from?, to_minute: to? })
    }

    fn minute(&mut self, hours: &At, name: &str) -> Option<u32> {
        let Some(time) = hours.field(name) else {
            self.missing(hours, name, "is missing");
            return None;
        };
        let parsed = time.value.as_str().and_then(minute_of_day);
        self.or_fault(parsed, &time, "is no time of day in UTC such as \"22:00\"; put it into quotes")
    }

    fn path_tier(&mut self, tier: &At) -> Option<PathTier> {
        self.mapping(tier, &["paths", "tier"])?;
        let before = self.faults.len();
        let paths = self.list(tier, "paths", PATTERNS_MAX, Self::pattern);
        if paths.is_empty() && self.faults.len() == before {
            self.missing(tier, "paths", "names nothing");
        }
        if tier.field("tier").is_none() {
            self.missing(tier, "tier", "is missing");
        }
        Some(PathTier { paths, tier: self.number(tier, "tier", 1, 3)? })
    }

    fn disclosure(&mut self, disclosure: &At) -> Disclosure {
        if self.mapping(disclosure, &["line", "text"]).is_none() {
            return Disclosure::default();
        }
        let line = disclosure.field("line").and_then(|line| self.line(&line, LINE_CHARS_MAX));
        let text = disclosure.field("text").and_then(|text| self.text(&text, TEXT_CHARS_MAX));
        if disclosure.field("line").is_none() && disclosure.field("text").is_none() {
            self.fault(disclosure, "has neither line nor text");
        }
        Disclosure { text, line }
    }

    fn mode(&mut self, mode: &At) -> Option<AdmissionMode> {
        let found = match mode.value.as_str() {
            Some("off") => Some(AdmissionMode::Off),
            Some("report") => Some(AdmissionMode::Report),
            Some("enforce") => Some(AdmissionMode::Enforce),
            _ => None,
        };
        // Older readers of YAML take a bare `off` for false.
        self.or_fault(found, mode, "is none of off, report, enforce; put off into quotes")
    }

    fn handle(&mut self, handle: &At) -> Option<String> {
        let text = self.line(handle, HANDLE_CHARS_MAX)?.trim_start_matches('@').to_lowercase();
        let found = (!text.is_empty() && !text.contains(char::is_whitespace)).then_some(text);
        self.or_fault(found, handle, "is no handle")
    }

    fn pattern(&mut self, pattern: &At) -> Option<String> {
        let text = self.line(pattern, PATTERN_CHARS_MAX)?;
        let because = if text.starts_with('/') {
            "begins with a slash; paths are from the root of the repository"
        } else if text.starts_with('!') {
            "begins with !; put what is not allowed under deny"
        } else if text.contains(['{', '}']) {
            // Each brace would multiply what is tried on every file.
            "has braces; write one pattern for each"
        } else if text.split('/').any(|part| part == "." || part == "..") {
            "has . or .. as a folder, which no path of a repository has"
        } else if fast_glob::validate(&text).is_err() {
            "is no pattern"
        } else {
            return Some(text);
        };
        self.fault(pattern, because);
        None
    }

    fn command(&mut self, command: &At) -> Option<String> {
        self.line(command, COMMAND_CHARS_MAX)
    }

    /// A text of one line.
    fn line(&mut self, line: &At, chars_max: usize) -> Option<String> {
        let text = self.text(line, chars_max)?;
        let found = (!text.chars().any(char::is_control)).then_some(text);
        self.or_fault(found, line, "is more than one line")
    }

    fn text(&mut self, text: &At, chars_max: usize) -> Option<String> {
        let Some(found) = text.value.as_str() else {
            self.fault(text, "is no text");
            return None;
        };
        let found = super::super::text::clean(found).text;
        let because = if found.is_empty() {
            "is empty".to_owned()
        } else if found.chars().count() > chars_max {
            format!("is longer than {chars_max} characters")
        } else {
            return Some(found);
        };
        self.fault(text, &because);
        None
    }

    fn number(&mut self, part: &At, name: &str, least: u32, most: u32) -> Option<u32> {
        let number = part.field(name)?;
        let found = number.value.as_u64().and_then(|found| u32::try_from(found).ok());
        let found = found.filter(|found| (least..=most).contains(found));
        self.or_fault(found, &number, &format!("is no whole number from {least} to {most}"))
    }

    fn part<T: Default>(
        &mut self,
        file: &At,
        name: &str,
        fields: &[&str],
        read: impl FnOnce(&mut Self, &At) -> T,
    ) -> T {
        let Some(part) = file.field(name) else { return T::default() };
        self.mapping(&part, fields).map(|()| read(self, &part)).unwrap_or_default()
    }

    fn list<T>(&mut self, part: &At, name: &str, most: usize, read: impl FnMut(&mut Self, &At) -> Option<T>) -> Vec<T> {
        part.field(name).map(|list| self.each(&list, most, read)).unwrap_or_default()
    }

    fn each<T>(&mut self, list: &At, most: usize, mut read: impl FnMut(&mut Self, &At) -> Option<T>) -> Vec<T> {
        let Some(items) = list.value.as_array() else {
            self.fault(list, "is no list");
            return Vec::new();
        };
        if items.len() > most {
            self.fault(list, &format!("has more than {most} entries"));
            return Vec::new();
        }
        let at =
            items.iter().enumerate().map(|(place, value)| At { value, pointer: format!("{}/{place}", list.pointer) });
        at.filter_map(|item| read(self, &item)).collect()
    }

    fn mapping(&mut self, part: &At, fields: &[&str]) -> Option<()> {
        if !part.value.is_object() {
            self.fault(part, "is no mapping");
            return None;
        }
        self.known(part, fields);
        Some(())
    }

    fn known(&mut self, part: &At, fields: &[&str]) {
        for name in
            part.value.as_object().into_iter().flat_map(Map::keys).filter(|name| !fields.contains(&name.as_str()))
        {
            let near = fields.iter().min_by_key(|field| distance(field, name)).filter(|field| is_near(field, name));
            let hint =
                near.map_or_else(|| format!("known are {}", fields.join(", ")), |near| format!("did you mean {near}?"));
            self.missing(part, name, &format!("is unknown; {hint}"));
        }
    }

    fn or_fault<T>(&mut self, found: Option<T>, at: &At, because: &str) -> Option<T> {
        if found.is_none() {
            self.fault(at, because);
        }
        found
    }

    fn fault(&mut self, at: &At, because: &str) {
        self.note(at.pointer.clone(), because);
    }

    /// A fault of a field that is not there, or should not be.
    fn missing(&mut self, part: &At, name: &str, because: &str) {
        let name = name.replace('~', "~0").replace('/', "~1");
        self.note(format!("{}/{name}", part.pointer), because);
    }

    fn note(&mut self, pointer: String, because: &str) {
        self.faults.push(PolicyFault { pointer, because: because.to_owned(), place: None });
    }
}

fn minute_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() == 2);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let is_time = (hours < 24 && minutes < 60) || (hours == 24 && minutes == 0);
    is_time.then_some(hours * 60 + minutes)
}

/// A slip of the finger, or a name that was cut short.
fn is_near(field: &str, name: &str) -> bool {
    (name.len() >= 3 && field.starts_with(name)) || distance(field, name) <= 2
}

/// How many letters have to be changed, put in or taken out (Levenshtein 1966).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], line + 1);
        for (place, &theirs) in other.iter().enumerate() {
            let changed = corner + usize::from(letter != theirs);
            corner = row[place + 1];
            row[place + 1] = changed.min(row[place] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}
