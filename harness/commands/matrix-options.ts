/** Options that choose cells: shared by the commands that take a matrix. */
import type {Command} from 'commander';
import {parseSpecs} from '../config/mix.ts';
import type {MixConfig} from '../config/types.ts';
import {providerNames} from '../providers/names.ts';
import {collect, collectCsv} from './command.ts';

/** Adds the options that choose cells. */
export function addMatrixOptions(command: Command): Command {
	return addPackageOptions(command)
		.option(
			'--kernel <specs>',
			'kernels: versions (6.1,6.12.107), packages, .deb files or URLs, folders; a mix as in --docker',
			collectSpecs('--kernel'),
		)
		.option(
			'--docker <specs>',
			'engines: versions (20.10,26.1), packages, static tarballs; m1=20.10,w1=28.5 is one mix of them',
			collectSpecs('--docker'),
		)
		.option(
			'--variant <ids>',
			'variants of the config, or none: nft,none; m1=none,w1=nft is one mix of them',
			collectSpecs('--variant'),
		)
		.option(
			'--daemon <key=value>',
			'a variant of this key of daemon.json: mtu=1400, log-opts.max-size=10m; may be repeated',
			collect,
		)
		.option('--stack <specs>', 'stacks for scenarios about DevStack: rehearsal, packaged, devstack:mitaka', collectCsv)
		.option('--localrc <NAME=value>', "a line of the stack's local.conf; may be repeated", collect)
		.option('--retry-with-remedy', 'when stack.sh fails in a way that is known, do what helps and try once more')
		.option('--managers <n>', 'machines that are managers')
		.option('--workers <n>', 'machines that are workers')
		.option('--memory <MiB>', 'memory of each machine')
		.option('--cpus <n>', 'virtual CPUs of each machine')
		.option('--plain', 'machines without what only makes them quick, each of them booted')
		.option('--provider <names>', `where machines come from: ${providerNames.join(', ')}`, collectCsv)
		.option(
			'--cell <id>',
			'only cells whose id has this in it by whole components, or matches it as a glob; may be repeated',
			collect,
		)
		.option(
			'--exclude <id>',
			'no cells whose id has this in it by whole components, or matches it as a glob; may be repeated',
			collect,
		);
}

/** Adds the specs of one use of an option; a mix is one spec. */
function collectSpecs(option: string) {
	return (text: string, before: (string | MixConfig)[] = []) => [...before, ...parseSpecs(option, text)];
}

/** Adds the options that say where packages come from. */
export function addPackageOptions(command: Command): Command {
	return command
		.option('--config <file>', 'config file instead of the nearest swarmlab.config.ts')
		.option('--suites <names>', 'suites that kernels and engines may come from', collectCsv)
		.option('--mirror <url>', "package mirror instead of all of this host's own")
		.option('--security-mirror <url>', 'mirror of the security suites (default: beside --mirror)')
		.option('--allow-expired', 'use suites whose Release file has expired');
}
