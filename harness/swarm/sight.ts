/**
 * Reads what one node has of the swarm's networks, with one command on the node: the kernel's balancers, the forwarding
 * entries of each overlay, the packet filter's rules and listening sockets of published ports, and the names that the
 * engine's name server resolves for a container. Reading changes nothing.
 */
import type {Machine} from '../machine/index.ts';

/** One IPVS table: of the ingress network, or of one overlay on one node. */
interface BalancerSight {
	/** Addresses with a weight above 0, by firewall mark. */
	backends: Map<number, string[]>;
	/** Firewall marks by virtual address. */
	marksByAddress: Map<string, number>;
	/** Firewall marks by published port (`tcp 8080`); only the ingress network has any. */
	marksByPort: Map<string, number>;
	/** Address of the node's own endpoint on the network, from which balanced connections come. */
	end: string | undefined;
}

/** What a node has of one overlay. */
interface OverlaySight {
	/** Addresses on other nodes that have both a neighbour row and a forwarding row for their hardware address. */
	forwarded: Set<string>;
}

export interface NodeSight {
	/** By the network id that the engine shortens to 9 characters, or `ingress`. */
	balancers: Map<string, BalancerSight>;
	/** By the network id that the engine shortens to 10 characters. */
	overlays: Map<string, OverlaySight>;
	/** Ports with a rule of the routing mesh on the node itself: `tcp 8080`. */
	meshRules: Set<string>;
	/** Ports with a rule that leads to a container of this node. */
	hostRules: Set<string>;
	/** Ports on which a socket of the node listens. */
	listening: Set<string>;
	/** Answers of the engine's name server in a container, by network id and name. */
	names: Map<string, Map<string, string[]>>;
	/** Files of namespaces that are gone: `lb_kiw9vmczg`, `*-kiw9vmczga`. The engine deletes them up to a minute later. */
	dead: Set<string>;
}

/** The names to resolve on a network, in the container of this process. */
export interface NameQuestion {
	network: string;
	pid: number;
	names: readonly string[];
}

/**
 * Listing a table of the legacy packet filter makes the kernel load it, so only loaded tables are listed. A file without a
 * namespace behind it is skipped. Namespace files: moby libnetwork/service_linux.go, osl/namespace_linux.go.
 */
const script = `
for program in nsenter iptables ip bridge; do command -v $program > /dev/null || { echo "$program: not found" >&2; exit 127; }; done
cd /var/run/docker/netns 2>/dev/null || exit 0
case $(readlink -f "$(command -v iptables)") in *nft*) ;; *) export LEGACY=1 ;; esac
inside='cat /proc/net/ip_vs; { [ -z "$LEGACY" ] || grep -q ^mangle /proc/net/ip_tables_names; } && iptables -w 10 -t mangle -S; ip -4 -o address show'
balancer() { echo "@@ balancer $1"; nsenter --net=$2 -- sh -c "$inside"; }
for n in lb_*; do [ -e "$n" ] && balancer "\${n#lb_}" "$n"; done
[ -e ingress_sbox ] && balancer ingress ingress_sbox
for n in [0-9]*-*; do
	[ -e "$n" ] && echo "@@ overlay \${n#*-}" && nsenter --net=$n -- sh -c 'ip neigh show dev vxlan0; bridge fdb show dev vxlan0'
done
echo '@@ rules'; iptables -w 10 -t nat -S
echo '@@ sockets tcp'; cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
echo '@@ sockets udp'; cat /proc/net/udp /proc/net/udp6 2>/dev/null
true
`;

/** Returns the command that reads a node. A part that meets a namespace that is gone reports it on standard error. */
export function sightCommand(questions: readonly NameQuestion[] = []): string {
	const asking = questions
		.filter(({names}) => names.length > 0)
		.map(({network, pid, names}) => {
			const wanted = names.map(name => `'${name}.' A`).join(' ');
			return `echo '@@ names ${network}'; nsenter -t ${pid} -n -- dig @127.0.0.11 +noall +answer +time=3 +tries=1 +nosearch ${wanted}`;
		});
	// A user's own box may lack dig. Without this check, a missing dig would look like an unknown name.
	const needed = asking.length > 0 ? ['command -v dig > /dev/null || { echo "dig: not found" >&2; exit 127; }'] : [];
	return [...needed, ...asking, script].join('\n');
}

/** Reads a node. Throws MachineError, or CommandError when the node lacks a program that the command needs. */
export async function readSight(machine: Machine, questions: readonly NameQuestion[] = []): Promise<NodeSight> {
	return parseSight(await machine.run(sightCommand(questions)));
}

/**
 * Deletes the files of namespaces that are gone, if the engine does not know their network any more. The engine would do that
 * itself within a minute. Until then, a reader of `/var/run/docker/netns/lb_*` finds files that nsenter refuses.
 */
