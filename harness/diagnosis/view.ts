/** The evidence of a cell as one typed picture: what each node has, and what the managers report. Pure. */
import {type Evidence, type EvidenceLine, type EvidenceNode, type EvidenceSection, membersIn} from '../model/index.ts';
import {type BalancerView, readBalancer} from './read-balancer.ts';
import {
	type MemberView,
	type NetworkView,
	readMembers,
	readNetworks,
	readServices,
	readTasks,
	type ServiceView,
	type TaskView,
} from './read-engine.ts';
import {readNames} from './read-names.ts';
import {type OverlayView, readOverlay} from './read-overlay.ts';
import {type LanView, type Ping, readLan, readPings, readSnmp} from './read-path.ts';

/** If nobody knows since when something is wrong, lines of a log count that are no older than this. */
const recentSeconds = 600;
/** Clocks of a node and of the host are compared by when a script began there. */
const clockTolerance = 2;

export class NodeView {
	readonly name: string;
	readonly role: EvidenceNode['role'];
	readonly address: string;
	/** By which address other members know it: its own on the LAN, unless it was told to advertise another one. */
	readonly advertised: string;
	readonly trouble: string | undefined;
	readonly about: EvidenceNode;
	/** Of each overlay (file `lb_…`) and of the routing mesh (`ingress_sbox`), as they were first. */
	readonly balancers: BalancerView[];
	/** The same, read again after the nodes had sent packets to each other. */
	readonly balancersAfter: BalancerView[];
	readonly overlays: OverlayView[];
	readonly overlaysAfter: OverlayView[];
	readonly networks: NetworkView[];
	/** Answers of the engine's name server by network id and name, where names were asked for. */
	readonly names: Map<string, Map<string, string[]>>;
	readonly namesAfter: Map<string, Map<string, string[]>>;
	readonly pings: Ping[];
	/** What came back of each other node on the LAN. Older evidence has none. */
	readonly lan: LanView[];
	/** When what the evidence is about began, seconds since 1970 by the node's clock; undefined if nobody knows. */
	readonly since: number | undefined;
	/** Seconds since 1970, by the node's clock, when its kernel started; undefined if it is not known. */
	readonly #kernelStarted: number | undefined;
	readonly #sections: EvidenceSection[];

