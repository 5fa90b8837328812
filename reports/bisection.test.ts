import test from 'ava';
import type {Measurement} from '../harness/bisect/journal.ts';
import type {Version} from '../harness/bisect/points.ts';
import type {Bisection} from '../harness/bisect/result.ts';
import {usualRates} from '../harness/bisect/sequential.ts';
import {cellOf} from '../harness/run/fixtures/in-memory.ts';
import {bisectionBlock, exitCodeOf} from './bisection.ts';

const versions = ['20.10.5', '20.10.24', '28.5.2'].map(
	(label): Version => ({id: `docker.io ${label}-1`, label, series: '', spec: label, content: label}),
);
const measured = (point: string, failed: number, passed: number, more: Partial<Measurement> = {}): Measurement => ({
	...{point: `docker.io ${point}-1`, answer: failed > 1 ? 'bad' : 'good', runs: []},
	...{tally: {failed, passed, undecided: 0, skipped: 0}, ...more},
});
const found: Bisection = {
	scenario: {
		title: 'a node gives back its address',
		file: 'scenarios/issues/40989.ts',
		reproduction: {issue: 'moby/moby#40989', expected: 'unknown', managers: 1, workers: 0},
	},
	...{
		axis: 'docker',
		versions,
		same: [
			{id: 'docker.io 28.5.2-1+b1', as: 'docker.io 28.5.2-1'},
			{id: 'docker.io 19.03.1-1+b1', as: 'docker.io 19.03.1-1'},
		],
		end: 'found',
		rates: usualRates,
	},
	found: {good: 'docker.io 20.10.24-1', bad: 'docker.io 20.10.5-1', unknown: []},
	measurements: [
		measured('28.5.2', 0, 5),
		measured('20.10.5', 2, 0, {message: 'it | hung <b>', runs: ['/runs/run-bad']}),
		measured('20.10.24', 1, 9, {runs: ['/runs/run-early', '/runs/run-good']}),
	],
	changes: [
		{version: '20.10.24-1', changes: ['  * New upstream version.']},
		{version: '20.10.8-1', changes: Array.from({length: 80}, (_, index) => `  * change ${index}`)},
	],
	cell: cellOf('memory-x'),
	command: ['swarmlab', 'bisect', 'scenarios/issues/40989.ts', '--filter', "it's"],
};

test('a search that has found the place names the neighbours, rates, changes and the command', t => {
	const text = bisectionBlock(found);
	t.regex(
		text,
		/holds with Docker \*\*20\.10\.24\*\* \(`docker\.io 20\.10\.24-1`\) and fails with Docker \*\*20\.10\.5\*\*/,
	);
	t.regex(text, /\| 20\.10\.24 \| `docker\.io 20\.10\.24-1` \| \*\*good\*\* \| 1 of 10 \| 2–40 % \|/);
	t.regex(text, /\| 20\.10\.5 \| .* \| \*\*bad\*\* \| 2 of 2 \| 34–100 % \| it \\\| hung (&lt;|\\<)b/);
	t.regex(text, /2 entries since the older one/);
	t.regex(text, /\[23 lines more\]/);
	t.regex(text, /built of the same source as/);
	t.notRegex(text, /19\.03/, 'a package beside a version that was not measured says nothing');
	t.true(text.includes(String.raw`--filter 'it'\''s'`));
	t.regex(text, /swarmlab compare run-good run-bad\n/);
	t.is(exitCodeOf(found), 0);
});

test('what could not be decided between the neighbours is named, and a changelog that lacks is said to', t => {
	const {changes, ...rest} = found;
	const text = bisectionBlock({
		...rest,
		found: {good: 'docker.io 28.5.2-1', bad: 'docker.io 20.10.5-1', unknown: ['docker.io 20.10.24-1']},
	});
	t.regex(text, /Between them could not be decided: \*\*20\.10\.24\*\*/);
	t.regex(text, /could not be read/);
	t.is(changes!.length, 2);
});

const refusals: [why: NonNullable<Bisection['why']>, shows: RegExp, code: number][] = [
	['good is not good', /was called good, and the claim fails there, 0 of 5 tries failed/, 1],
	['bad is not bad', /was called bad, and the claim holds there, 2 of 2 tries failed/, 1],
	['good and bad are exchanged', /Exchange `--good` and `--bad`/, 1],
	['good is not known', /could not be decided/, 2],
	['bad is not known', /could not be decided/, 2],
];
for (const [why, shows, code] of refusals) {
	test(`refused, as ${why}: the block says so, with the rates`, t => {
		const {found: _, changes, ...rest} = found;
		const refused: Bisection = {...rest, versions: versions.toReversed(), end: 'refused', why};
		t.regex(bisectionBlock(refused), shows);
		t.notRegex(bisectionBlock(refused), /holds with Docker .* and fails with/);
		t.is(exitCodeOf(refused), code);
		t.truthy(changes);
	});
}

test('an interrupted search says that the same command continues it', t => {
	const {found: _, ...rest} = found;
	t.regex(bisectionBlock({...rest, end: 'interrupted'}), /The same command continues it/);
	const early = bisectionBlock({...rest, end: 'interrupted', measurements: []});
	t.notRegex(early, /\|/, 'without a measurement there is no table');
	t.regex(early, /^0 versions of 3 were measured/m);
	t.is(exitCodeOf({end: 'interrupted'}), 130);
});
