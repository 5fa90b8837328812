/** What `default` means: the kernel and the engine that this host's own release ships. Pure. */
import {UsageError} from '../errors.ts';
import type {Engine, Kernel} from '../model/index.ts';

/** The spec that means what the release ships. */
export const defaultSpec = 'default';

/**
 * Returns the newest kernel of the series that a release began with: updates of 6.1 count, 6.12 from backports does not.
 * @param kernels newest first. @param release code name of the host: `bookworm`.
 * @throws UsageError when the suites of the release offer none.
 */
export function defaultKernel(kernels: readonly Kernel[], release: string): Kernel {
	const own = kernels.filter(({source}) => source.type === 'package' && isOf(release, source.package.suite));
	const original = own.find(({source}) => source.type === 'package' && source.package.suite === release) ?? own[0];
	const series = original && seriesOf(original.label);
	const found = own.find(({label}) => seriesOf(label) === series);
	return found ?? fail('kernel', release);
}

/** Returns the newest engine of a release. @param engines newest first. @throws UsageError when its suites offer none. */
export function defaultEngine(engines: readonly Engine[], release: string): Engine {
	const found = engines.find(({source}) => source.type === 'package' && isOf(release, source.package.suite));
	return found ?? fail('engine', release);
}

function isOf(release: string, suite: string): boolean {
	return [release, `${release}-security`, `${release}-updates`].includes(suite);
}

function seriesOf(label: string): string {
	return label.split('.').slice(0, 2).join('.');
}

function fail(what: 'kernel' | 'engine', release: string): never {
	const option = what === 'kernel' ? '--kernel' : '--docker';
	throw new UsageError(`The suites of '${release || 'this host'}' offer no ${what} that could be the default.`, {
		remedy: `Choose one of 'swarmlab ${what}s' by ${option}, or set packages.suites in swarmlab.config.ts.`,
	});
}
