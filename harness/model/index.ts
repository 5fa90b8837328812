/**
 * All data types of swarmlab, as plain JSON, the identity of a scenario, and functions about a cell's nodes. Data that
 * crosses a process boundary, or reaches the record or a report, has one of these types. This room imports nothing.
 */
export type * from './assignment.ts';
export type * from './cell.ts';
export type * from './diagnosis.ts';
export type * from './events.ts';
export type * from './evidence.ts';
export type * from './expectations.ts';
export type * from './faults.ts';
export type * from './handles.ts';
export type * from './nightly.ts';
export {countsOf, membersIn, nodeNames, nodesOf, stackOf, uniform} from './nodes.ts';
export type * from './results.ts';
export {busyHost} from './results.ts';
export type * from './scenarios.ts';
export {scenarioId} from './scenarios.ts';
export type * from './variant.ts';
export {noVariant, variantOf} from './variant.ts';
