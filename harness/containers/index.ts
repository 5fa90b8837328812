/** `swarmlab/containers`: engines and swarms in containers, for any test runner. docs/containers.md describes it. */
export {EngineContainer, StartedEngineContainer} from './engine-container.ts';
export {StartedSwarm, SwarmContainer, type SwarmContainerNode} from './swarm-container.ts';
