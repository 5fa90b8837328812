/**
 * Reads the kernel's own load balancer table (IPVS) on a node: evidence that does not depend on what clients saw.
 * From 18.06 on there is one table per network and node, in the namespace `lb_<first 9 characters of the network's id>`;
 * before, there is one in each container. The table of the routing mesh is in `ingress_sbox` with all versions.
 * Source: moby, libnetwork/service_linux.go.
 */
import {CommandError} from '../errors.ts';
import type {Machine} from '../machine/index.ts';

/** One real server of one service. */
interface Backend {
	address: string;
	/** With 0 it gets no new connections (graceful removal). */
	weight: number;
	/** Connections that were assigned to it since it was added. */
	connections: number;
}

/** A firewall-mark service with its backends. */
export interface Balancer {
	mark: number;
	scheduler: string;
	backends: Backend[];
}

/** Where an IPVS table is. */
export type BalancerPlace =
	| {network: string}
	| {ingress: true}
	/** The container of this process, for engines before 18.06. */
	| {pid: number};

/** A command that needs a kernel module makes the kernel load it. So a table is read only if its module is loaded already. */
const table = 'if [ -e /proc/net/ip_vs ]; then ipvsadm -Ln; echo --; ipvsadm -Ln --stats --exact; fi';
const mangle =
	'{ grep -qs ^mangle /proc/net/ip_tables_names || readlink -f "$(command -v iptables)" | grep -q nft; } && iptables -w 10 -t mangle -S';

/** Reads the balancer of a virtual address at one place of a node; undefined if the kernel has none. Throws CommandError. */
export async function readBalancerOf(
	machine: Machine,
	place: BalancerPlace,
	virtualAddress: string,
): Promise<Balancer | undefined> {
	const output = await inside(machine, place, `${mangle}; echo --; ${table}`);
	const [rules = '', weights = '', stats = ''] = output.split(/^--$/m);
	const mark = parseMarks(rules).get(virtualAddress);
	return parseBalancers(weights, stats).find(balancer => balancer.mark === mark);
}

/** Reads each virtual address's mark: `-A INPUT -d 10.200.1.2/32 -j MARK --set-xmark 0x100/0xffffffff` (OUTPUT before 18.06). */
export function parseMarks(mangle: string): Map<string, number> {
	const rule = /^-A (?:INPUT|OUTPUT) -d ([\d.]+)\/32 .*-j MARK --set-x?mark (0x[0-9a-f]+)/gm;
	return new Map([...mangle.matchAll(rule)].map(([, address, mark]) => [address!, Number(mark)]));
}

/** Parses the outputs of `ipvsadm -Ln` (weights) and `ipvsadm -Ln --stats --exact` (counters) together. */
export function parseBalancers(table: string, stats: string): Balancer[] {
	const balancers: Balancer[] = [];
	for (const line of table.split('\n')) {
		const service = /^FWM\s+(\d+)\s+(\S+)/.exec(line);
		if (service) {
			balancers.push({mark: Number(service[1]), scheduler: service[2]!, backends: []});
			continue;
		}

		const backend = /^\s+->\s+([\d.]+):\d+\s+\S+\s+(\d+)\s/.exec(`${line} `);
		if (backend) {
			balancers.at(-1)?.backends.push({address: backend[1]!, weight: Number(backend[2]), connections: 0});
		}
	}

	let current: Balancer | undefined;
	for (const line of stats.split('\n')) {
		const service = /^FWM\s+(\d+)\s/.exec(line);
		current = service ? balancers.find(({mark}) => mark === Number(service[1])) : current;
		const backend = /^\s+->\s+([\d.]+):\d+\s+(\d+)\s/.exec(line);
		const known = backend && current?.backends.find(({address}) => address === backend[1]);
		if (known) {
			known.connections = Number(backend[2]);
		}
	}

	return balancers;
}

/**
 * Runs a script in the namespace of a place; empty output without the namespace. Namespaces are files that the engine names;
 * they vanish with the last task of a network on a node.
 */
async function inside(machine: Machine, place: BalancerPlace, script: string): Promise<string> {
	const folder = '/var/run/docker/netns';
	const [test, option] =
		'pid' in place
			? [`-e /proc/${place.pid}/ns/net`, `-t ${place.pid} -n`]
			: namespaceFile(`${folder}/${'ingress' in place ? 'ingress_sbox' : `lb_${place.network.slice(0, 9)}`}`);
	const command = `[ ${test} ] || exit 44; nsenter ${option} -- sh -c '${script}'`;
	const {exitCode, stdout, stderr} = await machine.exec(command);
	if (exitCode === 44) {
		return '';
	}

	if (exitCode !== 0) {
		throw new CommandError(`${machine.name}: the kernel's balancer table could not be read: ${stderr || stdout}`, {
			exitCode,
			output: stderr,
		});
	}

	return stdout;
}

function namespaceFile(file: string): [string, string] {
	return [`-e ${file}`, `--net=${file}`];
}
