/** Causes in the kernel of a node, its memory, its disk and its modules. */
import {kernelTrouble, oom} from '../kernel-troubles.ts';
import {missingModules} from '../modules.ts';
import {either, failedTasks, linesOf, recentLinesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf} from '../view.ts';

function modulesMissing({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const missing = missingModules(node);
		const names = missing.map(({name}) => name);
		const about = names.includes('vxlan') ? {} : {about: 'ip_vs' as const};
		return missing.length > 0
			? [{node: node.name, lines: missing.map(({line}) => line), detail: [...new Set(names)].join(', '), ...about}]
			: [];
	});
}

/** MiB of memory that must be available, or processes are killed soon. */
const leastMib = 64;

function memoryShort({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const [line, total, available] = /^Mem:\s+(\d+)\s+\d+\s+\d+\s+\d+\s+\d+\s+(\d+)/m.exec(node.text('memory')) ?? [];
		return line && Number(available) < Math.min(leastMib, Number(total) / 10)
			? [
					{
						node: node.name,
						detail: `${node.name}: ${available} of ${total} MiB`,
						lines: [lineOf(node, `${node.name}/memory.txt`, line)],
					},
				]
			: [];
	});
}

function diskFull({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const lines = node.lines('memory', /\s(9[89]|100)%\s+\/(var|var\/lib|var\/lib\/docker|run)?$/);
		return lines.length > 0 ? [{node: node.name, lines}] : [];
	});
}

const noIpvs = linesOf(
	'dockerd-log',
	/Running modprobe ip_vs failed|Could not get ipvs family information|Failed to create a new service for vip/,
);

export const kernel: Signature[] = [
	{
		id: 'kernel-trouble',
		blame: 'kernel',
		confidence: 'likely',
		cause: 'The kernel of {nodes} reported a fault of its own.',
		remedy:
			"Report the lines to the kernel's maintainers, and try another kernel. On a busy host, stalls of virtual CPUs only mean that they got no time.",
		requires: ['console'],
		shows: either(linesOf('console', kernelTrouble), linesOf('kernel-log', kernelTrouble)),
		rulesOut: 'no kernel reported a fault on its console',
	},
	{
		id: 'out-of-memory',
		blame: 'host',
		confidence: 'certain',
		cause: 'The kernel of {nodes} killed a process, as memory was short.',
		remedy: 'Give the node more memory (`memory` of the topology), or limit the services.',
		requires: ['kernel-log'],
		shows: either(recentLinesOf('kernel-log', oom), recentLinesOf('console', oom)),
		rulesOut: 'no process was killed for lack of memory',
	},
	{
		id: 'memory-short',
		blame: 'host',
		confidence: 'likely',
		cause: 'Next to no memory is available ({detail}): processes are slow, fail to start, or get killed.',
		remedy: 'Give the node more memory (`memory` of the topology), or limit the services.',
		requires: ['memory'],
		unlessThere: ['out-of-memory'],
		shows: memoryShort,
		rulesOut: 'memory is available on every node',
	},
	{
		id: 'disk-full',
		blame: 'host',
		confidence: 'likely',
		cause: 'The disk of {nodes} is full.',
		remedy: 'Make room on it: `docker system df` tells what takes it.',
		requires: ['memory'],
		shows: either(diskFull, recentLinesOf('dockerd-log', /no space left on device/)),
		rulesOut: 'no disk is full',
	},
	{
		id: 'module-missing',
		blame: 'kernel',
		confidence: 'certain',
		cause: 'Kernel modules that swarm networking needs are missing or withheld on {nodes}: {detail}.',
		remedy:
			'Install the package with these modules (linux-modules-extra), remove the line from modprobe.d, or boot a kernel that has them; then restart the engine.',
		issue: 'moby#28168, moby#25892',
		requires: ['modules'],
		always: true,
		shows: modulesMissing,
		rulesOut: 'no module that swarm networking needs is missing',
	},
	{
		id: 'ipvs-not-available',
		blame: 'kernel',
		confidence: 'certain',
		cause:
			'The engine of {nodes} reports that the kernel has no IPVS: virtual addresses and the routing mesh cannot work.',
		remedy: 'Boot a kernel with IP_VS, IP_VS_RR and IP_VS_NFCT, or install its modules.',
		issue: 'moby#24005',
		requires: ['dockerd-log'],
		unless: ['module-missing'],
		always: true,
		shows: seen => noIpvs(seen).map(each => ({...each, about: 'ip_vs'})),
	},
	{
		id: 'vxlan-not-made',
		blame: 'kernel',
		confidence: 'certain',
		cause: "The engine could not make the overlay's vxlan device.",
		remedy: 'The message tells why: `not supported` is a missing module, `file exists` a device that was left over.',
		issue: 'moby#25892',
		requires: ['tasks'],
		unless: ['module-missing'],
		shows: either(
			failedTasks(/error creating vxlan interface|appropriate master/),
			recentLinesOf('dockerd-log', /error creating vxlan interface|could not find an appropriate master/),
		),
	},
];
