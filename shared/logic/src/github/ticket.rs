//! The lease is the ticket: how a pull request names it.

use owp_wire::LeaseId;

/// Stands in front of a lease's id, in any case, also in an HTML comment.
const MARKER: &str = "owp-lease:";

/// More than one is a mistake that may happen; a list of them is not looked through.
const NAMED_MAX: usize = 5;

/// The longest id that the contract allows, behind its prefix.
const ID_CHARS_MAX: usize = 40;

/// Leases that a text names, in its order.
pub fn leases_named(text: &str) -> Vec<LeaseId> {
    let lower = text.to_ascii_lowercase();
    let behind = lower.match_indices(MARKER).map(|(place, _)| lower[place + MARKER.len()..].trim_start());
    behind.filter_map(lease_id).take(NAMED_MAX).collect()
}

fn lease_id(text: &str) -> Option<LeaseId> {
    let text = text.trim_start_matches(['`', '*', '_', ' ']);
    let rest = text.strip_prefix("l_")?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()).count();
    (1..=ID_CHARS_MAX).contains(&length).then(|| LeaseId(format!("l_{}", &rest[..length])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let named: Vec<String> = leases_named(text).into_iter().map(|id| id.0).collect();
        assert_eq!(named, expected, "{text}");
    }

    #[test]
    fn a_lease_is_named_anywhere_in_a_text_and_also_where_it_is_not_shown() {
        check("", &[]);
        check("OWP-Lease: l_abc123", &["l_abc123"]);
        check("Fixes #3.\n\nowp-lease:l_abc123.", &["l_abc123"]);
        check("<!-- OWP-Lease: l_abc123 -->", &["l_abc123"]);
        check("**OWP-Lease:** `l_abc123`", &["l_abc123"]);
        check("OWP-Lease: l_a\nOWP-Lease: l_b", &["l_a", "l_b"]);
    }

    #[test]
    fn what_is_no_id_names_nothing() {
        check("OWP-Lease:", &[]);
        check("OWP-Lease: t_abc123", &[]);
        check("OWP-Lease: l_", &[]);
        check(&format!("OWP-Lease: l_{}", "a".repeat(41)), &[]);
        check("the lease l_abc123", &[]);
    }
}
