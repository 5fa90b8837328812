/** `swarmlab box`: boxes for Vagrant, made of this host's own packages. */
import {Argument} from 'commander';
import {UsageError} from '../errors.ts';
import {type MatrixFlags, readConfig, readEngines, readKernels, readPackages} from '../plan/resolve.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {addInstallOption, type InstallFlags, needsOf, prepareHost} from './fit.ts';
import {addPackageOptions} from './matrix-options.ts';

const examples = `
Examples:
  swarmlab box build                    a box with the engine of this host's own release
  swarmlab box build --docker 26.1      with another one
  swarmlab box build --add              and taken in by Vagrant: SWARMLAB_BOX=NAME vagrant up`;

export const registerBox: Register = program => {
	const command = program
		.command('box')
		.summary("build a box for Vagrant's libvirt provider")
		.description(
			'Builds a box with an engine and the service images, which boots its own kernel, an installed one, or any kernel that libvirt is given.',
		)
		.addArgument(new Argument('<action>', 'build').choices(['build']));
	addInstallOption(addPackageOptions(command))
		.option('--docker <spec>', 'the engine in it')
		.option('--add', 'let Vagrant take it in')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(
			async (
				_: string,
				{add, json, docker, ...flags}: MatrixFlags & InstallFlags & {docker?: string; add?: boolean; json?: boolean},
			) => {
				const loaded = await readConfig({...flags, ...(docker !== undefined && {docker: [docker]})} as MatrixFlags);
				const {requireForPlan} = await import('../host/index.ts');
				const needs = await needsOf([]);
				await requireForPlan(needs);
				const packages = await readPackages(loaded);
				const [engine, ...others] = await readEngines(loaded, packages, print);
				const [kernel] = await readKernels(loaded, packages, print);
				if (others.length > 0) {
					throw new UsageError('A box has one engine', {remedy: 'Choose it by --docker'});
				}

				// libvirt need not run: only Vagrant's public key is taken from this host.
				await prepareHost(flags, needs);
				const {makeBox} = await import('../providers/vagrant/make-box.ts');
				const {file, name} = await makeBox({kernel: kernel!, engine: engine!}, packages, event => {
					if (event.event === 'artifact') {
						print(`${event.kind} ${event.label}: ${event.state}${event.detail ? ` (${event.detail})` : ''}`);
					}
				});
				if (add) {
					await addToVagrant(name, file);
				}

				if (json) {
					printJson('box', {name, file, added: add ?? false});
					return;
				}

				printAnswer(`${name}: ${file}`);
				printAnswer(
					`Next: ${add ? '' : `vagrant box add ${file} --name ${name} --provider libvirt; `}SWARMLAB_BOX=${name} vagrant up`,
				);
			},
		);
};

async function addToVagrant(name: string, file: string): Promise<void> {
	const {Vagrant} = await import('../../vagrant/vagrant.ts');
	const {mkdtempSync, rmSync} = await import('node:fs');
	const {tmpdir} = await import('node:os');
	const folder = mkdtempSync(`${tmpdir()}/swarmlab-box-`);
	try {
		await new Vagrant({folder, provider: 'libvirt', onProgress: (_, doing) => print(doing)}).addBox(name, file);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}
