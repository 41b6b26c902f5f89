// Parts of views that the dashboard and the Obsidian plugin both show. They are styled by tokens named for their meaning,
// which each of the two defines in its own way.
export { default as Ago } from './Ago.svelte';
export { default as Field } from './Field.svelte';
export { default as Record } from './Record.svelte';
export { default as Reasons } from './Reasons.svelte';
export { default as SlotMeter } from './SlotMeter.svelte';
export { default as StateMark } from './StateMark.svelte';
export { default as TaskFields } from './TaskFields.svelte';
export { default as WorkerFields } from './WorkerFields.svelte';
