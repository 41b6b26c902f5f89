//! The rules by themselves, as tables: no store, no clock. What a whole operation does is in the store's conformance suite.

mod clock;
mod fitting;
mod history;
mod plan;
mod records;
mod reputation;
mod transitions;
