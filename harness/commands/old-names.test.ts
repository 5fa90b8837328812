import test from 'ava';
import {Command} from 'commander';
import {addOldOptions, withNewKinds} from './old-names.ts';
import {createProgram} from './program.ts';

const goes = 'The old name goes with the next release.';
const positive = `warning: --stages is called --reuse-fixtures now. ${goes}`;
const negative = `warning: --no-stages is called --no-reuse-fixtures now. ${goes}`;

const rows: [typed: string[], reuseFixtures: boolean | undefined, reported: string[]][] = [
	[[], undefined, []],
	[['--reuse-fixtures'], true, []],
	[['--no-reuse-fixtures'], false, []],
	[['--stages'], true, [positive]],
	[['--no-stages'], false, [negative]],
	[['--no-stages', '--no-stages'], false, [negative]],
	[['--stages', '--no-reuse-fixtures'], false, [positive]],
];

for (const [typed, reuseFixtures, reported] of rows) {
	test(`the options '${typed.join(' ')}' mean ${reuseFixtures} for fixtures`, t => {
		const lines: string[] = [];
		const run = new Command('run').exitOverride().configureOutput({outputError() {}});
		const command = addOldOptions(run, line => lines.push(line))
			.option('--reuse-fixtures')
			.option('--no-reuse-fixtures')
			.action((flags: {reuseFixtures?: boolean}) => {
				t.is(flags.reuseFixtures, reuseFixtures);
			});
		t.plan(3);
		command.parse(typed, {from: 'user'});
		t.deepEqual(lines, reported);
		t.notRegex(command.helpInformation(), /stages/);
	});
}

for (const name of ['run', 'plan']) {
	test(`${name} takes the old options`, t => {
		const command = createProgram('0', () => {}).commands.find(each => each.name() === name)!;
		const hidden = command.options.filter(each => each.hidden).map(({long}) => long);
		t.deepEqual(hidden, ['--stages', '--no-stages']);
	});
}

test('a kind of artifacts may be named as it was', t => {
	const lines: string[] = [];
	const report = (line: string) => lines.push(line);
	t.deepEqual(withNewKinds(['stage', 'kernel'], report), ['fixture', 'kernel']);
	t.deepEqual(lines, [`warning: --kind stage is called --kind fixture now. ${goes}`]);
	t.is(withNewKinds(undefined, report), undefined);
	t.deepEqual(withNewKinds(['toString', 'fixture'], report), ['toString', 'fixture']);
	t.is(lines.length, 1);
});
