//! Importing a list of tasks: all or nothing, and again without effect.

use crate::pool::{Pool, spec};
use owp_logic::operations::{CreateTask, ImportTasks, TaskToImport};
use owp_logic::{Need, Operation, Plan, Refusal, Rules, Scope, TaskRef, TaskSpec};
use owp_wire::ImportAction::{Created, Kept, Unchanged, Updated};
use owp_wire::{ImportAction, RepoName, TaskId, TaskState, Timestamp};

pub async fn an_import_creates_updates_and_leaves_alone(pool: &Pool) {
    pool.repo("demo", 5).await;
    let list = |priority| vec![keyed("a", "first", priority), keyed("b", "second", 10), plain("third", 10)];
    assert_eq!(import(pool, list(10)).await.1, [Created, Created, Created]);
    let events = pool.events().await.len();
    assert_eq!(import(pool, list(10)).await.1, [Unchanged, Unchanged, Unchanged]);
    assert_eq!(pool.events().await.len(), events);

    let (ids, actions, changed) = import(pool, list(99)).await;
    assert_eq!(actions, [Updated, Unchanged, Unchanged]);
    assert_eq!(changed[0], ["priority"]);
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, ids[..1], "the new priority counts");
    let (_, actions, changed) = import(pool, list(5)).await;
    assert_eq!((actions[0], changed[0].as_slice()), (Kept, ["priority".to_owned()].as_slice()));
    assert_eq!(pool.get_task(&ids[0]).await.spec.priority, 99);
}

pub async fn a_task_without_a_key_is_known_by_its_title(pool: &Pool) {
    pool.repo("demo", 5).await;
    let (first, ..) = import(pool, vec![plain("a", 1), keyed("a", "b", 1)]).await;
    let (again, actions, _) = import(pool, vec![plain("a", 2), keyed("a", "renamed", 1)]).await;
    assert_eq!((first.clone(), actions), (again, vec![Updated, Updated]));
    assert_eq!(pool.get_task(&first[1]).await.spec.title, "renamed");
}

pub async fn an_import_finds_the_task_that_was_created_with_its_key(pool: &Pool) {
    pool.repo("demo", 5).await;
    let task = pool.task_with("demo", "a", |spec| spec.key = Some("issue-1".into())).await;
    let (ids, actions, _) = import(pool, vec![keyed("issue-1", "b", 10)]).await;
    assert_eq!((ids, actions), (vec![task], vec![Updated]));
}

pub async fn an_import_with_one_bad_task_stores_none(pool: &Pool) {
    pool.repo("demo", 5).await;
    let mut elsewhere = plain("b", 1);
    elsewhere.repo = RepoName("nowhere".into());
    let refusal = pool.refusal_admin(ImportTasks { tasks: vec![plain("a", 1), elsewhere] }).await;
    assert!(matches!(refusal, Refusal::RepoNotFound { pointer, .. } if pointer == "/1/repo"));
    let repeated = ImportTasks { tasks: vec![keyed("a", "a", 1), plain("x", 1), keyed("a", "b", 1)] };
    let refusal = pool.refusal_admin(repeated).await;
    assert!(matches!(refusal, Refusal::KeyRepeated { pointer, .. } if pointer == "/2/key"));
    let repeated = ImportTasks { tasks: vec![plain("x", 1), plain("x", 1)] };
    let refusal = pool.refusal_admin(repeated).await;
    assert!(matches!(refusal, Refusal::KeyRepeated { pointer, .. } if pointer == "/1/title"));
}

pub async fn a_long_import_may_be_repeated(pool: &Pool) {
    pool.repo("demo", 5).await;
    let tasks: Vec<TaskToImport> = (0..300).map(|index| keyed(&format!("k{index}"), "a", index)).collect();
    let (ids, actions, _) = import(pool, tasks.clone()).await;
    assert!(actions.iter().all(|action| *action == Created));
    let events = pool.events().await.len();
    let (again, actions, _) = import(pool, tasks).await;
    assert_eq!(again, ids);
    assert!(actions.iter().all(|action| *action == Unchanged));
    assert_eq!(pool.events().await.len(), events);
    let worker = pool.single().await;
    assert_eq!(pool.fetch(&worker).await, ids[299..]);
}

pub async fn a_long_import_with_one_bad_task_stores_none(pool: &Pool) {
    pool.repo("demo", 5).await;
    let mut tasks: Vec<TaskToImport> = (0..300).map(|index| keyed(&format!("k{index}"), "a", index)).collect();
    tasks[299].depends_on = vec![TaskRef::Key(RepoName("demo".into()), "nowhere".into())];
    let before = pool.everything().await;
    let refusal = pool.try_import(ImportTasks { tasks }).await.unwrap_err();
    assert!(matches!(refusal, Refusal::DependencyNotFound { pointer, .. } if pointer == "/299/depends_on/0"));
    assert!(before == pool.everything().await);
}

