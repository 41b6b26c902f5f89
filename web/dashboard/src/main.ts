// Where the dashboard begins: the look, then the page.
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { applyAppearance } from './session/appearance.svelte.js';

applyAppearance();
mount(App, { target: document.getElementById('app') as HTMLElement });
