// The settings, as rows with a control each.
import type * as Real from 'obsidian';
import { element, type Used } from './basics.js';
import type { App } from './program.js';

class Control<T> {
  change: (value: T) => unknown = () => undefined;
  onChange(callback: (value: T) => unknown): this {
    this.change = callback;
    return this;
  }
}

class Text extends Control<string> {
  readonly inputEl: HTMLInputElement;
  constructor(parent: HTMLElement, label: string) {
    super();
    this.inputEl = element('input', '', parent);
    this.inputEl.type = 'text';
    this.inputEl.setAttribute('aria-label', label);
    this.inputEl.addEventListener('input', () => this.change(this.inputEl.value));
  }
  getValue(): string {
    return this.inputEl.value;
  }
  setValue(value: string): this {
    this.inputEl.value = value;
    return this;
  }
  setPlaceholder(words: string): this {
    this.inputEl.placeholder = words;
    return this;
  }
}

class Toggle extends Control<boolean> {
  readonly #box: HTMLInputElement;
  constructor(parent: HTMLElement, label: string) {
    super();
    this.#box = element('input', 'checkbox', parent);
    this.#box.type = 'checkbox';
    this.#box.setAttribute('aria-label', label);
    this.#box.addEventListener('change', () => this.change(this.#box.checked));
  }
  setValue(on: boolean): this {
    this.#box.checked = on;
    return this;
  }
}

class Button {
  readonly buttonEl: HTMLButtonElement;
  constructor(parent: HTMLElement) {
    this.buttonEl = element('button', '', parent);
  }
  setButtonText(words: string): this {
    this.buttonEl.textContent = words;
    return this;
  }
  setDisabled(disabled: boolean): this {
    this.buttonEl.disabled = disabled;
    return this;
  }
  onClick(callback: () => unknown): this {
    this.buttonEl.addEventListener('click', () => void callback());
    return this;
  }
}

export class SecretComponent extends Control<string> {
  readonly #select: HTMLSelectElement;
  constructor(app: App, parent: HTMLElement) {
    super();
    this.#select = element('select', 'dropdown', parent);
    this.#select.setAttribute('aria-label', parent.dataset['label'] ?? '');
    for (const name of ['', ...app.secretStorage.listSecrets()]) this.#select.append(new Option(name));
    this.#select.addEventListener('change', () => this.change(this.#select.value));
  }
  setValue(name: string): this {
    this.#select.value = name;
    return this;
  }
}

export class Setting {
  readonly settingEl: HTMLElement;
  readonly #name: HTMLElement;
  readonly #desc: HTMLElement;
  readonly controlEl: HTMLElement;

  constructor(container: HTMLElement) {
    this.settingEl = element('div', 'setting-item', container);
    const info = element('div', 'setting-item-info', this.settingEl);
    this.#name = element('div', 'setting-item-name', info);
    this.#desc = element('div', 'setting-item-description', info);
    this.controlEl = element('div', 'setting-item-control', this.settingEl);
  }
  setName(name: string): this {
    this.#name.textContent = name;
    this.controlEl.dataset['label'] = name;
    return this;
  }
  setDesc(words: string): this {
    this.#desc.textContent = words;
    return this;
  }
  addText(build: (text: Text) => unknown): this {
    build(new Text(this.controlEl, this.#name.textContent ?? ''));
    return this;
  }
  addToggle(build: (toggle: Toggle) => unknown): this {
    build(new Toggle(this.controlEl, this.#name.textContent ?? ''));
    return this;
  }
  addButton(build: (button: Button) => unknown): this {
    build(new Button(this.controlEl));
    return this;
  }
  addComponent(build: (container: HTMLElement) => unknown): this {
    build(this.controlEl);
    return this;
  }
}

/** One row of a declared list, as far as the plugin uses them. */
type Row = Used<Real.SettingDefinitionRender, 'name' | 'desc' | 'render'>;

export class PluginSettingTab implements Used<Real.PluginSettingTab, 'containerEl' | 'icon' | 'display'> {
  readonly containerEl = element('div', 'vertical-tab-content');
  icon = '';
  constructor(readonly app: App) {}
  display(): void {}
  getSettingDefinitions(): Row[] {
    return [];
  }
  drawList(): void {
    this.containerEl.replaceChildren();
    for (const { name, desc, render } of this.getSettingDefinitions()) {
      const setting = new Setting(this.containerEl).setName(name).setDesc(typeof desc === 'string' ? desc : '');
      render(setting as unknown as Real.Setting, undefined as unknown as Real.SettingGroup);
    }
  }
}
