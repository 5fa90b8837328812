/** The requirements of this host: makes checks from facts. Pure. */
import type {Check} from './check.ts';
import type {Facts} from './facts.ts';
import {remedyOf} from './places.ts';
import {type Tool, tools, toolsOfPlainUser} from './tools.ts';

/** MiB: one kernel and one engine artifact, and the space to build them. */
const diskNeeded = 5 * 1024;

/** MiB: three machines of the usual size, and this host itself. */
const memoryWanted = 4 * 1024;

/**
 * Returns all checks, the most basic first.
 * @param needs programs in addition to those that every run needs
 * @param looked finished checks of things other than programs
 */
export function checksOf(facts: Facts, needs: readonly Tool[] = [], looked: readonly Check[] = []): Check[] {
	const wanted = [...needs, ...tools, ...(facts.isRoot ? [] : toolsOfPlainUser)];
	return [
		system(facts),
		distribution(facts),
		...wanted.map(tool => program(tool, facts)),
		...looked,
		...(facts.places ?? []).map(folder),
		amount('free disk', facts.disk.free, diskNeeded, 'missing', {
			place: ` in ${facts.disk.folder}`,
			remedy: 'Make room, or set SWARMLAB_CACHE to a folder on a larger disk.',
		}),
		amount('free memory', facts.memory, memoryWanted, 'warning', {
			place: '',
			remedy: 'Use fewer or smaller machines: --workers 1 --memory 768.',
		}),
	];
}

function system({platform, architecture}: Facts): Check {
	const fits = platform === 'linux' && architecture === 'x64';
	return {
		name: 'system',
		state: fits ? 'ok' : 'missing',
		seen: `${platform} ${architecture}`,
		needed: 'linux x64',
		...(fits ? {} : {remedy: 'Run it on an x86-64 Linux machine.'}),
	};
}

function distribution({release}: Facts): Check {
	const family = [release.ID, ...(release.ID_LIKE ?? '').split(' ')];
	const fits = family.includes('debian') || family.includes('ubuntu');
	return {
		name: 'distribution',
		state: fits ? 'ok' : 'missing',
		seen: release.PRETTY_NAME ?? 'unknown',
		needed: 'Debian or Ubuntu: machines are built from their packages',
		...(fits ? {} : {remedy: 'Run it on Debian or Ubuntu, or in a container of one of them.'}),
	};
}

function program(tool: Tool, facts: Facts): Check {
	const seen = facts.find(tool.command);
	return {
		name: tool.command,
		state: seen ? 'ok' : 'missing',
		seen: seen ?? 'not found',
		needed: tool.use,
		package: tool.package,
	};
}

function folder({trouble, ...place}: NonNullable<Facts['places']>[number]): Check {
	return {
		name: `${place.name} folder`,
		state: trouble === undefined ? 'ok' : 'missing',
		seen: trouble === undefined ? place.folder : `${place.folder} cannot be written: ${trouble}`,
		needed: place.use,
		...(trouble !== undefined && {remedy: remedyOf(place, trouble)}),
	};
}

function amount(
	name: string,
	free: number,
	needed: number,
	otherwise: 'missing' | 'warning',
	{place, remedy}: {place: string; remedy: string},
): Check {
	const enough = free >= needed;
	return {
		name,
		state: enough ? 'ok' : otherwise,
		seen: `${gigabytes(free)}${place}`,
		needed: gigabytes(needed),
		...(enough ? {} : {remedy}),
	};
}

function gigabytes(mebibytes: number): string {
	return `${(mebibytes / 1024).toFixed(1)} GiB`;
}
