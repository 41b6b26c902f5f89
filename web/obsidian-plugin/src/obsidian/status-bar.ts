// The pool in one line at the bottom of the window; opens the status when it is clicked. Phones have no such bar.
import { Component, Platform } from 'obsidian';
import StatusLine from '../views/StatusLine.svelte';
import type PoolPlugin from './main.js';
import { mountIn } from './mounting.js';

export class StatusBar extends Component {
  readonly #plugin: PoolPlugin;
  #remove: () => void = () => undefined;

  constructor(plugin: PoolPlugin) {
    super();
    this.#plugin = plugin;
  }

  override onload(): void {
    this.show();
    this.register(this.#plugin.onSession(() => this.show()));
  }

  override onunload(): void {
    this.#remove();
  }

  /** Shows it as the settings are now. */
  show(): void {
    this.#remove();
    this.#remove = () => undefined;
    const { settings, session } = this.#plugin;
    if (Platform.isMobile || !settings.statusBar || !(session.admin ?? session.worker)) return;
    const item = this.#plugin.addStatusBarItem();
    item.addClass('mod-clickable', 'owp-pool-status');
    const unmount = mountIn(item, StatusLine, { session });
    this.#remove = () => {
      unmount();
      item.remove();
    };
  }
}
