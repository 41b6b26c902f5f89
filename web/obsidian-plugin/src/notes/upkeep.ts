// What came of bringing notes up to date, in words that fit a notice.
import { Refused } from '@owp-pool/client';
import { count } from '@owp-pool/components/words';

export interface Upkeep {
  /** How many notes changed. */
  changed: number;
  /** Names of notes that were left as they are. */
  gone: string[];
  hidden: string[];
  unwritten: string[];
  /** Why it ended before all notes were looked at, where it did. */
  ended?: string;
}

/** More would not fit a notice. */
const NAMED_MAX = 4;

/** What a refusal says of one task alone, so that the others are still worth asking for. */
export function fateOf(failure: unknown): 'gone' | 'hidden' | undefined {
  if (!(failure instanceof Refused)) return undefined;
  return failure.status === 404 ? 'gone' : failure.status === 403 ? 'hidden' : undefined;
}

export function toldOf({ changed, gone, hidden, unwritten, ended }: Upkeep): string {
  const faults = [
    told(gone, 'whose task is gone'),
    told(hidden, 'whose task your token may not read'),
    told(unwritten, 'whose properties could not be written'),
  ].filter(Boolean);
  const whole = faults.length === 0 && ended === undefined;
  const first = changed > 0 ? `${changed} changed.` : whole ? 'Every note is up to date.' : 'None changed.';
  return [first, ...faults, ...(ended === undefined ? [] : [`Not all were looked at: ${ended}`])].join('\n');
}

function told(names: readonly string[], what: string): string {
  if (names.length === 0) return '';
  const more = names.length - NAMED_MAX;
  const shown = names.slice(0, NAMED_MAX).map((name) => `“${name}”`);
  return `${count(names.length, 'note')} ${what}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
