/** `swarmlab gc`: removes what dead runs left. */
import {asTyped} from '../called.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';

const examples = `
Examples:
  swarmlab gc --dry-run   what a dead run left: processes, folders
  swarmlab gc             and away with it
  swarmlab gc --all       with what was kept on purpose (up, run --keep)`;

interface GcFlags {
	dryRun?: boolean;
	all?: boolean;
	json?: boolean;
}

export const registerGc: Register = (program, finish) => {
	program
		.command('gc')
		.summary('remove what dead runs left on this host')
		.description('Removes processes, sockets and disks of runs whose process died. Runs under way are left alone.')
		.option('--dry-run', 'only show it')
		.option('--all', 'with what was kept on purpose (up, run --keep)')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async ({dryRun = false, all = false, json}: GcFlags) => {
			const {collectGarbage, findGarbage} = await import('../run/gc.ts');
			const {damagedLeases} = await import('../processes/leases.ts');
			const found = dryRun
				? (await findGarbage({all})).map(({remove, ...what}) => ({...what, leftovers: [] as string[]}))
				: await collectGarbage({all});
			if (json) {
				printJson('gc', found);
			} else if (found.length === 0) {
				printAnswer('nothing was left behind');
			}

			for (const {lease, processes, folders, outside = [], leftovers} of json ? [] : found) {
				printAnswer(
					`${lease}: ${dryRun ? 'would remove' : 'removed'} ${processes.length} processes, ${folders.length} folders${outside.length > 0 ? `, ${outside.join(', ')}` : ''}`,
				);
				for (const what of [...(dryRun ? [...processes, ...folders] : leftovers.map(each => `not removed: ${each}`))]) {
					printAnswer(`  ${what}`);
				}
			}

			const {listSaved} = await import('../run/saved.ts');
			const saved = json ? [] : listSaved().map(({name}) => name);
			if (saved.length > 0) {
				printAnswer(asTyped(`saved by name, and left alone (swarmlab snapshot remove NAME): ${saved.join(', ')}`));
			}

			for (const problem of damagedLeases()) {
				print(`warning: ${problem} What it lists cannot be removed. Delete the file when no run is up.`);
			}

			if (found.some(({leftovers}) => leftovers.length > 0)) {
				finish(2);
			}
		});
};
