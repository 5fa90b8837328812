/** What other rooms import from this room. */
export {type IngressEnds, neighbours, proveReady, untilConnected, untilSettled} from './alive.ts';
export {type Balancer, type BalancerPlace, readBalancerOf} from './balancer.ts';
export {untilConverged} from './convergence.ts';
export {type KernelFeature, kernelFeatures} from './features.ts';
export {type FormedSwarm, formSwarm} from './form.ts';
export {lackingFor} from './kernel.ts';
export {removeLabelled, scenarioLabel} from './labelled.ts';
export {type JoinTokens, join, leave, membership, readTokens, rotateWorkerToken} from './membership.ts';
export {
	createOverlay,
	listNetworks,
	type Overlay,
	type OverlaySpec,
	removeNetworkWhenFree,
} from './network.ts';
export {
	type Availability,
	isEligible,
	listNodes,
	lookForNodes,
	removeNode,
	type SwarmNode,
	setAvailability,
} from './nodes.ts';
export {preflightAll} from './preflight.ts';
export type {ServiceSpec} from './service-spec.ts';
export {
	createService,
	readUpdate,
	removeService,
	scaleService,
	startRollingUpdate,
	virtualAddresses,
	waitRunning,
} from './services.ts';
export {deleteDeadNamespaces, type NodeSight, readSight} from './sight.ts';
export {listTasks, lookForStopped, running, type Task} from './tasks.ts';
