/** Machines that Vagrant brings up with its libvirt provider. Swarms and scenarios are the same. There are no snapshots. */
import fs from 'node:fs';
import path from 'node:path';
import {insecureKey} from '../../../vagrant/insecure-key.ts';
import type {SshAddress} from '../../../vagrant/output.ts';
import {Vagrant} from '../../../vagrant/vagrant.ts';
import {cgroupOf} from '../../artifacts/engines/rootfs.ts';
import {CommandError, MachineError, reasonOf} from '../../errors.ts';
import {proveAccelerator, qemuVersion} from '../../hypervisor/accelerator.ts';
import {limits} from '../../limits.ts';
import {waitForDocker} from '../../machine/docker.ts';
import {connect, consoleTail, Machine} from '../../machine/index.ts';
import {hostKey} from '../../machine/key.ts';
import type {MachineHandle} from '../../model/index.ts';
import type {Station} from '../../network/lan.ts';
import {writeAtomically} from '../../write-atomically.ts';
import {type BringUp, bootFilesOf, type MachinesUp, type Provider} from '../provider.ts';
import {buildBox} from './box.ts';
import {findMachines, removeMachines} from './leftovers.ts';
import {belongsTo, swarmPrefix} from './names.ts';
import {vagrantNeeds} from './needs.ts';
import {type Prepared, prepare} from './prepare.ts';
import {pidOf} from './process.ts';
import {chooseSubnets} from './subnets.ts';
import {findTroubles} from './troubles.ts';
import {type LabMachine, type VagrantfileInput, vagrantfileInput} from './vagrantfile-input.ts';

/** A failed bring-up is tried once more, on other networks. The retry is counted and reported as infrastructure. */
const attempts = 2;

export const vagrantProvider: Provider = {
	needs: vagrantNeeds,

	facts: async () => ({qemu: await qemuVersion()}),

	refuse({plain, nodes}) {
		if (plain) {
			return "A box is made quick when it is built, so Vagrant's machines are never plain; QEMU's are";
		}

		const varied = nodes.find(({variant}) => variant);
		if (varied) {
			return `Vagrant's machines have no variants, so none is ${varied.variant!.id}: choose QEMU's machines or containers`;
		}

		const small = nodes.find(({memory}) => memory < 768);
		if (small) {
			return `Machines of ${small.memory} MiB are too small: a node with an init of its own needs 768 MiB at least`;
		}

		return nodes.length > 200 ? 'More than 200 machines do not fit the address range of one LAN' : undefined;
	},

	// No switch of ours: faults on links are put into the nodes at their ends.
	faults: ['link', 'node', 'machine'],

	async artifacts({engine}, builder) {
		const kernel = await builder.kernel();
		const box = await builder.own(`box ${engine.label}`, async ({packages, builder: machine, report}) =>
			buildBox(engine, packages, machine, insecureKey(), report),
		);
		return {kernel, engine: {disk: box.file, version: box.version, name: box.name, cgroup: cgroupOf(box.version)}};
	},

	async up(request) {
		const prefix = swarmPrefix(request.places.runtime);
		const down = async () => removeMachines(await findMachines(prefix));
		try {
			const {machines, bootSeconds} = await bringUp(request, prefix, down);
			return {
				machines,
				bootSeconds,
				troubles: async () => findTroubles(machines, prefix),
				execOutOfBand: async (name, command, limit = limits.agentCommand) => {
					const handle = machines.find(machine => machine.name === name)!;
					const {exitCode, stdout, stderr} = await new Machine(handle).exec(command, {timeout: limit});
					return {exitCode, output: `${stdout}${stderr}`};
				},
				down,
			};
		} catch (error) {
			await down();
			throw error;
		}
	},

	async leftovers() {
		return (await findMachines()).map(each => ({
			...each,
			isOf: lease => belongsTo(each.name, lease),
			remove: async () => removeMachines([each]),
		}));
	},
};

type Up = Pick<MachinesUp, 'machines' | 'bootSeconds'>;

