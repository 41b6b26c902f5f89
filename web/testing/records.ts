// Records with everything that the contract asks for; a test names what it is about.
import type { Repo, Task, Worker } from '@owp-pool/client';

const AT = '2026-01-18T01:00:00.000Z';

export function aTask(fields: Partial<Task> = {}): Task {
  return {
    task_id: 't_1',
    repo: 'acme/compass',
    title: 'Describe the needle',
    description: '',
    estimate_points: 1,
    priority: 10,
    required_skills: [],
    area: null,
    tier: 0,
    state: 'ready',
    state_since: AT,
    attempts_used: 0,
    attempts_max: 3,
    attempts: [],
    depends_on: [],
    waits_for: [],
    dependents: [],
    security: false,
    created_at: AT,
    updated_at: AT,
    ...fields,
  };
}

export function aRepo(fields: Partial<Repo> = {}): Repo {
  return {
    repo: 'acme/compass',
    max_open_prs: 3,
    area_locks_enabled: true,
    paused: false,
    weight: 10,
    trust_tier_min: 'untrusted',
    allow_listed_only: false,
    security_extra_slots: 0,
    prs_per_hour_max: 0,
    quiet_hours: [],
    review_idle_days: 0,
    reputation_bar: 0,
    reputation_window_s: 3600,
    reputation_priority_min: 50,
    offers_open: 0,
    leases_live: 0,
    prs_open: 0,
    prs_idle: 0,
    slots_free: 3,
    created_at: AT,
    updated_at: AT,
    ...fields,
  };
}

export function aWorker(fields: Partial<Worker> = {}): Worker {
  return {
    worker_id: 'w_1',
    name: 'Alice',
    github_handle_verified: false,
    skills: [],
    capacity_points: 5,
    max_concurrent_tasks: 2,
    work_mode: 'auto',
    availability: {},
    trust_tier: 'untrusted',
    status: 'idle',
    online: true,
    registered_at: AT,
    last_seen_at: AT,
    points_held: 0,
    points_today: 0,
    tasks_held: [],
    tasks_offered: [],
    tasks_in_review: [],
    reputation_score: 50,
    reputation_sample: { size: 0, small: true },
    revoked: false,
    ...fields,
  };
}
