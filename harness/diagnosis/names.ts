/** Whether the engine's name server of a node answers what the managers report. Pure. */
import type {Difference} from './agreement.ts';
import {networksOf} from './peers.ts';
import {aliveOn, runningOn} from './tasks.ts';
import {lineOf, type NodeView, type View} from './view.ts';

/**
 * A name must lead to the virtual address of its service, or to all tasks that run in both readings. It must not lead to an
 * address that is neither in both answers. A name without a running task may have any answer.
 */
export function ofNames(view: View, node: NodeView): Difference[] {
	if (!view.tasks || !view.services) {
		return [];
	}

	return networksOf(view).flatMap(({id, name: network}) => {
		const [first, last] = [node.names.get(id), node.namesAfter.get(id)];
		if (!first || !last) {
			return [];
		}

		const alive = aliveOn(view, id);
		const running = runningOn(view, id);
		return view.services!.flatMap(service => {
			const tasks = running.filter(task => task.service === service.id).map(task => task.addresses.get(id)!);
			const virtual = service.virtual.get(id);
			const questions: [string, string[], Set<string>][] = [
				[service.name, virtual ? [virtual] : tasks, virtual ? new Set([virtual]) : alive],
				[`tasks.${service.name}`, tasks, alive],
			];
			return tasks.length === 0
				? []
				: questions.flatMap(([name, wanted, allowed]) => {
						const answers = [first, last].map(all => all.get(name) ?? []);
						const missing = wanted.filter(address => answers.every(each => !each.includes(address)));
						const wrong = answers[0]!.filter(each => answers[1]!.includes(each) && !allowed.has(each));
						return missing.length + wrong.length === 0
							? []
							: {
									kind: 'name' as const,
									node: node.name,
									says: `${node.name} resolves ${name} on network ${network} to ${listed(answers[1]!)}, and ${listed(wanted)} would be right`,
									lines: [lineOf(node, `${node.name}/names.txt`, `${name}: ${listed(answers[1]!)}`)],
								};
					});
		});
	});
}

function listed(addresses: readonly string[]): string {
	return [...addresses].sort().join(', ') || 'nothing';
}
