// Which view is open, with which filters: all of it is in the address, behind the `#`, so that every view can be sent to
// somebody and the back button does what it says. The server sees none of it.

export interface Place {
  /** The parts of the path: `#/tasks/t_1` is ['tasks', 't_1']. */
  path: string[];
  query: URLSearchParams;
}

/** What is being typed reaches the address when it rests for so long: browsers refuse pages that change it at every key. */
const REST_MS = 300;

export type QueryPatch = Record<string, string | null | undefined>;

class Route {
  place = $state.raw<Place>(parse(location.hash));
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    window.addEventListener('hashchange', () => {
      this.#rest();
      this.place = parse(location.hash);
    });
  }

  get view(): string {
    return this.place.path[0] ?? 'overview';
  }

  /** The second part of the path: the one record that is open. */
  get opened(): string | undefined {
    return this.place.path[1];
  }

  query(name: string): string {
    return this.place.query.get(name) ?? '';
  }

  go(path: string, query: QueryPatch = {}): void {
    this.#leadTo(href(path, query));
  }

  /** The same with an address that `href` made. */
  follow(hash: string): void {
    this.#leadTo(hash);
  }

  /** Changes filters. The address is replaced, so that "back" leaves the view. */
  refine(patch: QueryPatch): void {
    this.#filter(patch);
    this.#write();
  }

  /** The same for a filter that is being typed: it holds at once, and the address follows. */
  type(patch: QueryPatch): void {
    this.#filter(patch);
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#write(), REST_MS);
  }

  /** Opens one record beside the list, or none, and keeps the filters. */
  open(id: string | undefined): void {
    const [view = 'overview'] = this.place.path;
    this.#leadTo(write({ path: id ? [view, id] : [view], query: this.place.query }));
  }

  #filter(patch: QueryPatch): void {
    const query = new URLSearchParams(this.place.query);
    for (const [name, value] of Object.entries(patch)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    this.place = { path: this.place.path, query };
  }

  #rest(): void {
    clearTimeout(this.#resting);
    this.#resting = undefined;
  }

  #write(): void {
    this.#rest();
    history.replaceState(null, '', write(this.place));
  }

  /** At once, and not when the browser tells of it: the next key may already be meant for the new view. */
  #leadTo(hash: string): void {
    // The place that is left keeps what was typed there.
    if (this.#resting !== undefined) this.#write();
    location.hash = hash;
    this.place = parse(hash);
  }

  hrefOf(id: string): string {
    const [view = 'overview'] = this.place.path;
    return write({ path: [view, id], query: this.place.query });
  }
}

export function href(path: string, query: QueryPatch = {}): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return write({ path: path.split('/').filter(Boolean), query: new URLSearchParams(entries) });
}

/** The address of one record in a view, whatever is in its name. */
export function hrefTo(view: string, id: string, query: QueryPatch = {}): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return write({ path: [view, id], query: new URLSearchParams(entries) });
}

function write({ path, query }: Place): string {
  const filters = query.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${filters ? `?${filters}` : ''}`;
}

function parse(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const route = new Route();
