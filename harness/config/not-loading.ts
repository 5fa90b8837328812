/** Remedies for a config that does not load, one row per cause. Pure, except that it checks whether files exist. */
import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {moduleExtensions} from '../workspace.ts';

/** What is known of an error that another process may have thrown. */
export interface Cause {
	name?: string;
	code?: string | undefined;
	message: string;
}

const rows: readonly {
	fits: (cause: Cause) => RegExpExecArray | boolean | null;
	remedy: (file: string, cause: Cause) => string;
}[] = [
	{
		fits: ({message}) => packageIn(message) !== undefined,
		remedy: (file, {message}) =>
			`Install it beside the config (npm install --prefix '${path.dirname(file)}' ${packageIn(message)}), or take the import out.`,
	},
	{
		fits: ({code, message}) => code === 'ERR_MODULE_NOT_FOUND' || /^Cannot find module/.test(message),
		remedy: () => 'Mend the path of that import: it has the extension of the file, too.',
	},
	{
		fits: ({message}) => /does not provide an export named/.test(message),
		remedy: () => 'Mend that import: look at the names that it exports.',
	},
	{
		fits: ({code}) => code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
		remedy: () => 'Node runs TypeScript by leaving its types out: write it without enums, namespaces and decorators.',
	},
	{
		fits: ({name, code}) => name === 'SyntaxError' || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX',
		remedy: () => 'Mend the syntax there.',
	},
	{fits: () => true, remedy: file => `Mend what ${path.basename(file)} does there, or name another file by --config.`},
];

/** Returns what to do about a config that was found and threw while it loaded. */
export function remedyOfLoading(file: string, cause: Cause): string {
	return rows.find(({fits}) => fits(cause))!.remedy(file, cause);
}

/** Returns the name of a package that was not found: `@scope/name` without the path below it. */
function packageIn(message: string): string | undefined {
	return /Cannot find package '((?:@[^/']+\/)?[^/']+)[^']*'/.exec(message)?.[1];
}

/** Throws UsageError if a file cannot be a config (a folder, or no module), before it is loaded. */
export function refuseNoModule(file: string, asked: string): void {
	const own = path.join(file, 'swarmlab.config.ts');
	if (statSync(file).isDirectory()) {
		throw new UsageError(`${asked} is a folder, and a config is a file.`, {
			remedy: existsSync(own) ? `--config ${path.join(asked, 'swarmlab.config.ts')}` : example,
		});
	}

	if (!moduleExtensions.includes(path.extname(file))) {
		throw new UsageError(
			`${asked} is no config: its name ends in ${path.extname(file) || 'nothing'}, and a config is a module (${moduleExtensions.join(', ')}).`,
			{
				remedy: example,
			},
		);
	}
}

const example = "Write it as swarmlab.config.ts, with one default export: export default {kernels: ['6.1']};";
