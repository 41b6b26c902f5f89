//! Keeps shelves and lanes in step with the records that a commit changed. The module `load` says what they are for.

use super::connection::{Sql, number, text};
use crate::StoreError;
use owp_logic::fit::tier_asked;
use owp_logic::{AreaClaim, FitClass, Repo, Task};
use owp_wire::{RepoName, TaskState};
use std::collections::{BTreeMap, BTreeSet};

/// What a commit touched, gathered while its records are written.
#[derive(Default)]
pub struct Touched {
    /// Lanes that gained or lost a ready task.
    lanes: BTreeSet<(RepoName, String, String)>,
    /// Areas that were taken or freed, with whether tasks hold them now.
    areas: BTreeMap<(RepoName, String), bool>,
    repos: BTreeMap<RepoName, RepoTouched>,
}

struct RepoTouched {
    /// For tasks that are not marked security and for those that are.
    was_open: (bool, bool),
    was_tier: u32,
    now: Repo,
    locks_changed: bool,
}

impl Touched {
    pub fn task(&mut self, old: Option<&Task>, new: &Task) {
        let place = |task: &Task| {
            (task.state == TaskState::Ready).then(|| {
                let lane = (task.repo.clone(), task.fit_class().to_string(), area_column(task));
                (lane, task.spec.priority, task.ready_at)
            })
        };
        let (before, after) = (old.and_then(place), place(new));
        if before != after {
            self.lanes.extend(before.into_iter().chain(after).map(|(lane, ..)| lane));
        }
    }

    pub fn area(&mut self, repo: &RepoName, area: &str, claim: Option<&AreaClaim>) {
        self.areas.insert((repo.clone(), area.to_owned()), claim.is_some());
    }

    pub fn repo(&mut self, old: Option<&Repo>, new: &Repo) {
        let touched = RepoTouched {
            was_open: old.map_or((false, false), is_open),
            was_tier: old.map_or(0, tier_asked),
            now: new.clone(),
            locks_changed: old.is_some_and(|old| old.area_locks_enabled != new.area_locks_enabled),
        };
        self.repos.insert(new.name.clone(), touched);
    }
}

/// The area as a column; no task names an empty one.
pub fn area_column(task: &Task) -> String {
    task.spec.area.clone().unwrap_or_default()
}

/// Brings lanes, then shelves, up to date.
pub async fn refresh(sql: &mut Sql, touched: Touched) -> Result<(), StoreError> {
    let mut shelves: BTreeSet<(RepoName, String)> = BTreeSet::new();
    for (repo, class, area) in &touched.lanes {
        refresh_lane(sql, &touched, repo, class, area).await?;
        shelves.insert((repo.clone(), class.clone()));
    }
    for ((repo, area), taken) in &touched.areas {
        let locked = *taken && locks_enabled(sql, &touched, repo).await?;
        shelves.extend(lock_lanes(sql, repo, area, locked).await?);
    }
    for touched in touched.repos.values().filter(|touched| touched.locks_changed) {
        shelves.extend(relock_repo(sql, &touched.now).await?);
    }
    for (repo, class) in &shelves {
        refresh_shelf(sql, &touched, repo, class).await?;
    }
    let touched_all = &touched;
    for touched in touched_all.repos.values() {
        let (was, is) = (touched.was_open, is_open(&touched.now));
        for (is_security, opens) in [(false, (was.0 != is.0).then_some(is.0)), (true, (was.1 != is.1).then_some(is.1))]
        {
            let Some(opens) = opens else { continue };
            const OPEN: &str = "UPDATE shelves SET is_open = ?3 WHERE repo = ?1 AND is_security = ?2 AND is_open <> ?3";
            sql.execute(OPEN, vec![text(&touched.now.name), number(is_security), number(opens)]).await?;
        }
        if touched.was_tier != tier_asked(&touched.now) {
            for class in classes_of(sql, &touched.now.name).await? {
                refresh_shelf(sql, touched_all, &touched.now.name, &class).await?;
            }
        }
    }
    Ok(())
}

/// For tasks that are not marked security and for those that are.
fn is_open(repo: &Repo) -> (bool, bool) {
    (repo.is_open_for(false), repo.is_open_for(true))
}

/// Makes all shelves and lanes from the tasks, inside the transaction that is open: for a database that has none yet.
pub async fn rebuild(sql: &mut Sql) -> Result<(), StoreError> {
    let lane = |row: &libsql::Row| Ok((RepoName(row.get(0)?), row.get::<String>(1)?, row.get::<String>(2)?));
    let all = "SELECT DISTINCT repo, class, area FROM tasks WHERE state = 'ready'";
    let lanes = sql.rows_once(all, vec![], lane).await?;
    let touched = Touched { lanes: lanes.into_iter().collect(), ..Touched::default() };
    refresh(sql, touched).await
}

async fn refresh_lane(
    sql: &mut Sql,
    touched: &Touched,
    repo: &RepoName,
    class: &str,
    area: &str,
) -> Result<(), StoreError> {
    let lane = || vec![text(repo), text(class), text(area)];
    const HEAD: &str =
        "SELECT priority, ready_at FROM tasks WHERE state = 'ready' AND repo = ?1 AND class = ?2 AND area = ?3
        ORDER BY priority DESC, ready_at LIMIT 1";
    let head = sql.rows(HEAD, lane(), |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))).await?;
    let Some((priority, ready_at)) = head.first() else {
        sql.execute("DELETE FROM lanes WHERE repo = ?1 AND class = ?2 AND area = ?3", lane()).await?;
        return Ok(());
    };
    let locked = !area.is_empty() && locks_enabled(sql, touched, repo).await? && is_taken(sql, repo, area).await?;
    let mut params = lane();
    params.extend([number(locked), number(*priority), number(*ready_at)]);
    const PUT: &str =
        "INSERT INTO lanes (repo, class, area, is_locked, priority, ready_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET is_locked = ?4, priority = ?5, ready_at = ?6";
    sql.execute(PUT, params).await?;
    Ok(())
}

