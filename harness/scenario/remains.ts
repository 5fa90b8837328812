/** What a removed service has left behind, on any node. */
import type {Machine} from '../machine/index.ts';
import {type Overlay, readBalancerOf} from '../swarm/index.ts';
import type {Service} from './service.ts';

/** Returns one line for each thing that is still there: containers, rows of the kernel's balancer, rules for its ports. */
export async function remainsOf(
	service: Service,
	machines: readonly Machine[],
	network: Overlay,
	virtualAddress: string,
): Promise<string[]> {
	const found = await Promise.all(
		machines.map(async machine => {
			const [containers, balancer, rules] = await Promise.all([
				containersOf(machine, service),
				readBalancerOf(machine, {network: network.id}, virtualAddress),
				rulesFor(machine, service),
			]);
			const rows = balancer?.backends.map(({address}) => `balancer row ${address}`) ?? [];
			return [...containers, ...rows, ...rules].map(what => `${machine.name}: ${what}`);
		}),
	);
	return found.flat();
}

async function containersOf(machine: Machine, {name}: Service): Promise<string[]> {
	const filters = {label: [`com.docker.swarm.service.name=${name}`]};
	const containers = await machine.ask(`list containers of ${name}`, docker =>
		docker.listContainers({all: true, filters}),
	);
	return containers.map(({Names, State}) => `container ${Names[0]} (${State})`);
}

async function rulesFor(machine: Machine, {spec}: Service): Promise<string[]> {
	const ports = (spec.publish ?? []).map(({published}) => published);
	if (ports.length === 0) {
		return [];
	}

	const {stdout} = await machine.exec('iptables -w 10 -t nat -S');
	return ports.filter(port => stdout.includes(`--dport ${port} `)).map(port => `packet filter rule for port ${port}`);
}