pub async fn a_long_import_that_was_cut_off_is_completed(pool: &Pool) {
    pool.repo("demo", 5).await;
    // Each task depends on the one behind it, so the last ones of the list go first.
    let tasks = (0..100).map(|index: u32| TaskToImport {
        depends_on: (index < 99)
            .then(|| TaskRef::Key(RepoName("demo".into()), format!("k{}", index + 1)))
            .into_iter()
            .collect(),
        ..keyed(&format!("k{index}"), "a", 10)
    });
    let tasks: Vec<TaskToImport> = tasks.collect();
    import(pool, tasks[80..].to_vec()).await;
    let (ids, actions, _) = import(pool, tasks.clone()).await;
    assert!(actions[..80].iter().all(|action| *action == Created));
    assert!(actions[80..].iter().all(|action| *action == Unchanged));
    let (again, actions, _) = import(pool, tasks).await;
    assert_eq!(again, ids);
    assert!(actions.iter().all(|action| *action == Unchanged));
    assert_eq!(pool.state_of(&ids[99]).await, TaskState::Ready);
    assert_eq!(pool.get_task(&ids[0]).await.waits_for, ids[1..2]);
}

pub async fn a_key_that_looks_like_a_title_is_none(pool: &Pool) {
    pool.repo("demo", 5).await;
    let list = vec![plain("Foo", 1), keyed("title:Foo", "Bar", 1)];
    let (ids, actions, _) = import(pool, list.clone()).await;
    assert_eq!(actions, [Created, Created]);
    assert_ne!(ids[0], ids[1]);
    let (again, actions, _) = import(pool, list).await;
    assert_eq!((again, actions), (ids.clone(), vec![Unchanged, Unchanged]));
    let on = vec![TaskRef::Key(RepoName("demo".into()), "title:Foo".into())];
    let (dependent, ..) = import(pool, vec![TaskToImport { depends_on: on, ..keyed("x", "x", 1) }]).await;
    assert_eq!(pool.get_task(&dependent[0]).await.waits_for, ids[1..]);

    let created = pool.task_with("demo", "a", |spec| spec.key = Some("title:Baz".into())).await;
    let (ids, actions, _) = import(pool, vec![plain("Baz", 1), keyed("title:Baz", "b", 1)]).await;
    assert_eq!((&ids[1], actions), (&created, vec![Created, Updated]));
    let again = CreateTask { repo: RepoName("demo".into()), spec: keyed("title:Baz", "c", 1).spec, depends_on: vec![] };
    let refusal = pool.refusal_admin(again).await;
    assert!(matches!(refusal, Refusal::KeyTaken { task_id, .. } if task_id == created));
}

/// Keys that look like titles were once kept as they are, in the place of a task with that title.
struct GiveKeyAsOnce {
    task_id: TaskId,
}

impl Operation for GiveKeyAsOnce {
    type Outcome = ();

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        vec![Need::Task(self.task_id.clone())]
    }

    fn decide(&self, plan: &mut Plan) -> Result<(), Refusal> {
        plan.task_mut(&self.task_id).spec.key = Some("title:Foo".into());
        Ok(())
    }
}

pub async fn a_key_that_was_kept_in_the_place_of_a_title_is_found_and_makes_way(pool: &Pool) {
    pool.repo("demo", 5).await;
    let (ids, ..) = import(pool, vec![plain("Foo", 1)]).await;
    pool.admin(GiveKeyAsOnce { task_id: ids[0].clone() }).await;
    let mut both = vec![keyed("title:Foo", "Foo", 1)];
    let (found, actions, _) = import(pool, both.clone()).await;
    assert_eq!((&found, actions), (&ids, vec![Unchanged]), "it is found where it was kept");
    both.insert(0, plain("Foo", 1));
    let (found, actions, _) = import(pool, both.clone()).await;
    assert_eq!((&found[1], actions), (&ids[0], vec![Created, Unchanged]));
    let (again, actions, _) = import(pool, both).await;
    assert_eq!((again, actions), (found, vec![Unchanged, Unchanged]));
}

async fn import(pool: &Pool, tasks: Vec<TaskToImport>) -> (Vec<TaskId>, Vec<ImportAction>, Vec<Vec<String>>) {
    let (mut ids, mut actions, mut changed) = (vec![], vec![], vec![]);
    for one in pool.import(ImportTasks { tasks }).await.tasks {
        ids.push(one.task_id);
        actions.push(one.action);
        changed.push(one.changed);
    }
    (ids, actions, changed)
}

fn keyed(key: &str, title: &str, priority: u32) -> TaskToImport {
    let spec = TaskSpec { key: Some(key.into()), priority, ..spec(title) };
    TaskToImport { repo: RepoName("demo".into()), spec, depends_on: vec![] }
}

fn plain(title: &str, priority: u32) -> TaskToImport {
    TaskToImport { repo: RepoName("demo".into()), spec: TaskSpec { priority, ..spec(title) }, depends_on: vec![] }
}
