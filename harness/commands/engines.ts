/** `swarmlab engines`: lists the available Docker Engines. */

import {type MatrixFlags, readConfig, readPackages} from '../plan/resolve.ts';
import {Warnings} from '../plan/warnings.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {addPackageOptions} from './matrix-options.ts';
import {filterOffered} from './offered.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab engines          all, newest first
  swarmlab engines 20.10    those of one series
  swarmlab engines --json   for a program`;

export const registerEngines: Register = program => {
	const command = program
		.command('engines')
		.summary('list the Docker Engines that can be had, newest first')
		.description('Lists the Docker Engines that the configured suites and repositories offer, newest first.')
		.argument('[text]', 'a version (20.10, by whole components), or a part of a package or a suite');
	addPackageOptions(command)
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (text: string | undefined, flags: MatrixFlags & {json?: boolean}) => {
			const packages = await readPackages(await readConfig(flags));
			const {listEngines} = await import('../artifacts/engines/engines.ts');
			const warnings = new Warnings(print);
			const all = await listEngines(packages, warnings.report);
			const engines = await warnings.during(() => filterOffered('engine', all, text, packages.suites));
			warnings.showForList(engines);
			if (flags.json) {
				printJson('engines', engines);
				return;
			}

			const rows = engines.map(({label, source}) => [
				label,
				...(source.type === 'package'
					? [source.package.suite, source.repository ?? 'distribution', source.package.name, source.package.version]
					: [source.suite, 'tarball', '', '']),
			]);
			printAnswer(table([['VERSION', 'SUITE', 'FROM', 'PACKAGE', 'PACKAGE VERSION'], ...rows]));
		});
};
