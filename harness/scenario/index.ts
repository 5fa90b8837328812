/** All that a scenario file imports: `import {scenario} from 'swarmlab'`. */

export {type Machine, quoteAll, timed} from '../machine/index.ts';
export type {Engine} from '../model/index.ts';
export * as partitions from '../network/faults/partition.ts';
export type {Overlay, ServiceSpec, SwarmNode, Task} from '../swarm/index.ts';
export {type Answer, Answers, type WhoAmI} from './answers.ts';
export type {Client, Download} from './client.ts';
export type {Clients} from './clients.ts';
export type {Cloud} from './cloud.ts';
export type {GetOptions} from './curl.ts';
export {devstack} from './devstack.ts';
export type {Resolved} from './dig.ts';
export {type Expectation, exercises} from './exercises.ts';
export type {FaultHandle, Where} from './faults.ts';
export {type Fixture, fixture} from './fixture.ts';
export type {Load, LoadResult} from './load.ts';
export type {Needs} from './needs.ts';
export type {NodeFaultHandle, NodeFaultsOf} from './node-faults.ts';
export {type Arrangement, arrangement} from './old-names.ts';
export {remainsOf} from './remains.ts';
export {type RollingUpdate, rollingUpdate} from './rolling-update.ts';
export {scenario} from './scenario.ts';
export {runningNow, type Service} from './service.ts';
export type {Swarm} from './swarm.ts';
export {tempest} from './tempest.ts';