async function bringUp(request: BringUp, prefix: string, down: () => Promise<string[]>): Promise<Up> {
	for (let attempt = 1; ; attempt++) {
		request.signal.throwIfAborted();
		const lab = await describe(request, prefix);
		try {
			return await bringUpOnce(request, lab, prefix);
		} catch (error) {
			request.signal.throwIfAborted();
			if (attempt === attempts || !(error instanceof CommandError || error instanceof MachineError)) {
				throw error;
			}

			const first = lab.machines[0]!;
			request.log.machineRetried(first.name, reasonOf(error), consoleTail(first.console));
			await down();
			fs.rmSync(vagrantFolder(request), {recursive: true, force: true});
			for (const {console} of lab.machines.filter(each => fs.existsSync(each.console))) {
				fs.renameSync(console, console.replace(/\.log$/, `.attempt-${attempt}.log`));
			}
		}
	}
}

/** Returns Vagrant's folder for these machines. It is removed with their disks. */
function vagrantFolder({places: {disks}}: BringUp): string {
	return path.join(disks, 'vagrant');
}

async function describe(request: BringUp, prefix: string): Promise<VagrantfileInput> {
	const machines: LabMachine[] = [];
	const prepared = new Map<string, Prepared>();
	for (const {station, node, artifacts} of request.machines) {
		const folder = path.join(request.places.folder, 'machines', station.name);
		fs.mkdirSync(folder, {recursive: true});
		// Most machines are made from the same box and kernel.
		const key = `${artifacts.engine.disk} ${bootFilesOf(artifacts).vmlinuz}`;
		const ready = prepared.get(key) ?? (await prepare(request, artifacts));
		prepared.set(key, ready);
		machines.push({
			node,
			console: path.join(folder, 'console.log'),
			...ready,
			oldCgroups: artifacts.engine.cgroup === 'v1',
		});
	}

	return vagrantfileInput({
		machines,
		prefix,
		subnets: await chooseSubnets(),
		accelerator: (await proveAccelerator(bootFilesOf(request.machines[0]!.artifacts))).accelerator,
		publicKey: (await hostKey()).publicKey,
	});
}

async function bringUpOnce(request: BringUp, lab: VagrantfileInput, prefix: string): Promise<Up> {
	const folder = vagrantFolder(request);
	fs.mkdirSync(folder, {recursive: true});
	// The file stays in the run, so that a person can bring up the same machines with it.
	const file = path.join(request.places.folder, 'lab.json');
	writeAtomically(file, `${JSON.stringify(lab, undefined, '\t')}\n`);
	const {signal, log} = request;
	const logFile = path.join(request.places.folder, 'vagrant.log');
	const vagrant = new Vagrant({
		folder,
		lab: file,
		log: logFile,
		ownIndex: true,
		provider: 'libvirt',
		signal,
		onProgress: log.machine,
	});
	const start = performance.now();
	const addresses = await vagrant.up();
	const {identityFile} = await hostKey();
	const machines = await Promise.all(
		request.machines.map(async ({station}) => handleOf(request, station, lab, addresses, prefix, identityFile)),
	);
	const booted = await Promise.all(
		machines.map(async handle => {
			await connect(handle, {signal, limit: 60});
			await waitForDocker({handle}, {signal});
			log.machine(handle.name, 'Docker answers');
			return [handle.name, (performance.now() - start) / 1000] as const;
		}),
	);
	return {machines, bootSeconds: Object.fromEntries(booted)};
}

async function handleOf(
	{places: {runtime}}: BringUp,
	{name, role}: Station,
	lab: VagrantfileInput,
	addresses: Record<string, SshAddress>,
	prefix: string,
	identityFile: string,
): Promise<MachineHandle> {
	const {address, console} = lab.machines.find(machine => machine.name === name)!;
	const ssh = addresses[name];
	if (!ssh) {
		throw new MachineError(name, 'Vagrant did not say where its sshd answers', {consoleTail: consoleTail(console)});
	}

	const pid = pidOf(`${prefix}${name}`);
	return {
		name,
		role,
		address,
		reach: {by: 'ssh', ...ssh, user: 'root', identityFile, controlPath: path.join(runtime, `ssh-${name}`)},
		engine: {socket: path.join(runtime, `docker-${name}.sock`)},
		console,
		pid,
	};
}
