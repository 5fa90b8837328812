/** One line per event: for CI logs, and on a terminal above the live lines. Pure. */
import type {Event, Reason} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import {type Colours, colourOf, plain} from './screen.ts';
import {clock, duration, signs} from './words.ts';

/** Returns the line of an event, without the time; undefined for events that only the record needs. */
export function plainLine(event: Event, colours: Colours): string | undefined {
	switch (event.event) {
		case 'run-started': {
			const {run, cells, scenarios, host, seed} = event;
			return plain(
				`run ${run}: ${counted(cells.length, 'cell')} × ${counted(scenarios.length, 'scenario')} on ${host.hostname} (${counted(host.cpus, 'CPU')}, ${host.memory} MiB)${seed === undefined ? '' : `, in the order of seed ${seed}`}`,
			);
		}

		case 'notice':
			return `${event.level === 'warning' ? colours.yellow('warning: ') : ''}${of(event.cell)}${plain(event.message)}`;
		case 'accelerator':
			return plain(`accelerator: ${event.accelerator} (${event.reason})`);
		case 'artifact': {
			const took = event.seconds === undefined || event.state !== 'built' ? '' : ` in ${duration(event.seconds)}`;
			return plain(`${event.kind} ${event.label}: ${event.state}${took}${event.detail ? ` (${event.detail})` : ''}`);
		}

		case 'cell-stage':
			return event.stage === 'done' ? undefined : `${of(event.cell)}${event.stage}`;
		case 'machine':
			return `${of(event.cell)}${plain(`${event.machine}: ${event.doing}`)}`;
		case 'cell-formed':
			return `${of(event.cell)}${plain(`up (${event.origin}, ${duration(event.seconds)})`)}`;
		case 'infrastructure-retry':
			return `${colours.yellow('tried again: ')}${of(event.cell)}${plain(event.reason.message)}`;
		case 'scenario-started':
		case 'cell-measured':
			return undefined;
		case 'result': {
			const {cell, title, verdict, seconds, reason, repetition, disagreements = []} = event.result;
			const differing =
				disagreements.length > 0
					? colours.yellow(
							` · the nodes do not agree: ${plain(disagreements[0]!.says)}${disagreements.length > 1 ? `, and ${disagreements.length - 1} more` : ''}`,
						)
					: '';
			const again = repetition > 1 ? ` (repetition ${repetition})` : '';
			const took = verdict === 'skipped' ? '' : ` (${duration(seconds)})`;
			return `${colourOf(verdict, colours)(`${signs[verdict]} ${verdict}`)} ${of(cell)}${plain(`${title}${again}${took}`)}${verdict === 'passed' ? differing : why(reason)}`;
		}

		case 'cell-finished': {
			const {outcome} = event;
			return outcome.state === 'tested'
				? `${of(event.cell)}done in ${duration(event.seconds)}`
				: `${colourOf(outcome.state, colours)(`${signs[outcome.state]} ${outcome.state}`)} ${of(event.cell)}${plain(outcome.reason.message)}`;
		}

		case 'leftover':
			return `${colours.yellow('left over: ')}${of(event.cell)}${plain(`${event.what}: ${event.why}`)}`;
		case 'run-interrupted':
			return colours.yellow(`${event.signal}: taking the machines down and writing the reports`);
		case 'run-finished':
			return `done in ${duration(event.seconds)}`;
		default:
			return undefined;
	}
}

/** Returns the line with the time since the start of the run in front, because people search logs by time. */
export function timedLine(event: Event, startedAt: number, colours: Colours): string | undefined {
	const line = plainLine(event, colours);
	return line === undefined
		? undefined
		: `${colours.dim(clock((Date.parse(event.at) - startedAt) / 1000).padStart(6))}  ${line}`;
}

function of(cell: string | undefined): string {
	return cell ? `${plain(cell)}: ` : '';
}

/** Leaves out the remedy: the last lines of the run show it once. */
function why(reason: Reason | undefined): string {
	return reason ? `: ${plain(reason.message)}` : '';
}
