//! A long import in several commits, for stores that bound what one commit writes.
//!
//! The whole list is tried out first, so that a list with a mistake stores nothing. Parts go in an order in which no task comes
//! before one of the list that it depends on; so each part holds for itself, and no circle appears on the way that isn't in the
//! whole. An import that was cut off is completed by repeating it: tasks are known by their keys or titles.

use super::import_tasks::{ImportTasks, Imported, ImportedOne};
use crate::naming;
use crate::snapshot::TaskRef;
use owp_wire::ImportAction;
use std::collections::BTreeMap;

/// Writes that a task takes at most, where it depends on few: its record, its key, its lane and a little more.
const WRITES_PER_TASK: usize = 4;

pub struct ImportInParts {
    whole: ImportTasks,
    /// Places in the list that are still to be imported, the next one last.
    left: Vec<usize>,
    size: usize,
    imported: Vec<Option<ImportedOne>>,
}

impl ImportInParts {
    /// After the whole was tried out and not refused.
    pub fn new(whole: ImportTasks, tried: &Imported, writes_max: usize) -> Self {
        let mut left = in_order(&whole, tried);
        left.reverse();
        let imported = vec![None; left.len()];
        Self { whole, left, size: (writes_max / WRITES_PER_TASK).max(1), imported }
    }

    /// The next part; `None` where all is imported.
    pub fn next_part(&self) -> Option<ImportTasks> {
        let tasks: Vec<_> = self.next_places().map(|place| self.whole.tasks[place].clone()).collect();
        (!tasks.is_empty()).then_some(ImportTasks { tasks })
    }

    /// The next part was committed.
    pub fn take(&mut self, part: Imported) {
        for one in part.tasks {
            let place = self.left.pop().expect("a part is of what was left");
            self.imported[place] = Some(one);
        }
    }

    /// The next part was more than one commit takes. `false` where it can't be made smaller.
    pub fn shrink(&mut self) -> bool {
        let size = self.next_places().count();
        self.size = size / 2;
        size > 1
    }

    /// All of it, in the order of the list.
    pub fn finish(self) -> Imported {
        Imported { tasks: self.imported.into_iter().flatten().collect() }
    }

    fn next_places(&self) -> impl Iterator<Item = usize> {
        self.left.iter().rev().take(self.size).copied()
    }
}

/// Depth first, what a task depends on before it.
fn in_order(whole: &ImportTasks, tried: &Imported) -> Vec<usize> {
    let known = tried.tasks.iter().enumerate().filter(|(_, one)| one.action != ImportAction::Created);
    let by_id: BTreeMap<_, usize> = known.map(|(place, one)| (&one.task_id, place)).collect();
    let keyed = whole.tasks.iter().enumerate();
    let by_key: BTreeMap<_, usize> =
        keyed.map(|(place, task)| ((&task.repo, naming::name_of(&task.spec)), place)).collect();
    let mut ordered = Vec::with_capacity(whole.tasks.len());
    let mut seen = vec![false; whole.tasks.len()];
    for start in 0..whole.tasks.len() {
        // A place is put in order when it is met for the second time, after all that was put on top of it.
        let mut open = vec![(start, false)];
        while let Some((place, is_done)) = open.pop() {
            if is_done {
                ordered.push(place);
            } else if !std::mem::replace(&mut seen[place], true) {
                open.push((place, true));
                let refs = whole.tasks[place].depends_on.iter();
                let places = refs.filter_map(|reference| match reference {
                    TaskRef::Id(id) => by_id.get(id),
                    TaskRef::Key(repo, key) => by_key.get(&(repo, naming::key_name(key))),
                });
                open.extend(places.map(|place| (*place, false)));
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::super::TaskToImport;
    use super::*;
    use crate::record::TaskSpec;
    use owp_wire::{RepoName, TaskId};

    fn list(depends_on: &[&[usize]]) -> ImportTasks {
        let repo = RepoName("demo".into());
        let tasks = depends_on.iter().enumerate().map(|(place, on)| TaskToImport {
            repo: repo.clone(),
            spec: TaskSpec {
                key: Some(format!("k{place}")),
                title: format!("{place}"),
                description: String::new(),
                estimate_points: 1,
                priority: 10,
                required_skills: vec![],
                area: None,
                tier: 0,
                attempts_max: 3,
                depends_on: vec![],
                security: false,
                filed_by: None,
            },
            depends_on: on.iter().map(|place| TaskRef::Key(repo.clone(), format!("k{place}"))).collect(),
        });
        ImportTasks { tasks: tasks.collect() }
    }

    fn imported(part: &ImportTasks) -> Imported {
        let one = |task: &TaskToImport| ImportedOne {
            task_id: TaskId(task.spec.title.clone()),
            title: task.spec.title.clone(),
            action: ImportAction::Created,
            changed: vec![],
        };
        Imported { tasks: part.tasks.iter().map(one).collect() }
    }

    #[test]
    fn what_is_depended_on_goes_first_and_the_answer_is_in_the_order_of_the_list() {
        let whole = list(&[&[3], &[0], &[], &[2], &[1, 3]]);
        let tried = imported(&whole);
        let mut parts = ImportInParts::new(whole, &tried, 8);
        let (mut order, mut sizes) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_part() {
            sizes.push(part.tasks.len());
            order.extend(part.tasks.iter().map(|task| task.spec.title.clone()));
            parts.take(imported(&part));
        }
        assert_eq!(order, ["2", "3", "0", "1", "4"]);
        assert_eq!(sizes, [2, 2, 1]);
        assert_eq!(parts.finish(), tried);
    }

    #[test]
    fn a_part_shrinks_until_it_is_one_task() {
        let whole = list(&[&[], &[], &[], &[], &[]]);
        let tried = imported(&whole);
        let mut parts = ImportInParts::new(whole, &tried, 100);
        let size = |parts: &ImportInParts| parts.next_part().map_or(0, |part| part.tasks.len());
        assert_eq!(size(&parts), 5);
        assert!(parts.shrink());
        assert_eq!(size(&parts), 2);
        assert!(parts.shrink());
        assert_eq!(size(&parts), 1);
        assert!(!parts.shrink());
    }
}
