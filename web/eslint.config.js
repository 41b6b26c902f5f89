import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
  // What becomes the Obsidian plugin is linted from its own folder, with the rules of Obsidian's reviewers.
  { ignores: ['**/dist/', '**/node_modules/', 'client/src/contract.ts', 'obsidian-plugin/src/'] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      // TypeScript knows better which names exist.
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Maps and sets are replaced as a whole here, so that a batch of events is one change.
      'svelte/prefer-svelte-reactivity': 'off',
      // Links are hashes made by one function, and never given to a router that could resolve them.
      'svelte/no-navigation-without-resolve': 'off',
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['**/test/**', '**/*.mjs'],
    rules: { 'max-lines-per-function': 'off', 'no-console': 'off' },
  },
);
