// A vault in memory, with the properties of its notes.
import type * as Real from 'obsidian';
import { parse, stringify } from 'yaml';
import { Events, type Used } from './basics.js';

export class TFile implements Used<Real.TFile, 'path' | 'name' | 'basename' | 'extension'> {
  constructor(readonly path: string) {}
  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }
  get basename(): string {
    return this.name.replace(/\.md$/, '');
  }
  get extension(): string {
    return this.name.slice(this.name.lastIndexOf('.') + 1);
  }
}

export const asReal = (file: TFile) => file as unknown as Real.TFile;

export class Vault
  extends Events
  implements
    Used<Real.Vault, 'getMarkdownFiles' | 'getFileByPath' | 'getFolderByPath' | 'createFolder' | 'create' | 'read'>
{
  readonly texts = new Map<string, string>();
  readonly folders = new Set<string>();
  readonly #files = new Map<string, TFile>();
  changed: (file: TFile) => void = () => undefined;

  getMarkdownFiles(): Real.TFile[] {
    return [...this.#files.values()].map(asReal);
  }

  getFileByPath(path: string): Real.TFile | null {
    const file = this.#files.get(path);
    return file ? asReal(file) : null;
  }

  getFolderByPath(path: string): Real.TFolder | null {
    return this.folders.has(path) ? ({ path } as Real.TFolder) : null;
  }

  createFolder(path: string): Promise<Real.TFolder> {
    this.folders.add(path);
    return Promise.resolve({ path } as Real.TFolder);
  }

  create(path: string, text: string): Promise<Real.TFile> {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (folder && !this.folders.has(folder)) throw new Error(`no folder ${folder}`);
    if (this.#files.has(path)) throw new Error('File already exists.');
    if (/[\\:*?"<>|#^[\]]/.test(path)) throw new Error(`no name for a file: ${path}`);
    const file = new TFile(path);
    this.#files.set(path, file);
    this.write(file, text);
    return Promise.resolve(asReal(file));
  }

  write(file: TFile, text: string): void {
    this.texts.set(file.path, text);
    this.changed(file);
  }

  read(file: Real.TFile): Promise<string> {
    return Promise.resolve(this.texts.get(file.path) ?? '');
  }
}

export const FRONTMATTER = /^---\n([\s\S]*?)\n---[ \t]*(?:\n|$)/;

export class MetadataCache extends Events implements Used<Real.MetadataCache, 'getFileCache' | 'offref'> {
  constructor(readonly vault: Vault) {
    super();
  }

  getFileCache(file: Real.TFile): Real.CachedMetadata | null {
    const found = FRONTMATTER.exec(this.vault.texts.get(file.path) ?? '');
    return found?.[1] ? { frontmatter: parse(found[1]) as Real.FrontMatterCache } : {};
  }
}

export class FileManager implements Used<Real.FileManager, 'processFrontMatter'> {
  constructor(readonly vault: Vault) {}

  processFrontMatter(file: Real.TFile, change: (frontmatter: Record<string, unknown>) => void): Promise<void> {
    const text = this.vault.texts.get(file.path) ?? '';
    const found = FRONTMATTER.exec(text);
    const properties = (found?.[1] ? parse(found[1]) : {}) as Record<string, unknown>;
    change(properties);
    const rest = text.slice(found?.[0].length ?? 0);
    this.vault.write(file as unknown as TFile, `---\n${stringify(properties)}---\n${rest}`);
    return Promise.resolve();
  }
}
