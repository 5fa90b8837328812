/** The room's door. */
export {type Execute, type IngressEnds, neighbours, proveReady, untilConnected, untilSettled} from './alive.ts';
export {type Backend, type Balancer, type BalancerPlace, readBalancerOf, readBalancers} from './balancer.ts';
export {type Scope, untilConverged} from './convergence.ts';
export {type FormedSwarm, formSwarm} from './form.ts';
export {removeLabelled, scenarioLabel} from './labelled.ts';
export {type JoinTokens, join, leave, membership, readTokens, rotateWorkerToken} from './membership.ts';
export {
	createOverlay,
	listNetworks,
	type NetworkSeen,
	type Overlay,
	type OverlaySpec,
	removeNetwork,
	removeNetworkWhenFree,
} from './network.ts';
export {type Availability, listNodes, lookForNodes, removeNode, type SwarmNode, setAvailability} from './nodes.ts';
export {preflight} from './preflight.ts';
export type {Mount, Publish, ServiceSpec} from './service-spec.ts';
export {createService, removeService, scaleService, virtualAddresses, waitRunning} from './services.ts';
export {deleteDeadNamespaces, type NodeSight, readSight} from './sight.ts';
export {listTasks, lookForRunning, lookForStopped, running, type Task} from './tasks.ts';
