/** The help and the docs use the words of the glossary, not those of earlier versions. */
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {createProgram} from '../harness/commands/program.ts';
import {packageRoot} from '../harness/package.ts';

/** Each former word, and what to write. docs/old-names.md and the changelog name former words on purpose. */
const formerWords: [former: RegExp, now: string][] = [
	[/\b(frozen|freez\w+|thaw\w*)\b/i, 'saved, restored, a snapshot'],
	// “Could not tell” is an outcome of a reproduction.
	[/\btold\b|(?<!could not )\btells?\b/i, 'returns, logs, reports, prints'],
	[/\bsoil\w*\b/i, 'dirty, changes'],
	[/\bwhoever\b|\b(no|some)body\b/i, 'the user, the process, no process'],
	[/\bstand-?up\b|\bstood up\b/i, 'provision, bring up'],
];

const pages = globSync('{README,CONTRIBUTING,docs/**/*}.md', {cwd: packageRoot})
	.filter(page => page !== 'docs/old-names.md')
	.sort();

/** Returns each line that has a former word, with the words to write instead. */
function formerIn(text: string): string[] {
	return text
		.split('\n')
		.flatMap(line =>
			formerWords.filter(([former]) => former.test(line)).map(([, now]) => `write ${now}: ${line.trim()}`),
		);
}

for (const page of pages) {
	test(`${page} uses no word of earlier versions`, t => {
		t.deepEqual(formerIn(readFileSync(path.join(packageRoot, page), 'utf8')), []);
	});
}

for (const command of createProgram('0', () => {}).commands) {
	test(`swarmlab help ${command.name()} uses no word of earlier versions`, t => {
		let text = '';
		command.configureOutput({
			writeOut(part) {
				text += part;
			},
		});
		command.outputHelp();
		t.true(text.includes(command.name()));
		t.deepEqual(formerIn(text), []);
	});
}
