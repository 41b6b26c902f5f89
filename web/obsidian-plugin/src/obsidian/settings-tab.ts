// The settings. Each is declared once: Obsidian 1.13 and later draws and searches the list, earlier ones are given its rows.
import {
  PluginSettingTab,
  SecretComponent,
  Setting,
  type App,
  type SettingDefinitionRender,
  type TextComponent,
} from 'obsidian';
import { addressFrom, isInTheClear, POLL_S, REFRESH_S, type Settings } from '../settings.js';
import type PoolPlugin from './main.js';

/** A setting that draws itself; no part of what is newer than the oldest Obsidian that is supported. */
type Row = Pick<SettingDefinitionRender, 'name' | 'render'> & { desc: string };

export class PoolSettingTab extends PluginSettingTab {
  readonly #plugin: PoolPlugin;

  constructor(app: App, plugin: PoolPlugin) {
    super(app, plugin);
    this.#plugin = plugin;
    this.icon = 'gauge';
  }

  override getSettingDefinitions(): Row[] {
    return [...this.#connection(), ...this.#watching(), ...this.#notes()];
  }

  override display(): void {
    this.containerEl.empty();
    for (const { name, desc, render } of this.getSettingDefinitions()) {
      const setting = new Setting(this.containerEl).setName(name).setDesc(desc);
      (render as (setting: Setting) => void)(setting);
    }
  }

  #connection(): Row[] {
    return [
      {
        name: 'Server address',
        desc: 'Where the pool is reached. Calls go there and nowhere else.',
        render: (setting) => this.#address(setting),
      },
      this.#secret('Admin token', 'For maintainers. Kept in the secret storage of this device.', 'adminSecret'),
      this.#secret('Worker token', 'For contributors. Registering as a worker sets it by itself.', 'workerSecret'),
      {
        name: 'Connection',
        desc: 'Asks the server who it is, and whether it knows the tokens.',
        render: (setting) => {
          setting.addButton((button) =>
            button.setButtonText('Test').onClick(async () => {
              button.setDisabled(true);
              setting.setDesc(await this.#plugin.testConnection());
              button.setDisabled(false);
            }),
          );
        },
      },
    ];
  }

  #watching(): Row[] {
    return [
      this.#toggle(
        'Stream events',
        'Events come the moment they happen where the server allows Obsidian’s origins (OWP_CORS_ORIGINS); else they are asked for.',
        'stream',
      ),
      this.#seconds('Ask for events', 'In seconds, where they are not streamed.', 'pollS', POLL_S),
      this.#seconds('Read numbers anew', 'In seconds. Who is online is told by no event.', 'refreshS', REFRESH_S),
      this.#toggle('Status bar', 'Shows the pool in one line. Phones have no status bar.', 'statusBar'),
      this.#toggle('Notices', 'Tells when a task of yours is sent back, merged or lost.', 'notices'),
    ];
  }

  #notes(): Row[] {
    return [
      {
        name: 'Folder for notes of tasks',
        desc: 'Made when the first note is. Empty for the top of the vault.',
        render: (setting) => {
          setting.addText((text) =>
            whenWhole(text.setValue(this.#plugin.settings.folder), (folder) => this.#keep({ folder })),
          );
        },
      },
    ];
  }

  #address(setting: Setting): void {
    const tell = (address: string | undefined) => {
      const words = !address
        ? 'This is no address: write one such as https://pool.example.org'
        : isInTheClear(address)
          ? 'Tokens would cross the network readable by others: use https: unless this network is your own.'
          : 'Where the pool is reached. Calls go there and nowhere else.';
      setting.setDesc(words);
    };
    setting.addText((text) => {
      text.setPlaceholder('https://pool.example.org').setValue(this.#plugin.settings.address);
      whenWhole(text, async (written) => {
        const address = addressFrom(written);
        tell(address);
        if (address) await this.#keep({ address });
      });
    });
    tell(this.#plugin.settings.address);
  }

  #secret(name: string, desc: string, key: 'adminSecret' | 'workerSecret'): Row {
    return {
      name,
      desc,
      render: (setting) => {
        setting.addComponent((element) =>
          new SecretComponent(this.app, element)
            .setValue(this.#plugin.settings[key])
            .onChange((value) => this.#keep({ [key]: value })),
        );
      },
    };
  }

  #toggle(name: string, desc: string, key: 'stream' | 'statusBar' | 'notices'): Row {
    return {
      name,
      desc,
      render: (setting) => {
        setting.addToggle((toggle) =>
          toggle.setValue(this.#plugin.settings[key]).onChange((value) => this.#keep({ [key]: value })),
        );
      },
    };
  }

  #seconds(name: string, desc: string, key: 'pollS' | 'refreshS', { min, max }: { min: number; max: number }): Row {
    return {
      name,
      desc,
      render: (setting) => {
        setting.addText((text) => {
          text.setValue(String(this.#plugin.settings[key]));
          const { inputEl } = text;
          inputEl.type = 'number';
          [inputEl.min, inputEl.max] = [String(min), String(max)];
          whenWhole(text, async (written) => {
            const seconds = Math.min(max, Math.max(min, Math.round(Number(written)) || min));
            text.setValue(String(seconds));
            await this.#keep({ [key]: seconds });
          });
        });
      },
    };
  }

  async #keep(changed: Partial<Settings>): Promise<void> {
    await this.#plugin.keep(changed);
  }
}

/** What is written is kept when its field is left, not with every key: half an address or half a folder is none. */
function whenWhole(text: TextComponent, keep: (written: string) => Promise<void>): void {
  text.inputEl.addEventListener('change', () => void keep(text.getValue()));
}
