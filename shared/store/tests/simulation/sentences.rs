//! Tells actions as sentences.

use crate::action::{Action, AreaEdit, By, Edit, LeaseOf, OfferOf, Policy, Skills, Spec, TaskSlot, Terms, What};
use std::fmt;

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        self.under.map_or(Ok(()), |key| write!(f, ", under idempotency key {key}"))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait { millis } if *millis < 0 => write!(f, "the clock is set back by {}", span(-millis)),
            Self::Wait { millis } => write!(f, "{} pass", span(*millis)),
            Self::Register { worker, skills, points, tasks, tier, terms, handle } => {
                write!(
                    f,
                    "{worker} registers: {points} points, {tasks} tasks at once, {tier}, skills {skills}{terms}"
                )?;
                handle.map_or(Ok(()), |(handle, verified)| {
                    write!(f, ", handle {handle}{}", if verified { " verified" } else { "" })
                })
            }
            Self::SayTerms { worker, skills, terms } => {
                write!(f, "{worker} says anew what it wants{terms}")?;
                skills.map_or(Ok(()), |skills| write!(f, ", skills {skills}"))
            }
            Self::AskForOffers { worker, limit, .. } => write!(f, "{worker} asks for up to {limit} offers"),
            Self::Accept { offer, by } => write!(f, "{} accepts it", Answerer(offer, by)),
            Self::Reject { offer, by, reason } => write!(f, "{} rejects it: {reason}", Answerer(offer, by)),
            Self::Park { lease, by, seconds } => write!(f, "{} parks it for {seconds} s", Writer(lease, by)),
            Self::Admit { repo, allowed, denied } => {
                write!(f, "{repo} allows the handles {allowed:?} and denies {denied:?}")
            }
            Self::SetTier { worker, tier, take_back } => {
                write!(f, "{worker} is made {tier}{}", if *take_back { ", and its leases are taken back" } else { "" })
            }
            Self::Heartbeat { worker, status } => write!(f, "{worker} says that it is {status}"),
            Self::LookAtItself { worker } => write!(f, "{worker} looks at itself"),
            Self::Fetch { worker, patient: true } => write!(f, "{worker} fetches work"),
            Self::Fetch { worker, patient: false } => write!(f, "{worker} fetches work and waits for one answer only"),
            Self::Report { lease, by, named, status, message } => {
                write!(f, "{} reports {status}", Writer(lease, by))?;
                message.map_or(Ok(()), |message| write!(f, " with message {message}"))?;
                if *named { f.write_str(", naming the lease") } else { Ok(()) }
            }
            Self::Renew { lease, by } => write!(f, "{} renews the lease", Writer(lease, by)),
            Self::Release { lease, by, reason } => write!(f, "{} releases it: {reason}", Writer(lease, by)),
            Self::FallSilent { worker } => write!(f, "{worker} falls silent"),
            Self::ComeBack { worker } => write!(f, "{worker} comes back"),
            Self::PutRepo { repo, budget, locks, paused, policy } => {
                write!(f, "{repo} is put")?;
                budget.map_or(Ok(()), |budget| write!(f, ", budget {budget}"))?;
                locks.map_or(Ok(()), |locks| write!(f, ", area locks {}", if locks { "on" } else { "off" }))?;
                paused.map_or(Ok(()), |paused| f.write_str(if paused { ", paused" } else { ", not paused" }))?;
                policy.map_or(Ok(()), |policy| write!(f, "{policy}"))
            }
            Self::Create { task, repo, key, spec, after } => {
                write!(f, "{task} is put into {repo}: {spec}")?;
                key.map_or(Ok(()), |key| write!(f, ", key {key}"))?;
                write!(f, "{}", After(after))
            }
            Self::Import { tasks } => {
                f.write_str("an import of")?;
                tasks.iter().try_for_each(|one| {
                    write!(f, " [{} into {}: {}, key {}", one.task, one.repo, one.spec, one.key)?;
                    one.after.map_or(Ok(()), |key| write!(f, ", after key {key}"))?;
                    f.write_str("]")
                })
            }
            Self::Act { task, action } => write!(f, "the maintainer says {action} of {task}"),
            Self::Edit { task, edit, after } => {
                write!(f, "the maintainer edits {task}:{edit}")?;
                match after {
                    None => Ok(()),
                    Some(after) if after.is_empty() => f.write_str(" after nothing"),
                    Some(after) => write!(f, "{}", After(after)),
                }
            }
            Self::Revoke { worker } => write!(f, "{worker} is revoked"),
            Self::ExplainTask { task } => write!(f, "somebody asks why nobody gets {task}"),
            Self::ExplainWork { worker } => write!(f, "somebody asks why {worker} gets nothing"),
            Self::AtGithub { deed, delivery, told: true } => write!(f, "at GitHub, {deed}, told by {delivery}"),
            Self::AtGithub { deed, delivery, .. } => write!(f, "at GitHub, {deed}; {delivery} of that waits"),
            Self::Deliver { delivery } => write!(f, "{delivery} is made"),
            Self::ReadIssues { repo, asked: true } => write!(f, "the maintainer has all issues of {repo} read"),
            Self::ReadIssues { repo, .. } => write!(f, "all issues of {repo} are read"),
            Self::LookAtPull { pull } => write!(f, "somebody looks at {pull}"),
            Self::Link { repo, link } => write!(f, "{repo} is linked: {link}"),
            Self::Suspend { repo, suspended: true } => write!(f, "GitHub takes the access to {repo} away"),
            Self::Suspend { repo, .. } => write!(f, "GitHub gives access to {repo}"),
            Self::NoteLook { repo } => write!(f, "the issues of {repo} are to be looked at"),
            Self::TakePolicy { repo, file: Some(file) } => write!(f, "the policy file of {repo} is read: {file}"),
            Self::TakePolicy { repo, file: None } => write!(f, "{repo} has no policy file"),
            Self::SitDown { sitter } => write!(f, "sitter {sitter} wants the desk"),
            Self::KeepDesk { sitter, task, leaves } => {
                write!(f, "sitter {sitter} sees to {task}{}", if *leaves { " and leaves the desk" } else { "" })
            }
            Self::Sweep => write!(f, "dead leases are settled"),
            Self::Prune => write!(f, "old idempotency records are dropped"),
            Self::EndAll => write!(f, "everything is brought to an end"),
        }
    }
}

