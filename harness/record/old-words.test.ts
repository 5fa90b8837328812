/** Records that earlier versions wrote say what they said, in the words of today. */
import test from 'ava';
import type {Event} from '../model/index.ts';
import {parseRecord} from './record.ts';
import {asResults} from './results.ts';

const at = '2026-11-20T10:00:00.000Z';
const cell = 'qemu-k6.1-d20.10-1m2w';
const result = {
	...{cell, title: 'a claim', file: 'scenarios/a.ts', repetition: 1, verdict: 'passed', startedAt: at, seconds: 1},
	...{evidence: [], log: []},
};
const host = {
	...{hostname: 'h', os: 'o', kernel: 'k', cpus: 1, memory: 1, qemu: 'q'},
	...{accelerator: 'tcg', acceleratorReason: 'r', swarmlab: '0.1.0'},
};
const {qemu, ...rest} = host;
/** As it is read: what the host was asked for a provider's sake is a table. */
const hostNow = {...rest, facts: {qemu}};
const webs = {name: 'webs', file: 'scenarios/arrangements.ts'};

const rows: [what: string, old: object, now: object][] = [
	[
		'a swarm from a frozen cluster',
		{event: 'cell-formed', cell, origin: 'frozen cluster', seconds: 1},
		{event: 'cell-formed', cell, origin: 'cluster snapshot', seconds: 1},
	],
	[
		'a swarm from a frozen stage',
		{event: 'cell-formed', cell, origin: 'frozen stage', seconds: 1},
		{event: 'cell-formed', cell, origin: 'fixture snapshot', seconds: 1},
	],
	[
		'a swarm that was booted',
		{event: 'cell-formed', cell, origin: 'cold boot', seconds: 1},
		{event: 'cell-formed', cell, origin: 'cold boot', seconds: 1},
	],
	[
		'a stage that was built',
		{event: 'artifact', kind: 'stage', label: 'l', state: 'built'},
		{event: 'artifact', kind: 'fixture', label: 'l', state: 'built'},
	],
	[
		'a result',
		{event: 'result', result: {...result, origin: 'frozen stage', metrics: {'arrangement ready on every node': 2}}},
		{event: 'result', result: {...result, origin: 'fixture snapshot', metrics: {'fixture ready on every node': 2}}},
	],
	[
		'what was planned',
		{
			...{event: 'run-started', run: 'r', command: [], host, cells: []},
			scenarios: [{title: 'a claim', file: 'scenarios/a.ts', cluster: 'formed', arrangement: webs}],
		},
		{
			...{event: 'run-started', run: 'r', command: [], host: hostNow, cells: []},
			scenarios: [{title: 'a claim', file: 'scenarios/a.ts', cluster: 'new', fixture: webs}],
		},
	],
];

for (const [what, old, now] of rows) {
	test(`a record of an earlier version is read: ${what}`, t => {
		const {events, problems} = parseRecord([JSON.stringify({at, ...old}), ''].join('\n'));
		t.deepEqual(problems, []);
		t.deepEqual(events, [{at, ...now} as Event]);
	});
}

test('so are results of a cell', t => {
	const {results, problems} = asResults({
		values: [{...result, origin: 'frozen cluster', metrics: {}}],
		numbers: [1],
		problems: [],
	});
	t.deepEqual(problems, []);
	t.is(results[0]?.origin, 'cluster snapshot');
});
