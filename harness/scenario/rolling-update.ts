/** A rolling update, watched by what the manager reports while it goes on. */
import {limits} from '../limits.ts';
import {readUpdate, startRollingUpdate} from '../swarm/index.ts';
import type {Service} from './service.ts';
import type {Swarm} from './swarm.ts';

export interface RollingUpdate {
	/** Until the manager reported the update as completed. It then had looked at the last new task for 5 s (swarmkit, `Monitor`). */
	seconds: number;
	/** The fewest tasks that ran at the same time, of all looks at the manager's list. */
	fewestRunning: number;
}

/**
 * Replaces all tasks of a replicated service by new ones, as `docker service update --force` does: one after the other, the old
 * one stops first. Waits until the manager reports the update as completed, and not for convergence: `service.settle()` does.
 * Throws NotProvenError when the update does not complete, at once when the engine has paused it.
 */
export async function rollingUpdate(swarm: Swarm, service: Service): Promise<RollingUpdate> {
	await startRollingUpdate(swarm.manager, service.id);
	let fewestRunning = Number.POSITIVE_INFINITY;
	const {seconds} = await swarm.waitUntil(
		`the update of ${service.name} completes`,
		async () => {
			const tasks = await service.list();
			// Whether it is to stop or not: it answers until it has stopped.
			const count = tasks.filter(({state}) => state === 'running').length;
			fewestRunning = Math.min(fewestRunning, count);
			const {state, message} = await readUpdate(swarm.manager, service.id);
			if (state === 'completed') {
				return {done: true, value: undefined};
			}

			return state.includes('paused')
				? {hopeless: message}
				: {done: false, seen: `${state || 'not begun'}, ${count} tasks running`};
		},
		{limit: limits.serviceRunning, poll: 0.5},
	);
	return {seconds, fewestRunning};
}
