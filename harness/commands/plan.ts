/** `swarmlab plan`: what `run` would do, without doing it. */
import {answer, answerJson, type Register, say} from './command.ts';
import {about, addMatrixOptions, lookedAt, type MatrixFlags, readCells, readConfig, readPackages} from './matrix.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab plan --kernel 5.10,6.1,6.12 --docker 20.10,26.1   the 6 cells
  swarmlab plan --json | jq -r '.cells[].id'                 their ids, for a CI matrix`;

export const registerPlan: Register = (program, finish) => {
	const command = program
		.command('plan')
		.summary('show the cells and scenarios of a run, without running')
		.description('Shows the cells and the scenarios that `swarmlab run` with the same options would prove.')
		.argument('[files...]', 'scenario files, folders or globs (default: those of the config)');
	addMatrixOptions(command)
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (files: string[], flags: MatrixFlags & {json?: boolean}) => {
			const loaded = await readConfig(flags);
			const {planScenarios, requireSome} = await import('../plan/scenarios.ts');
			const plan = await (files.length > 0
				? planScenarios(files, process.cwd())
				: planScenarios(loaded.settings.scenarios, loaded.folder));
			requireSome(plan);
			const {scenarios, problems, passedOver} = plan;
			const cells = await readCells(loaded, await readPackages(loaded), flags, about(scenarios));
			const planned = lookedAt(scenarios, cells);
			// What was asked for cannot be planned as a whole: a CI that reads the plan must not see green.
			if (problems.length > 0) {
				finish(64);
			}

			if (flags.json) {
				answerJson({cells, scenarios: planned, problems});
				return;
			}

			const rows = cells.map(({id, kernel, engine, stack, topology: {managers, workers, memory, cpus}}) => [
				id,
				kernel.release,
				stack ? stack.what : `Docker ${engine.version} on ${engine.source.suite}`,
				`${managers + workers} × ${memory} MiB, ${cpus} CPU`,
			]);
			answer(table([['CELL', 'KERNEL', 'UNDER TEST', 'MACHINES'], ...rows]));
			answer(`\n${count(planned.length, 'scenario')} on ${count(cells.length, 'cell')}:`);
			answer(table(planned.map(({file, line, title}) => [`  ${file}${line ? `:${line}` : ''}`, title])));
			for (const {reason} of problems) {
				say(`warning: ${reason.message}`);
			}

			for (const file of passedOver) {
				say(`warning: ${file} is passed over: it does not import 'swarmlab'`);
			}
		});
};

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
