// What Obsidian's reviewers run, over what they look at, and the house's own rules. It runs in this folder, because the
// reviewers' rules read manifest.json where they are started.
import obsidian from 'eslint-plugin-obsidianmd';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

export default defineConfig([
  ...obsidian.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
  },
  {
    files: ['src/**'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      // TypeScript knows better which names exist.
      'no-undef': 'off',
    },
  },
  {
    // Obsidian is known in one folder only, and the dashboard nowhere.
    files: ['src/**'],
    ignores: ['src/obsidian/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['obsidian', '**/obsidian/*', '**/dashboard/**'] }] },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    plugins: { '@typescript-eslint': ts.plugin },
    rules: {
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': 'error',
      // Maps and sets are replaced as a whole here, so that a batch of events is one change.
      'svelte/prefer-svelte-reactivity': 'off',
      // Links lead to the web, and only there.
      'svelte/no-navigation-without-resolve': 'off',
      'max-lines-per-function': 'off',
    },
  },
]);
