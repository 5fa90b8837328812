/**
 * Every noun of swarmlab as plain JSON data, and what makes two scenarios the same; this room imports nothing.
 * What crosses a process, reaches the record or reaches a report is one of these.
 */
export type * from './assignment.ts';
export type * from './cell.ts';
export type * from './events.ts';
export type * from './handles.ts';
export type * from './results.ts';
export type * from './scenarios.ts';
export {scenarioId} from './scenarios.ts';
