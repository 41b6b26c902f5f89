//! YAML bodies: read as the JSON they stand for, and where in the text a fault is.

use serde_json::Value;

/// Reads one document. The parser bounds nesting, aliases and what they expand to.
pub fn parse(text: &str) -> Result<Value, serde_saphyr::Error> {
    serde_saphyr::from_str(text)
}

/// The line, from 1, of the task or the field that a pointer such as `/3/title` names, in a list written one task below
/// the other. `None` where the text is laid out in another way.
pub fn line_of(text: &str, pointer: &str) -> Option<u32> {
    let mut parts = pointer.split('/').skip(1);
    let index: usize = parts.next()?.parse().ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let indent = lines.iter().find(|line| is_item(line, indent_of(line))).map(|line| indent_of(line))?;
    let starts: Vec<usize> = (0..lines.len()).filter(|&line| is_item(lines[line], indent)).collect();
    let start = *starts.get(index)?;
    let end = starts.get(index + 1).copied().unwrap_or(lines.len());
    let field = parts.next().and_then(|field| {
        let names_it = |line: &str| line.trim_start_matches(['-', ' ']).starts_with(&format!("{field}:"));
        lines[start..end].iter().position(|line| names_it(line)).map(|offset| start + offset)
    });
    u32::try_from(field.unwrap_or(start) + 1).ok()
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_item(line: &str, indent: usize) -> bool {
    indent_of(line) == indent && (line.trim_start().starts_with("- ") || line.trim() == "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_found_in_the_text() {
        let text =
            "# tasks\n- repo: demo\n  title: one\n- repo: demo\n  description: |\n    - not an item\n  title: two\n";
        for (pointer, line) in [("/0", 2), ("/0/title", 3), ("/1/title", 7), ("/1/tier", 4)] {
            assert_eq!(line_of(text, pointer), Some(line), "{pointer}");
        }
        assert_eq!(line_of(text, "/9/title"), None);
        assert_eq!(line_of("[{repo: demo}]", "/0/title"), None);
    }

    #[test]
    fn a_bomb_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let row = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        assert!(parse(&bomb).is_err());
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
