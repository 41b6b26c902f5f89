// Starts the built plugin in a page, as Obsidian does: evaluates main.js with a `require` that knows `obsidian` only.
import manifest from '../../manifest.json';
import * as obsidian from './obsidian.js';

export interface Start {
  code: string;
  /** What the plugin saved when it ran last. */
  data?: unknown;
  secrets?: Record<string, string>;
  notes?: Record<string, string>;
  mobile?: boolean;
  beating?: boolean;
}

export interface Vault {
  /** Runs a command by its name; answers false where it is not to be had. */
  run(name: string): boolean;
  commands(): { id: string; name: string; hotkeys: number }[];
  open(path: string): Promise<void>;
  texts(): Record<string, string>;
  data(): unknown;
  secrets(): Record<string, string>;
  setSecret(name: string, secret: string): void;
  /** As Obsidian 1.13 and later draw them, or as earlier ones do. */
  showSettings(how?: 'by list' | 'by hand'): void;
  unload(): void;
  /** What is still listened for or shown. */
  left(): { listening: number; statusBar: number; views: number };
}

async function start({ code, data, secrets = {}, notes = {}, mobile = false, beating }: Start): Promise<Vault> {
  obsidian.Platform.isMobile = mobile;
  document.body.classList.toggle('is-mobile', mobile);
  const root = document.querySelector<HTMLElement>('.workspace');
  if (!root) throw new Error('no workspace');
  const app = new obsidian.App(root);
  for (const [name, secret] of Object.entries(secrets)) app.secretStorage.setSecret(name, secret);
  for (const [path, text] of Object.entries(notes)) {
    if (path.includes('/')) app.vault.folders.add(path.slice(0, path.lastIndexOf('/')));
    await app.vault.create(path, text);
  }
  if (beating) app.saveLocalStorage('owp-pool-heartbeat', 'on');
  const require = (name: string) => {
    if (name === 'obsidian') return obsidian;
    throw new Error(`a phone has no ${name}`);
  };
  const module = { exports: {} as { default: new (app: obsidian.App, given: object) => obsidian.Plugin } };
  // The plugin's own code, as Obsidian itself runs it.
  new Function('require', 'module', 'exports', code)(require, module, module.exports);
  const plugin = new module.exports.default(app, manifest);
  plugin.data = data ?? null;
  plugin.load();
  await plugin.loading;
  return vaultOf(app, plugin);
}

function vaultOf(app: obsidian.App, plugin: obsidian.Plugin): Vault {
  return {
    run(name) {
      const command = [...plugin.commands.values()].find((one) => one.name === name);
      if (!command) throw new Error(`no command ${name}`);
      if (!command.checkCallback) {
        void command.callback?.();
        return true;
      }
      if (command.checkCallback(true) !== true) return false;
      void command.checkCallback(false);
      return true;
    },
    commands: () =>
      [...plugin.commands.values()].map(({ id, name, hotkeys }) => ({ id, name, hotkeys: hotkeys?.length ?? 0 })),
    async open(path) {
      const file = app.vault.getFileByPath(path);
      if (!file) throw new Error(`no note ${path}`);
      await (app.workspace.getLeaf() as unknown as obsidian.WorkspaceLeaf).openFile(file);
    },
    texts: () => Object.fromEntries(app.vault.texts),
    data: () => plugin.data,
    secrets: () => Object.fromEntries(app.secretStorage.kept),
    setSecret: (name, secret) => app.secretStorage.setSecret(name, secret),
    showSettings(how = 'by list') {
      for (const tab of plugin.tabs) {
        if (how === 'by hand') tab.display();
        else tab.drawList();
        document.querySelector('.workspace')?.replaceChildren(tab.containerEl);
      }
    },
    unload: () => plugin.unload(),
    left: () => ({
      listening: app.workspace.listening + app.metadataCache.listening,
      statusBar: document.querySelectorAll('.status-bar-item').length,
      views: app.workspace.creators.size + app.workspace.blocks.size,
    }),
  };
}

Object.assign(window, { start });
