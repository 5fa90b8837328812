import test from 'ava';
import {HostError} from '../../errors.ts';
import {openDaemon} from '../../machine/daemon.ts';
import {type Cell, type Kernel, type NodeSpec, nodesOf} from '../../model/index.ts';
import {belongsTo, labelsOf, prefixOf, swarmLabel} from './names.ts';
import {checksOf} from './needs.ts';
import {containerProvider} from './provider.ts';
import {troubleOf} from './troubles.ts';

const versions: Pick<NodeSpec, 'kernel' | 'engine'> = {
	kernel: {label: 'host', release: '', source: {type: 'host'}},
	engine: {label: '28.5.2', version: '28.5.2', source: {type: 'tarball', location: '/', sha256: '', suite: 'forky'}},
};
const cell: Cell = {
	id: 'container-khost-d28.5.2-1m2w',
	provider: 'container',
	subject: 'swarm',
	nodes: nodesOf({managers: 1, workers: 2, memory: 1024, cpus: 1}, versions),
};
const onAnother: Kernel = {label: '6.1.9', release: '', source: {type: 'directory', path: '/'}};

const refused: [string, Partial<Cell>, RegExp | undefined][] = [
	['the kernel of the host', {}, undefined],
	['another kernel on one node', {nodes: cell.nodes.with(1, {...cell.nodes[1]!, kernel: onAnother})}, /not on 6\.1\.9/],
	['plain nodes', {plain: true}, /never plain/],
	[
		'a very large swarm',
		{nodes: nodesOf({managers: 7, workers: 194, memory: 512, cpus: 1}, versions)},
		/More than 200/,
	],
];
for (const [what, more, why] of refused) {
	test(`${what}: ${why ? 'skipped' : 'brought up'}`, t => {
		const said = containerProvider.refuse({...cell, ...more});
		t.is(said === undefined, why === undefined, said);
		t.regex(said ?? '', why ?? /^$/);
	});
}

const daemon = {ServerVersion: '28.5.2', KernelVersion: '6.1.0', SecurityOptions: ['name=seccomp,profile=builtin']};
for (const [option, state] of [
	[undefined, 'ok'],
	['name=rootless', 'missing'],
	['name=userns', 'missing'],
] as const) {
	test(`a Docker host ${option ?? 'as it is installed'}: ${state}`, t => {
		const SecurityOptions = [...daemon.SecurityOptions, ...(option ? [option] : [])];
		const [check] = checksOf('unix:///run/docker.sock', {...daemon, SecurityOptions});
		t.is(check?.state, state);
		t.is(check?.remedy !== undefined, state === 'missing');
	});
}

test('a Docker host is named as DOCKER_HOST does, and what cannot be used is reported', t => {
	t.like(openDaemon('unix:///run/docker.sock').modem, {socketPath: '/run/docker.sock'});
	t.like(openDaemon('tcp://10.0.0.2:2375').modem, {host: '10.0.0.2', port: 2375});
	t.like(openDaemon('tcp://[fd00::2]:2375').modem, {host: 'fd00::2', port: 2375});
	for (const url of ['ssh://lab', 'npipe:////./pipe/docker', '/run/docker.sock', '']) {
		t.throws(() => openDaemon(url), {instanceOf: HostError, message: /is no Docker host that can be used/}, url);
	}
});

test('whose a swarm is stands in its label, whole: one lease may begin like another', t => {
	const runtime = '/run/swarmlab/2026-11-26T21-05-53-lg-0-1';
	t.is(labelsOf(runtime)[swarmLabel], '2026-11-26T21-05-53-lg-0-1');
	t.regex(prefixOf(runtime), /^sl-[0-9a-f]{6}-2026-11-26T21-05-53-lg-0-1-$/);
	t.true(belongsTo('2026-11-26T21-05-53-lg-0-1', '2026-11-26T21-05-53-lg'));
	t.true(belongsTo('hand-1', 'hand-1'));
	t.false(belongsTo('2026-11-26T21-05-53-lgx-0-1', '2026-11-26T21-05-53-lg'));
});

const healthy = {Status: 'running', Running: true, Paused: false, OOMKilled: false, ExitCode: 0};
for (const [what, state, reported] of [
	['runs', {}, undefined],
	['is made for an upgrade', {Status: 'created', Running: false}, undefined],
	['is paused', {Paused: true, Status: 'paused'}, 'w1 is paused'],
	['was killed', {Running: false, Status: 'exited', ExitCode: 137}, 'w1: its container is exited (exit code 137)'],
	['ran out of memory', {OOMKilled: true}, 'w1: the kernel has ended a process of it, as its memory was full'],
] as const) {
	test(`a node that ${what}: ${reported ?? 'nothing is reported'}`, t => {
		t.is(troubleOf('w1', {...healthy, ...state}), reported);
	});
}
