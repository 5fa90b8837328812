/** Which names a node is asked for, to see whether the nodes agree. Pure. */
import type {NameQuestion} from '../evidence/agreement-probes.ts';

interface ApiTask {
	ServiceID?: string;
	NodeID?: string;
	DesiredState?: string;
	Status?: {State?: string; ContainerStatus?: {PID?: number}};
	NetworksAttachments?: {Network?: {ID?: string; Spec?: {Ingress?: boolean}}; Addresses?: string[]}[];
}

/**
 * Returns one question for each network of which the node has a container: the names of all services with a running task there.
 * The engine forwards a name that it does not know to other servers, which can take long. Answers that are not JSON ask nothing.
 */
export function nameQuestions(
	node: string,
	{tasks, services, nodes}: {tasks: string; services: string; nodes: string},
): NameQuestion[] {
	const running = listOf<ApiTask>(tasks).filter(
		({DesiredState, Status}) => DesiredState === 'running' && Status?.State === 'running',
	);
	const names = new Map(listOf<{ID: string; Spec?: {Name?: string}}>(services).map(({ID, Spec}) => [ID, Spec?.Name]));
	const id = listOf<{ID: string; Description?: {Hostname?: string}}>(nodes).find(
		each => each.Description?.Hostname === node,
	)?.ID;
	const on = (task: ApiTask) =>
		(task.NetworksAttachments ?? []).flatMap(({Network, Addresses}) =>
			Network?.ID && !Network.Spec?.Ingress && Addresses?.[0] ? [Network.ID] : [],
		);
	const asked = new Map<string, number>();
	for (const task of running.filter(({NodeID}) => NodeID === id)) {
		for (const network of on(task)) {
			const pid = task.Status?.ContainerStatus?.PID ?? 0;
			if (pid > 0 && !asked.has(network)) {
				asked.set(network, pid);
			}
		}
	}

	return [...asked].map(([network, pid]) => {
		const there = new Set(running.filter(task => on(task).includes(network)).flatMap(each => each.ServiceID ?? []));
		return {
			network,
			pid,
			names: [...there].flatMap(each => names.get(each) ?? []).flatMap(each => [each, `tasks.${each}`]),
		};
	});
}

function listOf<Entry>(text: string): Entry[] {
	try {
		const list: unknown = JSON.parse(text);
		return Array.isArray(list) ? (list as Entry[]) : [];
	} catch {
		return [];
	}
}
