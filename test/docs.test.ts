/** What the documentation says is there: links, commands, options, fields. */
import {existsSync, globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {commandNames} from '../harness/called.ts';
import {nodeFaultKinds} from '../harness/commands/node-fault.ts';
import {createProgram} from '../harness/commands/program.ts';
import {configFields} from '../harness/config/fields.ts';
import {packageRoot} from '../harness/package.ts';
import {sourceFiles} from './imports.ts';

const pages = globSync('{*.md,docs/**/*.md,.github/**/*.md}', {cwd: packageRoot}).sort();
const read = (page: string) => readFileSync(path.join(packageRoot, page), 'utf8');

/** `## What a kernel may be` -> `what-a-kernel-may-be`, as GitHub makes it. */
function anchors(text: string): string[] {
	return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
		title!
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

for (const page of pages) {
	test(`${page}: every internal link leads somewhere`, t => {
		const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].map(([, link]) => link!);
		const broken = links.filter(link => {
			const [file, anchor] = link.split('#');
			const target = file ? path.join(path.dirname(page), file) : page;
			return (
				!existsSync(path.join(packageRoot, target)) || (anchor && !anchors(read(target)).includes(anchor.toLowerCase()))
			);
		});
		t.deepEqual(broken, []);
	});
}

const program = createProgram('0', () => {});

/** Command lines in code: `swarmlab run --kernel 6.1`, `npm start -- --kernel 6.1`, each as words. */
function commandLines(text: string): string[][] {
	const code = [...text.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, block, span]) => block ?? span!);
	return code
		.flatMap(each => each.split(/\n|;|&&|\|| {2,}/))
		.map(line => line.trim().replace(/^npm start(?: --)?/, 'swarmlab run'))
		.map(line => /^(?:\$ |npx --no )*swarmlab ([a-z].*)$/.exec(line)?.[1])
		.filter(line => line !== undefined)
		.map(line => line.split(/\s+/));
}

/** What is wrong with a command line; undefined if nothing is. */
function complaint([name, ...words]: string[]): string | undefined {
	const command = program.commands.find(each => each.name() === name?.replace(/\W.*$/, ''));
	if (!command) {
		return name === 'help' ? undefined : `there is no command ${name}`;
	}

	const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
	// What the help hides are old names.
	const known = ['--help', ...command.options.filter(({hidden}) => !hidden).map(({long}) => long)];
	const wrong = own.filter(word => word.startsWith('--')).map(word => word.replace(/[^\w-].*$/, ''));
	const unknown = wrong.filter(word => !known.includes(word));
	return unknown.length > 0 ? `${name} has no option ${unknown.join(', ')}` : undefined;
}

