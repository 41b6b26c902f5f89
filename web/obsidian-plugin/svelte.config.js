import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// Elements are made one by one: Obsidian's reviewers want no innerHTML, and the built plugin then has none at all.
export default { preprocess: vitePreprocess(), compilerOptions: { runes: true, fragments: 'tree' } };
