/** Which file imports which, as TypeScript's own scanner sees it. */
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import {packageRoot} from '../harness/package.ts';

export interface Import {
	/** File that imports, from the project. */
	from: string;
	line: number;
	/** File that is imported, from the project; undefined for packages and Node's own modules. */
	to: string | undefined;
	/** As it is written. */
	specifier: string;
}

/** Every source file of the project, from the project. */
export function sourceFiles(): string[] {
	return globSync('{harness,scenarios,reports,bench,test,vagrant,packaging}/**/*.{ts,js}', {
		cwd: packageRoot,
		// A run keeps the files of its scenarios here.
		exclude: ['reports/runs/**'],
	}).sort();
}

/** Imports of a file: static, dynamic and of types. */
export function importsOf(file: string, text = readFileSync(path.join(packageRoot, file), 'utf8')): Import[] {
	return ts.preProcessFile(text, true, true).importedFiles.map(({fileName: specifier, pos}) => ({
		from: file,
		line: text.slice(0, pos).split('\n').length,
		to: target(file, specifier),
		specifier,
	}));
}

const doors: Record<string, string> = {
	swarmlab: 'harness/scenario/index.ts',
	'swarmlab/config': 'harness/config/index.ts',
};

function target(file: string, specifier: string): string | undefined {
	return specifier.startsWith('.') ? path.join(path.dirname(file), specifier) : doors[specifier];
}
