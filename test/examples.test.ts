/** Every example in TypeScript that the documentation has is compiled, as in a file of a user with `tsc --strict`. */
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import ts from 'typescript';
import {packageRoot} from '../harness/package.ts';

const pages = globSync('{*.md,docs/**/*.md}', {cwd: packageRoot})
	.filter(page => page !== 'docs/api.md')
	.sort();

interface Example {
	/** The page, and the line at which the example begins. */
	where: string;
	code: string;
}

function examplesOf(page: string): Example[] {
	const text = readFileSync(path.join(packageRoot, page), 'utf8');
	return [...text.matchAll(/^ *```(?:ts|typescript|mts)\n([\s\S]*?)^ *```$/gm)].map(({index, 1: code}) => ({
		where: `${page}:${text.slice(0, index).split('\n').length + 1}`,
		code: code!,
	}));
}

const inConfig = (code: string) => `import {defineConfig} from 'swarmlab/config';\ndefineConfig({\n${code}\n});\n`;
const inNeeds = (code: string) => `import {scenario} from 'swarmlab';\nscenario('…', {${code}}, async () => {});\n`;
const inProof = (code: string) =>
	`import {scenario} from 'swarmlab';\nscenario('…', {}, async (t, swarm) => {\n${code}\n});\n`;

/** What stands around a part of a file, by how the part begins. */
const around: [begins: RegExp, whole: (code: string) => string][] = [
	[/^(import|export) /, code => code],
	[/^scenario\(/, code => `import {scenario} from 'swarmlab';\n${code}`],
	[/^(engines|knownFailures|services): /, inConfig],
	[/^expected: /, inNeeds],
	[/^(await swarm|const \{.*\} = await swarm)\b/, inProof],
	[
		/^const ipv6 = /,
		code => `${code}\n${inConfig('variants: [ipv6, pools]').replace('defineConfig({', 'defineConfig({\n')}`,
	],
	[
		/^\{name: 'rules', /,
		code => `import type {Probe} from '../harness/evidence/probe.ts';\n[${code}] satisfies Probe[];\n`,
	],
];

/** Returns the file that an example is, or is a part of. Undefined if it is of no kind that is known. */
function fileOf(code: string): string | undefined {
	const begin = code.trim();
	return around.find(([begins]) => begins.test(begin))?.[1](code);
}

const examples = pages.flatMap(examplesOf);
/** They lie beside the fixtures that one of them imports. */
const nameOf = (index: number) => path.join(packageRoot, `scenarios/example-of-docs-${index}.ts`);
const files = new Map(examples.map(({code}, index) => [nameOf(index), fileOf(code) ?? '']));

/** Compiles the examples: none of them is on the disk. */
function compiled(): ts.Program {
	const {config} = ts.readConfigFile(path.join(packageRoot, 'tsconfig.json'), ts.sys.readFile);
	const {options} = ts.parseJsonConfigFileContent(config, ts.sys, packageRoot);
	const host = ts.createCompilerHost(options);
	const {readFile, fileExists, getSourceFile} = host;
	host.fileExists = file => files.has(file) || fileExists.call(host, file);
	host.readFile = file => files.get(file) ?? readFile.call(host, file);
	host.getSourceFile = (file, language, ...rest) => {
		const text = files.get(file);
		return text === undefined
			? getSourceFile.call(host, file, language, ...rest)
			: ts.createSourceFile(file, text, language, true);
	};
	return ts.createProgram({rootNames: [...files.keys()], options, host});
}

const program = compiled();

for (const [index, {where, code}] of examples.entries()) {
	test(`the example ${where} compiles`, t => {
		t.not(fileOf(code), undefined, `it is of no kind that is known: ${code.split('\n')[0]}`);
		const file = program.getSourceFile(nameOf(index))!;
		const faults = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
		t.deepEqual(
			faults.map(({messageText, start}) => {
				const line = file.text.slice(0, start).split('\n').at(-1)! + file.text.slice(start).split('\n')[0];
				return `${ts.flattenDiagnosticMessageText(messageText, ' ')}: ${line.trim()}`;
			}),
			[],
		);
	});
}

test('there are examples', t => {
	t.true(examples.length >= 15, String(examples.length));
});
