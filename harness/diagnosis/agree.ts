/** Whether nodes agree, by two readings of what `agreement.ts` compares. Pure. */
import type {Evidence, EvidenceSection} from '../model/index.ts';
import {type Difference, differences} from './agreement.ts';
import {type View, viewOf} from './view.ts';

/** What is read again: the second reading has these under another name. */
const twice = ['balancer', 'ingress', 'overlay', 'names', 'tasks'];

/**
 * Returns the differences that both readings have: between what the managers report and what nodes have, and between nodes.
 * Nodes that did not answer in one of the readings, and tasks on them, are left out. With the same reading twice, it returns what
 * may be only just changing.
 * @param noBalancer nodes whose kernel can have no balancer
 */
export function agreementOf(
	first: Evidence,
	second: Evidence,
	noBalancer: ReadonlySet<string> = new Set(),
): Difference[] {
	const [forth, back] = [differencesOf(first, second), first === second ? undefined : differencesOf(second, first)];
	return forth.filter(
		each =>
			!(noBalancer.has(each.node) && ['no-balancer', 'missing-backend', 'stale-backend'].includes(each.kind)) &&
			(back?.some(other => isSame(each, other)) ?? true),
	);
}

/** Whether two differences are about the same thing. */
export function isSame(one: Difference, other: Difference): boolean {
	const key = ({kind, node, address, peer, says}: Difference) =>
		[kind, node, ...(kind === 'peers' ? [says] : [address, peer])].join(' ');
	return key(one) === key(other) && (one.kind !== 'name' || one.says === other.says);
}

function differencesOf(first: Evidence, second: Evidence): Difference[] {
	const answered = first.index.nodes.filter(
		({name, trouble}) => !trouble && second.index.nodes.some(node => node.name === name && !node.trouble),
	);
	const isOf = ({node}: EvidenceSection) => answered.some(({name}) => name === node);
	const view = viewOf({
		index: {...first.index, nodes: answered},
		sections: [
			...first.sections.filter(isOf),
			...second.sections
				.filter(each => isOf(each) && twice.includes(each.probe))
				.map(each => ({...each, probe: `${each.probe}-after`})),
		],
	});
	return differences(withoutAbsent(view));
}

/** Tasks on nodes that did not answer may or may not be known elsewhere. */
function withoutAbsent(view: View): View {
	const there = new Set(view.nodes.map(({address}) => address));
	const ids = new Set(view.members?.filter(({address}) => there.has(address)).map(({id}) => id));
	const mark = (tasks: View['tasks']) =>
		tasks?.map(task =>
			ids.has(task.node) ? task : {...task, state: task.state === 'running' ? 'absent' : task.state},
		);
	return {...view, tasks: mark(view.tasks), tasksAfter: mark(view.tasksAfter)};
}
