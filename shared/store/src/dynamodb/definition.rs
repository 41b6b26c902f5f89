//! The table as data: what a template has to declare, and what [`create`](super::DynamoStore::create) makes of it.

/// A secondary index. All indexes are sparse: an item is in one only where it has both of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    pub name: &'static str,
    pub pk: &'static str,
    pub sk: &'static str,
    /// Attributes beside all keys that the index repeats.
    pub includes: &'static [&'static str],
}

/// The keys of the table and of every index are strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    pub pk: &'static str,
    pub sk: &'static str,
    /// Seconds since 1970 after which an item may be deleted.
    pub ttl: &'static str,
    pub indexes: &'static [Index],
}

/// Ready tasks by lane; repositories that have some, by the best of them.
pub const READY: &str = "ready";
/// Open repositories with ready tasks, by service.
pub const OPEN: &str = "open";
/// Tasks and repositories by when they are due; workers by their last sign of life.
pub const CLOCK: &str = "clock";
/// Everything that can be listed, by id or name.
pub const LISTS: &str = "lists";
/// Tasks of one repository by id.
pub const REPO_TASKS: &str = "repo_tasks";

/// What a repository has ready, for those who look for work.
pub const READY_SUMMARY: &str = "ready";

pub const TABLE: Definition = Definition {
    pk: super::keys::PK,
    sk: super::keys::SK,
    ttl: "ttl",
    indexes: &[
        Index { name: READY, pk: "ready_pk", sk: "ready_sk", includes: &[] },
        Index { name: OPEN, pk: "open_pk", sk: "open_sk", includes: &[READY_SUMMARY] },
        Index { name: CLOCK, pk: "clock_pk", sk: "clock_sk", includes: &[] },
        Index { name: LISTS, pk: "lists_pk", sk: "lists_sk", includes: &[] },
        Index { name: REPO_TASKS, pk: "repo_tasks_pk", sk: "repo_tasks_sk", includes: &[] },
    ],
};

impl Definition {
    pub fn index(&self, name: &str) -> Index {
        *self.indexes.iter().find(|index| index.name == name).expect("only indexes of the definition are asked")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// The table in the words of a CloudFormation template.
    fn declared() -> String {
        let keys = |pk: &str, sk: &str, indent: &str| {
            format!(
                "{indent}KeySchema:\n\
                 {indent}  - {{ AttributeName: {pk}, KeyType: HASH }}\n\
                 {indent}  - {{ AttributeName: {sk}, KeyType: RANGE }}\n"
            )
        };
        let mut text = format!("      TimeToLiveSpecification: {{ AttributeName: {}, Enabled: true }}\n", TABLE.ttl);
        text += "      AttributeDefinitions:\n";
        let own = [TABLE.pk, TABLE.sk];
        for key in own.into_iter().chain(TABLE.indexes.iter().flat_map(|index| [index.pk, index.sk])) {
            writeln!(text, "        - {{ AttributeName: {key}, AttributeType: S }}").expect("a String takes all");
        }
        text += &keys(TABLE.pk, TABLE.sk, "      ");
        text += "      GlobalSecondaryIndexes:\n";
        for index in TABLE.indexes {
            let projection = match index.includes {
                [] => "KEYS_ONLY".to_owned(),
                included => format!("INCLUDE, NonKeyAttributes: [{}]", included.join(", ")),
            };
            text += &format!("        - IndexName: {}\n", index.name);
            text += &keys(index.pk, index.sk, "          ");
            text += &format!("          Projection: {{ ProjectionType: {projection} }}\n");
        }
        text
    }

    #[test]
    fn the_template_declares_this_table() {
        let template = include_str!("../../../../infra/template.yaml");
        let declared = declared();
        assert!(template.contains(&declared), "infra/template.yaml should say of its table:\n{declared}");
    }
}