/// Locks or unlocks the lanes of an area; names the shelves for which that may matter. A shelf is as good as its best
/// unlocked lane, so locking another one leaves it as it is, and so does unlocking one that is no better.
async fn lock_lanes(
    sql: &mut Sql,
    repo: &RepoName,
    area: &str,
    locked: bool,
) -> Result<Vec<(RepoName, String)>, StoreError> {
    const LOSING: &str = "SELECT lanes.class FROM lanes
        CROSS JOIN shelves ON shelves.repo = lanes.repo AND shelves.class = lanes.class
        WHERE lanes.repo = ?1 AND lanes.area = ?2 AND lanes.is_locked = 0
          AND (lanes.priority, lanes.ready_at) = (shelves.priority, shelves.ready_at)";
    const GAINING: &str = "SELECT lanes.class FROM lanes
        LEFT JOIN shelves ON shelves.repo = lanes.repo AND shelves.class = lanes.class
        WHERE lanes.repo = ?1 AND lanes.area = ?2 AND lanes.is_locked = 1
          AND (shelves.class IS NULL OR (shelves.priority, lanes.ready_at) < (lanes.priority, shelves.ready_at))";
    let affected = if locked { LOSING } else { GAINING };
    let classes = sql.rows(affected, vec![text(repo), text(area)], |row| row.get::<String>(0)).await?;
    const LOCK: &str = "UPDATE lanes SET is_locked = ?3 WHERE repo = ?1 AND area = ?2 AND is_locked <> ?3";
    sql.execute(LOCK, vec![text(repo), text(area), number(locked)]).await?;
    Ok(classes.into_iter().map(|class| (repo.clone(), class)).collect())
}

/// After area locks were switched on or off: every lane anew. Rare, and as long as the repository has lanes.
async fn relock_repo(sql: &mut Sql, repo: &Repo) -> Result<Vec<(RepoName, String)>, StoreError> {
    const LOCK: &str =
        "UPDATE lanes SET is_locked = (?2 AND area IN (SELECT area FROM areas WHERE repo = ?1)) WHERE repo = ?1";
    sql.execute(LOCK, vec![text(&repo.name), number(repo.area_locks_enabled)]).await?;
    let classes = classes_of(sql, &repo.name).await?;
    Ok(classes.into_iter().map(|class| (repo.name.clone(), class)).collect())
}

/// All kinds of tasks that a repository has ready.
async fn classes_of(sql: &mut Sql, repo: &RepoName) -> Result<Vec<String>, StoreError> {
    const CLASSES: &str = "SELECT DISTINCT class FROM lanes WHERE repo = ?1";
    sql.rows(CLASSES, vec![text(repo)], |row| row.get::<String>(0)).await
}

async fn refresh_shelf(sql: &mut Sql, touched: &Touched, repo: &RepoName, class: &str) -> Result<(), StoreError> {
    let shelf = || vec![text(repo), text(class)];
    const BEST: &str = "SELECT priority, ready_at FROM lanes WHERE repo = ?1 AND class = ?2 AND is_locked = 0
        ORDER BY priority DESC, ready_at LIMIT 1";
    let best = sql.rows(BEST, shelf(), |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))).await?;
    let Some((priority, ready_at)) = best.first() else {
        sql.execute("DELETE FROM shelves WHERE repo = ?1 AND class = ?2", shelf()).await?;
        return Ok(());
    };
    let stored = match touched.repos.get(repo) {
        Some(_) => None,
        None => read_repo(sql, repo).await?,
    };
    let Some(repo_now) = touched.repos.get(repo).map(|touched| &touched.now).or(stored.as_ref()) else { return Ok(()) };
    let asks: FitClass = class.parse().expect("a class that this module wrote");
    let mut params = shelf();
    params.extend([
        text(asks.leading_skill()),
        number(asks.tier.max(tier_asked(repo_now))),
        number(asks.points),
        number(asks.security),
        number(repo_now.is_open_for(asks.security)),
        number(*priority),
        number(repo_now.service),
        number(*ready_at),
    ]);
    const PUT: &str =
        "INSERT INTO shelves (repo, class, leading_skill, tier, points, is_security, is_open, priority, service, ready_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT DO UPDATE SET tier = ?4, is_open = ?7, priority = ?8, service = ?9, ready_at = ?10";
    sql.execute(PUT, params).await?;
    Ok(())
}

async fn locks_enabled(sql: &mut Sql, touched: &Touched, repo: &RepoName) -> Result<bool, StoreError> {
    if let Some(touched) = touched.repos.get(repo) {
        return Ok(touched.now.area_locks_enabled);
    }
    Ok(read_repo(sql, repo).await?.is_some_and(|repo| repo.area_locks_enabled))
}

async fn is_taken(sql: &mut Sql, repo: &RepoName, area: &str) -> Result<bool, StoreError> {
    const TAKEN: &str = "SELECT 1 FROM areas WHERE repo = ?1 AND area = ?2";
    let found = sql.rows(TAKEN, vec![text(repo), text(area)], |_| Ok(())).await?;
    Ok(!found.is_empty())
}

async fn read_repo(sql: &mut Sql, repo: &RepoName) -> Result<Option<Repo>, StoreError> {
    let bodies =
        sql.rows("SELECT body FROM repos WHERE name = ?1", vec![text(repo)], |row| row.get::<String>(0)).await?;
    bodies.first().map(|body| serde_json::from_str(body).map_err(StoreError::Corrupt)).transpose()
}
