/** Causes that are in a service: one more is created on m1, and removed again. Swarm does what it was asked for. */
import type {InjectedCause} from './diagnosis-cause.ts';

const another = (id: string, options: string, name: string, more: Partial<InjectedCause> = {}): InjectedCause => ({
	id: `typed-service-${id}`,
	what: `\`docker service create ${options}\``,
	faults: [],
	typed: [{node: 'm1', put: `docker service create -d --name another ${options}`, undo: 'docker service rm another'}],
	names: [[name]],
	// Until its tasks run, or have ended twice.
	wait: 15,
	...more,
});

export const ofServices: InjectedCause[] = [
	// Containers publish no port, as the kernel of a Docker host need not have ip_vs.
	another('port-closed', '--mode global -p 8090:81 swarmlab/web', 'target-port-closed', {
		only: 'qemu',
		nodes: ['m1', 'w1', 'w2'],
	}),
	another('image', 'swarmlab/nowhere', 'image-not-there', {nodes: ['m1']}),
	another('constraint', '--constraint node.labels.x==1 swarmlab/web', 'no-node-fits', {nodes: ['m1']}),
	another('ends', '--restart-delay 1s swarmlab/toolbox /bin/busybox false', 'program-ends', {nodes: ['m1']}),
];
