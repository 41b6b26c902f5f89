//! Sends a transaction and finds out what became of it.

use super::commit::Transaction;
use super::item::{self, COMMIT};
use super::table::{Table, unavailable};
use crate::StoreError;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;

/// What became of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Committed,
    /// What the store keeps beside the records has changed; the decision may stand.
    Overtaken,
    /// A record has changed, or somebody is about to change one.
    Conflict,
}

/// Where the connection breaks between sending and the answer, the SDK sends the same request again with the same token, and
/// DynamoDB knows for ten minutes which it has carried out. Beyond that, and where the token is not honoured, the second
/// fails because of what the first has written; that is recognised by its own name on it.
pub async fn send(table: &Table, transaction: Transaction) -> Result<Sent, StoreError> {
    let Transaction { items, commit, records } = transaction;
    let request = table.client.transact_write_items().set_transact_items(Some(items)).client_request_token(&commit);
    match request.send().await {
        Ok(_) => Ok(Sent::Committed),
        Err(SdkError::ServiceError(refused)) => match refused.err() {
            TransactWriteItemsError::TransactionCanceledException(cancelled) => judge(cancelled, &commit, records),
            _ => Err(unavailable(SdkError::ServiceError(refused))),
        },
        Err(error) => Err(unavailable(error)),
    }
}

fn judge(cancelled: &TransactionCanceledException, commit: &str, records: usize) -> Result<Sent, StoreError> {
    let reasons = cancelled.cancellation_reasons();
    let is_own = |reason: &CancellationReason| {
        reason.item().is_some_and(|found| item::text(found, COMMIT).is_ok_and(|by| by == commit))
    };
    if reasons.iter().any(is_own) {
        return Ok(Sent::Committed);
    }
    let mut sent = Sent::Overtaken;
    for (index, reason) in reasons.iter().enumerate() {
        match reason.code().unwrap_or("None") {
            "None" => {}
            "ConditionalCheckFailed" if index >= records => {}
            // Throttled ones pass as conflicts do: by waiting and coming again.
            "ConditionalCheckFailed" | "TransactionConflict" | "ProvisionedThroughputExceeded" | "ThrottlingError" => {
                sent = Sent::Conflict;
            }
            code => {
                let text = format!("item {index} can't be written: {code}: {}", reason.message().unwrap_or_default());
                return Err(StoreError::Unavailable(text.into()));
            }
        }
    }
    if reasons.is_empty() { Ok(Sent::Conflict) } else { Ok(sent) }
}
