/** Faults of a Docker host, and a host without QEMU: each is reported with its cause, and nothing is left. */
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {TestFn} from 'ava';
import {execa} from 'execa';
import {HarnessError} from '../../harness/errors.ts';
import {ensureImage} from '../../harness/providers/container/image.ts';
import {makeLan} from '../../harness/providers/container/lan.ts';
import {type DockerHost, nothingIsLeftOn, placesOn, startDockerHost} from './docker-host.ts';
import {events, forget, processesIn, runFolder, swarmlab, untilEvent} from './lab.ts';
import anyTest from './real-test.ts';

const test = anyTest as TestFn<{host: DockerHost}>;
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const engine = ['--provider', 'container', '--docker', '28.5', '--no-install', '--workers', '0'];

test.before(async t => {
	t.context.host = await startDockerHost();
});

test.after.always(async t => {
	await t.context.host?.end();
});

/** PATH with every program of this host except QEMU's. */
function withoutQemu(folder: string): string {
	fs.mkdirSync(folder, {recursive: true});
	const folders = [path.dirname(process.execPath), ...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
	for (const from of folders.filter(each => fs.existsSync(each))) {
		for (const name of fs.readdirSync(from).filter(each => !each.startsWith('qemu'))) {
			if (!fs.existsSync(path.join(folder, name))) {
				fs.symlinkSync(path.join(from, name), path.join(folder, name));
			}
		}
	}

	return folder;
}

test.serial(
	'two runs on one Docker host at once, without QEMU on PATH, and the image is lost: both import it, and pass',
	async t => {
		const {host} = t.context;
		const images = await host.docker.listImages();
		await Promise.all(images.map(async ({Id}) => host.docker.getImage(Id).remove({force: true})));
		const all = [placesOn(t, host), placesOn(t, host)];
		for (const places of all) {
			places.env.PATH = withoutQemu(path.join(places.root, 'programs'));
		}

		const doctor = await swarmlab(['doctor', '--provider', 'container', '--json'], all[0]!);
		t.is(doctor.exitCode, 0, doctor.all);
		t.notRegex(doctor.stdout, /"name": "[^"]*(qemu|accelerator)/i);
		const runs = await Promise.all(all.map(async places => swarmlab(['run', fixture('brief'), ...engine], places)));
		for (const {exitCode, all: said} of runs) {
			t.is(exitCode, 0, said);
		}

		const {KernelVersion, ServerVersion} = await host.docker.info();
		for (const places of all) {
			const started = events(places).find(each => each.event === 'run-started')!;
			t.is(started.host.accelerator, 'none');
			t.is(started.host.facts['docker-host'], `Docker ${ServerVersion} on kernel ${KernelVersion}, at ${host.url}`);
			t.is(started.cells[0]!.nodes[0]!.kernel.release, KernelVersion);
			const junit = fs.readFileSync(path.join(runFolder(places)!, 'junit.xml'), 'utf8');
			t.true(junit.includes(`name="kernel" value="${KernelVersion}"`));
		}

		for (const places of all) {
			await nothingIsLeftOn(t, host, places);
			forget(places);
		}
	},
);

test.serial('a range that another network has is left out, and where all are taken that is said', async t => {
	const {docker} = t.context.host;
	const network = async (name: string, Subnet: string) =>
		docker.createNetwork({Name: name, Driver: 'bridge', IPAM: {Config: [{Subnet}]}});
	const stations = [{name: 'm1', role: 'manager' as const, address: '10.99.0.11', mac: ''}];
	const taken = await network('taken', '10.99.5.0/24');
	const lan = await makeLan(docker, 'own', {labels: {}, stations, start: 4});
	t.is(lan.stations[0]!.address, '10.99.6.11');
	await docker.getNetwork('own').remove();
	await taken.remove();
	const everything = await network('everything', '10.99.0.0/16');
	const error = await t.throwsAsync(makeLan(docker, 'own', {labels: {}, stations}), {
		instanceOf: HarnessError,
		message: /Every range from 10\.99\.1\.0\/24/,
	});
	t.regex((error as HarnessError).remedy ?? '', /swarmlab gc/);
	await everything.remove();
});

test.serial('the disk of the Docker host is full: that is said before the run, and by what fills it', async t => {
	const host = await startDockerHost({dataMib: 200});
	try {
		const places = placesOn(t, host);
		const {exitCode, all} = await swarmlab(['run', fixture('brief'), ...engine], places);
		t.is(exitCode, 69, all);
		t.regex(all, /disk of the Docker host: \d+ MiB/);
		t.regex(all, /Make room in .*docker system df/);
		await execa('truncate', ['-s', '300M', 'file'], {cwd: places.root});
		await execa('tar', ['-cf', 'disk.tar', 'file'], {cwd: places.root});
		const disk = path.join(places.root, 'disk.tar');
		const work = {daemon: {url: host.url}, prefix: 'sl-', labels: {}, onProgress() {}};
		await t.throwsAsync(ensureImage({disk, name: 'large', version: '1'}, work), {
			instanceOf: HarnessError,
			message: /does not take the root filesystem of the nodes: .*no space left on device/,
		});
		await nothingIsLeftOn(t, host, places);
		forget(places);
	} finally {
		await host.end();
	}
});

test.serial(
	'an engine that gives up after an upgrade, with a message of its own: failed, with that message',
	async t => {
		const {host} = t.context;
		const places = placesOn(t, host);
		const {exitCode, all} = await swarmlab(['run', fixture('refusing'), ...engine, '--upgrade', '28.5'], places);
		t.is(exitCode, 1, all);
		const result = events(places).find(each => each.event === 'result')!.result;
		t.is(result.verdict, 'failed', all);
		t.regex(result.reason!.message, /m1 has the engine 28\.5.*the engine has ended: .*volume store metadata database/);
		await nothingIsLeftOn(t, host, places);
		forget(places);
	},
);

test.serial('a Docker host that goes away in the middle: broken, and gc says what it could not reach', async t => {
	const {host} = t.context;
	const places = placesOn(t, host);
	const command = swarmlab(['run', fixture('asking'), ...engine], places);
	await untilEvent(places, command, event => event.event === 'scenario-started');
	await host.crash();
	const {exitCode, all} = await command;
	t.is(exitCode, 2, all);
	const result = events(places).find(each => each.event === 'result')!.result;
	t.is(result.verdict, 'broken');
	t.regex(result.reason!.message, new RegExp(`m1: .*the Docker host ${host.url}`));
	t.true(
		events(places).some(each => each.event === 'leftover' && each.what.includes(host.url)),
		'the record says what may be left',
	);
	const gc = await swarmlab(['gc'], places);
	t.is(gc.exitCode, 2, gc.all);
	t.regex(gc.stdout, new RegExp(`not removed: swarm .*the Docker host ${host.url} does not answer`));
	t.deepEqual(processesIn(places), []);
	forget(places);
});