	/** @param since by the clock of the host that took the evidence */
	constructor(about: EvidenceNode, sections: EvidenceSection[], since?: number) {
		this.about = about;
		this.name = about.name;
		this.role = about.role;
		this.address = about.address;
		this.trouble = about.trouble;
		this.#sections = sections;
		// moby, daemon/cluster/swarm.go: Info.
		this.advertised = /"NodeAddr": "([^"]+)"/.exec(this.text('docker-info'))?.[1] ?? about.address;
		const {startedAt, sentAt} = about;
		this.since =
			startedAt === undefined
				? undefined
				: since === undefined
					? startedAt - recentSeconds
					: since + startedAt - sentAt;
		const uptime = /^(\d+\.\d+) \d+\.\d+$/m.exec(this.text('memory'))?.[1];
		this.#kernelStarted = startedAt !== undefined && uptime ? startedAt - Number(uptime) : undefined;
		const allWhole = (probes: string[]) =>
			probes.flatMap(probe => this.whole(probe)).filter(({text}) => text.trim() !== '');
		this.balancers = allWhole(['balancer', 'ingress']).map(readBalancer);
		this.balancersAfter = allWhole(['balancer-after', 'ingress-after']).map(readBalancer);
		this.overlays = allWhole(['overlay']).map(readOverlay);
		this.overlaysAfter = allWhole(['overlay-after']).map(readOverlay);
		this.networks = readNetworks(this.text('networks'));
		this.names = readNames(this.sections('names'));
		this.namesAfter = readNames(this.sections('names-after'));
		this.pings = this.sections('path').flatMap(readPings);
		this.lan = this.sections('path').flatMap(readLan);
	}

	/** Whether the kernel has no such module, by the probe `modules`. */
	lacks(module: string): boolean {
		const [, missing = ''] = /^== missing\n([\s\S]*?)^== withheld/m.exec(this.text('modules')) ?? [];
		return missing.split('\n').includes(module);
	}

	/** Returns the whole output of a probe, over all its namespaces; empty if there is none. */
	text(probe: string): string {
		return this.sections(probe)
			.map(({text}) => text)
			.join('\n');
	}

	sections(probe: string): EvidenceSection[] {
		return this.#sections.filter(each => each.probe === probe);
	}

	/**
	 * The outputs of a probe that were read to their end. Of the others, what is not there proves nothing: the namespace may have been
	 * removed meanwhile, or the output was cut off.
	 */
	whole(probe: string): EvidenceSection[] {
		return this.sections(probe).filter(({trouble}) => trouble === undefined);
	}

	/** Whether a probe was read, whatever it printed. */
	has(probe: string): boolean {
		return this.whole(probe).length > 0;
	}

	/** Returns the lines of a probe that match, at most the last `most`. */
	lines(probe: string, pattern: RegExp, most = 5): EvidenceLine[] {
		return this.sections(probe)
			.flatMap(({file, text}) =>
				text.split('\n').flatMap(line => (pattern.test(line) ? {node: this.name, file, text: line.trim()} : [])),
			)
			.slice(-most);
	}

	/** Returns the lines of a log that match, of the time that the evidence is about. Lines without a time are left in. */
	recentLines(probe: string, pattern: RegExp, most = 5): EvidenceLine[] {
		return this.lines(probe, pattern, 10_000)
			.filter(({text}) => {
				const [, stamp] = /time="([^"]+)"/.exec(text) ?? [];
				const [, seconds] = /^\[ *(\d+\.\d+)\]/.exec(text) ?? [];
				const at = stamp
					? Date.parse(stamp) / 1000
					: seconds && this.#kernelStarted !== undefined
						? this.#kernelStarted + Number(seconds)
						: undefined;
				return at === undefined || Number.isNaN(at) || this.since === undefined || at >= this.since - clockTolerance;
			})
			.slice(-most);
	}

	/** Returns the probes whose output is missing or incomplete. */
	troubles(): EvidenceSection[] {
		return this.#sections.filter(({trouble}) => trouble !== undefined);
	}

	/** Why a probe is missing. */
	troubleOf(probe: string): string | undefined {
		return this.sections(probe).find(({trouble}) => trouble)?.trouble;
	}

	/** Returns how much a counter of /proc/net/snmp rose while the nodes sent packets; undefined if it was not read twice. */
	rise(name: string): number | undefined {
		const [before, after] = [readSnmp(this.text('counters')), readSnmp(this.text('counters-after'))];
		const [first, last] = [before.get(name), after.get(name)];
		return first === undefined || last === undefined ? undefined : last - first;
	}
}

export interface View {
	nodes: NodeView[];
	/** Tasks by the first manager that answered; undefined if none did. */
	tasks: TaskView[] | undefined;
	/** The same, later; the same reading if the manager did not answer twice. */
	tasksAfter: TaskView[] | undefined;
	members: MemberView[] | undefined;
	services: ServiceView[] | undefined;
}

export function viewOf({index, sections}: Evidence): View {
	// An outsider lacks on purpose what members have.
	const nodes = membersIn(index.nodes).map(
		about =>
			new NodeView(
				about,
				sections.filter(({node}) => node === about.name),
				index.since,
			),
	);
	const tasksOf = (probe: string) => nodes.map(node => readTasks(node.text(probe))).find(Boolean);
	return {
		nodes,
		tasks: tasksOf('tasks'),
		tasksAfter: tasksOf('tasks-after') ?? tasksOf('tasks'),
		members: nodes.map(node => readMembers(node.text('nodes'))).find(Boolean),
		services: nodes.map(node => readServices(node.text('services'))).find(Boolean),
	};
}

/** Returns a line that the evidence has, or a sentence about a file of it. */
export function lineOf(node: {name: string} | string, file: string, text: string): EvidenceLine {
	return {node: typeof node === 'string' ? node : node.name, file, text: text.trim()};
}
