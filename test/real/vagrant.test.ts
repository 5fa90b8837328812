/** The main job on machines that Vagrant brings up, and what becomes of them when things go wrong. */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {CellHandle} from '../../harness/model/index.ts';
import type {RunSummary} from '../../harness/record/summary/summarise.ts';
import {events, forget, processesIn, remains, runFolder, swarmlab, untilEvent} from './lab.ts';
import {
	type Libvirt,
	listed,
	machinesAndNetworks,
	obstacleToVagrant,
	startLibvirt,
	swarmlabInside,
	vagrantPlaces,
	virsh,
} from './libvirt.ts';
import test from './real-test.ts';
import {type DeclareTest, testByHand} from './vagrant-by-hand.ts';

/** Where they cannot be run they are counted as skipped, and their titles say why. */
const obstacle = obstacleToVagrant();
const vagrantTest: DeclareTest = (title, body) =>
	obstacle ? test.serial.skip(`${title} (${obstacle})`, body) : test.serial(title, body);

let libvirt: Libvirt;

test.before(async () => {
	if (obstacle) {
		return;
	}

	// The mirror is out of reach from where the machines are: whatever comes from it is built before.
	const places = vagrantPlaces();
	const {exitCode, all} = await swarmlab(['box', 'build'], places);
	forget(places);
	if (exitCode !== 0) {
		throw new Error(`The box could not be built: ${all}`);
	}

	libvirt = await startLibvirt();
});

test.after.always(async () => {
	await libvirt?.stop();
});

vagrantTest('doctor finds all that Vagrant needs here', async t => {
	const places = vagrantPlaces();
	const {exitCode, all} = await swarmlabInside(libvirt, ['doctor', '--provider', 'vagrant'], places);
	t.is(exitCode, 0, all);
	t.regex(all!, /ok\s+libvirtd answers/);
	t.regex(all!, /ok\s+vagrant-libvirt/);
	forget(places);
});

/** Every scenario is proven on machines of QEMU or on containers: on slower machines one shows the way from a run to JUnit. */
vagrantTest('a scenario is proven on machines of Vagrant, JUnit says so, and nothing stays', async t => {
	const places = vagrantPlaces();
	const {exitCode, all} = await swarmlabInside(
		libvirt,
		['run', 'scenarios/formation.ts', '--provider', 'vagrant', '--workers', '1'],
		places,
	);
	const folder = runFolder(places)!;
	const summary = JSON.parse(fs.readFileSync(path.join(folder, 'summary.json'), 'utf8')) as RunSummary;
	const [cell] = summary.cells;
	t.regex(cell!.cell.id, /^vagrant-k.*-1m1w$/);
	// Claims about three nodes say that they need them; every other one must hold.
	t.deepEqual(
		cell!.cases
			.filter(({verdict}) => !['passed', 'skipped'].includes(verdict))
			.map(({title, reason}) => [title, reason]),
		[],
	);
	t.is(exitCode, 0, all?.split('\n').slice(-40).join('\n'));
	t.is(summary.counts.passed, 2, 'the cell came up, and the claim holds');
	t.regex(fs.readFileSync(path.join(folder, 'junit.xml'), 'utf8'), /<testsuite [^>]*name="vagrant-k/);
	for (const machine of ['m1', 'w1']) {
		const console = path.join(folder, 'cells', cell!.cell.id, 'swarm-1/machines', machine, 'console.log');
		t.regex(fs.readFileSync(console, 'utf8'), /Linux version/);
	}

	t.log(events(places).filter(({event}) => event === 'cell-measured'));
	t.deepEqual(await machinesAndNetworks(), []);
	t.deepEqual(processesIn(places), []);
	t.deepEqual(remains(places), []);
	forget(places);
});

vagrantTest(
	'of two labs at once one is interrupted, of the other a machine is killed: nothing is left of either',
	async t => {
		const [places, others] = [vagrantPlaces(), vagrantPlaces()];
		const run = swarmlabInside(
			libvirt,
			['run', 'scenarios/formation.ts', '--provider', 'vagrant', '--workers', '0'],
			places,
		);
		const bringUp = swarmlabInside(libvirt, ['up', '--provider', 'vagrant', '--workers', '0', '--json'], others);
		await untilEvent(places, run, event => event.event === 'machine' && /Starting domain/.test(event.doing));
		run.kill('SIGINT');
		t.is((await run).exitCode, 2);
		const interrupted = path.basename(runFolder(places)!);
		t.deepEqual(
			events(places).filter(({event}) => event === 'leftover'),
			[],
		);
		t.deepEqual(
			(await machinesAndNetworks()).filter(name => name.includes(interrupted)),
			[],
		);
		forget(places);

		const up = await bringUp;
		t.is(up.exitCode, 0, up.all);
		const {machines} = JSON.parse(up.stdout) as CellHandle;
		t.is((await listed('list', '--name')).length, 1, 'the other lab is all that is up');
		const said = await swarmlabInside(libvirt, ['exec', 'm1', '--', 'docker', 'node', 'ls'], others);
		t.regex(said.stdout, /m1\s+Ready\s+Active\s+Leader/);
		process.kill(machines[0]!.pid!, 'SIGKILL');
		for (let tries = 0; tries < 3000 && (await listed('list', '--name')).length > 0; tries++) {
			await delay(100);
		}

		t.deepEqual(await listed('list', '--name'), []);
		const down = await swarmlabInside(libvirt, ['down'], others);
		t.is(down.exitCode, 0, down.all);
		t.deepEqual(await machinesAndNetworks(), []);
		forget(others);
	},
);

vagrantTest('gc finds machines and networks of which nothing else is left', async t => {
	const places = vagrantPlaces();
	const {createHash} = await import('node:crypto');
	const own = createHash('sha256').update(places.env.SWARMLAB_STATE!).digest('hex').slice(0, 6);
	const name = `sl-${own}-lost-m1`;
	const file = path.join(places.root, 'domain.xml');
	fs.writeFileSync(
		file,
		`<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><os><type arch='x86_64'>hvm</type></os></domain>`,
	);
	t.is((await virsh('define', file)).exitCode, 0);
	t.is((await virsh('start', name)).exitCode, 0);
	fs.writeFileSync(
		file,
		`<network><name>sl-${own}-lost-lan</name><ip address='10.97.1.1' netmask='255.255.255.0'/></network>`,
	);
	t.is((await virsh('net-define', file)).exitCode, 0);
	// Another user's machine, or one of a run whose state lies elsewhere.
	fs.writeFileSync(
		file,
		`<domain type='qemu'><name>sl-aaaaaa-other-m1</name><memory unit='MiB'>64</memory><os><type arch='x86_64'>hvm</type></os></domain>`,
	);
	t.is((await virsh('define', file)).exitCode, 0);

	const dry = await swarmlabInside(libvirt, ['gc', '--dry-run'], places);
	t.regex(dry.stdout, new RegExp(`would remove .*machine ${name}, network sl-${own}-lost-lan`));
	t.true((await listed('list', '--all', '--name')).includes(name));
	const {exitCode, all} = await swarmlabInside(libvirt, ['gc'], places);
	t.is(exitCode, 0, all);
	t.deepEqual(await machinesAndNetworks(), ['sl-aaaaaa-other-m1']);
	await virsh('undefine', 'sl-aaaaaa-other-m1');
	forget(places);
});

testByHand(vagrantTest, () => libvirt);
