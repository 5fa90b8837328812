/** `swarmlab kernels`: lists the available kernels. */

import {type MatrixFlags, readConfig, readPackages} from '../plan/resolve.ts';
import {Warnings} from '../plan/warnings.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {addPackageOptions} from './matrix-options.ts';
import {filterOffered} from './offered.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab kernels                 all, newest first
  swarmlab kernels 6.12            those of one series
  swarmlab kernels trixie --json   those of one suite, for a program`;

export const registerKernels: Register = program => {
	const command = program
		.command('kernels')
		.summary('list the kernels that can be had, newest first')
		.description('Lists the kernels that the configured suites offer, newest first.')
		.argument('[text]', 'a version (6.12, by whole components), or a part of a release, a package or a suite');
	addPackageOptions(command)
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (text: string | undefined, flags: MatrixFlags & {json?: boolean}) => {
			const packages = await readPackages(await readConfig(flags));
			const {listKernels} = await import('../artifacts/kernels/kernels.ts');
			const warnings = new Warnings(print);
			const all = await listKernels(packages, warnings.report);
			const kernels = await warnings.during(() => filterOffered('kernel', all, text, packages.suites));
			warnings.showForList(kernels);
			if (flags.json) {
				printJson('kernels', kernels);
				return;
			}

			const rows = kernels.map(({label, release, source}) => [
				label,
				release,
				...(source.type === 'package'
					? [source.package.suite, source.package.name, source.package.version]
					: [source.type, '', '']),
			]);
			printAnswer(table([['VERSION', 'RELEASE', 'SUITE', 'PACKAGE', 'PACKAGE VERSION'], ...rows]));
		});
};
