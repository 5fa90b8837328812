/** Whether engines and kernels that are expected to fail are among those that were asked for, or can be had. Pure. */
import {isInText} from '../expect/range.ts';
import {versionOf} from '../expect/relation.ts';
import type {Cell, Engine, PlannedScenario} from '../model/index.ts';

/** Returns a sentence for each range of engines or kernels that none of the cells is in. `offered` are all engines that can be had. */
export function unreachedRanges(
	scenarios: readonly PlannedScenario[],
	cells: readonly Pick<Cell, 'nodes'>[],
	offered: readonly Engine[],
): string[] {
	const asked = cells.flatMap(({nodes}) => nodes.map(({engine}) => engine.version));
	const kernels = cells.flatMap(({nodes}) => nodes.map(({kernel}) => versionOf(kernel)));
	const ranges = scenarios.flatMap(({reproduction}) => {
		const {issue = '', expected = 'unknown'} = reproduction ?? {};
		return expected === 'unknown' ? [] : expected.map(({fails, kernel}) => ({issue, fails, kernel}));
	});
	const withoutKernel = ranges
		.filter(({kernel}) => kernel !== undefined && !kernels.some(version => isInText(version, kernel)))
		.map(
			({issue, kernel}) =>
				`${issue} is expected to fail on kernel ${kernel}, and no cell has such a kernel: swarmlab kernels lists those that can be had.`,
		);
	const withoutEngine = ranges
		.filter(({fails}) => !asked.some(version => isInText(version, fails)))
		.map(({issue, fails}) => {
			const [newest] = offered.filter(({version}) => isInText(version, fails));
			return newest
				? `${issue} is expected to fail with Docker ${fails}, and no cell has such an engine: --docker ${specOf(newest)} is one.`
				: `${issue} is expected to fail with Docker ${fails}, and no such engine can be had here (swarmlab engines).`;
		});
	return [...withoutEngine, ...withoutKernel];
}

function specOf({version, source}: Engine): string {
	return source.type === 'package' ? `${version}@${source.package.suite}` : version;
}
