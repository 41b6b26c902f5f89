// Times and durations as people say them. `now` is always given: clocks are the caller's.

const UNITS: [seconds: number, short: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** `3 d`, `2 h 5 min`, `40 s`: the two largest parts, for what is short enough that the second one matters. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const at = UNITS.findIndex(([size]) => whole >= size);
  if (at < 0) return '0 s';
  const [size, unit] = UNITS[at] as [number, string];
  const amount = Math.floor(whole / size);
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((whole % size) / next[0]) : 0;
  const detailed = next && rest > 0 && amount < 10 && size > 60;
  return detailed ? `${amount} ${unit} ${rest} ${next[1]}` : `${amount} ${unit}`;
}

/** Every part that there is, for settings: `1 min 30 s`, `1 d 12 h`. */
export function fully(seconds: number): string {
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [size, unit] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(`${amount} ${unit}`);
    rest -= amount * size;
  }
  return parts.join(' ') || '0 s';
}

/** `just now`, `4 min ago`, `in 2 h`. */
export function relative(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  if (Math.abs(seconds) < 5) return 'just now';
  return seconds < 0 ? `${duration(-seconds)} ago` : `in ${duration(seconds)}`;
}

/** The time of day, with the date where it is another day. */
export function clock(at: string, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`;
}

/** The same for everybody who reads it, to the second. */
export function inUtc(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** For a tooltip: everything. */
export function exact(at: string): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
