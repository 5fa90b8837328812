/** Asks an engine for evidence. Its answers are kept as they came, also those that are errors. */
import {text} from 'node:stream/consumers';
import {limits} from '../limits.ts';
import {http} from '../machine/index.ts';
import type {MachineHandle} from '../model/index.ts';
import type {EngineProbe} from './probe.ts';
import type {Part} from './script.ts';

/** Objects of a list that are asked for, each by itself. */
const mostObjects = 40;

/**
 * Asks one question after the other, and returns the answers. After one without an answer in time, no more is asked: `silent` is
 * that question. Never throws.
 */
export async function askEngine(
	{engine}: Pick<MachineHandle, 'engine'>,
	probes: readonly EngineProbe[],
	signal?: AbortSignal,
): Promise<{parts: Part[]; silent?: EngineProbe}> {
	const agent = new http.Agent({keepAlive: true, maxSockets: 4});
	const get = async (path: string) => {
		const limit = AbortSignal.timeout(limits.engineAnswer * 1000);
		const options = engine.port ? {host: '127.0.0.1', port: engine.port} : {socketPath: engine.socket};
		return new Promise<string>((resolve, reject) => {
			const request = http.get(
				{...options, path, agent, headers: {Host: 'docker'}, signal: signal ? AbortSignal.any([signal, limit]) : limit},
				response => {
					const ended = response.statusCode === 200 ? '' : `answered ${response.statusCode}: `;
					text(response).then(body => resolve(`${ended}${body.trim()}\n`), reject);
				},
			);
			request.on('error', reject);
		});
	};

	let silent: EngineProbe | undefined;
	const parts: Part[] = [];
	for (const probe of probes) {
		const {name, paths, each} = probe;
		if (silent) {
			parts.push({probe: name, text: '', trouble: 'not asked: the engine did not answer before'});
			continue;
		}

		let said = '';
		try {
			for (const path of paths) {
				said += await get(path);
			}

			const answers = await Promise.all(each ? idsOf(said).map(async id => get(each.replace('ID', id))) : []);
			parts.push({probe: name, text: `${said}${answers.join('')}`});
		} catch (error) {
			const why =
				(error as Error).name === 'AbortError' ? `no answer in ${limits.engineAnswer} s` : (error as Error).message;
			silent = probe;
			parts.push({probe: name, text: said, trouble: `the engine did not answer: ${why}`});
		}
	}

	agent.destroy();
	return {parts, ...(silent && {silent})};
}

/** Returns the ids of a list; none of an answer that is no list. */
function idsOf(list: string): string[] {
	try {
		return (JSON.parse(list) as {Id: string}[]).map(({Id}) => Id).slice(0, mostObjects);
	} catch {
		return [];
	}
}
