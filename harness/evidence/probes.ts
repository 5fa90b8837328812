/**
 * The table of probes that run when a scenario did not pass. A probe collects output and does not judge it. No probe changes
 * what it reads or makes the kernel load a module, because the next scenario may run on the same machines.
 */
import {nsenter, quoteAll} from '../machine/index.ts';
import {sockets, socketsOfProcesses} from './sockets.ts';

/** Where a probe runs. */
type Place =
	/** The machine itself. */
	| 'node'
	/** The machine of one manager, once for the whole swarm. */
	| 'manager'
	/** Each network namespace of the engine whose name begins with `lb_` (balancers), `1-` (overlays) or `ingress_sbox`. */
	| {namespaces: 'lb_' | 'overlay' | 'ingress'}
	/** Each running container's network namespace. */
	| 'containers';

export interface Probe {
	/** Name of the file for the output, without `.txt`. */
	name: string;
	place: Place;
	/** Command for `sh -c`. */
	command: string;
}

/**
 * `ipvsadm` and `nft` load their part of the kernel if it is not loaded yet (`modprobe ip_vs`, the netlink family of
 * nf_tables). If the engine has not loaded it, they would show nothing anyway.
 */
const balancerTable = 'if [ -e /proc/net/ip_vs ]; then ipvsadm -Ln --stats --exact; ipvsadm -Ln; ipvsadm -Lnc; fi';
const ifLoaded = (module: string, command: string) =>
	`if [ -e /sys/module/${module} ] || ! grep -q /${module}.ko /lib/modules/$(uname -r)/modules.dep; then ${command}; fi`;

/**
 * Prints every existing table. It names no table: for the name of a missing table, the kernel would load the legacy table and
 * set it up in the namespace, and an old iptables on nf_tables would create it.
 */
const packetFilter = `if readlink -f "$(command -v iptables)" | grep -q nft; then ${ifLoaded('nf_tables', 'iptables-save -c')}; else iptables-save -c; fi`;

/** The probes of a swarm: the control plane, the engine, logs, the kernel, the underlay, balancers, overlays, containers. */
export const probes: Probe[] = [
	{name: 'nodes', place: 'manager', command: 'docker node ls'},
	{
		name: 'services',
		place: 'manager',
		command:
			'docker service ls; for s in $(docker service ls -q); do docker service ps --no-trunc "$s"; docker service inspect "$s"; done',
	},
	{name: 'docker-info', place: 'node', command: 'docker version; docker info'},
	{name: 'containers', place: 'node', command: 'docker ps -a --no-trunc'},
	{
		name: 'networks',
		place: 'node',
		command:
			'docker network ls; for n in $(docker network ls -q --filter scope=swarm); do docker network inspect -v "$n"; done',
	},
	{name: 'dockerd-log', place: 'node', command: 'tail -n 2000 /var/log/dockerd.log'},
	{name: 'containerd-log', place: 'node', command: 'tail -n 500 /var/log/containerd.log'},
	{name: 'kernel-log', place: 'node', command: 'dmesg | tail -n 500'},
	{name: 'modules', place: 'node', command: 'uname -a; lsmod'},
	{name: 'addresses', place: 'node', command: 'ip -d -s address; ip route; ip neigh'},
	{name: 'sockets', place: 'node', command: socketsOfProcesses},
	{
		name: 'packet-filter',
		place: 'node',
		command: `${packetFilter}; echo "== legacy"; iptables-legacy-save 2>/dev/null | wc -l; ${ifLoaded('nf_tables', 'echo "== nft"; iptables-nft-save 2>/dev/null | wc -l; nft list ruleset')}`,
	},
	{
		name: 'counters',
		place: 'node',
		command: 'nstat -asz UdpInDatagrams UdpNoPorts UdpInErrors UdpInCsumErrors TcpInCsumErrors TcpRetransSegs',
	},
	{name: 'sysctl', place: 'node', command: 'sysctl net.ipv4.ip_forward net.bridge net.ipv4.neigh.default 2>&1'},
	{name: 'memory', place: 'node', command: 'uptime; free -m; df -h; ps aux'},
	{
		name: 'balancer',
		place: {namespaces: 'lb_'},
		command: `${balancerTable}; ${packetFilter}; sysctl net.ipv4.vs net.ipv4.ip_forward`,
	},
	{
		name: 'ingress',
		place: {namespaces: 'ingress'},
		command: `${balancerTable}; ${packetFilter}; ip address; ip neigh`,
	},
	{
		name: 'overlay',
		place: {namespaces: 'overlay'},
		command: 'bridge fdb show; ip neigh show; ip -d -s link show; ip route',
	},
	{
		name: 'container-network',
		place: 'containers',
		command: `ip address; ip route; ip neigh; ${sockets}; nstat -asz TcpInCsumErrors UdpInCsumErrors TcpRetransSegs; ${balancerTable}`,
	},
];

/** Patterns of names in /var/run/docker/netns. An overlay is `<epoch>-<first 10 characters of the network's id>`. */
const patterns = {lb_: 'lb_*', overlay: '[0-9]*-*', ingress: 'ingress_sbox'};

/** Returns the shell script of a probe. It prints a header line before the output of each namespace or container. */
export function scriptOf({place, command}: Probe): string {
	if (place === 'node' || place === 'manager') {
		return command;
	}

	if (place === 'containers') {
		const list = "docker ps -q | xargs -r docker inspect -f '{{.State.Pid}} {{.Name}}'";
		return `${list} | while read -r pid name; do echo "=== container $name (pid $pid)"; ${inNamespace('-t "$pid" -n', command)} < /dev/null; done`;
	}

	const files = `/var/run/docker/netns/${patterns[place.namespaces]}`;
	return `for f in ${files}; do [ -e "$f" ] || continue; echo "=== $f"; ${inNamespace('--net="$f"', command)}; done`;
}

/** Returns a shell command line that runs `command` in a namespace. `options` may contain shell variables. */
export function inNamespace(options: string, command: string): string {
	return `${nsenter([options], []).join(' ')} ${quoteAll(['sh', '-c', command])}`;
}
