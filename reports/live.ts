/** Shows a run while it runs: redraws lines on a terminal, writes line by line elsewhere. */
import {createLogUpdate} from 'log-update';
import {asTyped} from '../harness/called.ts';
import {variable} from '../harness/environment.ts';
import type {Event} from '../harness/model/index.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {displayPath} from '../harness/shown.ts';
import {endingLines} from './ending.ts';
import {timedLine} from './plain.ts';
import {advance, noProgress} from './progress.ts';
import {coloursFor} from './screen.ts';
import {terminalLines} from './terminal.ts';

export interface ReporterOptions {
	stream: NodeJS.WriteStream | NodeJS.WritableStream;
	/** The run folder. The last lines name it. */
	folder: string;
	/** `live` redraws its lines. It is the default if the stream is a terminal and this is no CI. */
	mode?: 'live' | 'plain';
}

export interface Reporter {
	/** Never throws: a report must not break the run. */
	onEvent(event: Event): void;
	/** Releases the terminal until the function that it returns is called: what comes meanwhile is shown then. */
	hold(): () => void;
	/**
	 * Writes the last lines and releases the terminal. `advice`: what a reader of the reports must know.
	 * Never throws; a second call does nothing.
	 */
	end(advice?: readonly string[]): void;
}

/** The live lines show these events while they last, so they need no line in the scrollback. */
const passing: Event['event'][] = ['cell-stage', 'machine', 'run-interrupted'];

/** Makes the reporter of one run. */
export function createReporter({stream, folder, mode = modeOf(stream)}: ReporterOptions): Reporter {
	const colours = coloursFor(stream as NodeJS.WriteStream);
	const draw = mode === 'live' ? createLogUpdate(stream as NodeJS.WriteStream) : undefined;
	const events: Event[] = [];
	let progress = noProgress;
	let ended = false;
	let held: Event[] | undefined;

	const redraw = () =>
		held ?? draw?.(terminalLines(progress, {columns: widthOf(stream), now: Date.now(), colours}).join('\n'));
	const write = (line: string) => {
		if (draw) {
			draw.clear();
		}

		stream.write(`${line}\n`);
	};

	// If the reader is gone (`| head`), the stream emits an error, which would end the process.
	stream.on('error', () => {});
	const ticking = draw && setInterval(() => safely(redraw), 1000);
	ticking?.unref();

	const reporter: Reporter = {
		onEvent(event) {
			if (held) {
				held.push(event);
				return;
			}

			safely(() => {
				events.push(event);
				progress = advance(progress, event);
				const line =
					draw && passing.includes(event.event)
						? undefined
						: timedLine(event, progress.startedAt, colours, progress.started);
				if (line !== undefined) {
					write(line);
				}

				redraw();
			});
		},
		hold() {
			held = [];
			safely(() => draw?.clear());
			return () => {
				const all = held ?? [];
				held = undefined;
				all.forEach(reporter.onEvent);
			};
		},
		end(advice = []) {
			if (ended) {
				return;
			}

			ended = true;
			clearInterval(ticking);
			safely(() => {
				draw?.clear();
				draw?.done();
				const shown = displayPath(process.cwd(), folder) || '.';
				const lines = endingLines(summarise(events), shown, colours, advice);
				stream.write(`${asTyped(lines.join('\n'))}\n`);
			});
		},
	};
	return reporter;
}

function modeOf(stream: ReporterOptions['stream']): 'live' | 'plain' {
	return (stream as NodeJS.WriteStream).isTTY && !variable('CI') && variable('TERM') !== 'dumb' ? 'live' : 'plain';
}

function widthOf(stream: ReporterOptions['stream']): number {
	return Math.max(40, ((stream as NodeJS.WriteStream).columns ?? 80) - 1);
}

function safely(show: () => void): void {
	try {
		show();
	} catch {
		// What cannot be shown is still in the record.
	}
}
