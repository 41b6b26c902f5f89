// The details of an entry as people read them: parts of parts on one line, moments in UTC, lengths of time as such, and
// workers by their names. Nothing is left out: an export has the same in the contract's own words.
import { fully, inUtc } from '@owp-pool/components/words';

export interface Detail {
  name: string;
  value: string;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

export function detailsOf(details: Record<string, unknown> | undefined, nameOf: (id: string) => string): Detail[] {
  return Object.entries(details ?? {}).flatMap(([key, value]) => told(key, value, nameOf));
}

function told(key: string, value: unknown, nameOf: (id: string) => string): Detail[] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value).flatMap(([part, inner]) => told(`${key} ${part}`, inner, nameOf));
  const length = /_(ms|s)$/.exec(key)?.[1];
  const name = (length && typeof value === 'number' ? key.slice(0, -length.length - 1) : key)
    .replace(/_id$/, '')
    .replaceAll('_', ' ');
  return [{ name, value: said(value, length, nameOf) }];
}

function said(value: unknown, length: string | undefined, nameOf: (id: string) => string): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (length === 'ms') return value < 1000 ? `${value} ms` : fully(value / 1000);
    return length === 's' ? fully(value) : value.toLocaleString('en');
  }
  if (Array.isArray(value)) return value.map((item) => said(item, undefined, nameOf)).join(', ') || 'none';
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return MOMENT.test(text) ? inUtc(text) : nameOf(text);
}
