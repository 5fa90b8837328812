/** Faults in nodes and on their links, where the nodes are containers: each bites and is undone, and nothing is left of a killed run. */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {TestFn} from 'ava';
import {execa} from 'execa';
import type {Result} from '../../harness/model/index.ts';
import {type DockerHost, nothingIsLeftOn, startDockerHost} from './docker-host.ts';
import {events, forget, ownPlaces, runFolder, swarmlab, untilEvent} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const engine = ['--provider', 'container', '--docker', '28.5', '--no-install'];

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

/** Rules and cards of the Docker host's own network: faults in nodes must not touch them. */
async function stateOf({inside}: DockerHost): Promise<string> {
	const [command, ...words] = inside;
	const script = "iptables-save | grep -v '^#' | sed 's/\\[[0-9:]*\\]//'; ip -o -4 address; ip route";
	return (await execa(command!, [...words, 'sh', '-c', script])).stdout;
}

test.serial(
	'each fault bites and is undone; what a container cannot have is skipped; a node that was off is replaced',
	async t => {
		const {host} = t.context;
		const places = ownPlaces({DOCKER_HOST: host.url});
		const before = await stateOf(host);
		const {exitCode, all} = await swarmlab(['run', fixture('node-faults'), ...engine, '--workers', '1'], places);
		t.is(exitCode, 0, all);
		const results = events(places).flatMap(each => (each.event === 'result' ? [each.result] : []));
		const resultOf = (word: string): Result => results.find(({title}) => title.includes(word))!;
		t.is(resultOf('bite').verdict, 'passed', all);
		t.is(resultOf('bite').faults!.length, 12);
		t.true(resultOf('bite').faults!.every(({healedAt, shown}) => healedAt !== '' && shown));
		t.is(resultOf('VXLAN').verdict, 'passed', all);
		t.true(resultOf('VXLAN').faults![0]!.dropped! > 0);
		t.is(resultOf('clock').verdict, 'skipped');
		t.regex(
			resultOf('clock').reason!.message,
			/needs faults of clock, disk, memory and modules, which the provider container cannot have/,
		);
		const late = resultOf('late');
		t.true(
			late.verdict === 'passed' || (late.verdict === 'skipped' && /cannot have this fault/.test(late.reason!.message)),
			all,
		);
		t.is(resultOf('without power').verdict, 'passed', all);
		t.is(resultOf('another one').verdict, 'passed', all);
		t.true(
			events(places).some(
				each =>
					each.event === 'notice' && /without power.*changed the cluster \(w1 was booted again\)/.test(each.message),
			),
			'the record says why the swarm is replaced',
		);
		t.is(events(places).filter(({event}) => event === 'cell-formed').length, 2);
		const junit = fs.readFileSync(path.join(runFolder(places)!, 'junit.xml'), 'utf8');
		t.regex(junit, /name="fault 1" value="w1: the MTU of the LAN/);
		t.is(await stateOf(host), before);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	},
);

test.serial('kill -9 of a run while faults are on: gc leaves nothing, on the Docker host neither', async t => {
	const {host} = t.context;
	const places = ownPlaces({DOCKER_HOST: host.url});
	const before = await stateOf(host);
	const command = swarmlab(['run', fixture('node-fault-stays'), ...engine, '--workers', '0'], places);
	await untilEvent(places, command, event => event.event === 'scenario-started');
	const folder = path.join(runFolder(places)!, 'cells');
	const on = () => (fs.existsSync(folder) ? fs.globSync('*/*/faults/n*.json', {cwd: folder}) : []);
	let hasEnded = false;
	command.finally(() => {
		hasEnded = true;
	});
	while (on().length < 3 && !hasEnded) {
		await delay(50);
	}

	t.is(on().length, 3);
	command.kill('SIGKILL');
	await command;
	const gc = await swarmlab(['gc'], places);
	t.is(gc.exitCode, 0, gc.all);
	t.is(await stateOf(host), before);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});
