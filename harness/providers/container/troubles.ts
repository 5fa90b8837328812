/** Asks the Docker host what is wrong with nodes, because a dead node does not answer. */
import type Docker from 'dockerode';
import type {ExecHandle} from '../../model/index.ts';

/** One sentence for each node that is in trouble. Never throws. */
export async function findTroubles(docker: Docker, nodes: readonly ExecHandle[]): Promise<string[]> {
	const found = await Promise.all(
		nodes.map(async ({name, reach}) => {
			try {
				const {State} = await docker.getContainer(reach.container).inspect();
				return troubleOf(name, State);
			} catch (error) {
				const {statusCode, message} = error as {statusCode?: number; message: string};
				return statusCode === 404
					? `${name}: its container is gone`
					: `${name}: the Docker host does not report its state: ${message}`;
			}
		}),
	);
	return found.filter(trouble => trouble !== undefined);
}

interface State {
	Status: string;
	Running: boolean;
	Paused: boolean;
	OOMKilled: boolean;
	ExitCode: number;
}

/** What is wrong with a container in this state, in one sentence; undefined when nothing is. Pure. */
export function troubleOf(name: string, {Status, Running, Paused, OOMKilled, ExitCode}: State): string | undefined {
	if (OOMKilled) {
		return `${name}: the kernel has ended a process of it, as its memory was full`;
	}

	// An upgrade has made it, and starts it next.
	if (Status === 'created') {
		return undefined;
	}

	if (!Running) {
		return `${name}: its container is ${Status} (exit code ${ExitCode})`;
	}

	return Paused ? `${name} is paused` : undefined;
}
