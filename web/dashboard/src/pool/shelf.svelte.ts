// Records of one kind, by id. A batch of new ones is one change to whoever looks; what changed lately is marked for a
// moment, so that a view can show it.

/** As long as the mark of a change is to be seen. */
const MARK_MS = 1_700;

export class Shelf<T extends object> {
  byId = $state.raw<ReadonlyMap<string, T>>(new Map());
  marked = $state.raw<ReadonlySet<string>>(new Set());
  readonly all = $derived([...this.byId.values()]);
  readonly #idOf: (item: T) => string;
  readonly #versionOf: (item: T) => string;

  constructor(idOf: (item: T) => string, versionOf: (item: T) => string) {
    this.#idOf = idOf;
    this.#versionOf = versionOf;
  }

  get(id: string | undefined): T | undefined {
    return id === undefined ? undefined : this.byId.get(id);
  }

  /** Takes newer records in; older news about the same record is left out. Answers those that were new or different. */
  put(items: readonly T[]): { before: T | undefined; after: T }[] {
    const changes: { before: T | undefined; after: T }[] = [];
    for (const after of items) {
      const before = this.byId.get(this.#idOf(after));
      if (before && this.#versionOf(before) > this.#versionOf(after)) continue;
      if (!before || JSON.stringify(before) !== JSON.stringify(after)) changes.push({ before, after });
    }
    if (changes.length === 0) return changes;
    const next = new Map(this.byId);
    for (const { after } of changes) next.set(this.#idOf(after), after);
    this.byId = next;
    this.#mark(changes.filter(({ before }) => before).map(({ after }) => this.#idOf(after)));
    return changes;
  }

  /** A complete list: what is not in it is gone. */
  replace(items: readonly T[]): { before: T | undefined; after: T }[] {
    const changes = this.put(items);
    const ids = new Set(items.map(this.#idOf));
    if (this.byId.size > ids.size) this.byId = new Map([...this.byId].filter(([id]) => ids.has(id)));
    return changes;
  }

  /** Shows something before the server has said so. Answers how to undo it, unless news came meanwhile. */
  foresee(id: string, patch: Partial<T>): () => void {
    const before = this.byId.get(id);
    if (!before) return () => undefined;
    const foreseen = { ...before, ...patch };
    this.byId = new Map(this.byId).set(id, foreseen);
    return () => {
      if (this.byId.get(id) === foreseen) this.byId = new Map(this.byId).set(id, before);
    };
  }

  clear(): void {
    this.byId = new Map();
    this.marked = new Set();
  }

  #mark(ids: string[]): void {
    if (ids.length === 0) return;
    this.marked = new Set([...this.marked, ...ids]);
    setTimeout(() => {
      this.marked = new Set([...this.marked].filter((id) => !ids.includes(id)));
    }, MARK_MS);
  }
}
