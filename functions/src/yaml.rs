//! YAML bodies: read as the JSON they stand for, and where in the text a fault is.

use owp_logic::github::Place;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::{Location, Spanned};
use std::collections::BTreeMap;
use std::fmt;

/// Reads one document. The parser bounds nesting, aliases and what they expand to.
pub fn parse(text: &str) -> Result<Value, serde_saphyr::Error> {
    read(text)
}

/// By YAML 1.2, where `true` and `false` are the only booleans: an area called `on` and somebody called `Y` are words.
fn read<'text, T: Deserialize<'text>>(text: &'text str) -> Result<T, serde_saphyr::Error> {
    serde_saphyr::from_str_with_options(text, serde_saphyr::options! { strict_booleans: true })
}

/// What the parser does not like, in one line: without the part of the text that it goes on with.
pub fn words_of(error: &serde_saphyr::Error) -> String {
    let error = error.without_snippet();
    if let serde_saphyr::Error::MultipleDocuments { .. } = error {
        // The parser's own words name its functions.
        return "there is more than one document; put everything into the first, without a line `---` in between"
            .to_owned();
    }
    let words = error.to_string();
    words.lines().next().unwrap_or_default().to_owned()
}

/// Where the parser stopped, as far as it says so.
pub fn place_of(error: &serde_saphyr::Error) -> Option<Place> {
    error.location().as_ref().map(place_at)
}

fn place_at(location: &Location) -> Place {
    let within = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Place { line: within(location.line()), column: within(location.column()) }
}

/// Where the fields and entries of a document begin, by the pointers that JSON has for them.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<String, Place>);

impl Places {
    /// Of a text that is no YAML none are known.
    pub fn of(text: &str) -> Self {
        let mut places = BTreeMap::new();
        if let Ok(document) = read::<Spanned<Node>>(text) {
            document.value.note("", place_at(&document.referenced), &mut places);
        }
        Self(places)
    }

    /// Where a field has its name, or an entry of a list begins. What is not there is missed where it should be.
    pub fn find(&self, pointer: &str) -> Option<Place> {
        let around = || pointer.rsplit_once('/').and_then(|(around, _)| self.0.get(around));
        self.0.get(pointer).or_else(around).copied()
    }
}

/// What a document is made of, as far as there are places in it.
enum Node {
    Scalar,
    List(Vec<Spanned<Node>>),
    Mapping(Vec<(Spanned<String>, Node)>),
}

impl Node {
    fn note(&self, pointer: &str, place: Place, places: &mut BTreeMap<String, Place>) {
        places.insert(pointer.to_owned(), place);
        match self {
            Self::Scalar => {}
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.value.note(&format!("{pointer}/{index}"), place_at(&item.referenced), places);
                }
            }
            Self::Mapping(fields) => {
                for (name, value) in fields {
                    let escaped = name.value.replace('~', "~0").replace('/', "~1");
                    value.note(&format!("{pointer}/{escaped}"), place_at(&name.referenced), places);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = mapping.next_entry()? {
            fields.push(field);
        }
        Ok(Node::Mapping(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Option<(u32, u32)>)]) {
        let places = Places::of(text);
        for (pointer, place) in expected {
            let found = places.find(pointer).map(|place| (place.line, place.column));
            assert_eq!(found, *place, "{pointer} in {text}");
        }
    }

    #[test]
    fn a_fault_is_found_in_the_text() {
        check(
            "# tasks\n- repo: demo\n  title: one\n- repo: demo\n  description: |\n    - not an item\n  title: two\n",
            &[
                ("", Some((2, 1))),
                ("/0", Some((2, 3))),
                ("/0/title", Some((3, 3))),
                ("/1/title", Some((7, 3))),
                ("/1/tier", Some((4, 3))),
                ("/9/title", None),
            ],
        );
        check(
            "version: 1\npaths:\n  allow:\n    - src/\n    - 'a/~b': 1\nsize: {\n  lines_max: 3 }\n",
            &[
                ("/version", Some((1, 1))),
                ("/paths/allow", Some((3, 3))),
                ("/paths/allow/0", Some((4, 7))),
                ("/paths/allow/1/a~1~0b", Some((5, 7))),
                ("/size/lines_max", Some((7, 3))),
            ],
        );
        check("[{repo: demo}]", &[("/0/title", Some((1, 2)))]);
    }

    #[test]
    fn what_an_alias_stands_for_is_where_the_alias_is() {
        check("a: &it\n  - x\nb: *it\n", &[("/a/0", Some((2, 5))), ("/b", Some((3, 1)))]);
    }

    #[test]
    fn words_that_only_older_yaml_took_for_booleans_are_words() {
        for word in ["y", "Y", "yes", "No", "n", "on", "OFF"] {
            assert_eq!(parse(&format!("a: {word}")).unwrap(), json!({ "a": word }));
        }
        assert_eq!(parse("[true, false]").unwrap(), json!([true, false]));
    }

    #[test]
    fn what_is_no_yaml_has_no_places_and_one_line_says_why() {
        let text = "a: [\n";
        check(text, &[("", None)]);
        let error = parse(text).expect_err("it is never closed");
        assert!(!words_of(&error).is_empty() && !words_of(&error).contains('\n'));
        assert!(place_of(&error).is_some());
    }

    #[test]
    fn a_second_document_is_told_in_words_for_who_wrote_it() {
        let error = parse("- a\n---\n- b\n").expect_err("it has two documents");
        assert!(words_of(&error).starts_with("there is more than one document; "), "{}", words_of(&error));
        assert_eq!(place_of(&error).map(|place| place.line), Some(3));
    }

    #[test]
    fn a_bomb_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let row = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        for bomb in [bomb, "[".repeat(100_000)] {
            assert!(parse(&bomb).is_err());
            check(&bomb, &[("", None)]);
        }
    }
}
