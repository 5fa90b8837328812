/** Lines of `swarmlab history`: a strip of verdicts and times for each claim and cell, the newest run at the right. Pure. */
import type {PastPoint, Strip} from '../history/history.ts';
import type {CaseVerdict} from '../record/summary/summary.ts';

/** Signs of the verdicts, as in reports. */
export type Signs = Record<CaseVerdict, string>;

/** A text without characters that move the cursor or change colours. */
type Plain = (text: string) => string;

/** Runs that a strip shows; `--json` has all. */
const shownRuns = 60;

const blocks = '▁▂▃▄▅▆▇█';

/** Returns the lines. */
export function historyLines(strips: readonly Strip[], signs: Signs, plain: Plain): string[] {
	const lines: string[] = [];
	let claim = '';
	for (const {file, title, cell, points} of strips) {
		const name = plain(file === '' ? title : `${file}: ${title}`);
		if (name !== claim) {
			lines.push(...(claim === '' ? [] : ['']), name);
			claim = name;
		}

		const shown = points.slice(-shownRuns);
		lines.push(`  ${plain(cell)}`, `    ${shown.map(each => signs[each.verdict]).join('')}  ${verdictsOf(points)}`);
		lines.push(`    ${barsOf(shown)}  ${timesOf(points)}`);
		const last = points.findLast(each => each.message !== '');
		if (last) {
			lines.push(`    ${dayOf(last)} ${signs[last.verdict]} ${plain(last.message)}`);
		}
	}

	return lines;
}

/** `10 runs, 2026-11-20 to 2026-11-27: 8 passed, 2 failed; 3 changes`. */
function verdictsOf(points: readonly PastPoint[]): string {
	const counts = new Map<string, number>();
	for (const {verdict} of points) {
		counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
	}

	const [first, last] = [dayOf(points[0]!), dayOf(points.at(-1)!)];
	const days = first === last ? first : `${first} to ${last}`;
	const changes = points.filter((each, index) => index > 0 && each.verdict !== points[index - 1]!.verdict).length;
	const all = [...counts].map(([verdict, number]) => `${number} ${verdict}`).join(', ');
	return `${points.length} ${points.length === 1 ? 'run' : 'runs'}, ${days}: ${all}${changes > 0 ? `; ${changes} ${changes === 1 ? 'change' : 'changes'}` : ''}`;
}

function dayOf({startedAt}: PastPoint): string {
	return startedAt.slice(0, 10) || 'day unknown';
}

/** A bar for each run, the longest time as the highest; a point where it did not run. */
function barsOf(points: readonly PastPoint[]): string {
	const most = Math.max(...points.filter(isProven).map(({seconds}) => seconds));
	return points
		.map(each => (isProven(each) ? blocks[Math.min(7, Math.floor((each.seconds / most) * 7.99))] : '·'))
		.join('');
}

function timesOf(points: readonly PastPoint[]): string {
	const times = points.filter(isProven).map(({seconds}) => seconds);
	if (times.length === 0) {
		return 'no times';
	}

	const sorted = times.toSorted((a, b) => a - b);
	return `last ${text(times.at(-1)!)}, median ${text(sorted[Math.floor((sorted.length - 1) / 2)]!)}, ${text(sorted[0]!)} to ${text(sorted.at(-1)!)}`;
}

function isProven({verdict, seconds}: PastPoint): boolean {
	return verdict !== 'skipped' && verdict !== 'broken' && Number.isFinite(seconds) && seconds > 0;
}

function text(seconds: number): string {
	return `${seconds.toFixed(1)} s`;
}
