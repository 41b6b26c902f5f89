//! Reads a `VOUCHED.td` file: who a project knows, one handle per line.
//!
//! A line is a handle, with `-` in front where it is denied, a platform in front of that handle (`github:alice`), and
//! anything behind a space as a note. Lines that begin with `#` and empty ones say nothing.

use owp_wire::InputError;

/// What the lines come to. Handles are as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vouched {
    pub allowed: Vec<String>,
    pub denied: Vec<String>,
    /// Lines that name somebody on another platform.
    pub left_out: Vec<String>,
}

/// Where the file stands in the request.
const POINTER: &str = "/vouched";

/// The platform whose handles workers register with.
const PLATFORM: &str = "github";

/// The most that a handle has.
const HANDLE_LENGTH_MAX: usize = 39;

/// Every line that can't be read is an error, so that a maintainer mends the file in one go.
pub fn parse(text: &str) -> Result<Vouched, Vec<InputError>> {
    let (mut vouched, mut errors) = (Vouched::default(), Vec::new());
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Err(detail) = add(&mut vouched, line) {
            let (line, pointer) = (u32::try_from(index + 1).ok(), Some(POINTER.to_owned()));
            errors.push(InputError { line, pointer, detail: detail.to_owned(), parameter: None });
        }
    }
    if errors.is_empty() { Ok(vouched) } else { Err(errors) }
}

fn add(vouched: &mut Vouched, line: &str) -> Result<(), &'static str> {
    let entry = line.split_whitespace().next().unwrap_or_default();
    let (denies, named) = match entry.strip_prefix('-') {
        Some(named) => (true, named),
        None => (false, entry),
    };
    let handle = match named.split_once(':') {
        Some((platform, handle)) if platform.eq_ignore_ascii_case(PLATFORM) => handle,
        Some((platform, handle)) if is_handle(platform) && !handle.is_empty() => {
            vouched.left_out.push(line.to_owned());
            return Ok(());
        }
        Some(_) => return Err("is not a platform and a handle, as in github:alice"),
        None => named,
    };
    if !is_handle(handle) {
        return Err("is not a GitHub handle; write one to a line, with - in front to deny it and # for a comment");
    }
    let list = if denies { &mut vouched.denied } else { &mut vouched.allowed };
    list.push(handle.to_owned());
    Ok(())
}

/// As the contract's `ListedHandle`: letters and digits with single hyphens between them.
fn is_handle(text: &str) -> bool {
    let fits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.len() <= HANDLE_LENGTH_MAX && text.split('-').all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_is_understood() {
        let text = "\u{feff}# who we know\n\nalice-dev\r\n  github:Bob  helped with the docs\n-spam-bot\topened 40\n\
                    -GitHub:other-bot # why\ngitlab:carol\n-codeberg:dave spam\n";
        let vouched = parse(text).unwrap();
        assert_eq!(vouched.allowed, ["alice-dev", "Bob"]);
        assert_eq!(vouched.denied, ["spam-bot", "other-bot"]);
        assert_eq!(vouched.left_out, ["gitlab:carol", "-codeberg:dave spam"]);
        assert_eq!(parse("").unwrap(), Vouched::default());
    }

    #[test]
    fn every_line_that_is_none_of_these_is_told_with_its_number() {
        let long = "x".repeat(40);
        let bad =
            ["@alice", "- bob", "a--b", "-", "github:", "gitlab:", ":x", "-a-", "a,b", "alice@example.org", &long];
        let text = bad.iter().fold("# head\n".to_owned(), |text, line| format!("{text}{line}\n"));
        let errors = parse(&text).unwrap_err();
        let lines: Vec<u32> = errors.iter().filter_map(|error| error.line).collect();
        assert_eq!(lines, (2..).take(bad.len()).collect::<Vec<_>>());
        assert!(errors.iter().all(|error| error.pointer.as_deref() == Some("/vouched")));
    }
}
