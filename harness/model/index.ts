/**
 * Every noun of swarmlab as plain JSON data, what makes two scenarios the same, and questions about a cell's nodes; this room imports nothing.
 * What crosses a process, reaches the record or reaches a report is one of these.
 */
export type * from './assignment.ts';
export type * from './cell.ts';
export type * from './events.ts';
export type * from './handles.ts';
export {countsOf, nodesOf, stackOf, uniform} from './nodes.ts';
export type * from './results.ts';
export type * from './scenarios.ts';
export {scenarioId} from './scenarios.ts';
