// Puts a part of the interface into an element of Obsidian's, and takes it out again.
import { mount, unmount, type Component } from 'svelte';

/** Answers with what takes it out. */
export function mountIn<P extends Record<string, unknown>>(
  target: HTMLElement,
  component: Component<P>,
  props: P,
): () => void {
  target.addClass('owp-pool');
  const mounted = mount(component, { target, props });
  return () => void unmount(mounted);
}
