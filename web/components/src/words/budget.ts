// What a repository's review budget amounts to.
import type { Repo } from '@owp-pool/client';

/** What takes a slot now: offers, leases and open pull requests. */
export function slotsUsed(repo: Repo): number {
  return repo.offers_open + repo.leases_live + repo.prs_open;
}

/** A repository that its maintainer has put away: no budget, no work. Views leave it out unless asked. */
export function isRetired(repo: Repo): boolean {
  return repo.paused && !repo.paused_until && repo.max_open_prs === 0 && slotsUsed(repo) === 0;
}
