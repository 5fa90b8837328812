/** Size limits of JUnit readers. Pure. */
import {counted} from '../harness/record/counted.ts';

/** GitLab reads at most 30 MB of a file. Of a larger file it shows nothing at all. */
const largestJunitBytes = 30_000_000;

/** Sizes of the written files, in bytes. */
export interface JunitSizes {
	run: number;
	/** By the path of the file in the run folder. */
	cells: [file: string, bytes: number][];
}

/** Returns what a reader must do differently because of the sizes: sentences for the reports. */
export function sizeAdvice({run, cells}: JunitSizes): string[] {
	if (run <= largestJunitBytes) {
		return [];
	}

	const large = cells.filter(([, bytes]) => bytes > largestJunitBytes);
	const [file = '', bytes = 0] = large[0] ?? [];
	return [
		`junit.xml has ${megabytes(run)}, and GitLab reads no file of more than ${megabytes(largestJunitBytes)}: let it read the files of the cells instead, junit/TEST-*.xml.`,
		...(large.length === 0
			? []
			: [
					`Of these ${counted(large.length, 'is', 'are')} larger, too (${file} has ${megabytes(bytes)}): prove fewer scenarios or repetitions in one run.`,
				]),
	];
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1).replace('.0', '')} MB`;
}
