// Panes with views and notes in them, and windows above them.
import type * as Real from 'obsidian';
import { Component, element, Events, type Used } from './basics.js';
import { asReal, FRONTMATTER, type TFile } from './notes.js';
import type { App } from './program.js';

export type Creator = (leaf: Real.WorkspaceLeaf) => Real.View;

export class WorkspaceLeaf implements Used<Real.WorkspaceLeaf, 'setViewState' | 'openFile'> {
  readonly containerEl = element('div', 'workspace-leaf');
  view: ItemView | undefined;
  file: TFile | undefined;
  #note: Component | undefined;

  constructor(readonly app: App) {}

  async setViewState({ type }: Real.ViewState): Promise<void> {
    await this.close();
    const creator = this.app.workspace.creators.get(type);
    if (!creator) throw new Error(`no view ${type}`);
    this.view = creator(this as unknown as Real.WorkspaceLeaf) as unknown as ItemView;
    this.containerEl.replaceChildren(this.view.containerEl);
    this.view.load();
    await this.view.onOpen();
    this.app.workspace.changed();
  }

  async openFile(file: Real.TFile): Promise<void> {
    await this.close();
    this.file = file as unknown as TFile;
    this.#note = new Component();
    this.#note.load();
    const shown = element('div', 'markdown-preview-view');
    draw(this.app, this.app.vault.texts.get(file.path) ?? '', shown, this.#note);
    this.containerEl.replaceChildren(shown);
    this.app.workspace.show(this);
  }

  async close(): Promise<void> {
    this.#note?.unload();
    this.#note = undefined;
    this.file = undefined;
    const { view } = this;
    this.view = undefined;
    await view?.onClose();
    view?.unload();
    this.containerEl.replaceChildren();
  }
}

/** A note as it is read: blocks of plugins are drawn by them, everything else stays text. */
function draw(app: App, text: string, target: HTMLElement, owner: Component): void {
  const body = text.replace(FRONTMATTER, '');
  for (const part of body.split(/^(```[\s\S]*?^```)$/m)) {
    const block = /^```(\S*)\n([\s\S]*?)\n?```$/.exec(part);
    const drawBlock = block && app.workspace.blocks.get(block[1] ?? '');
    if (!drawBlock) element('pre', 'text', target).textContent = part;
    else {
      const addChild = (child: Real.MarkdownRenderChild) => owner.addChild(child);
      const context = { addChild } as unknown as Real.MarkdownPostProcessorContext;
      void drawBlock(block[2] ?? '', element('div', 'block-language', target), context);
    }
  }
}

export type BlockDrawer = Parameters<Real.Plugin['registerMarkdownCodeBlockProcessor']>[1];

export class Workspace extends Events {
  readonly creators = new Map<string, Creator>();
  readonly blocks = new Map<string, BlockDrawer>();
  readonly leaves: WorkspaceLeaf[] = [];
  active: WorkspaceLeaf | undefined;

  constructor(
    readonly app: App,
    readonly root: HTMLElement,
  ) {
    super();
  }

  getLeaf(): Real.WorkspaceLeaf {
    const leaf = new WorkspaceLeaf(this.app);
    this.leaves.push(leaf);
    return leaf as unknown as Real.WorkspaceLeaf;
  }

  getLeavesOfType(type: string): Real.WorkspaceLeaf[] {
    return this.leaves.filter(({ view }) => view?.getViewType() === type) as unknown as Real.WorkspaceLeaf[];
  }

  getActiveViewOfType<T>(type: new (...given: never[]) => T): T | null {
    const view: unknown = this.active?.view;
    return view instanceof type ? view : null;
  }

  getActiveFile(): Real.TFile | null {
    return this.active?.file ? asReal(this.active.file) : null;
  }

  revealLeaf(leaf: Real.WorkspaceLeaf): Promise<void> {
    this.show(leaf as unknown as WorkspaceLeaf);
    return Promise.resolve();
  }

  show(leaf: WorkspaceLeaf): void {
    this.active = leaf;
    this.root.replaceChildren(leaf.containerEl);
    this.changed();
  }

  changed(): void {
    this.trigger('layout-change');
  }
}

// What a workspace is asked for has many overloads; the calls that are made are held to these.
null as unknown as Workspace satisfies {
  getLeaf(): ReturnType<Real.Workspace['getLeaf']>;
  getLeavesOfType(type: string): ReturnType<Real.Workspace['getLeavesOfType']>;
  getActiveFile(): ReturnType<Real.Workspace['getActiveFile']>;
  revealLeaf(leaf: Parameters<Real.Workspace['revealLeaf']>[0]): ReturnType<Real.Workspace['revealLeaf']>;
};

export class ItemView extends Component {
  readonly containerEl = element('div', 'workspace-leaf-content');
  readonly contentEl = element('div', 'view-content', this.containerEl);
  icon = '';

  constructor(readonly leaf: Real.WorkspaceLeaf) {
    super();
  }

  getViewType(): string {
    return '';
  }
  onOpen(): Promise<void> {
    return Promise.resolve();
  }
  onClose(): Promise<void> {
    return Promise.resolve();
  }
}

export class MarkdownRenderChild extends Component implements Used<Real.MarkdownRenderChild, 'containerEl'> {
  constructor(readonly containerEl: HTMLElement) {
    super();
  }
}

export class Modal implements Used<Real.Modal, 'open' | 'close' | 'onOpen' | 'onClose' | 'titleEl' | 'contentEl'> {
  readonly containerEl = element('div', 'modal-container');
  readonly modalEl = element('div', 'modal', this.containerEl);
  readonly titleEl = element('div', 'modal-title', this.modalEl);
  readonly contentEl = element('div', 'modal-content', this.modalEl);

  constructor(readonly app: App) {
    this.modalEl.setAttribute('role', 'dialog');
    this.modalEl.setAttribute('aria-modal', 'true');
  }

  setTitle(title: string): this {
    this.titleEl.textContent = title;
    this.modalEl.setAttribute('aria-label', title);
    return this;
  }

  open(): void {
    document.body.append(this.containerEl);
    void this.onOpen();
  }

  close(): void {
    this.containerEl.remove();
    this.onClose();
  }

  onOpen(): Promise<void> | void {}
  onClose(): void {}
}

export class Notice {
  constructor(message: string) {
    element('div', 'notice', document.querySelector('.notice-container') ?? document.body).textContent = message;
  }
}
