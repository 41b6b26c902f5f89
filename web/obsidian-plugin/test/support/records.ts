// Records as a server would send them, with what a test of notes is about.
import type { Task } from '@owp-pool/client';
import { aTask as anyTask } from '../../../testing/records.js';

export function aTask(fields: Partial<Task> = {}): Task {
  return anyTask({
    repo: 'acme/reef',
    title: 'Count the herons',
    estimate_points: 2,
    required_skills: ['docs'],
    state: 'leased',
    ...fields,
  });
}
