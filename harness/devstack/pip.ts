/**
 * Reads what pip prints when a package cannot be built: the package, the step, and the error of the program that pip ran. Pure.
 */
import {weigh} from './words.ts';

/** The last message of pip, in each form that it had: the step, and the folder or the package. */
const ends: readonly RegExp[] = [
	/Command ["']?(?<step>.*?)["']? failed with error code \d+(?: in (?<folder>\S+))?/,
	/Command errored out with exit status \d+: (?<step>\S.*?)(?: Check the logs.*)?$/,
	/^(?:× )?(?<step>.*) did not run successfully\.?$/,
	/Could not build wheels for (?<package>[\w.-]+)/,
	/Failed to build (?:installable wheels for .*\()?(?<package>[\w.-]+)/,
	/(?:metadata-generation-failed|legacy-install-failure)/,
];

/** What pip itself prints around the output of a package's build. */
const ofPip =
	/subprocess-exited-with-error|Command errored out|did not run successfully|^(?:ERROR: )?(?:Command ["']|Could not build|Failed to build)/;
const shortStep = /\b(setup\.py)\b.*?\b(egg_info|install|develop|bdist_wheel|build_ext)\b/;

/** Returns the failure on one line, or undefined if pip did not end for that reason. */
export function pipFailure(output: readonly string[]): string | undefined {
	const texts = output.map(each => each.trim());
	const found = texts.flatMap((text, index) => {
		const groups = ends.map(each => each.exec(text)).find(each => each)?.groups;
		return groups || /metadata-generation-failed|legacy-install-failure/.test(text) ? [{index, ...groups}] : [];
	}) as {index: number; step?: string; folder?: string; package?: string}[];
	const last = found.at(-1);
	if (
		!last ||
		!output.some(each =>
			/^(?:Collecting|Downloading\/unpacking|Obtaining|Processing|Complete output|ERROR: |error: |\s*Complete output|Command )/.test(
				each,
			),
		)
	) {
		return undefined;
	}

	const root = texts.slice(0, last.index + 1).find(text => weigh(text) === 'error' && !ofPip.test(text));
	const step = found.find(each => each.step)?.step ?? 'the build';
	const [, script, verb] = shortStep.exec(step) ?? [];
	const folder = found
		.findLast(each => each.folder)
		?.folder?.replace(/\/+$/, '')
		.split('/')
		.at(-1);
	const collected = texts
		.slice(0, last.index + 1)
		.map(text => /^(?:Collecting|Downloading\/unpacking|Obtaining|Processing) ([\w.-]+)/.exec(text)?.[1]);
	const name = found.find(each => each.package)?.package ?? folder ?? collected.findLast(each => each !== undefined);
	const what = script ? `${script} ${verb}` : step;
	return `pip: ${what}${name ? ` of ${name}` : ''} fails${root ? `: ${root}` : ''}`;
}
