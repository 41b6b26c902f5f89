// Which view is open, with which filters: all of it is in the address, behind the `#`, so that every view can be sent to
// somebody and the back button does what it says. The server sees none of it.

export interface Place {
  /** The parts of the path: `#/tasks/t_1` is ['tasks', 't_1']. */
  path: string[];
  query: URLSearchParams;
}

export type QueryPatch = Record<string, string | null | undefined>;

class Route {
  place = $state.raw<Place>(parse(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => (this.place = parse(location.hash)));
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

  /** Changes filters. A filter that is being typed replaces the address, so that "back" leaves the view. */
  refine(patch: QueryPatch): void {
    const query = new URLSearchParams(this.place.query);
    for (const [name, value] of Object.entries(patch)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const next = { path: this.place.path, query };
    history.replaceState(null, '', write(next));
    this.place = next;
  }

  /** Opens one record beside the list, or none, and keeps the filters. */
  open(id: string | undefined): void {
    const [view = 'overview'] = this.place.path;
    this.#leadTo(write({ path: id ? [view, id] : [view], query: this.place.query }));
  }

  /** At once, and not when the browser tells of it: the next key may already be meant for the new view. */
  #leadTo(hash: string): void {
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
