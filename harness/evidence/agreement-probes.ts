/**
 * Reads what is needed to see whether the nodes agree, and nothing else: so quickly that it is done after every scenario. All
 * nodes are read at once with one short script. Under emulation each program that a script starts takes up to a tenth of a second.
 */
import {randomBytes} from 'node:crypto';
import {limits} from '../limits.ts';
import {type Machine, runInScope} from '../machine/index.ts';
import type {Evidence, EvidenceNode, EvidenceSection} from '../model/index.ts';
import {askEngine} from './ask-engine.ts';
import {namespaceFolder} from './probe.ts';
import {engineProbes} from './probes.ts';
import {type Part, partsOf} from './script.ts';

/** Names to ask the engine's name server for, from the container of a process, which is on this network. */
export interface NameQuestion {
	network: string;
	pid: number;
	names: readonly string[];
}

/** Which names a node is to be asked for. `tasks` and `services` are the answers of a manager. */
export type NameQuestions = (node: string, answers: {tasks: string; services: string; nodes: string}) => NameQuestion[];

/**
 * Returns what all nodes and a manager report at this moment, as evidence that is in memory. A node that does not answer has
 * `trouble`. Never throws.
 */
export async function readForAgreement(machines: readonly Machine[], questions: NameQuestions): Promise<Evidence> {
	const started = Date.now();
	const signal = AbortSignal.timeout(limits.agreementReading * 1000);
	const sections: EvidenceSection[] = [];
	const keep = (node: string, parts: readonly Part[]) => {
		for (const part of parts) {
			sections.push({...part, node, file: `${node}/${part.probe}.txt`, bytes: part.text.length});
		}
	};
	const alive = machines.filter(machine => machine.alive);
	const nodes = await runInScope({signal}, async () => {
		const manager = alive.find(({role}) => role === 'manager');
		const managers = await (manager
			? askEngine(manager.handle, named('tasks', 'services', 'nodes'), signal)
			: {parts: [], silent: true});
		keep(manager?.name ?? '', managers.parts);
		const said = (name: string) => managers.parts.find(({probe}) => probe === name)?.text ?? '';
		const answers = {tasks: said('tasks'), services: said('services'), nodes: said('nodes')};
		return Promise.all(
			alive.map(async machine => {
				const [networks, tables] = await Promise.all([
					askEngine(machine.handle, named('networks'), signal),
					readTables(machine, managers.silent ? [] : questions(machine.name, answers)),
				]);
				keep(machine.name, [...networks.parts, ...tables.parts]);
				return nodeOf(machine, started, tables.trouble ?? networks.parts.find(({trouble}) => trouble)?.trouble);
			}),
		);
	});
	const index = {takenAt: new Date(started).toISOString(), seconds: (Date.now() - started) / 1000, reason: 'agreement'};
	return {index: {schema: 1, ...index, nodes, entries: []}, sections};
}

function named(...names: string[]) {
	return engineProbes.filter(({name}) => names.includes(name));
}

function nodeOf({name, role, handle}: Machine, started: number, trouble: string | undefined): EvidenceNode {
	const times = {sentAt: started / 1000, answeredAt: Date.now() / 1000};
	return {name, role, address: handle.address, ...times, ...(trouble && {trouble})};
}

async function readTables(
	machine: Machine,
	questions: readonly NameQuestion[],
): Promise<{parts: Part[]; trouble?: string}> {
	const mark = `@@${randomBytes(8).toString('hex')}`;
	try {
		const {stdout} = await machine.exec(['sh', '-c', agreementScript(questions, mark)], {
			timeout: limits.agreementReading,
		});
		return {parts: partsOf(`\n${stdout}`, mark).parts};
	} catch (error) {
		return {parts: [], trouble: (error as Error).message};
	}
}

/** Returns the script. It changes nothing and makes the kernel load nothing. A namespace that is gone is left out. */
export function agreementScript(questions: readonly NameQuestion[], mark: string): string {
	const asking = questions
		.filter(({names}) => names.length > 0)
		.map(({network, pid, names}) => {
			const wanted = names.map(name => `'${name}.' A`).join(' ');
			return `part names ${network} $bb nsenter -t ${pid} -n -- dig @127.0.0.11 +noall +answer +time=3 +tries=1 +nosearch ${wanted}`;
		});
	return `bb=; [ -x /bin/busybox ] && bb=/bin/busybox; ip=$(command -v ip); export bb ip
part() {
	name=$1 space=$2; shift 2
	echo; echo "${mark} begin $name $space"
	"$@" < /dev/null 2> /dev/null; ended=$?; echo; echo "${mark} end $ended"
}
${asking.join('\n')}
cd ${namespaceFolder} 2> /dev/null || exit 0
for n in lb_*; do [ -e "$n" ] && part balancer "$n" $bb nsenter --net="$n" -- $bb cat /proc/net/ip_vs; done
[ -e ingress_sbox ] && part ingress ingress_sbox $bb nsenter --net=ingress_sbox -- $bb cat /proc/net/ip_vs
for n in [0-9]*-*; do
	[ -e "$n" ] && part overlay "$n" $bb nsenter --net="$n" -- $bb sh -c '$ip neigh show dev vxlan0 && bridge fdb show dev vxlan0'
done
[ -e /sys/module/esp4 ] && part xfrm - $ip xfrm state
true`;
}
