//! Lists longer than a page, put together.

use crate::api::Call;
use crate::errors::Failure;
use crate::session::Session;
use serde_json::{Value, json};

/// As many as a page may hold.
const PAGE_MAX: u32 = 100;

/// Follows the cursors until there are as many as wanted, because a page may be short while more follows. The answer has
/// the shape of one page.
pub async fn pages(session: &Session, call: &Call, field: &str, wanted: Option<u32>) -> Result<Value, Failure> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let missing =
            wanted.map_or(PAGE_MAX, |wanted| wanted.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX)));
        let page =
            call.clone().with_query("limit", Some(missing.min(PAGE_MAX))).with_query("cursor", cursor.as_deref());
        let mut answer = session.send(&page).await?;
        items.extend(answer.get_mut(field).and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default());
        let next = answer.get("next_cursor").and_then(Value::as_str).map(str::to_owned);
        // A cursor that stands still would keep us here for ever.
        let over = next.is_none() || next == cursor || wanted.is_some_and(|wanted| items.len() >= wanted as usize);
        cursor = next;
        if over {
            break;
        }
    }
    Ok(match cursor {
        Some(cursor) => json!({ field: items, "next_cursor": cursor }),
        None => json!({ field: items }),
    })
}
