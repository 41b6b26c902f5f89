// Simulated workers, for demos and for tests of a client. Kept apart, so that who only talks to a pool does not carry it.
export { Demo, demoTasks, removeDemo, DEMO_PACE, DEMO_REPO, DEMO_SKILL } from './demo.js';
export type { DemoOptions } from './demo.js';
export { SimulatedWorker } from './worker.js';
export type { Pace, Persona, SimulatedWorkerOptions } from './worker.js';
