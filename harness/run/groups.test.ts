import test from 'ava';
import type {Origin, PlannedScenario} from '../model/index.ts';
import {groupsOf} from './groups.ts';

const webs = {name: 'webs', file: 'scenarios/fixtures.ts'};
const scenarios: PlannedScenario[] = [
	{title: 'new', file: 'scenarios/a.ts', cluster: 'new'},
	{title: 'plain', file: 'scenarios/a.ts'},
	{title: 'looks at webs', file: 'scenarios/b.ts', fixture: webs},
	{title: 'breaks webs', file: 'scenarios/b.ts', cluster: 'fresh', fixture: webs},
	{title: 'looks again', file: 'scenarios/c.ts', fixture: webs},
];
const files = ['a', 'b', 'c'].map(name => `/p/scenarios/${name}.ts`);
const claims = (...titles: string[]) =>
	titles.map(title => ({file: scenarios.find(each => each.title === title)!.file, title}));
const [a, b, c] = files as [string, string, string];

function grouped(origin: Origin, reuseFixtures: boolean, more: Partial<Parameters<typeof groupsOf>[0]> = {}) {
	return groupsOf({files, scenarios, origin, reuseFixtures, workspace: '/p', ...more});
}

test('without saved fixtures: one group for each that wants its own, then all that share', t => {
	t.deepEqual(grouped('cluster snapshot', false), [
		{cluster: 'shared', files: [a, b, c], claims: claims('plain', 'looks at webs', 'looks again')},
		{cluster: 'new', files: [a], claims: claims('new')},
		{cluster: 'fresh', files: [b], claims: claims('breaks webs')},
	]);
});

test('with saved fixtures: one group for each fixture, and one for those without', t => {
	t.deepEqual(grouped('cluster snapshot', true), [
		{cluster: 'shared', fixture: webs, files: [b, c], claims: claims('looks at webs', 'looks again')},
		{cluster: 'shared', files: [a], claims: claims('plain')},
		{cluster: 'new', files: [a], claims: claims('new')},
		{cluster: 'fresh', fixture: webs, files: [b], claims: claims('breaks webs')},
	]);
});

test('where each cluster is a boot, all share one', t => {
	t.deepEqual(grouped('cold boot', true), [{cluster: 'shared', files}]);
});

test('a file that announced nothing is run by itself', t => {
	t.deepEqual(grouped('cluster snapshot', false, {scenarios: [scenarios[1]!], files: [a, b]}), [
		{cluster: 'shared', files: [a]},
		{cluster: 'shared', files: [b]},
	]);
});

test('every scenario is in exactly one group', t => {
	for (const reuseFixtures of [true, false]) {
		const titles = grouped('cluster snapshot', reuseFixtures).flatMap(({claims}) => claims!.map(({title}) => title));
		t.deepEqual(titles.sort(), scenarios.map(({title}) => title).sort());
	}
});

test('the same title in another file is another claim', t => {
	const alike: PlannedScenario[] = [
		{title: 'alike', file: 'scenarios/a.ts', fixture: webs},
		{title: 'alike', file: 'scenarios/b.ts'},
		{title: 'another', file: 'scenarios/b.ts', fixture: webs},
	];
	const groups = grouped('cluster snapshot', true, {scenarios: alike, files: [a, b]});
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

test('the same name in another file is another fixture', t => {
	const other = {name: 'webs', file: 'scenarios/c.ts'};
	const alike = [scenarios[2]!, {...scenarios[4]!, fixture: other}];
	t.deepEqual(grouped('cluster snapshot', true, {scenarios: alike, files: [b, c]}), [
		{cluster: 'shared', fixture: webs, files: [b], claims: claims('looks at webs')},
		{cluster: 'shared', fixture: other, files: [c], claims: claims('looks again')},
	]);
});

test('of scenarios chosen by line only these are proven, though one group proves them all', t => {
	t.deepEqual(grouped('cold boot', true, {isPart: true, files: [a], scenarios: [scenarios[1]!]}), [
		{cluster: 'shared', files: [a], claims: [{file: 'scenarios/a.ts', title: 'plain'}]},
	]);
});

test('isolated, each scenario has a cluster of its own, even if that is booted', t => {
	t.deepEqual(grouped('cold boot', false, {isolated: true}), [
		{cluster: 'new', files: [a], claims: claims('new')},
		{cluster: 'fresh', files: [a], claims: claims('plain')},
		{cluster: 'fresh', files: [b], claims: claims('looks at webs')},
		{cluster: 'fresh', files: [b], claims: claims('breaks webs')},
		{cluster: 'fresh', files: [c], claims: claims('looks again')},
	]);
});

test('a scenario with options for its swarm has one of its own, even where every machine is booted', t => {
	const init = {dataPathPort: 5789};
	const planned: PlannedScenario[] = [
		{title: 'plain', file: 'scenarios/a.ts'},
		{title: 'on a port', file: 'scenarios/a.ts', cluster: 'new', init},
	];
	for (const origin of ['cold boot', 'cluster snapshot'] as const) {
		t.deepEqual(grouped(origin, true, {files: [a], scenarios: planned}), [
			{cluster: 'shared', files: [a], claims: claims('plain')},
			{cluster: 'new', init, files: [a], claims: [{file: 'scenarios/a.ts', title: 'on a port'}]},
		]);
	}
});
