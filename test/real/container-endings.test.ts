/**
 * However and whenever a run ends, and whatever a scenario leaves: the same on every provider, and shown on containers, as their
 * swarms form in seconds.
 */
import {fileURLToPath} from 'node:url';
import type {TestFn} from 'ava';
import type {Event} from '../../harness/model/index.ts';
import {type DockerHost, nothingIsLeftOn, placesOn, startDockerHost} from './docker-host.ts';
import {events, forget, reportsAreValid, runFolder, stageIs, swarmlab, untilEvent} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const options = ['--provider', 'container', '--docker', '28.5', '--no-install', '--workers', '1'];
const waiting = ['run', fixture('waiting'), ...options];

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

const imageIsMade = 'the image of the nodes is made';

const phases: Record<string, (event: Event) => boolean> = {
	[imageIsMade]: event => event.event === 'machine' && event.doing.startsWith('its engine imports the service images'),
	'containers start': event => event.event === 'machine' && event.doing.startsWith('its container starts'),
	'the swarm forms': stageIs('swarm'),
	'a scenario is proven': event => event.event === 'scenario-started',
};

/** An image that a run before has made is not made again. */
async function forgetImages({docker}: DockerHost, phase: string): Promise<void> {
	if (phase !== imageIsMade) {
		return;
	}

	for (const {Id, RepoTags} of await docker.listImages()) {
		if (RepoTags?.some(tag => tag.startsWith('swarmlab/engine:'))) {
			await docker.getImage(Id).remove({force: true});
		}
	}
}

for (const [phase, reached] of Object.entries(phases)) {
	test.serial(`Ctrl-C while ${phase}: exit code 2, reports written, nothing left`, async t => {
		const {host} = t.context;
		await forgetImages(host, phase);
		const places = placesOn(t, host);
		const command = swarmlab(waiting, places);
		await untilEvent(places, command, reached);
		command.kill('SIGINT');
		const {exitCode, all} = await command;
		t.is(exitCode, 2, all);
		t.true(events(places).some(event => event.event === 'run-interrupted'));
		t.true(events(places).some(event => event.event === 'run-finished'));
		reportsAreValid(t, places);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	});

	test.serial(
		`kill -9 while ${phase}: gc finds it by its labels, leaves nothing, and the reports can be made`,
		async t => {
			const {host} = t.context;
			await forgetImages(host, phase);
			const places = placesOn(t, host);
			const command = swarmlab(waiting, places);
			await untilEvent(places, command, reached);
			command.kill('SIGKILL');
			await command;
			const gc = await swarmlab(['gc'], places);
			t.is(gc.exitCode, 0, gc.all);
			await nothingIsLeftOn(t, host, places);
			const report = await swarmlab(['report', runFolder(places)!], places);
			t.is(report.exitCode, 0, report.all);
			reportsAreValid(t, places);
			forget(places);
		},
	);
}

test.serial('a container that is killed is reported, with how it ended', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const command = swarmlab(waiting, places);
	await untilEvent(places, command, event => event.event === 'scenario-started');
	const victim = (await host.docker.listContainers()).find(({Names}) => Names[0]!.endsWith('-w1'))!;
	await host.docker.getContainer(victim.Id).kill();
	await untilEvent(places, command, event => event.event === 'notice' && event.message.includes('w1'));
	command.kill('SIGINT');
	const {exitCode, all} = await command;
	t.is(exitCode, 2, all);
	t.regex(JSON.stringify(events(places)), /w1: its container is exited \(exit code 137\)/);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});

test.serial('a cluster that a scenario changed is replaced, and the scenario is named', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const {exitCode, all} = await swarmlab(['run', fixture('leaving'), ...options], places);
	t.is(exitCode, 0, all);
	const recorded = events(places);
	t.deepEqual(
		recorded.flatMap(event => (event.event === 'result' ? [[event.result.title, event.result.verdict]] : [])),
		[
			['leaves a network behind', 'passed'],
			['finds the cluster as it was', 'passed'],
		],
	);
	t.true(
		recorded.some(
			event => event.event === 'notice' && /leaves a network behind.*network left-behind/.test(event.message),
		),
		'the culprit and what it left are named',
	);
	t.is(recorded.filter(({event}) => event === 'cell-formed').length, 2);
	await nothingIsLeftOn(t, host, places);
	forget(places);
});
