//! What items are called, and how numbers and times are written so that they sort.
//!
//! Repository names hold no `#` and no skill a line break, so no two things share a name.

use owp_logic::Key;
use owp_wire::{RepoName, Timestamp};
use sha2::{Digest, Sha256};

pub const PK: &str = "pk";
pub const SK: &str = "sk";

/// The sort key of an item that is alone in its partition.
pub const ALONE: &str = "-";

/// Where an item is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    pub pk: String,
    pub sk: String,
}

impl Address {
    pub fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    fn alone(pk: impl Into<String>) -> Self {
        Self::new(pk, ALONE)
    }

    pub fn of(key: &Key) -> Self {
        match key {
            Key::Worker(id) => Self::alone(format!("w#{}", id.0)),
            Key::Task(id) => Self::alone(format!("t#{}", id.0)),
            Key::Repo(name) => Self::repo(name),
            Key::Area(repo, area) => Self::new(areas(repo), area),
            Key::Admission(repo) => Self::alone(format!("l#{}", repo.0)),
            Key::TaskKey(repo, key) => Self::alone(format!("k#{}#{key}", repo.0)),
            Key::Idempotency(key) => Self::alone(format!("i#{key}")),
            Key::Book(name) => Self::alone(format!("b#{name}")),
        }
    }

    pub fn repo(name: &RepoName) -> Self {
        Self::alone(format!("r#{}", name.0))
    }

    /// What is true of the whole table.
    pub fn table() -> Self {
        Self::alone("table")
    }

    /// An entry of the log, counted from 1.
    pub fn entry(shard: u32, number: u64) -> Self {
        Self::new(log(shard), number_key(number))
    }
}

/// The area claims of a repository.
pub fn areas(repo: &RepoName) -> String {
    format!("a#{}", repo.0)
}

/// The lanes in which a repository has ready tasks.
pub fn lanes(repo: &RepoName) -> String {
    format!("ln#{}", repo.0)
}

/// One shard of the log.
pub fn log(shard: u32) -> String {
    format!("s#{shard}")
}

/// Which of so many shards something belongs to, for as long as the table lives.
pub fn shard_of(name: &str, shards: u32) -> u32 {
    let digest = Sha256::digest(name.as_bytes());
    let head = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    head % shards
}

/// A short name for a long one.
pub fn short(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let head: [u8; 16] = digest[..16].try_into().expect("a digest is longer");
    format!("{:032x}", u128::from_be_bytes(head))
}

pub fn number_key(number: u64) -> String {
    format!("{number:016x}")
}

pub fn number_of(key: &str) -> Option<u64> {
    u64::from_str_radix(key.get(..16)?, 16).ok()
}

/// Earlier sorts first, also before 1970.
pub fn time_key(at: Timestamp) -> String {
    number_key(at.as_millis().cast_unsigned() ^ SIGN)
}

const SIGN: u64 = 1 << 63;

/// Higher sorts first.
pub fn priority_key(priority: u32) -> String {
    format!("{:08x}", u32::MAX - priority)
}

pub fn priority_of(key: &str) -> Option<u32> {
    u32::from_str_radix(key.get(..8)?, 16).ok().map(|inverted| u32::MAX - inverted)
}

/// Sorts behind everything that begins with this key.
pub fn behind(key: &str) -> String {
    format!("{key}\u{10ffff}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_priorities_sort_as_they_should() {
        let times = [i64::MIN, -1, 0, 1, 1_768_698_000_000, i64::MAX].map(Timestamp::from_millis);
        assert!(times.map(time_key).is_sorted());
        let priorities = [u32::MAX, 1000, 1, 0];
        assert!(priorities.map(priority_key).is_sorted());
        assert_eq!(priorities.map(|priority| priority_of(&priority_key(priority)).unwrap()), priorities);
    }

    #[test]
    fn shards_share_names_fairly() {
        let mut sizes = [0; 16];
        (0..1600).for_each(|index| sizes[shard_of(&format!("owner/repo-{index}"), 16) as usize] += 1);
        assert!(sizes.iter().all(|size| (60..140).contains(size)), "{sizes:?}");
    }
}
