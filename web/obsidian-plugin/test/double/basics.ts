// Elements as Obsidian extends them, and what begins and ends with a plugin.
import type * as Real from 'obsidian';

HTMLElement.prototype.addClass = function (...names: string[]) {
  this.classList.add(...names);
};
Node.prototype.empty = function () {
  (this as Element).replaceChildren();
};

export function element<K extends keyof HTMLElementTagNameMap>(name: K, cls: string, parent?: Element) {
  const made = document.createElement(name);
  made.className = cls;
  parent?.append(made);
  return made;
}

/** The part of a real class that a double stands for. */
export type Used<T, K extends keyof T> = Pick<T, K>;

export class Component implements Used<
  Real.Component,
  'load' | 'onload' | 'unload' | 'onunload' | 'addChild' | 'register' | 'registerEvent'
> {
  #children: Component[] = [];
  #ends: (() => unknown)[] = [];
  #loaded = false;
  /** When it has begun. */
  loading: void | Promise<void> = undefined;

  load(): void {
    this.#loaded = true;
    this.loading = this.onload();
    for (const child of this.#children) child.load();
  }

  onload(): void | Promise<void> {}

  unload(): void {
    for (const child of this.#children.splice(0)) child.unload();
    for (const end of this.#ends.splice(0)) end();
    this.#loaded = false;
    this.onunload();
  }

  onunload(): void {}

  addChild<T extends Real.Component>(component: T): T {
    const child = component as unknown as Component;
    this.#children.push(child);
    if (this.#loaded) child.load();
    return component;
  }

  register(end: () => unknown): void {
    this.#ends.push(end);
  }

  registerEvent(ref: Real.EventRef): void {
    this.register(() => (ref as unknown as Ref).off());
  }
}

interface Ref {
  off: () => void;
}

export class Events {
  #listeners = new Map<string, Set<(...data: never[]) => unknown>>();

  on(name: string, callback: (...data: never[]) => unknown): Real.EventRef {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(callback));
    return { off: () => listeners.delete(callback) } as unknown as Real.EventRef;
  }

  offref(ref: Real.EventRef): void {
    (ref as unknown as Ref).off();
  }

  trigger(name: string, ...data: unknown[]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(...(data as never[]));
  }

  get listening(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
