/** The options of the diagnosis bench. */
import path from 'node:path';
import {parseArgs} from 'node:util';
import {UsageError} from '../harness/errors.ts';
import {nearest} from '../harness/nearest.ts';
import * as paths from '../harness/paths.ts';
import type {InjectedCause} from './diagnosis-cause.ts';
import {causes} from './diagnosis-causes.ts';

export const help = `npm run bench:diagnosis -- [options]

Puts each cause into a healthy cell, and prints what was named. Exit code 1 if anything but the right cause was named.

  --docker <spec>      the engine (20.10.24)
  --kernel <spec>      the kernel (6.1); containers have that of this host
  --provider <name>    qemu or container (qemu)
  --cause <id>         only this cause; may be repeated: they are put in in this order. * stands for any characters
  --repeat <n>         each cause so often (1)
  --minutes <n>        begin no further cause after so many minutes
  --out <folder>       where causes.jsonl and the evidence are kept. A bench that was interrupted goes on with the same
                       command (reports/runs/diagnosis)
  --again              judge the kept evidence by the table of this version; no cell is brought up
  --list               only list the causes
  --table              only print the tables of what is done
  --matrix             only print one table of what is done, with a column for each cell`;

/** Reads the command line. Throws UsageError. */
export function readArguments() {
	const {values} = parseArgs({
		options: {
			docker: {type: 'string', default: '20.10.24'},
			kernel: {type: 'string', default: '6.1'},
			provider: {type: 'string', default: 'qemu'},
			cause: {type: 'string', multiple: true, default: ['*']},
			repeat: {type: 'string', default: '1'},
			minutes: {type: 'string', default: '100000'},
			out: {type: 'string', default: path.join(paths.runs, 'diagnosis')},
			again: {type: 'boolean', default: false},
			list: {type: 'boolean', default: false},
			table: {type: 'boolean', default: false},
			matrix: {type: 'boolean', default: false},
			help: {type: 'boolean', default: false},
		},
	});
	const numbers = {repeat: Number(values.repeat), minutes: Number(values.minutes)};
	for (const [name, number] of Object.entries(numbers)) {
		if (!(number > 0)) {
			throw new UsageError(`--${name} takes a number above 0, not '${values[name as 'repeat']}'`);
		}
	}

	return {...values, ...numbers, out: path.resolve(values.out), chosen: choose(values.cause)};
}

export type Arguments = ReturnType<typeof readArguments>;

/** Returns the causes that these patterns mean. Throws UsageError for a pattern that means none. */
function choose(patterns: readonly string[]): InjectedCause[] {
	for (const pattern of patterns) {
		if (!causes.some(({id}) => path.matchesGlob(id, pattern))) {
			const ids = causes.map(({id}) => id);
			throw new UsageError(`There is no cause '${pattern}'`, {
				remedy: `Did you mean ${nearest(pattern, ids, 3).join(', ') || ids.slice(0, 3).join(', ')}? --list lists them.`,
			});
		}
	}

	const found = patterns.flatMap(pattern => causes.filter(({id}) => path.matchesGlob(id, pattern)));
	return [...new Set(found)];
}
