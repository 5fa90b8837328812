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
	another('mount', '--mount type=bind,source=/nowhere,target=/x swarmlab/toolbox sleep 1d', 'container-not-made', {
		nodes: ['m1'],
	}),
	another(
		'health',
		"--health-cmd 'exit 1' --health-interval 2s --health-retries 1 swarmlab/toolbox sleep 1d",
		'health-check-fails',
		{nodes: ['m1']},
	),
	another('update', '--replicas 2 swarmlab/toolbox sleep 1d', 'update-paused', {
		// An engine under emulation had not paused it 38 s later: then both slots had tasks that ended at once.
		names: [['update-paused', 'program-ends']],
		what: 'an update of a service, whose new tasks end at once',
		typed: [
			{
				node: 'm1',
				put: "docker service create -d --name another --replicas 2 --update-monitor 30s --update-failure-action pause swarmlab/toolbox sleep 1d; until docker service ls --filter name=another --format '{{.Replicas}}' | grep -q 2/2; do sleep 1; done; docker service update -d --args '/bin/busybox false' another",
				undo: 'docker service rm another',
			},
		],
		nodes: ['m1'],
		wait: 20,
	}),
	...(['drain', 'pause'] as const).map(
		(availability): InjectedCause => ({
			id: `typed-node-${availability}`,
			what: `\`docker node update --availability ${availability}\` for w2`,
			faults: [],
			typed: [
				{
					node: 'm1',
					put: `docker node update --availability ${availability} w2`,
					undo: 'docker node update --availability active w2',
				},
			],
			names: [[availability === 'drain' ? 'node-drained' : 'node-paused']],
			nodes: ['w2'],
			wait: 15,
		}),
	),
	{
		id: 'typed-node-left',
		what: '`docker swarm leave` on w2',
		faults: [],
		typed: [{node: 'w2', put: 'docker swarm leave', undo: ':'}],
		names: [['node-left']],
		nodes: ['w2'],
		wait: 20,
		spoils: true,
	},
	{
		id: 'typed-locked',
		what: 'the swarm locked, and the engine of m1 restarted',
		faults: ['configure-engine --node m1 --with settings={"debug":true}'],
		typed: [{node: 'm1', put: 'docker swarm update --autolock=true > /dev/null', undo: ':'}],
		names: [['swarm-locked']],
		nodes: ['m1'],
		// No manager tells which services use it.
		also: ['module-missing'],
		spoils: true,
	},
];
