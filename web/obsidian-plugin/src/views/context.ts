// How parts of a view find the pool that they show, without handing it down through every one of them.
import { createContext } from 'svelte';
import type { Session } from '../pool/session.svelte.js';

export const [poolSession, setPoolSession] = createContext<Session>();