for (const page of pages) {
	test(`${page}: no command fetches a package of this name, which anyone may register`, t => {
		const fetching = read(page).match(/\bnpx (?!--no )[^\n`]*/g) ?? [];
		t.deepEqual(
			fetching.filter(text => /\bswarmlab\b/.test(text)),
			[],
		);
	});

	test(`${page}: every command and option that it names is there`, t => {
		t.deepEqual(
			commandLines(read(page)).flatMap(words => complaint(words) ?? []),
			[],
		);
	});
}

/** Words in code that are there: Node's runner of scripts of package.json, files and folders of the project, our variables. */
const {scripts} = JSON.parse(read('package.json')) as {scripts: Record<string, string>};
const codeOf = (text: string) =>
	[...text.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([code]) => code).join('\n');

/** A path of the project, as far as it is one name: `scenarios/vip.ts:5` is a place in a file, `reports/runs/RUN/` what a run makes. */
const pathsIn = (text: string) =>
	[...codeOf(text).matchAll(/(?<![\w./$-])((?:harness|test|docs|bench|vagrant|scenarios|reports)\/[\w./-]+)/g)]
		.map(([, file]) => file!.replace(/[.:]+$/, ''))
		.filter(file => !/^reports\/runs|^scenarios\/issues|my-|\.$/.test(file));

const variablesOfSources = new Set(
	globSync('{harness,test,reports,vagrant,bench}/**/*{.ts,.js,.sh}', {cwd: packageRoot, exclude: ['reports/runs/**']})
		.concat('Vagrantfile')
		.flatMap(file => read(file).match(/\bSWARMLAB_[A-Z]+\b/g) ?? []),
);

for (const page of pages) {
	test(`${page}: every script of npm, every path and every variable that it names is there`, t => {
		const text = read(page);
		const npm = [...codeOf(text).matchAll(/\bnpm run (?:--?\w+ )*([\w:-]+)/g)].map(([, name]) => name!);
		t.deepEqual(
			npm.filter(name => !(name in scripts)),
			[],
		);
		t.deepEqual(
			pathsIn(text).filter(file => !existsSync(path.join(packageRoot, file))),
			[],
		);
		t.deepEqual(
			(codeOf(text).match(/\bSWARMLAB_[A-Z]+\b/g) ?? []).filter(name => !variablesOfSources.has(name)),
			[],
		);
	});
}

test('every decision has its page: with a number of its own, with the same four parts, and linked', t => {
	const decisions = globSync('docs/decisions/*.md', {cwd: packageRoot}).sort();
	const linked = [...read('docs/architecture.md').matchAll(/^(\d+)\. \[(.+)\]\((decisions\/.+)\)$/gm)];
	t.true(decisions.length >= 28);
	t.deepEqual(
		linked.map(([, , , link]) => `docs/${link}`),
		decisions,
	);
	const numbers = linked.map(([, number]) => Number(number));
	for (const [index, page] of decisions.entries()) {
		const titles = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!);
		const number = Number(path.basename(page).slice(0, 3));
		t.deepEqual(titles, [`${number}. ${linked[index]![2]}`, 'Context', 'Decision', 'Price', 'How to revisit']);
		t.is(numbers[index], number, page);
	}

	t.is(new Set(numbers).size, decisions.length);
});

test('the glossary is in the order of the alphabet, and no word is in it twice', t => {
	const words = [...read('docs/glossary.md').matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)].map(([, word]) => word!).slice(1);
	t.true(words.length > 40);
	t.deepEqual(
		words.filter(word => word !== '---'),
		[...new Set(words)].sort((a, b) => a.localeCompare(b, 'en', {sensitivity: 'base'})).filter(word => word !== '---'),
	);
});

test('examples of the help name commands and options that are there', t => {
	const texts = program.commands.map(command => {
		let text = '';
		command.configureOutput({
			writeOut: part => {
				text += part;
			},
		});
		command.outputHelp();
		return `\`\`\`\n${text}\n\`\`\``;
	});
	const lines = texts.flatMap(commandLines);
	t.true(lines.length > 20);
	t.deepEqual(
		lines.flatMap(words => complaint(words) ?? []),
		[],
	);
});

/** Commands that remedies and messages of the sources name, each as words. */
function commandsInSources(file: string): string[][] {
	const mention = new RegExp(`\\bswarmlab ((?:${commandNames.join('|')})\\b(?: [^'"\`;,.()\n]*)?)`, 'g');
	const code = read(file).replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
	return [...code.matchAll(mention)].map(([, line]) => line!.trim().split(/\s+/));
}

test('every command that a remedy names is there, with its options', t => {
	const files = sourceFiles().filter(file => !file.endsWith('.test.ts') && !/^(test|bench)\//.test(file));
	const named = files.flatMap(file => commandsInSources(file).map(words => ({file, words})));
	t.true(named.length > 40);
	t.deepEqual(
		named.flatMap(({file, words}) => (complaint(words) ? [`${file}: ${complaint(words)}`] : [])),
		[],
	);
});

test('docs/cli.md names every command and every option of run', t => {
	const text = read('docs/cli.md');
	const missing = program.commands
		.flatMap(command => [command.name(), ...command.options.filter(({hidden}) => !hidden).map(({long}) => long ?? '')])
		.filter(word => !new RegExp(`(^|[^\\w-])${word}($|[^\\w-])`, 'm').test(text));
	t.deepEqual(missing, []);
});

/** Rows of docs/cli.md about one option: its flags and its text, without Markdown. */
function optionRows(section: string): [flags: string, text: string][] {
	const plain = (text: string) => text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');
	return [...section.matchAll(/^\| `(--[^`]+)` \| (.+) \|$/gm)].map(([, flags, text]) => [flags!, plain(text!)]);
}

test('docs/cli.md says of each option what the help says; it may say more', t => {
	const sections = read('docs/cli.md').split(/^## swarmlab /m);
	const seen: string[] = [];
	for (const command of program.commands) {
		const rows = optionRows(sections.find(each => new RegExp(`^${command.name()}\\b`).test(each)) ?? '');
		for (const [flags, text] of rows) {
			const option = command.options.find(each => each.flags === flags);
			t.truthy(option, `${command.name()} has no option ${flags}`);
			// Under a heading of its own an option of one action needs no name of it.
			const said = option!.description.replace(/^(list|prune|add|heal|save): /, 'of $1: ');
			t.true(text.startsWith(said), `${command.name()} ${flags}: '${text}' and '${said}'`);
			seen.push(flags);
		}
	}

	t.true(seen.length > 15);
});

test('no option has a default that only a program would show', t => {
	const shown = program.commands.map(command => command.helpInformation()).join('\n');
	t.notRegex(shown, /default: (\[\]|\{\}|"")/);
});

test('a run can be rehearsed: plan takes every option of run', t => {
	const [run, plan] = ['run', 'plan'].map(name =>
		program.commands.find(each => each.name() === name)!.options.map(({flags}) => flags),
	);
	t.true(run!.length > 20);
	t.deepEqual(plan, run);
});

test('a text shows every command as it can be typed', t => {
	t.deepEqual(
		commandNames,
		program.commands.map(each => each.name()),
	);
});

test('docs/configuration.md has a row for every field, as the schema has it', t => {
	const text = read('docs/configuration.md');
	const rows = configFields().map(
		field => `| \`${field.key}\` | ${field.valid} | ${field.default === undefined ? '' : `\`${field.default}\``} |`,
	);
	t.true(rows.length > 20);
	t.deepEqual(
		rows.filter(row => !text.includes(row)),
		[],
	);
});

test('every field is described in the types that an editor shows', t => {
	const text = `${read('harness/config/types.ts')}${read('harness/model/variant.ts')}`;
	const missing = configFields()
		.map(({key}) => key.replace(/^.*[.\]]/, ''))
		.filter(name => !new RegExp(`\\*/\\s*${name}\\??:`).test(text));
	t.deepEqual(missing, []);
});

test('a command line that names what is not there is found', t => {
	t.deepEqual(commandLines('`swarmlab rnu x`, `npm start -- --kernl 6`').map(complaint), [
		'there is no command rnu',
		'run has no option --kernl',
	]);
});

test('docs/faults.md has a row for every fault in nodes, as the table of faults has it', t => {
	const text = read('docs/faults.md');
	const rows = nodeFaultKinds().map(({name, about}) => `| \`${name}\` | ${about} |`);
	t.true(rows.length > 35);
	t.deepEqual(
		rows.filter(row => !text.includes(row)),
		[],
	);
});
