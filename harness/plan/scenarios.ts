/** Finds out what the scenario files claim, without proving it: another process loads them. */
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {PlannedScenario, Reason} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import {oldNameWarnings} from '../old-names.ts';
import {modulePath} from '../package.ts';
import {type LoadEnd, load, unsettled} from '../processes/loader.ts';
import {displayPath} from '../shown.ts';
import {workspace, workspaceVariable} from '../workspace.ts';
import {type Announcement, parseAnnouncement} from './announcement.ts';
import {type Choice, chooseByLine, withoutLines} from './file-line.ts';
import {findScenarioFiles, type PatternOrigin} from './scenario-files.ts';

/** A file that failed to announce its scenarios: it does not load, throws, ends its process, or never ends. */
export interface ScenarioProblem {
	/** As in PlannedScenario. */
	file: string;
	line?: number;
	reason: Reason;
}

export interface ScenarioPlan {
	/** Absolute paths of the files that announced something or have a problem, in order. */
	files: string[];
	scenarios: PlannedScenario[];
	problems: ScenarioProblem[];
	/** True if the files hold more than these scenarios, because these were chosen by line. */
	isPart: boolean;
	/** Which of the named files were passed over, and which old names the files use: a sentence each. */
	notices: string[];
}

/**
 * Finds the files and loads them to learn what each announces.
 * @param patterns paths, globs, and `file:line` for the scenario at that line. @param origin where they come from.
 * @param limit seconds that one file may take to load.
 * @throws UsageError for a path that does not exist, and when no file announces a scenario or has a problem.
 */
export async function planScenarios(
	patterns: readonly string[],
	origin: PatternOrigin,
	limit: number = limits.loadFile,
): Promise<ScenarioPlan> {
	const choices = patterns.map(pattern => withoutLines(pattern, origin.folder));
	const {files, named, passedOver, foreign} = await findScenarioFiles(
		choices.map(({pattern}) => pattern),
		origin,
	);
	const announced: Announcement[] = [];
	// One process loads all files, as starting it costs more than loading. If a file kills it, another one loads the files
	// after that.
	let rest = files;
	while (rest.length > 0) {
		const seen = await announce(rest, limit);
		announced.push(...seen.announcements);
		rest = seen.stoppedAt === undefined ? [] : rest.slice(rest.indexOf(seen.stoppedAt) + 1);
	}

	const problems = announced.flatMap(each => (each.type === 'problem' ? [each.problem] : []));
	const bad = new Set(problems.map(({file}) => file));
	// Of a file with a problem no scenario can be proven.
	const scenarios = announced
		.flatMap(each => (each.type === 'scenario' ? [each.scenario] : []))
		.filter(({file}) => !bad.has(file));
	if (scenarios.length + problems.length === 0) {
		throw new UsageError(`No file announces a scenario: ${[...files, ...foreign].map(fromWorkspace).join(', ')}.`, {
			remedy: "A scenario file calls scenario(title, needs, prove), imported from 'swarmlab'.",
		});
	}

	const speaking = new Set([...scenarios, ...problems].map(({file}) => file));
	const chosen = chooseByLine(scenarios, linesOf(choices, origin.folder), bad);
	return {
		files: files.filter(file => speaking.has(fromWorkspace(file))),
		scenarios: chosen,
		problems,
		isPart: chosen.length < scenarios.length,
		notices: [
			...foreign.map(file => `${fromWorkspace(file)} is passed over: it does not import 'swarmlab'.`),
			...passedOver.map(
				file => `${fromWorkspace(file)} is passed over: in a folder only .ts and .mts files are scenario files.`,
			),
			...named
				.filter(file => !speaking.has(fromWorkspace(file)))
				.map(file => `${fromWorkspace(file)} announces no scenario.`),
			...oldNameWarnings(announced.flatMap(each => (each.type === 'old-name' ? [each.oldName] : []))),
		],
	};
}

/** Returns the lines that were asked for, by file. A file that was also asked for as a whole is left out. */
function linesOf(choices: readonly Choice[], folder: string): Map<string, number[]> {
	const lines = new Map<string, number[]>();
	for (const {pattern, line} of choices) {
		const file = fromWorkspace(path.resolve(folder, pattern));
		if (line !== undefined) {
			lines.set(file, [...(lines.get(file) ?? []), line]);
		}
	}

	const whole = choices.filter(({line}) => line === undefined);
	return new Map([...lines].filter(([file]) => !whole.some(({pattern}) => covers(pattern, file, folder))));
}

