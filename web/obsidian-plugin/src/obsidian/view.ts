// A view of the pool in a pane. One class for all of them: they differ in what they show.
import { ItemView, type App, type WorkspaceLeaf } from 'obsidian';
import type { ViewName } from '../host.js';
import Shell from '../views/Shell.svelte';
import { VIEWS } from '../views/views.js';
import type PoolPlugin from './main.js';
import { mountIn } from './mounting.js';

export function viewType(name: ViewName): string {
  return `owp-pool-${name}`;
}

export class PoolView extends ItemView {
  readonly #name: ViewName;
  readonly #plugin: PoolPlugin;
  #unmount: () => void = () => undefined;

  constructor(leaf: WorkspaceLeaf, name: ViewName, plugin: PoolPlugin) {
    super(leaf);
    this.#name = name;
    this.#plugin = plugin;
    this.icon = VIEWS[name].icon;
  }

  /** Shows a view: in the pane of another one, in a pane that has it already, or in a new one. */
  static async open(app: App, name: ViewName, where: 'here' | 'new'): Promise<void> {
    const { workspace } = app;
    const active = where === 'here' ? workspace.getActiveViewOfType(PoolView)?.leaf : undefined;
    const leaf = active ?? workspace.getLeavesOfType(viewType(name))[0] ?? workspace.getLeaf('tab');
    await leaf.setViewState({ type: viewType(name), active: true });
    await workspace.revealLeaf(leaf);
  }

  override getViewType(): string {
    return viewType(this.#name);
  }

  override getDisplayText(): string {
    return `Pool: ${VIEWS[this.#name].title.toLowerCase()}`;
  }

  override async onOpen(): Promise<void> {
    this.#show();
    this.register(this.#plugin.onSession(() => this.#show()));
  }

  override async onClose(): Promise<void> {
    this.#unmount();
  }

  #show(): void {
    this.#unmount();
    this.contentEl.empty();
    this.#unmount = mountIn(this.contentEl, Shell, { session: this.#plugin.session, name: this.#name });
  }
}
