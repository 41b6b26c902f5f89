// Records as a server would send them, with what a test is about.
import type { Task } from '@owp-pool/client';

const AT = '2026-01-18T01:00:00.000Z';

export function aTask(fields: Partial<Task> = {}): Task {
  return {
    task_id: 't_1',
    repo: 'acme/reef',
    title: 'Count the herons',
    description: '',
    estimate_points: 2,
    priority: 10,
    required_skills: ['docs'],
    area: null,
    tier: 0,
    state: 'leased',
    state_since: AT,
    depends_on: [],
    waits_for: [],
    dependents: [],
    security: false,
    attempts_used: 0,
    attempts_max: 3,
    attempts: [],
    created_at: AT,
    updated_at: AT,
    ...fields,
  };
}
