// The `owp-pool` block: draws a live part of the pool in a note, for as long as the note is shown.
import { MarkdownRenderChild } from 'obsidian';
import { queryFrom } from '../notes/query.js';
import Block from '../views/Block.svelte';
import type PoolPlugin from './main.js';
import { mountIn } from './mounting.js';

export function addBlock(plugin: PoolPlugin): void {
  plugin.registerMarkdownCodeBlockProcessor('owp-pool', (source, element, context) => {
    context.addChild(new PoolBlock(element, source, plugin));
  });
}

class PoolBlock extends MarkdownRenderChild {
  readonly #source: string;
  readonly #plugin: PoolPlugin;
  #unmount: () => void = () => undefined;

  constructor(element: HTMLElement, source: string, plugin: PoolPlugin) {
    super(element);
    this.#source = source;
    this.#plugin = plugin;
  }

  override onload(): void {
    this.#show();
    this.register(this.#plugin.onSession(() => this.#show()));
  }

  override onunload(): void {
    this.#unmount();
  }

  #show(): void {
    this.#unmount();
    this.containerEl.empty();
    this.#unmount = mountIn(this.containerEl, Block, {
      session: this.#plugin.session,
      query: queryFrom(this.#source),
    });
  }
}
