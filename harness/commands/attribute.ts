/** Looks by further runs what the new failures of a run come from: kernel, engine, variant or scenario. */
import path from 'node:path';
import {mostTries} from '../expect/interval.ts';
import {isEnough} from '../expect/rate.ts';
import type {PastRun} from '../history/past-run.ts';
import {pastRun} from '../history/past-run.ts';
import {
	type Attribution,
	type Axis,
	type AxisPoint,
	type Cell,
	type ChangedResult,
	type Claim,
	type PlannedScenario,
	scenarioId,
} from '../model/index.ts';
import {openRecord, readRecord} from '../record/record.ts';
import type {RunSummary} from '../record/summary/summary.ts';
import type {RunOptions} from '../run/context.ts';
import {displayPath} from '../shown.ts';
import {mostAgain} from '../verdict/again.ts';
import {conclude, nextPoint} from '../verdict/axes.ts';
import {rateOf as decidedIn} from '../verdict/change.ts';
import {pairCells, versionChanges} from '../verdict/pair-cells.ts';
import {cellAxes, pointCell} from '../verdict/point-cell.ts';

/** Runs some scenarios on one cell, below the run that they belong to. Returns the folder and what came of them. */
type RunPoint = (
	options: Pick<RunOptions, 'cells' | 'scenarios' | 'within'> & Partial<RunOptions>,
) => Promise<{folder: string; summary: RunSummary}>;

export interface AttributeRequest {
	/** The run folder: absolute. */
	folder: string;
	summary: RunSummary;
	baseline: PastRun;
	/** Returns the scenario as the baseline had it; absent: its files are not there any more. */
	scenarioBefore: (claim: Claim) => Promise<PlannedScenario | undefined>;
	runPoint: RunPoint;
	/** Prints what is tried next. */
	print: (line: string) => void;
}

/** One claim on its way. */
interface Case {
	change: ChangedResult;
	scenario: PlannedScenario;
	/** What differs from the baseline for this claim. */
	axes: Axis[];
	points: AxisPoint[];
	/** Why a point could not be tried. */
	why?: string;
}

/**
 * Tries points until the cause of each new failure is known, and writes it into the record of the run. Returns the attributions; the
 * caller makes the reports again. Ends early, with what is known, when a further run is interrupted.
 */
export async function attributeNew({
	folder,
	summary,
	baseline,
	scenarioBefore,
	runPoint,
	print,
}: AttributeRequest): Promise<Attribution[]> {
	const fresh = (summary.nightly?.changes ?? []).filter(
		({change, failed = 0, file}) => change === 'new' && failed > 0 && file !== '',
	);
	const now = summary.cells.map(({cell}) => cell);
	const pairs = pairCells(
		now,
		baseline.cells.map(({cell}) => cell),
	);
	const attributions: Attribution[] = [];
	const record = openRecord(folder);
	const run = pastRun(readRecord(folder).events);
	const isChanged = (file: string) => {
		const [was, is] = [baseline.sources?.[file], run.sources?.[file]];
		return was !== undefined && is !== undefined && was !== is;
	};
	let isInterrupted = false;
	for (const cell of now) {
		const before = pairs.get(cell.id);
		const cases = before
			? casesOf(
					fresh.filter(each => each.cell === cell.id),
					summary,
				)
			: [];
		if (!before || cases.length === 0) {
			continue;
		}

		const axes = versionChanges(cell, before)
			.map(({axis}) => axis)
			.filter(axis => cellAxes.includes(axis));
		for (const each of cases) {
			each.axes = [...axes, ...(isChanged(each.change.file) ? ['scenario' as const] : [])];
			each.points.push(ownPoint(each, run));
		}

		while (!isInterrupted) {
			const point = cases.map(next).find(each => each !== undefined);
			if (!point) {
				break;
			}

			const those = cases.filter(each => String(next(each)) === String(point));
			print(`${describe(point, those[0]!.axes)}: ${those.map(({scenario}) => scenario.title).join('; ')}`);
			isInterrupted = await tryPoint(those, {
				point,
				cell: pointCell(cell, before, point),
				folder,
				scenarioBefore,
				runPoint,
			});
		}

		for (const {change, axes, points, why} of cases) {
			const attribution = {
				...{cell: cell.id, file: change.file, title: change.title},
				...conclude(axes, points, isInterrupted ? 'the further runs were interrupted' : why),
				points,
			};
			record.append({event: 'attributed', attribution});
			attributions.push(attribution);
		}
	}

	return attributions;
}

function casesOf(changes: readonly ChangedResult[], {scenarios}: RunSummary): Case[] {
	return changes.slice(0, mostAgain).flatMap(change => {
		const scenario = scenarios.find(each => scenarioId(each) === scenarioId(change));
		return scenario && !scenario.stack ? [{change, scenario, axes: [], points: []}] : [];
	});
}

/** What this run itself has of the claim: everything is as now. */
function ownPoint({change, axes}: Case, {cells}: PastRun): AxisPoint {
	const cell = cells.find(each => each.cell.id === change.cell);
	const tries = cell?.results.find(({id}) => id === scenarioId(change))?.tries ?? [];
	const {failed, decided} = decidedIn(tries);
	const seconds = tries.reduce((sum, each) => sum + each.seconds, 0);
	return {now: axes, failed, passed: decided - failed, undecided: tries.length - decided, seconds};
}

interface Point extends Pick<AttributeRequest, 'folder' | 'scenarioBefore' | 'runPoint'> {
	point: Axis[];
	cell: Cell;
}

function next({axes, points}: Case): Axis[] | undefined {
	return axes.length === 0 ? undefined : nextPoint(axes, points);
}

/** Tries a point for these claims. Returns whether it was interrupted. */
async function tryPoint(cases: Case[], {point, cell, folder, scenarioBefore, runPoint}: Point): Promise<boolean> {
	const asBefore = ({axes}: Case) => axes.includes('scenario') && !point.includes('scenario');
	const found = await Promise.all(
		cases.map(async each => (asBefore(each) ? scenarioBefore(each.change) : each.scenario)),
	);
	const scenarios = found.filter(each => each !== undefined);
	const made =
		scenarios.length > 0 &&
		(await runPoint({
			...{cells: [cell], scenarios, within: path.join(folder, 'attribution')},
			...{isolated: true, isPart: true, repeat: mostTries, enough: isEnough},
		}));
	const [ran] = made ? made.summary.cells : [];
	for (const [index, each] of cases.entries()) {
		const scenario = found[index];
		const of = scenario && ran?.cases.find(({id}) => id === scenarioId(scenario));
		const {passed = 0, failed = 0, broken = 0, skipped = 0} = of?.repetitions ?? {};
		each.points.push({
			...{now: point, failed, passed, undecided: broken + skipped},
			seconds: made ? made.summary.seconds / scenarios.length : 0,
			...(made && {folder: displayPath(folder, made.folder)}),
		});
		if (failed + passed === 0) {
			const gone = `the baseline's file ${each.change.file} is not there any more`;
			each.why = of?.reason?.message ?? ran?.reason?.message ?? (scenario ? 'no try came to a result' : gone);
		}
	}

	return made !== false && made.summary.state === 'interrupted';
}

function describe(point: readonly Axis[], axes: readonly Axis[]): string {
	const rest = axes.filter(axis => !point.includes(axis));
	return `further run with ${point.length > 0 ? `${point.join(', ')} as now, ` : ''}${rest.join(', ')} as in the baseline`;
}
