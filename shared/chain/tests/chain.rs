//! A trail proves itself, and whatever is done to it shows, at the first batch to which it was done.

use owp_chain::{Batch, Fault, Proof, Sealer, Verifier};
use owp_wire::{AuditSeal, Timestamp};
use serde_json::{Value, json};

#[derive(Clone, Debug)]
enum Line {
    Event(Value),
    Seal(AuditSeal),
}

const BATCHES: u64 = 4;
const EVENTS: u64 = 3;

/// Four batches of three events, and one event that is not sealed yet.
fn trail(secret: &str) -> Vec<Line> {
    let (sealer, mut lines, mut last) = (Sealer::from_secret(secret), Vec::new(), None);
    for number in 0..BATCHES {
        let mut batch = Batch::default();
        for index in 0..EVENTS {
            let event = event(number * EVENTS + index);
            batch.add(&event);
            lines.push(Line::Event(event));
        }
        let at = Timestamp::from_millis(1_800_000_000_000);
        let seal = sealer.seal(last.as_ref(), batch, (at, at), format!("place{number}"), at);
        lines.push(Line::Seal(seal.clone()));
        last = Some(seal);
    }
    lines.push(Line::Event(event(99)));
    lines
}

fn event(number: u64) -> Value {
    json!({ "id": format!("task:t_1/{number}"), "details": { "number": number, "ö": 1.5 }, "actor": "admin" })
}

fn verify(lines: &[Line], trusted: &[String]) -> Result<Proof, Fault> {
    let mut verifier = Verifier::trusting(trusted.iter().cloned());
    for line in lines {
        match line {
            Line::Event(event) => verifier.event(event),
            Line::Seal(seal) => verifier.seal(seal.clone())?,
        }
    }
    Ok(verifier.finish())
}

fn seal_of(lines: &mut [Line], batch: u64) -> &mut AuditSeal {
    let seals = lines.iter_mut().filter_map(|line| if let Line::Seal(seal) = line { Some(seal) } else { None });
    seals.into_iter().find(|seal| seal.batch == batch).expect("there is such a batch")
}

/// Where an event stands among the lines.
fn place(number: u64) -> usize {
    usize::try_from(number + number / EVENTS).expect("a small number")
}

#[test]
fn a_trail_that_nobody_touched_proves_itself() {
    let key = Sealer::from_secret("one").public_key();
    let proof = verify(&trail("one"), std::slice::from_ref(&key)).unwrap();
    assert_eq!((proof.batches, proof.events, proof.unsealed, proof.pruned), (Some((1, 4)), 12, 1, 0));
    assert_eq!(proof.keys.into_iter().collect::<Vec<_>>(), [key]);
}

#[test]
fn the_order_of_fields_and_spaces_do_not_matter() {
    let mut lines = trail("one");
    let Line::Event(event) = &mut lines[0] else { panic!("the first line is an event") };
    *event =
        serde_json::from_str(r#"{ "details": {"ö":1.50, "number": 0},"id":"task:t_1\/0", "actor":"admin"}"#).unwrap();
    assert!(verify(&lines, &[]).is_ok());
}

#[test]
fn whatever_is_done_to_an_event_shows() {
    for number in 0..BATCHES * EVENTS {
        let (batch, at) = (number / EVENTS + 1, place(number));
        let mut edited = trail("one");
        let Line::Event(event) = &mut edited[at] else { panic!("an event") };
        event["actor"] = json!("w_somebody");
        assert_eq!(verify(&edited, &[]), Err(Fault::Changed { batch }), "edited {number}");

        let mut removed = trail("one");
        removed.remove(at);
        assert_eq!(verify(&removed, &[]), Err(Fault::Count { batch, sealed: 3, found: 2 }), "removed {number}");

        let mut added = trail("one");
        added.insert(at, Line::Event(event_of("else")));
        assert_eq!(verify(&added, &[]), Err(Fault::Count { batch, sealed: 3, found: 4 }), "added {number}");

        if number % EVENTS + 1 < EVENTS {
            let mut swapped = trail("one");
            swapped.swap(at, at + 1);
            assert_eq!(verify(&swapped, &[]), Err(Fault::Changed { batch }), "swapped {number}");
        }
    }
    let mut across = trail("one");
    across.swap(place(2), place(3));
    assert_eq!(verify(&across, &[]), Err(Fault::Changed { batch: 1 }));
}

fn event_of(actor: &str) -> Value {
    json!({ "id": "x", "actor": actor, "details": {} })
}

#[test]
fn whatever_is_done_to_a_seal_shows() {
    type Change = fn(&mut AuditSeal);
    let changes: [(Change, &str); 5] = [
        (|seal| seal.events += 1, "signature"),
        (|seal| seal.digest = "0".repeat(64), "signature"),
        (|seal| seal.until = "elsewhere".into(), "signature"),
        (|seal| seal.signature = seal.signature.replace(|_: char| true, "A"), "signature"),
        (|seal| seal.previous = "0".repeat(64), "chain"),
    ];
    for batch in 2..=BATCHES {
        for (change, found_by) in &changes {
            let mut lines = trail("one");
            change(seal_of(&mut lines, batch));
            let expected = if *found_by == "chain" { Fault::Chain { batch } } else { Fault::Signature { batch } };
            assert_eq!(verify(&lines, &[]), Err(expected), "{found_by} of {batch}");
        }
    }
    let mut dropped = trail("one");
    dropped.drain(4..8);
    assert_eq!(verify(&dropped, &[]), Err(Fault::Chain { batch: 2 }), "a whole batch was removed");
    let mut swapped = trail("one");
    swapped[4..12].rotate_left(4);
    assert_eq!(verify(&swapped, &[]), Err(Fault::Chain { batch: 2 }), "two batches changed places");
}

#[test]
fn a_trail_made_anew_with_another_key_is_a_stranger_s() {
    let trusted = [Sealer::from_secret("one").public_key()];
    let key = Sealer::from_secret("two").public_key();
    assert_eq!(verify(&trail("two"), &trusted), Err(Fault::Stranger { batch: 1, key }));
    assert!(verify(&trail("two"), &[]).is_ok(), "without a key to trust it is sound in itself");
}

#[test]
fn a_part_of_a_trail_proves_itself_and_pruned_batches_their_seals() {
    let lines = trail("one");
    let proof = verify(&lines[4..], &[]).unwrap();
    assert_eq!((proof.batches, proof.events), (Some((2, 4)), 9));

    let mut verifier = Verifier::default();
    let mut seals = lines.iter().filter_map(|line| if let Line::Seal(seal) = line { Some(seal) } else { None });
    verifier.pruned(seals.next().unwrap().clone()).unwrap();
    for line in &lines[4..] {
        match line {
            Line::Event(event) => verifier.event(event),
            Line::Seal(seal) => verifier.seal(seal.clone()).unwrap(),
        }
    }
    let proof = verifier.finish();
    assert_eq!((proof.batches, proof.events, proof.pruned), (Some((1, 4)), 9, 1));
    assert_eq!(proof.head, verify(&lines, &[]).unwrap().head, "both lead on from the same seal");
}
