import test from 'ava';
import type {Origin, PlannedScenario} from '../model/index.ts';
import {groupsOf} from './groups.ts';

const webs = {name: 'webs', file: 'scenarios/arrangements.ts'};
const scenarios: PlannedScenario[] = [
	{title: 'formed', file: 'scenarios/a.ts', cluster: 'formed'},
	{title: 'plain', file: 'scenarios/a.ts'},
	{title: 'looks at webs', file: 'scenarios/b.ts', arrangement: webs},
	{title: 'breaks webs', file: 'scenarios/b.ts', cluster: 'fresh', arrangement: webs},
	{title: 'looks again', file: 'scenarios/c.ts', arrangement: webs},
];
const files = ['a', 'b', 'c'].map(name => `/p/scenarios/${name}.ts`);
const claims = (...titles: string[]) =>
	titles.map(title => ({file: scenarios.find(each => each.title === title)!.file, title}));
const [a, b, c] = files as [string, string, string];

function grouped(origin: Origin, stages: boolean, more: Partial<Parameters<typeof groupsOf>[0]> = {}) {
	return groupsOf({files, scenarios, origin, stages, workspace: '/p', ...more});
}

test('without stages: one group for each that wants its own, then all that share', t => {
	t.deepEqual(grouped('frozen cluster', false), [
		{cluster: 'shared', files: [a, b, c], claims: claims('plain', 'looks at webs', 'looks again')},
		{cluster: 'formed', files: [a], claims: claims('formed')},
		{cluster: 'fresh', files: [b], claims: claims('breaks webs')},
	]);
});

test('with stages: one group for each arrangement, and one for those without', t => {
	t.deepEqual(grouped('frozen cluster', true), [
		{cluster: 'shared', stage: webs, files: [b, c], claims: claims('looks at webs', 'looks again')},
		{cluster: 'shared', files: [a], claims: claims('plain')},
		{cluster: 'formed', files: [a], claims: claims('formed')},
		{cluster: 'fresh', stage: webs, files: [b], claims: claims('breaks webs')},
	]);
});

test('where each cluster is a boot, all share one', t => {
	t.deepEqual(grouped('cold boot', true), [{cluster: 'shared', files}]);
});

test('a file that announced nothing is run by itself', t => {
	t.deepEqual(grouped('frozen cluster', false, {scenarios: [scenarios[1]!], files: [a, b]}), [
		{cluster: 'shared', files: [a]},
		{cluster: 'shared', files: [b]},
	]);
});

test('every scenario is in exactly one group', t => {
	for (const stages of [true, false]) {
		const titles = grouped('frozen cluster', stages).flatMap(({claims}) => claims!.map(({title}) => title));
		t.deepEqual(titles.sort(), scenarios.map(({title}) => title).sort());
	}
});

test('the same title in another file is another claim', t => {
	const alike: PlannedScenario[] = [
		{title: 'alike', file: 'scenarios/a.ts', arrangement: webs},
		{title: 'alike', file: 'scenarios/b.ts'},
		{title: 'another', file: 'scenarios/b.ts', arrangement: webs},
	];
	const groups = grouped('frozen cluster', true, {scenarios: alike, files: [a, b]});
	t.deepEqual(
		groups.map(each => each.claims),
		[
			[
				{file: 'scenarios/a.ts', title: 'alike'},
				{file: 'scenarios/b.ts', title: 'another'},
			],
			[{file: 'scenarios/b.ts', title: 'alike'}],
		],
	);
});

test('the same name in another file is another arrangement', t => {
	const other = {name: 'webs', file: 'scenarios/c.ts'};
	const alike = [scenarios[2]!, {...scenarios[4]!, arrangement: other}];
	t.deepEqual(grouped('frozen cluster', true, {scenarios: alike, files: [b, c]}), [
		{cluster: 'shared', stage: webs, files: [b], claims: claims('looks at webs')},
		{cluster: 'shared', stage: other, files: [c], claims: claims('looks again')},
	]);
});

test('of scenarios chosen by line only these are proven, though one group proves them all', t => {
	t.deepEqual(grouped('cold boot', true, {isPart: true, files: [a], scenarios: [scenarios[1]!]}), [
		{cluster: 'shared', files: [a], claims: [{file: 'scenarios/a.ts', title: 'plain'}]},
	]);
});
