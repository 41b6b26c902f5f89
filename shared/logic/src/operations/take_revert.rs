//! What came of a task was taken out again, as a commit or a pull request at GitHub says.

use super::{Operation, TaskStands};
use crate::outcome::revert;
use crate::plan::Plan;
use crate::record::{commit_key, number_key};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::snapshot::{Key, Need, Record, Scope};
use owp_wire::{RepoName, TaskId, TaskState, Timestamp};

pub struct TakeRevert {
    pub repo: RepoName,
    /// The pull request or the commit, as it is known among the repository's keys.
    pub key: String,
    /// The task that it was for, as seen beforehand.
    pub task_id: TaskId,
}

impl Operation for TakeRevert {
    type Outcome = Option<TaskStands>;

    fn scope(&self, _now: Timestamp, _rules: &Rules) -> Scope {
        let key = Key::TaskKey(self.repo.clone(), self.key.clone());
        vec![Need::Record(key), Need::TaskFamily(self.task_id.clone())]
    }

    /// Another pull request for the same task may have been merged meanwhile; that one stands.
    fn decide(&self, plan: &mut Plan) -> Result<Option<TaskStands>, Refusal> {
        let known = plan.read(Key::TaskKey(self.repo.clone(), self.key.clone()));
        if !matches!(known, Some(Record::TaskKey(record)) if record.task_id == self.task_id) {
            return Ok(None);
        }
        let Some(task) = plan.task(&self.task_id) else { return Ok(None) };
        let is_meant = task.pull_request.as_ref().is_some_and(|pull| {
            number_key(pull.number) == self.key
                || pull.merge_sha.as_ref().is_some_and(|sha| commit_key(sha) == self.key)
        });
        if is_meant && task.state == TaskState::Merged {
            revert(plan, &self.task_id, Some("reverted at GitHub"));
        }
        let state = plan.task(&self.task_id).expect("it is there").state;
        Ok(Some(TaskStands { task_id: self.task_id.clone(), state }))
    }
}
