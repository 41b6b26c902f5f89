//! The tasks that wait in one lane, in order.
//!
//! A big pool has many thousand lanes, and most of them are short. A short one is a sorted list, which takes less than half
//! of the memory that a tree does; a long one is a tree, so that a task in the middle of it costs no more than one in front.

use owp_wire::{TaskId, Timestamp};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::collections::btree_set;
use std::slice;

/// Priority, then age.
pub type Rank = (Reverse<u32>, Timestamp);

/// The order within a lane: priority, then age, then id.
pub type Place = (Rank, TaskId);

/// A list has no more. To move half of these aside costs less than a look into memory that was not touched lately.
const LISTED_MAX: usize = 256;

pub enum Queue {
    List(Vec<Place>),
    Tree(BTreeSet<Place>),
}

impl Default for Queue {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Queue {
    pub fn insert(&mut self, place: Place) {
        match self {
            Self::List(list) => {
                if let Err(at) = list.binary_search(&place) {
                    list.insert(at, place);
                    if list.len() > LISTED_MAX {
                        *self = Self::Tree(std::mem::take(list).into_iter().collect());
                    }
                }
            }
            Self::Tree(tree) => drop(tree.insert(place)),
        }
    }

    /// A tree stays one until it is empty: lanes that are short again were long a moment ago.
    pub fn remove(&mut self, place: &Place) {
        match self {
            Self::List(list) => {
                if let Ok(at) = list.binary_search(place) {
                    list.remove(at);
                }
            }
            Self::Tree(tree) => drop(tree.remove(place)),
        }
    }

    pub fn first(&self) -> Option<&Place> {
        match self {
            Self::List(list) => list.first(),
            Self::Tree(tree) => tree.first(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// Those at this place and behind it.
    pub fn onward(&self, place: &Place) -> impl Iterator<Item = &Place> {
        match self {
            Self::List(list) => Behind::List(list[list.partition_point(|one| one < place)..].iter()),
            Self::Tree(tree) => Behind::Tree(tree.range(place..)),
        }
    }
}

/// Of places in their order.
impl FromIterator<Place> for Queue {
    fn from_iter<I: IntoIterator<Item = Place>>(places: I) -> Self {
        let mut list: Vec<Place> = places.into_iter().collect();
        if list.len() > LISTED_MAX {
            return Self::Tree(list.into_iter().collect());
        }
        list.sort_unstable();
        list.shrink_to_fit();
        Self::List(list)
    }
}

enum Behind<'a> {
    List(slice::Iter<'a, Place>),
    Tree(btree_set::Range<'a, Place>),
}

impl<'a> Iterator for Behind<'a> {
    type Item = &'a Place;

    fn next(&mut self) -> Option<&'a Place> {
        match self {
            Self::List(places) => places.next(),
            Self::Tree(places) => places.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(priority: u32, at: i64, id: u32) -> Place {
        ((Reverse(priority), Timestamp::from_millis(at)), TaskId(format!("t_{id}")))
    }

    /// So many places, in no order.
    fn mixed(most: u32) -> impl Iterator<Item = Place> {
        (0..most).map(move |nth| nth * 7919 % most).map(|id| place(id % 5, i64::from(id % 11), id))
    }

    #[test]
    fn a_queue_is_the_same_as_a_sorted_set_however_long_it_grows() {
        let listed_max = u32::try_from(LISTED_MAX).unwrap();
        for most in [0, 1, 7, listed_max, listed_max + 1, 3 * listed_max] {
            let (mut queue, mut set) = (Queue::default(), BTreeSet::new());
            let check = |queue: &Queue, set: &BTreeSet<Place>| {
                assert_eq!((queue.first(), queue.is_empty()), (set.first(), set.is_empty()));
                for from in [place(9, 0, 0), place(3, 5, 100), place(0, 11, 0)] {
                    assert!(queue.onward(&from).eq(set.range(&from..)), "of {most}, from {from:?}");
                }
            };
            for place in mixed(most) {
                queue.insert(place.clone());
                queue.insert(place.clone());
                set.insert(place);
                check(&queue, &set);
            }
            check(&set.iter().cloned().collect(), &set);
            for place in mixed(most) {
                queue.remove(&place);
                queue.remove(&place);
                set.remove(&place);
                check(&queue, &set);
            }
        }
    }
}
