/** Faults of the engine's processes. */
import {z} from 'zod';
import {UsageError} from '../errors.ts';
import {nodeFault} from './node-fault.ts';
import {noOptions} from './options.ts';

const processFault = (process: 'dockerd' | 'containerd', how: 'stop' | 'kill' | 'pause', about: string, what: string) =>
	nodeFault({about, options: noOptions, what: () => what, script: 'engine', set: {process, how}});

const stopped = 'Undo starts it again';

export const engineFaults = {
	'stop-engine': processFault('dockerd', 'stop', `dockerd ends in order. ${stopped}.`, 'dockerd is stopped'),
	'kill-engine': processFault('dockerd', 'kill', `dockerd is killed. ${stopped}.`, 'dockerd is killed'),
	'pause-engine': processFault('dockerd', 'pause', 'dockerd gets SIGSTOP. Undo sends SIGCONT.', 'dockerd is paused'),
	'stop-containerd': processFault(
		'containerd',
		'stop',
		`containerd ends in order. ${stopped}.`,
		'containerd is stopped',
	),
	'kill-containerd': processFault('containerd', 'kill', `containerd is killed. ${stopped}.`, 'containerd is killed'),
	'pause-containerd': processFault(
		'containerd',
		'pause',
		'containerd gets SIGSTOP. Undo sends SIGCONT.',
		'containerd is paused',
	),
	'configure-engine': nodeFault({
		about: 'dockerd restarts with other settings in daemon.json. Undo restores the file and restarts it.',
		options: z.strictObject({
			settings: z
				.record(z.string(), z.unknown())
				.refine(settings => Object.keys(settings).length > 0, 'name at least one setting')
				.describe('settings of daemon.json; null removes one'),
		}),
		what: ({settings}) => `dockerd runs with ${JSON.stringify(settings)}`,
		script: 'configuration',
		reads: '/etc/docker/daemon.json',
		merge: ({settings}, text) => ({merged: merged(text, settings)}),
	}),
};

function merged(text: string, settings: Record<string, unknown>): string {
	let before: Record<string, unknown>;
	try {
		before = text.trim() === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
	} catch {
		throw new UsageError("The node's daemon.json is no JSON, so no setting can be added to it");
	}

	const after = Object.entries({...before, ...settings}).filter(([, value]) => value !== null);
	return JSON.stringify(Object.fromEntries(after), undefined, '\t');
}
