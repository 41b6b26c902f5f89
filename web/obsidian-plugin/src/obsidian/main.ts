// The plugin as Obsidian loads it: puts the parts together and ends what they began. Everything that is registered here goes
// by itself when the plugin is switched off.
import { Plugin } from 'obsidian';
import '../styles.css';
import type { ViewName } from '../host.js';
import { reason } from '../pool/failures.js';
import { Session } from '../pool/session.svelte.js';
import { DEFAULTS, needsNewSession, settingsFrom, type Settings } from '../settings.js';
import { VIEW_NAMES } from '../views/views.js';
import { addBlock } from './block.js';
import { addCommands } from './commands.js';
import { ObsidianHost } from './host.js';
import { byRequestUrl } from './requests.js';
import { PoolSettingTab } from './settings-tab.js';
import { StatusBar } from './status-bar.js';
import { PoolView, viewType } from './view.js';

/** Where this device remembers that heartbeats are on: another one of the same vault may be left alone. */
const BEATING_KEY = 'owp-pool-heartbeat';

export default class PoolPlugin extends Plugin {
  override settings: Settings = DEFAULTS;
  session!: Session;
  readonly #onSession = new Set<() => void>();
  readonly #statusBar = new StatusBar(this);

  override async onload(): Promise<void> {
    this.settings = settingsFrom(await this.loadData());
    this.session = this.#makeSession();
    for (const name of VIEW_NAMES) this.registerView(viewType(name), (leaf) => new PoolView(leaf, name, this));
    this.addRibbonIcon('gauge', 'Open pool status', () => this.session.host.openView('status', 'new'));
    this.addSettingTab(new PoolSettingTab(this.app, this));
    addCommands(this);
    addBlock(this);
    this.addChild(this.#statusBar);
    this.register(() => this.session.end());
    // Tokens may be changed by hand, in the secret storage itself.
    this.registerEvent(this.app.workspace.on('layout-change', () => this.#followTokens()));
  }

  /** Settings from another device come in while this one runs. */
  override async onExternalSettingsChange(): Promise<void> {
    this.#take(settingsFrom(await this.loadData()));
  }

  /** Keeps changed settings, and begins anew with them where they change what is connected to. */
  async keep(changed: Partial<Settings>): Promise<void> {
    const settings = { ...this.settings, ...changed };
    await this.saveData(settings);
    this.#take(settings);
  }

  #take(settings: Settings): void {
    const anew = needsNewSession(this.settings, settings);
    this.settings = settings;
    if (anew) return this.renew();
    this.session.settings = settings;
    this.#statusBar.show();
    // A secret may have another token under the same name.
    this.#followTokens();
  }

  renew(): void {
    this.session.end();
    this.session = this.#makeSession();
    for (const changed of this.#onSession) changed();
  }

  /** Calls back whenever there is another session; the answer ends that. */
  onSession(changed: () => void): () => void {
    this.#onSession.add(changed);
    return () => this.#onSession.delete(changed);
  }

  /** A secret that somebody named and that is not there is no token. */
  token(name: string): string | null {
    return (name && this.app.secretStorage.getSecret(name)?.trim()) || null;
  }

  /** Asks the server who it is and whether it knows the tokens; answers with words for whoever set them. */
  async testConnection(): Promise<string> {
    const { session } = this;
    try {
      const { name, version } = await session.meet();
      const found = [`${name} ${version} answers`];
      if (session.admin) {
        await session.admin.call('getState', {});
        found.push('the admin token is good');
      }
      if (session.worker) {
        const me = await session.worker.call('getOwnWorker', {});
        found.push(`the worker token is that of ${me.name}`);
      }
      if (!session.admin && !session.worker) found.push('no token is chosen yet');
      return `${found.join('; ')}.`;
    } catch (failure) {
      return reason(failure);
    }
  }

  keepBeating(on: boolean): void {
    this.app.saveLocalStorage(BEATING_KEY, on ? 'on' : null);
  }

  openView(name: ViewName, where: 'here' | 'new'): Promise<void> {
    return PoolView.open(this.app, name, where);
  }

  #makeSession(): Session {
    const { settings } = this;
    return new Session({
      settings,
      adminToken: this.token(settings.adminSecret),
      workerToken: this.token(settings.workerSecret),
      host: new ObsidianHost(this),
      fetch: byRequestUrl,
      stream: settings.stream ? (request) => window.fetch(request) : null,
      beating: this.app.loadLocalStorage(BEATING_KEY) === 'on',
    });
  }

  #followTokens(): void {
    const { admin, worker } = this.session;
    const before = [tokenOf(admin?.credentials), tokenOf(worker?.credentials)];
    const after = [this.token(this.settings.adminSecret), this.token(this.settings.workerSecret)];
    if (before.some((token, index) => token !== after[index])) this.renew();
  }
}

function tokenOf(credentials: { admin: string } | { worker: string } | null | undefined): string | null {
  if (!credentials) return null;
  return 'admin' in credentials ? credentials.admin : credentials.worker;
}
