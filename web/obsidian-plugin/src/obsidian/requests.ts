// Calls by Obsidian's own `requestUrl`, which works on every device and asks no server for permission, but can't stream and
// can't be stopped: whoever stops waiting for an answer just does not get it.
import { requestUrl } from 'obsidian';

/** Answers that may have no body; a `Response` can't be made with one. */
const BODILESS = new Set([101, 204, 205, 304]);

export async function byRequestUrl(request: Request): Promise<Response> {
  request.signal.throwIfAborted();
  const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await request.arrayBuffer();
  const answered = requestUrl({
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    ...(body && body.byteLength > 0 ? { body } : {}),
    throw: false,
  });
  const { status, headers, arrayBuffer } = await Promise.race([answered, untilAborted(request.signal)]);
  return new Response(BODILESS.has(status) ? null : arrayBuffer, { status, headers });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
