// What the records of a pool are called where people read them, and what follows from them without asking anybody. Pure:
// no view, no clock, no network.
export * from './budget.js';
export * from './figures.js';
export * from './happenings.js';
export * from './needs.js';
export * from './plural.js';
export * from './states.js';
export * from './time.js';
