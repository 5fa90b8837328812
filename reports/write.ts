/** Writes all reports of a run into its folder. A reader never sees half a file. */
import path from 'node:path';
import type {Event} from '../harness/model/index.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {displayPath} from '../harness/shown.ts';
import {findings, tableOf} from './findings.ts';
import {pagePieces} from './html/page.ts';
import {jsonPieces} from './json.ts';
import {documentHead, documentTail, type JunitOptions, type Suite, suitesOf} from './junit.ts';
import {markdownPieces} from './markdown.ts';
import {reproductionBlock, reproductionsIn} from './reproduction.ts';
import {type JunitSizes, sizeAdvice} from './size.ts';
import {writeWhole} from './whole-file.ts';

export interface WrittenReports {
	summary: RunSummary;
	/** Absolute paths, `junit.xml` first. */
	files: string[];
	/** What a reader of the files must know: sentences. */
	advice: string[];
}

export interface WriteOptions {
	/** Problems while reading the record. */
	problems?: readonly string[];
	/** Paths of evidence in JUnit are relative to this folder, the workspace of the CI. Default: the working directory. */
	workspace?: string;
}

/**
 * Writes `junit.xml`, `junit/TEST-<cell>.xml`, `summary.md`, `index.html` and `summary.json`, and `issue.md` if scenarios
 * reproduce public reports. Each file appears at once and whole.
 * Takes a few milliseconds, so it can be called after every result. It also works for a run that is still running or was
 * killed.
 * Throws HarnessError (disk full, no right to write).
 */
export function writeReports(
	runFolder: string,
	events: Iterable<Event>,
	{problems = [], workspace = process.cwd()}: WriteOptions = {},
): WrittenReports {
	const summary = summarise(events, problems);
	// If the run folder is outside the workspace, only an absolute path works.
	const sizes = writeJunit(runFolder, summary, {base: displayPath(workspace, runFolder)});
	const advice = sizeAdvice(sizes);
	const found = findings(summary);
	const claims = tableOf(summary);
	const others: [name: string, pieces: Iterable<string>][] = [
		['summary.md', markdownPieces(summary, advice, found, claims)],
		['index.html', pagePieces(summary, advice, found, claims)],
		...(reproductionsIn(summary).length > 0 ? [reproduced(summary)] : []),
		['summary.json', withLineEnd(jsonPieces(forPrograms(summary)))],
	];
	return {
		summary,
		advice,
		files: [
			...['junit.xml', ...sizes.cells.map(([file]) => file)].map(name => path.resolve(runFolder, name)),
			...others.map(([name, pieces]) => writePieces(path.resolve(runFolder, name), pieces)),
		],
	};
}

function reproduced(summary: RunSummary): [name: string, pieces: Iterable<string>] {
	return ['issue.md', [reproductionBlock(summary)]];
}

/** The text of a cell is made once, for `junit.xml` and for the cell's own file. */
function writeJunit(runFolder: string, summary: RunSummary, options: JunitOptions): JunitSizes {
	const suites = suitesOf(summary, options);
	return writeWhole(path.resolve(runFolder, 'junit.xml'), whole => {
		whole.write(documentHead(suites, summary.seconds));
		const cells = suites.flatMap((suite): JunitSizes['cells'] => {
			if (!suite.cell) {
				write(suite, [piece => whole.write(piece)]);
				return [];
			}

			const name = path.join('junit', `TEST-${suite.name}.xml`);
			const bytes = writeWhole(path.resolve(runFolder, name), own => {
				own.write(documentHead([suite], suite.seconds));
				write(suite, [piece => whole.write(piece), piece => own.write(piece)]);
				own.write(documentTail);
				return own.done();
			});
			return [[name, bytes]];
		});
		whole.write(documentTail);
		return {run: whole.done(), cells};
	});
}

function write(suite: Suite, into: ((piece: string) => void)[]): void {
	for (const piece of suite.pieces()) {
		for (const each of into) {
			each(piece);
		}
	}
}

function writePieces(file: string, pieces: Iterable<string>): string {
	return writeWhole(file, whole => {
		for (const piece of pieces) {
			whole.write(piece);
		}

		whole.done();
		return file;
	});
}

function* withLineEnd(pieces: Iterable<string>): Generator<string> {
	yield* pieces;
	yield '\n';
}

/** Puts facts of providers among the other facts of the host. Programs that read summary.json have always found them there. */
function forPrograms(summary: RunSummary): object {
	if (!summary.host) {
		return summary;
	}

	const {facts, accelerator, acceleratorReason, swarmlab, ...host} = summary.host;
	return {...summary, host: {...host, ...facts, accelerator, acceleratorReason, swarmlab}};
}