/** Returns whether a path, a folder or a glob includes a file. */
function covers(pattern: string, file: string, folder: string): boolean {
	const [whole, one] = [path.resolve(folder, pattern), path.resolve(workspace, file)];
	return one === whole || one.startsWith(`${whole}${path.sep}`) || path.matchesGlob(one, whole);
}

/** @throws UsageError with every problem, where no file announces a scenario. */
export function requireSome({scenarios, problems}: ScenarioPlan): void {
	if (scenarios.length === 0) {
		throw new UsageError(
			['There is no scenario to prove:', ...problems.map(({reason}) => `  ${reason.message}`)].join('\n'),
			{remedy: problems.find(({reason}) => reason.remedy)?.reason.remedy ?? 'Correct the file.'},
		);
	}
}

/** Returns a path as results have it. */
export function fromWorkspace(file: string): string {
	return displayPath(workspace, file);
}

interface AnnounceResult {
	announcements: Announcement[];
	/** The file at which the process ended too early. */
	stoppedAt: string | undefined;
}

async function announce(files: readonly string[], limit: number): Promise<AnnounceResult> {
	const announcements: Announcement[] = [];
	let loading: string | undefined;
	const {how, printed} = await load({
		script: modulePath(import.meta.dirname, 'announce-process'),
		words: [String(limit), ...files],
		cwd: workspace,
		env: {SWARMLAB_ANNOUNCE: '1', [workspaceVariable]: workspace},
		answersOn: 'stdout',
		onLine(line) {
			const announcement = parseAnnouncement(line, loading);
			if (announcement?.type === 'loading') {
				loading = announcement.file;
				return limit;
			}

			if (announcement?.type === 'done') {
				loading = undefined;
				return 'done';
			}

			if (announcement) {
				announcements.push(announcement);
			}

			return undefined;
		},
	});
	// The process ends itself after `done`. If it ended earlier, the file that it was loading ended it.
	if (loading !== undefined) {
		const reason = typeof how === 'string' ? `did not load in ${limit} s` : `ended its process (${endOf(how)})`;
		announcements.push(problem(loading, `${fromWorkspace(loading)} ${reason}`, printed));
	} else if (how !== 'done') {
		announcements.push(...files.map(file => problem(file, `${fromWorkspace(file)} could not be asked`, printed)));
	}

	return {announcements, stoppedAt: loading};
}

function endOf({exitCode, signal}: Exclude<LoadEnd['how'], string>): string {
	return signal ?? (exitCode === unsettled ? 'it awaits what can never come' : `exit code ${exitCode}`);
}

function problem(file: string, message: string, details: string): Announcement {
	return {
		type: 'problem',
		problem: {
			file: fromWorkspace(file),
			reason: {
				message,
				type: 'ScenarioFileError',
				details: details.trim() || message,
				remedy: 'A scenario file may only announce scenarios at its top level; what it does belongs into their bodies.',
			},
		},
	};
}

/**
 * Returns the scenarios whose title contains one of the texts (case does not count); without texts, all of them.
 * @throws UsageError with the nearest titles when a text is in none.
 */
export function chooseScenarios(scenarios: readonly PlannedScenario[], filter: readonly string[]): PlannedScenario[] {
	const has = ({title}: PlannedScenario, text: string) => title.toLowerCase().includes(text.toLowerCase());
	const idle = filter.filter(text => !scenarios.some(each => has(each, text)));
	if (idle.length > 0) {
		const titles = scenarios.map(({title}) => title);
		const near = nearest(idle[0]!, titles);
		throw new UsageError(
			[
				`No scenario's title contains ${idle.map(each => `'${each}'`).join(' or ')}. The titles are:`,
				...(near.length > 0 ? near : titles).map(title => `  ${title}`),
			].join('\n'),
			{remedy: 'Cells are chosen by --cell.'},
		);
	}

	return scenarios.filter(each => filter.length === 0 || filter.some(text => has(each, text)));
}
