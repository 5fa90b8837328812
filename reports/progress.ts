/** The current state of a run, folded from its events, for the live display. */
import type {CellOutcome, CellStage, Event} from '../harness/model/index.ts';
import {type Counts, noCounts} from '../harness/record/summary/summary.ts';
import {shownVerdict} from './shown-verdict.ts';

export interface CellProgress {
	id: string;
	stage: CellStage;
	/** Times are milliseconds since 1970. */
	stageSince: number;
	startedAt?: number;
	machines: {name: string; doing: string; since: number}[];
	scenario?: {title: string; repetition: number; since: number};
	/** The current repetition, and how many of its scenarios have a result. */
	repetition: number;
	proven: number;
	retries: number;
	outcome?: CellOutcome;
}

export interface Progress {
	run: string;
	startedAt: number;
	accelerator?: string;
	/** Scenarios announced per cell. */
	scenarios: number;
	cells: CellProgress[];
	building: {kind: string; label: string; since: number}[];
	counts: Counts;
	signal?: string;
	/** The first event of the run. */
	started?: Event;
}

export const noProgress: Progress = {run: '', startedAt: 0, scenarios: 0, cells: [], building: [], counts: noCounts()};

/** Returns the progress after one more event. Pure. */
export function advance(progress: Progress, event: Event): Progress {
	const at = Date.parse(event.at);
	switch (event.event) {
		case 'run-started':
			return {
				...noProgress,
				run: event.run,
				started: event,
				startedAt: at,
				accelerator: event.host.accelerator,
				scenarios: event.scenarios.length,
				cells: event.cells.map(({id}) => ({
					id,
					stage: 'waiting',
					stageSince: at,
					machines: [],
					repetition: 1,
					proven: 0,
					retries: 0,
				})),
			};
		case 'artifact': {
			const others = progress.building.filter(each => each.kind !== event.kind || each.label !== event.label);
			const {kind, label} = event;
			return {...progress, building: event.state === 'building' ? [...others, {kind, label, since: at}] : others};
		}

		case 'cell-stage':
			return withCell(progress, event.cell, ({scenario: _ended, ...cell}) => ({
				...cell,
				stage: event.stage,
				stageSince: at,
				...(event.stage !== 'waiting' && {startedAt: cell.startedAt ?? at}),
				machines: [],
			}));
		case 'machine':
			return withCell(progress, event.cell, cell => ({
				...cell,
				machines: [
					...cell.machines.filter(each => each.name !== event.machine),
					{name: event.machine, doing: event.doing, since: at},
				].sort((a, b) => a.name.localeCompare(b.name)),
			}));
		case 'infrastructure-retry':
			return withCell(progress, event.cell, cell => ({...cell, retries: cell.retries + 1}));
		case 'scenario-started':
			return withCell(progress, event.cell, cell => ({
				...atRepetition(cell, event.repetition),
				scenario: {title: event.title, repetition: event.repetition, since: at},
			}));
		case 'result': {
			const {repetition} = event.result;
			const verdict = shownVerdict(event.result, progress.started);
			const counted = withCell(progress, event.result.cell, cell => {
				const {scenario: _ended, ...now} = atRepetition(cell, repetition);
				return {...now, proven: now.proven + 1};
			});
			return {...counted, counts: {...progress.counts, [verdict]: progress.counts[verdict] + 1}};
		}

		case 'cell-finished':
			return withCell(progress, event.cell, cell => ({...cell, stage: 'done', outcome: event.outcome, machines: []}));
		case 'run-interrupted':
			return {...progress, signal: event.signal};
		default:
			return progress;
	}
}

function withCell(progress: Progress, id: string, change: (cell: CellProgress) => CellProgress): Progress {
	return {...progress, cells: progress.cells.map(each => (each.id === id ? change(each) : each))};
}

function atRepetition(cell: CellProgress, repetition: number): CellProgress {
	return cell.repetition === repetition ? cell : {...cell, repetition, proven: 0};
}
