// A window with one form in it.
import { Modal } from 'obsidian';
import { FORMS, type FormName, type FormProps } from '../forms/forms.js';
import Form from '../forms/Form.svelte';
import type PoolPlugin from './main.js';
import { mountIn } from './mounting.js';

export class FormModal<N extends FormName> extends Modal {
  readonly #plugin: PoolPlugin;
  readonly #name: N;
  readonly #props: FormProps[N];
  #unmount: () => void = () => undefined;

  constructor(plugin: PoolPlugin, name: N, props: FormProps[N]) {
    super(plugin.app);
    this.#plugin = plugin;
    this.#name = name;
    this.#props = props;
    this.setTitle(FORMS[name].title(props));
  }

  override onOpen(): void {
    const { component } = FORMS[this.#name];
    const props = { ...this.#props, close: () => this.close() };
    this.#unmount = mountIn(this.contentEl, Form, { session: this.#plugin.session, component, props } as never);
  }

  override onClose(): void {
    this.#unmount();
    this.contentEl.empty();
  }
}
