/** `swarmlab doctor`: checks whether this host can run swarmlab, and if not, why. */
import {asTyped} from '../called.ts';
import {HostError, UsageError} from '../errors.ts';
import type {Check, HostNeeds} from '../host/index.ts';
import {providerNames} from '../providers/names.ts';
import {collectCsv, print, printAnswer, printJson, type Register} from './command.ts';
import {bootKernels, needsOf} from './fit.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab doctor                            what this host has and what it lacks
  swarmlab doctor --fix                      install what it lacks (as root, or by sudo without a password)
  swarmlab doctor --provider vagrant --fix   with what Vagrant needs`;

const marks = {ok: 'ok', missing: 'MISSING', warning: 'warning'};

export const registerDoctor: Register = (program, finish) => {
	program
		.command('doctor')
		.summary('check whether this host can run it')
		.description(
			'Checks this host: system, programs, disk, memory, accelerator. Exit code 69 when something is missing.',
		)
		.option('--provider <names>', `what these providers need as well: ${providerNames.join(', ')}`, collectCsv)
		.option('--fix', 'install what is missing, by apt')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async ({fix, json, provider = []}: {fix?: boolean; json?: boolean; provider?: string[]}) => {
			const unknown = provider.find(name => !(providerNames as readonly string[]).includes(name));
			if (unknown !== undefined) {
				throw new UsageError(`--provider: there is no '${unknown}'`, {
					remedy: `The providers are: ${providerNames.join(', ')}`,
				});
			}

			const needs = await needsOf(provider);
			const {acceleratorCheck, checkHost, ensureHost, readKvm} = await import('../host/index.ts');
			const {acceleratorAsked} = await import('../hypervisor/accelerator-asked.ts');
			const {provenAccelerator} = await import('../hypervisor/accelerator.ts');
			const checks = [
				...(fix ? await ensureHost(print, needs) : await checkHost(needs)),
				// Shows what an earlier run has proven: a new proof needs a kernel, which doctor does not fetch.
				...(bootKernels(provider)
					? [acceleratorCheck(await readKvm(), await provenAccelerator().catch(() => undefined), acceleratorAsked())]
					: []),
			];
			if (json) {
				printJson('doctor', checks);
			} else {
				// The reason of an accelerator may be a page long; its first line is enough.
				printAnswer(
					table(checks.map(({name, state, seen, needed}) => [marks[state], name, needed, seen.split('\n')[0]!])),
				);
				for (const {name, remedy} of checks.filter(({state}) => state === 'warning')) {
					printAnswer(asTyped(`${name} → ${remedy}`));
				}
			}

			const missing = checks.filter(({state}) => state === 'missing');
			if (missing.length > 0 && json) {
				finish(69);
			} else if (missing.length > 0) {
				throw await lacks(missing, needs);
			}
		});
};

async function lacks(missing: Check[], needs: HostNeeds[]): Promise<HostError> {
	const {howToInstall, missingPackages} = await import('../host/index.ts');
	const remedies = missing.flatMap(({remedy}) => remedy ?? []);
	const install = missingPackages(missing).length > 0 ? [await howToInstall(missing, needs)] : [];
	return new HostError(
		`This host cannot run it yet. Missing, or not as needed: ${missing.map(({name}) => name).join(', ')}.`,
		{
			remedy: [...new Set([...install, ...remedies])].join('\n    '),
		},
	);
}
