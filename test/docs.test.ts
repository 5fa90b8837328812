/** What the documentation says is there: links, commands, options, fields. */
import {existsSync, globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {createProgram} from '../harness/commands/program.ts';
import {configFields} from '../harness/config/fields.ts';
import {project} from '../harness/paths.ts';

const pages = globSync('{README.md,docs/**/*.md}', {cwd: project}).sort();
const read = (page: string) => readFileSync(path.join(project, page), 'utf8');

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
				!existsSync(path.join(project, target)) || (anchor && !anchors(read(target)).includes(anchor.toLowerCase()))
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
	const known = ['--help', ...command.options.map(({long}) => long)];
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

test('docs/cli.md names every command and every option of run', t => {
	const text = read('docs/cli.md');
	const missing = program.commands
		.flatMap(command => [command.name(), ...command.options.map(({long}) => long ?? '')])
		.filter(word => !new RegExp(`(^|[^\\w-])${word}($|[^\\w-])`, 'm').test(text));
	t.deepEqual(missing, []);
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
	const text = read('harness/config/types.ts');
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
