import test from 'ava';
import {problemsOf} from './announced.ts';
import {needsRules} from './needs.ts';
import {withNewNames} from './old-names.ts';

const webs = {name: 'a', source: {file: 'a.ts'}, make: async () => ({})};

const rows: [written: unknown, needs: unknown, old: string[]][] = [
	[{arrangement: webs}, {fixture: webs}, ['{arrangement: …}']],
	[{workers: 1, fixture: webs, spoils: true}, {workers: 1, fixture: webs, modifies: true}, ['{spoils: …}']],
	[{cluster: 'formed'}, {cluster: 'new'}, ["{cluster: 'formed'}"]],
	[
		{arrangement: webs, spoils: undefined, cluster: 'formed'},
		{fixture: webs, modifies: undefined, cluster: 'new'},
		['{arrangement: …}', '{spoils: …}', "{cluster: 'formed'}"],
	],
	[{fixture: webs, modifies: true, cluster: 'new'}, {fixture: webs, modifies: true, cluster: 'new'}, []],
	[{cluster: 'toString', limit: 'formed'}, {cluster: 'toString', limit: 'formed'}, []],
	[undefined, undefined, []],
	[null, null, []],
	[['formed'], ['formed'], []],
];

for (const [written, needs, old] of rows) {
	test(`needs ${JSON.stringify(written)} are ${JSON.stringify(needs)} by the names of today`, t => {
		const found = withNewNames(written);
		t.deepEqual(found.needs, needs);
		t.deepEqual(
			found.used.map(each => each.old),
			old,
		);
	});
}

test('a need that is written by its old name and by its new one is refused', t => {
	const {needs, used} = withNewNames({arrangement: webs, fixture: webs});
	t.deepEqual(used, []);
	t.regex(
		problemsOf('scenario(title, needs, prove)', ['x', needs, () => {}], needsRules).join(),
		/no need 'arrangement'/,
	);
});
