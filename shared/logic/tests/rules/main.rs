//! The rules by themselves, as tables: no store, no clock. What a whole operation does is in the store's conformance suite.

mod admission;
mod clock;
mod fitting;
mod history;
mod plan;
mod records;
mod reputation;
mod transitions;