export async function deleteDeadNamespaces(
	machine: Machine,
	{dead}: Pick<NodeSight, 'dead'>,
	networks: readonly string[],
): Promise<void> {
	const known = networks.flatMap(id => [`lb_${id.slice(0, 9)}`, `*-${id.slice(0, 10)}`]);
	const files = [...dead].filter(file => !known.includes(file));
	if (files.length > 0) {
		await machine.exec(`cd /var/run/docker/netns && rm -f ${files.join(' ')}`);
	}
}

/** Parses the output of the script. Pure. */
export function parseSight(output: string): NodeSight {
	const sight: NodeSight = {
		balancers: new Map(),
		overlays: new Map(),
		meshRules: new Set(),
		hostRules: new Set(),
		listening: new Set(),
		names: new Map(),
		dead: new Set(),
	};
	for (const part of output.split(/^@@ /m).slice(1)) {
		const [head = '', ...lines] = part.split('\n');
		const [kind = '', key = ''] = head.trim().split(' ');
		readers[kind]?.(sight, key, lines);
	}

	return sight;
}

const readers: Record<string, (sight: NodeSight, key: string, lines: readonly string[]) => void> = {
	balancer(sight, key, lines) {
		if (isEmpty(lines)) {
			sight.dead.add(`lb_${key}`);
		} else {
			sight.balancers.set(key, readBalancer(lines));
		}
	},
	overlay(sight, key, lines) {
		if (isEmpty(lines)) {
			sight.dead.add(`*-${key}`);
		} else {
			sight.overlays.set(key, {forwarded: readForwarded(lines)});
		}
	},
	rules(sight, _, lines) {
		for (const line of lines) {
			const [, chain, protocol, port] = /^-A (\S+) .*-p (tcp|udp|sctp) .*--dport (\d+) .*-j DNAT/.exec(line) ?? [];
			if (port) {
				(chain === 'DOCKER-INGRESS' ? sight.meshRules : sight.hostRules).add(`${protocol} ${port}`);
			}
		}
	},
	sockets(sight, protocol, lines) {
		for (const line of lines) {
			// TCP 0A is LISTEN; a UDP socket that waits is 07 (include/net/tcp_states.h).
			const [, port, state] = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? [];
			if (port && state === (protocol === 'tcp' ? '0A' : '07')) {
				sight.listening.add(`${protocol} ${Number.parseInt(port, 16)}`);
			}
		}
	},
	names(sight, network, lines) {
		const answers = new Map<string, string[]>();
		for (const line of lines) {
			const [, name, address] = /^(\S+)\.\s+\d+\s+IN\s+A\s+(\S+)$/.exec(line) ?? [];
			if (name && address) {
				answers.set(name, [...(answers.get(name) ?? []), address]);
			}
		}

		sight.names.set(network, answers);
	},
};

/** Whether nothing was read: the namespace behind the file is gone (moby libnetwork/osl: Destroy, removeUnusedPaths). */
function isEmpty(lines: readonly string[]): boolean {
	return lines.every(line => line === '');
}

function readBalancer(lines: readonly string[]): BalancerSight {
	const sight: BalancerSight = {backends: new Map(), marksByAddress: new Map(), marksByPort: new Map(), end: undefined};
	let rows: string[] | undefined;
	for (const line of lines) {
		const mark = /^FWM\s+([0-9A-F]+)\s/.exec(line)?.[1];
		if (mark) {
			rows = [];
			sight.backends.set(Number.parseInt(mark, 16), rows);
			continue;
		}

		const [, address, weight] = /^\s+->\s+([0-9A-F]{8}):[0-9A-F]{4}\s+\S+\s+(\d+)\s/.exec(line) ?? [];
		if (address && Number(weight) > 0) {
			rows?.push(dotted(address));
		}

		const [, rest, set] = /^-A \S+ (.*)-j MARK --set-x?mark (0x[0-9a-f]+)/.exec(line) ?? [];
		const [, protocol, port] = /-p (tcp|udp|sctp) .*--dport (\d+)/.exec(rest ?? '') ?? [];
		const virtual = /-d ([\d.]+)\/32/.exec(rest ?? '')?.[1];
		if (set && port) {
			sight.marksByPort.set(`${protocol} ${port}`, Number(set));
		} else if (set && virtual) {
			sight.marksByAddress.set(virtual, Number(set));
		}

		// Virtual addresses are added with /32; the first other address is that of the node's own endpoint.
		const own = /\beth\d+\s+inet ([\d.]+)\/(?!32\b)\d+/.exec(line)?.[1];
		sight.end ??= own;
	}

	return sight;
}

/** `0AC80106` is 10.200.1.6. */
function dotted(hex: string): string {
	return (hex.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16)).join('.');
}

function readForwarded(lines: readonly string[]): Set<string> {
	const known = new Set<string>();
	for (const line of lines) {
		const hardware = /^([0-9a-f:]{17}) .*\bdst \S+/.exec(line)?.[1];
		if (hardware) {
			known.add(hardware);
		}
	}

	const neighbours = lines.flatMap(line => {
		const [, address, hardware] = /^([\d.]+) .*lladdr ([0-9a-f:]{17})/.exec(line) ?? [];
		return address && known.has(hardware!) ? [address] : [];
	});
	return new Set(neighbours);
}
