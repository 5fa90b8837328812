/** tempest as one claim. Each of its tests gets its own result, as the tests are known only after they ran. */
import path from 'node:path';
import {hasTempest, oncePerTest, runTempest, type TestOutcome} from '../devstack/index.ts';
import {NotApplicable} from '../errors.ts';
import {limits} from '../limits.ts';
import type {Job, PlannedScenario, Result, Verdict} from '../model/index.ts';
import {appendResult} from '../record/results.ts';
import {isRefusedClaim} from './announced.ts';
import {callSite} from './call-site.ts';
import {runFolder, unused} from './cell.ts';
import {claimOnStack} from './on-stack.ts';

const verdicts: Record<TestOutcome['status'], Verdict> = {
	passed: 'passed',
	failed: 'failed',
	skipped: 'skipped',
	unfinished: 'broken',
};

/**
 * Declares a claim that tempest runs to its end and that its exit code agrees with its tests. Each test has its own result.
 * @param select arguments of `tempest run`: `--smoke`, `--regex '…'`
 */
export function tempest(select = '--smoke'): void {
	const planned = {title: `tempest run ${select} comes to its end`, ...callSite(), stack: {}};
	if (isRefusedClaim(planned)) {
		return;
	}

	claimOnStack(planned, limits.tempest, async (t, {machine, cell, assignment, onProgress}) => {
		if (!(await hasTempest(machine))) {
			t.pass();
			throw new NotApplicable('this stack has no tempest: enable its service in local.conf');
		}

		const log = unused(path.join(cell.folder, 'tempest.log'));
		const {tests, problems, exitCode} = await runTempest(machine, {select, log, onProgress});
		const evidence = [path.relative(runFolder(cell), log)];
		for (const result of oncePerTest(tests).map(each => resultOf(each, planned, {cell, assignment}))) {
			appendResult(assignment.results, {...result, evidence});
		}

		// A test whose worker died does not prove a failure of the product, but tempest rightly ends with an error.
		const failed = tests.some(({status}) => status === 'failed' || status === 'unfinished');
		t.deepEqual(problems, []);
		t.true(tests.length > 0, 'tempest reported no test');
		t.is(exitCode !== 0, failed, `tempest ended with ${exitCode}, and ${failed ? 'tests' : 'no test'} failed`);
		return {evidence};
	});
}

function resultOf(test: TestOutcome, {file, line}: PlannedScenario, {cell: {cell, origin}, assignment}: Job): Result {
	const {repetition} = assignment;
	const {id, status, seconds = 0, message, details, attributes, note} = test;
	const verdict = verdicts[status];
	const text = message ?? note ?? `it is ${status}`;
	return {
		cell: cell.id,
		title: id,
		file,
		line,
		origin,
		repetition,
		verdict,
		...(verdict !== 'passed' && {
			reason: {
				message: text.split('\n')[0]!,
				type: status === 'failed' ? 'TempestFailed' : 'Tempest',
				details: details || text,
			},
		}),
		startedAt: new Date().toISOString(),
		seconds,
		metrics: {},
		evidence: [],
		log: [
			...(attributes.length > 0 ? [`attributes: ${attributes.join(', ')}`] : []),
			...(note && verdict === 'passed' ? [note] : []),
		],
	};
}
