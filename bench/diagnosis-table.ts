/** The tables of the diagnosis bench, as Markdown. Pure. */
import type {InjectedCause} from './diagnosis-cause.ts';
import type {Named, Outcome} from './diagnosis-judge.ts';
import {median} from './measure.ts';

/** One cause, once: a line of `causes.jsonl`. */
export interface CauseRun {
	cause: string;
	/** From 1. */
	repetition: number;
	/** As asked for: a bench goes on only with runs of the same. */
	asked: {docker: string; kernel: string; provider: string};
	/** `kernel 6.1.0-56-cloud-amd64, Docker 20.10.24`. */
	cell: string;
	/** ISO 8601, UTC. */
	at: string;
	/** Processes that wait for a CPU of this host, over the last minute, when evidence was taken. */
	load: number;
	/** Why nothing could be judged: the lab's trouble. */
	trouble?: string;
	outcome?: Outcome;
	named: Named[];
	/** Requests without a right answer, and all: `3/12`. */
	failed?: string;
	evidenceSeconds?: number;
	diagnosisMs?: number;
	/** Seconds from the undo until the swarm was healthy again; absent if the cell was not used again. */
	healthySeconds?: number;
	/** Folder of the evidence. */
	folder?: string;
}

/** Returns the table of all causes that were run, and the sums. */
export function causeTables(causes: readonly InjectedCause[], runs: readonly CauseRun[]): string {
	const cells = [...Map.groupBy(runs, ({cell}) => cell)];
	return cells.flatMap(([cell, those]) => [`**${cell}**`, tableOf(causes, those), sums(those)]).join('\n\n');
}

function tableOf(causes: readonly InjectedCause[], runs: readonly CauseRun[]): string {
	const rows = causes.flatMap(cause => {
		const those = runs.filter(run => run.cause === cause.id);
		return those.map(run => [
			cause.what,
			run.named.map(nameOf).join(', ') || (run.trouble ? '' : 'nothing'),
			run.trouble ? `not judged: ${run.trouble}` : outcomeText(run),
			run.failed ?? '',
			run.evidenceSeconds?.toFixed(1) ?? '',
		]);
	});
	return markdown(['put in', 'named', '', 'requests that failed', 'evidence, s'], rows);
}

/** Returns the name of a cause with its nodes. */
export function nameOf({id, nodes}: Named): string {
	return `\`${id}\`${nodes.length > 0 ? ` ${nodes.join(' ')}` : ''}`;
}

/** Each outcome in words. */
export const texts: Record<Outcome, string> = {
	right: 'right',
	false: 'right, and something else that is false',
	later: 'not first',
	elsewhere: 'right, on other nodes',
	wrong: 'wrong',
	missed: 'missed',
};

function outcomeText({outcome, named}: CauseRun): string {
	return outcome === 'false' && named.length > 0 ? texts.false : outcome ? texts[outcome] : '';
}

function sums(runs: readonly CauseRun[]): string {
	const judged = runs.filter(({outcome}) => outcome);
	const right = judged.filter(({outcome}) => outcome === 'right').length;
	const figures = (values: number[], digits: number) =>
		values.length === 0
			? 'not measured'
			: `median ${median(values).toFixed(digits)}, longest ${Math.max(...values).toFixed(digits)}`;
	const loads = runs.map(({load}) => load);
	const counts = Map.groupBy(judged, ({outcome}) => outcome!);
	const others = [...counts]
		.filter(([outcome]) => outcome !== 'right')
		.map(([outcome, those]) => `${those.length} ${texts[outcome]}`);
	return [
		`${judged.length} judged: ${right} right${others.length > 0 ? `, ${others.join(', ')}` : ''}.`,
		`Evidence, seconds: ${figures(
			judged.flatMap(({evidenceSeconds}) => evidenceSeconds ?? []),
			1,
		)}.`,
		`Diagnosis, milliseconds: ${figures(
			judged.flatMap(({diagnosisMs}) => diagnosisMs ?? []),
			0,
		)}.`,
		`Load of the host: ${loads.length > 0 ? `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}` : ''}.`,
	].join(' ');
}

/** Returns one line about a run, for people who watch the bench. */
export function causeLine(run: CauseRun): string {
	const parts = [
		run.cause,
		run.trouble ? `NOT JUDGED: ${run.trouble}` : (run.outcome ?? ''),
		run.named.map(({id, nodes, confidence}) => `${id} (${confidence}) ${nodes.join(' ')}`).join(', ') ||
			'nothing named',
		...(run.failed ? [`${run.failed} requests failed`] : []),
		...(run.evidenceSeconds === undefined ? [] : [`evidence ${run.evidenceSeconds.toFixed(1)} s`]),
		...(run.diagnosisMs === undefined ? [] : [`diagnosis ${run.diagnosisMs.toFixed(0)} ms`]),
		...(run.healthySeconds === undefined ? [] : [`healthy after ${run.healthySeconds.toFixed(0)} s`]),
		`load ${run.load.toFixed(1)}`,
	];
	return parts.join(' · ').replaceAll(/[\s\p{Cc}]+/gu, ' ');
}

/** Returns a table of Markdown. */
export function markdown(head: string[], rows: string[][]): string {
	const line = (cells: string[]) =>
		`| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ')).join(' | ')} |`;
	return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
