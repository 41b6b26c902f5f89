// The program itself, and a plugin in it.
import type * as Real from 'obsidian';
import { Component, element, type Used } from './basics.js';
import { FileManager, MetadataCache, Vault } from './notes.js';
import { Workspace, type BlockDrawer, type Creator } from './panes.js';
import type { PluginSettingTab } from './settings.js';

declare global {
  interface Window {
    /** Sends a request past the browser's rules, as Obsidian's own process does. */
    sendPast(request: { url: string; method: string; headers: Record<string, string>; body: string }): Promise<{
      status: number;
      headers: Record<string, string>;
      body: string;
    }>;
  }
}

class SecretStorage implements Used<Real.SecretStorage, 'getSecret' | 'setSecret' | 'listSecrets'> {
  readonly kept = new Map<string, string>();
  getSecret(id: string): string | null {
    return this.kept.get(id) ?? null;
  }
  setSecret(id: string, secret: string): void {
    if (!/^[a-z0-9-]+$/.test(id)) throw new Error(`no name for a secret: ${id}`);
    this.kept.set(id, secret);
  }
  listSecrets(): string[] {
    return [...this.kept.keys()];
  }
}

export class App {
  readonly secretStorage = new SecretStorage();
  readonly vault = new Vault();
  readonly metadataCache = new MetadataCache(this.vault);
  readonly fileManager = new FileManager(this.vault);
  readonly workspace: Workspace;
  readonly local = new Map<string, unknown>();

  constructor(root: HTMLElement) {
    this.workspace = new Workspace(this, root);
    this.vault.changed = (file) => this.metadataCache.trigger('changed', file);
  }
  loadLocalStorage(key: string): unknown {
    return this.local.get(key) ?? null;
  }
  saveLocalStorage(key: string, data: unknown): void {
    if (data === null) this.local.delete(key);
    else this.local.set(key, data);
  }
}

export class Plugin extends Component {
  readonly commands = new Map<string, Real.Command>();
  readonly tabs: PluginSettingTab[] = [];
  data: unknown = null;

  constructor(
    readonly app: App,
    readonly manifest: Real.PluginManifest,
  ) {
    super();
  }
  loadData(): Promise<unknown> {
    return Promise.resolve(structuredClone(this.data));
  }
  saveData(data: unknown): Promise<void> {
    this.data = structuredClone(data);
    return Promise.resolve();
  }
  registerView(type: string, creator: Creator): void {
    this.app.workspace.creators.set(type, creator);
    this.register(() => this.app.workspace.creators.delete(type));
  }
  registerMarkdownCodeBlockProcessor(language: string, draw: BlockDrawer): void {
    this.app.workspace.blocks.set(language, draw);
    this.register(() => this.app.workspace.blocks.delete(language));
  }
  addRibbonIcon(_: string, title: string, callback: () => unknown): HTMLElement {
    const icon = element('button', 'ribbon', document.querySelector('.ribbon-bar') ?? document.body);
    icon.setAttribute('aria-label', title);
    icon.addEventListener('click', () => void callback());
    this.register(() => icon.remove());
    return icon;
  }
  addStatusBarItem(): HTMLElement {
    const item = element('div', 'status-bar-item', document.querySelector('.status-bar') ?? document.body);
    this.register(() => item.remove());
    return item;
  }
  addCommand(command: Real.Command): Real.Command {
    this.commands.set(command.id, command);
    return command;
  }
  addSettingTab(tab: PluginSettingTab): void {
    this.tabs.push(tab);
  }
}

export const Platform = { isMobile: false };

export function normalizePath(path: string): string {
  return path.replaceAll(/\/+/g, '/').replaceAll(/^\/|\/$/g, '') || '/';
}

export async function requestUrl(asked: Real.RequestUrlParam | string): Promise<Real.RequestUrlResponse> {
  const { url, method = 'GET', headers = {}, body = '' } = typeof asked === 'string' ? { url: asked } : asked;
  const sent = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const answer = await window.sendPast({ url, method, headers, body: sent });
  const bytes = Uint8Array.from(atob(answer.body), (char) => char.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  return {
    status: answer.status,
    headers: answer.headers,
    arrayBuffer: bytes.buffer,
    text,
    get json(): unknown {
      return JSON.parse(text);
    },
  };
}