/// Who writes, and about which task.
struct Writer<'a>(&'a LeaseOf, &'a By);

impl fmt::Display for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeaseOf { task, back } = self.0;
        match (self.1, back) {
            (By::Holder, 0) => write!(f, "the last holder of {task}"),
            (By::Holder, back) => write!(f, "the holder of {task} {back} leases before the last"),
            (By::Worker(worker), 0) => write!(f, "{worker}, with the last lease of {task},"),
            (By::Worker(worker), back) => write!(f, "{worker}, with the lease of {task} {back} before the last,"),
        }
    }
}

/// Who answers which offer.
struct Answerer<'a>(&'a OfferOf, &'a By);

impl fmt::Display for Answerer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OfferOf { task, back } = self.0;
        match (self.1, back) {
            (By::Holder, 0) => write!(f, "who was offered {task} last"),
            (By::Holder, back) => write!(f, "who was offered {task} {back} offers before the last"),
            (By::Worker(worker), 0) => write!(f, "{worker}, with the last offer of {task},"),
            (By::Worker(worker), back) => write!(f, "{worker}, with the offer of {task} {back} before the last,"),
        }
    }
}

/// What a task waits for.
struct After<'a>(&'a [TaskSlot]);

impl fmt::Display for After<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|task| write!(f, ", after {task}"))
    }
}

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.offers { ", to be asked" } else { "" })?;
        self.points_per_day.map_or(Ok(()), |points| write!(f, ", {points} points a day"))?;
        self.time_s.map_or(Ok(()), |seconds| write!(f, ", time for {seconds} s"))?;
        self.quota_s.map_or(Ok(()), |seconds| write!(f, ", no quota for {seconds} s"))
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { weight, tier_min, security_extra, rate, idle_days, bar, .. } = self;
        write!(f, ", weight {weight}, for {tier_min}, {security_extra} slots for security, {rate} an hour")?;
        write!(f, ", idle after {idle_days} days, bar {bar}")?;
        f.write_str(if self.listed_only { ", listed only" } else { "" })?;
        self.quiet_from.map_or(Ok(()), |hour| write!(f, ", quiet from {hour}:00"))?;
        self.pause_s.map_or(Ok(()), |seconds| write!(f, ", paused for {seconds} s"))
    }
}

impl fmt::Display for Skills {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.named();
        if named.is_empty() { f.write_str("none") } else { f.write_str(&named.join(" ")) }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { points, priority, skills, tier, attempts_max, .. } = self;
        write!(f, "{points} points, priority {priority}, skills {skills}, tier {tier}, {attempts_max} attempts")?;
        f.write_str(if self.security { ", security" } else { "" })?;
        self.area.map_or(Ok(()), |area| write!(f, ", area {area}"))
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.points.map_or(Ok(()), |points| write!(f, " {points} points"))?;
        self.priority.map_or(Ok(()), |priority| write!(f, " priority {priority}"))?;
        self.skills.map_or(Ok(()), |skills| write!(f, " skills {skills}"))?;
        self.tier.map_or(Ok(()), |tier| write!(f, " tier {tier}"))?;
        self.security.map_or(Ok(()), |security| f.write_str(if security { " security" } else { " no security" }))?;
        self.rating.map_or(Ok(()), |rating| write!(f, " rated {rating}"))?;
        match self.area {
            None => Ok(()),
            Some(AreaEdit::None) => f.write_str(" no area"),
            Some(AreaEdit::To(area)) => write!(f, " area {area}"),
        }
    }
}

fn span(millis: i64) -> String {
    let (seconds, millis) = (millis / 1000, millis % 1000);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60, millis) {
        (0, 0, seconds, 0) => format!("{seconds} s"),
        (0, 0, seconds, millis) => format!("{seconds}.{millis:03} s"),
        (0, minutes, seconds, _) => format!("{minutes} min {seconds} s"),
        (hours, minutes, seconds, _) => format!("{hours} h {minutes} min {seconds} s"),
    }
}
