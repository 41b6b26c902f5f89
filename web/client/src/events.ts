// What happens in the pool, as it happens. Streams with fetch, because EventSource can't send a token; goes on where it
// was after a break; asks for pages by cursor where something between us and the server holds streams back. Where the
// server knows no events at all, it says so once and the caller looks at lists instead.
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { isAbort, pause, type Pool } from './pool.js';
import { Refused, Unreachable } from './problem.js';
import { places } from './contract.js';
import type { EventPage, PoolEvent } from './words.js';

export type WatchStatus =
  /** Events come the moment they happen. */
  | 'live'
  /** Events are asked for every few seconds. */
  | 'polling'
  /** Nothing comes; it is tried again. */
  | 'away';

export interface WatchOptions {
  signal: AbortSignal;
  /** Where to begin; the events after it come. */
  after?: string;
  onEvents: (events: PoolEvent[]) => void;
  onStatus: (status: WatchStatus) => void;
  /** Events were missed for good: what was kept from lists has to be loaded again. */
  onGap: () => void;
  /** Bounds that tests make shorter. */
  times?: Partial<typeof TIMES>;
}

const TIMES = {
  /** The server is heard every 15 s; three times that is silence. */
  silentMs: 45_000,
  pollMs: 3_000,
  retryBaseMs: 500,
  retryMaxMs: 15_000,
  /** A server may ask for more; nobody waits longer for it. */
  serverRetryMaxMs: 60_000,
};

const [, EVENTS] = places.listEvents;

/** After so many streams in a row that opened and brought nothing, pages are asked for. */
const MUTE_STREAMS_MAX = 2;

/** Watches until the signal; ends earlier only where the server has no events, and then answers `false`. */
export async function watchEvents(pool: Pool, options: WatchOptions): Promise<boolean> {
  const times = { ...TIMES, ...options.times };
  const mute = pool.streams === 'never' ? MUTE_STREAMS_MAX : 0;
  const place: Place = { cursor: options.after ?? 'latest', mute, retryMs: 0 };
  for (let failures = 0; !options.signal.aborted;) {
    try {
      if (place.mute < MUTE_STREAMS_MAX) {
        await stream(pool, place, options, times);
        // The time is the server's, so that its readers don't all come back at once.
        await pause(Math.min(place.retryMs, times.serverRetryMaxMs), options.signal);
      } else await poll(pool, place, options, times);
      failures = 0;
    } catch (failure) {
      if (options.signal.aborted || isAbort(failure)) continue;
      if (failure instanceof Unreachable && pool.streams === 'apart') {
        // Streams may be forbidden where calls get through, so pages are asked for before anything is said of it. Where
        // they don't come either, the server was away, and a stream is tried again when it may be back.
        const streamed = place.mute < MUTE_STREAMS_MAX;
        place.mute = streamed ? MUTE_STREAMS_MAX : 0;
        if (streamed) continue;
      }
      if (failure instanceof Refused) {
        if (failure.signInNeeded) throw failure;
        if (failure.status === 410 || failure.code === 'cursor_not_found') {
          place.cursor = 'latest';
          options.onGap();
          continue;
        }
        if ([404, 405, 501].includes(failure.status)) return false;
      }
      options.onStatus('away');
      const wait = Math.min(times.retryMaxMs, times.retryBaseMs * 2 ** failures++);
      const told = Math.min(place.retryMs, times.serverRetryMaxMs);
      await pause(Math.max(told, wait / 2 + (Math.random() * wait) / 2), options.signal).catch(() => undefined);
    }
  }
  return true;
}

interface Place {
  cursor: string;
  mute: number;
  /** After which the server wants a stream that ended to be opened again. */
  retryMs: number;
}

async function stream(pool: Pool, place: Place, options: WatchOptions, times: typeof TIMES): Promise<void> {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort();
  options.signal.addEventListener('abort', stop, { once: true });
  let silence = setTimeout(stop, times.silentMs);
  let opened = false;
  let heard = false;
  try {
    const resuming = place.cursor !== 'latest' && place.cursor !== 'earliest';
    const headers = resuming ? { 'Last-Event-ID': place.cursor } : undefined;
    const response = await pool.openStream(`${EVENTS}?after=${encodeURIComponent(place.cursor)}`, {
      signal: giveUp.signal,
      ...(headers ? { headers } : {}),
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
      // Whatever answers here does not stream.
      place.mute = MUTE_STREAMS_MAX;
      await response.body?.cancel();
      return;
    }
    opened = true;
    options.onStatus('live');
    const batch: PoolEvent[] = [];
    const parser = createParser({
      onEvent: (message) => take(message, batch),
      onRetry: (ms) => (place.retryMs = ms),
    });
    const places = new Places();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    // An aborted request does not end every read that waits for it.
    giveUp.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
    if (giveUp.signal.aborted) return;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      heard = true;
      clearTimeout(silence);
      silence = setTimeout(stop, times.silentMs);
      parser.feed(chunk.value);
      if (batch.length > 0) options.onEvents(batch.splice(0));
      place.cursor = places.after(chunk.value) ?? place.cursor;
    }
  } catch (failure) {
    // Our own giving up is not the caller's: the stream was silent, so it is opened again.
    if (!(isAbort(failure) && !options.signal.aborted)) throw failure;
  } finally {
    clearTimeout(silence);
    options.signal.removeEventListener('abort', stop);
    if (opened) place.mute = heard ? 0 : place.mute + 1;
  }
}

function take(message: EventSourceMessage, batch: PoolEvent[]): void {
  if (message.event === 'end' || message.data === '') return;
  batch.push(JSON.parse(message.data) as PoolEvent);
}

/** Reads where a stream stands, also from heartbeats: they carry a place without an event, which parsers keep to themselves. */
class Places {
  #rest = '';

  /** The last place of what is complete with this chunk. */
  after(chunk: string): string | undefined {
    const text = (this.#rest + chunk).replaceAll('\r\n', '\n');
    const end = text.lastIndexOf('\n\n');
    if (end < 0) {
      this.#rest = text;
      return undefined;
    }
    this.#rest = text.slice(end + 2);
    return [...text.slice(0, end).matchAll(/^id: ?(.+)$/gm)].at(-1)?.[1];
  }
}

async function poll(pool: Pool, place: Place, options: WatchOptions, times: typeof TIMES): Promise<void> {
  while (!options.signal.aborted) {
    const query = `after=${encodeURIComponent(place.cursor)}&limit=500`;
    const response = await pool.open(`${EVENTS}?${query}`, 'application/json', { signal: options.signal });
    const page = (await response.json()) as EventPage;
    options.onStatus('polling');
    place.cursor = page.cursor;
    if (page.events.length > 0) options.onEvents(page.events);
    if (!page.more) await pause(times.pollMs * (0.75 + Math.random() / 2), options.signal);
  }
}
