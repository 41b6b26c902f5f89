// The part of Obsidian that the plugin uses, for a page of its own. Each class is held to the real typings by `implements`;
// what it does is what the documentation says of the real one, and no more than the plugin asks for.
export { Component } from './basics.js';
export { FileManager, MetadataCache, TFile, Vault } from './notes.js';
export { ItemView, MarkdownRenderChild, Modal, Notice, Workspace, WorkspaceLeaf } from './panes.js';
export { App, normalizePath, Platform, Plugin, requestUrl } from './program.js';
export { PluginSettingTab, SecretComponent, Setting } from './settings.js';
