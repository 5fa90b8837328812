/**
 * Makes docs/api.md: the declarations of everything that users import, with their comments, as the compiler writes them.
 * `npm run api` writes the file. A test makes it again and compares.
 */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.dirname(import.meta.dirname);

/** The entries of the package: what is imported, its file, and what is written about it. */
const entries = [
	['swarmlab', 'harness/scenario/index.ts', 'What scenario files import.'],
	[
		'swarmlab/config',
		'harness/config/index.ts',
		'What config files import. [configuration.md](configuration.md) has the fields.',
	],
	['swarmlab/containers', 'harness/containers/index.ts', 'Swarms for any test runner: [containers.md](containers.md).'],
] as const;

const head = `# The programming interface

*All that can be imported, by the comments of the source. \`npm run api\` makes this page.*

What is in this page is stable from 1.0 on: until then a change of it is in the [changelog](../CHANGELOG.md). What is
imported by another path is not.
`;

/** Returns the text of docs/api.md. It takes seconds: all sources are compiled. */
export function apiPage(): string {
	const program = ts.createProgram({
		rootNames: entries.map(([, file]) => declared(file)),
		options: {...options(), noEmit: true, allowImportingTsExtensions: true},
		host: hostOf(declarationsOf()),
	});
	const checker = program.getTypeChecker();
	const written = new Set<ts.Symbol>();
	const parts = entries.map(([name, file, about]) => {
		const module = checker.getSymbolAtLocation(program.getSourceFile(declared(file))!)!;
		const found = checker.getExportsOfModule(module).map(each => ({name: each.name, symbol: target(each, checker)}));
		for (const {symbol} of found) {
			written.add(symbol);
		}

		return {name, about, found};
	});
	const sections = parts.map(({name, about, found}) =>
		[`## ${name}\n\n${about}\n`, ...sorted(found).map(each => sectionOf(each, checker))].join('\n'),
	);
	const others = usedBy(written, checker);
	return [
		head,
		...sections,
		'## Types that these use\n\nThey cannot be imported by name.\n',
		...sorted(others.map(symbol => ({name: symbol.name, symbol}))).map(each => sectionOf(each, checker)),
	].join('\n');
}

interface Named {
	name: string;
	symbol: ts.Symbol;
}

function sorted(all: readonly Named[]): Named[] {
	return all.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Follows `export {x} from`. */
function target(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
	return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function options(): ts.CompilerOptions {
	const file = path.join(root, 'tsconfig.build.json');
	const {config} = ts.readConfigFile(file, ts.sys.readFile);
	const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root);
	return {...parsed.options, rewriteRelativeImportExtensions: false, allowJs: false};
}

const declared = (file: string) => path.join(root, file.replace(/\.ts$/, '.d.ts'));

/** Returns the declarations of a source, which the compiler makes when they are asked for: most sources are not asked for. */
function declarationsOf(): (file: string) => string | undefined {
	const made = new Map<string, string | undefined>();
	const program = ts.createProgram({
		rootNames: entries.map(([, file]) => path.join(root, file)),
		options: {
			...options(),
			...{noEmit: false, emitDeclarationOnly: true, declaration: true, noCheck: true, outDir: undefined},
			allowImportingTsExtensions: true,
		},
	});
	return file => {
		const source = program.getSourceFile(file.replace(/\.d\.ts$/, '.ts'));
		if (!made.has(file)) {
			made.set(file, undefined);
			// The last argument, of the compiler's own use, makes it write declarations only.
			program.emit(source, (_, text) => made.set(file, text), undefined, true);
		}

		return made.get(file);
	};
}

/** Reads the declarations instead of the sources. */
function hostOf(declarations: (file: string) => string | undefined): ts.CompilerHost {
	const host = ts.createCompilerHost(options());
	const {readFile, fileExists, getSourceFile} = host;
	const isOurs = (file: string) => file.startsWith(path.join(root, 'harness'));
	const isDeclared = (file: string) =>
		isOurs(file) && file.endsWith('.d.ts') && fs.existsSync(file.replace(/\.d\.ts$/, '.ts'));
	host.fileExists = file => isDeclared(file) || (!isOurs(file) && fileExists.call(host, file));
	host.readFile = file => (isDeclared(file) ? declarations(file) : readFile.call(host, file));
	host.getSourceFile = (file, language, ...rest) =>
		isDeclared(file)
			? ts.createSourceFile(file, declarations(file) ?? '', language, true)
			: getSourceFile.call(host, file, language, ...rest);
	return host;
}

const isOurs = (symbol: ts.Symbol) =>
	(symbol.declarations ?? []).some(each => {
		const {fileName} = each.getSourceFile();
		return fileName.startsWith(path.join(root, 'harness'));
	});

/** Types of this package that the declarations name, and that these name in turn. */
function usedBy(from: ReadonlySet<ts.Symbol>, checker: ts.TypeChecker): ts.Symbol[] {
	const found = new Set<ts.Symbol>();
	const look = (symbol: ts.Symbol) => {
		for (const declaration of symbol.declarations ?? []) {
			ts.forEachChild(declaration, function visit(node): void {
				if (isHidden(node)) {
					return;
				}

				if (
					ts.isIdentifier(node) &&
					(ts.isTypeReferenceNode(node.parent) || ts.isExpressionWithTypeArguments(node.parent))
				) {
					const at = checker.getSymbolAtLocation(node);
					const used = at && target(at, checker);
					if (
						used &&
						isOurs(used) &&
						!(used.flags & ts.SymbolFlags.TypeParameter) &&
						!from.has(used) &&
						!found.has(used)
					) {
						found.add(used);
						look(used);
					}
				}

				ts.forEachChild(node, visit);
			});
		}
	};
	for (const symbol of from) {
		look(symbol);
	}

	return [...found];
}

/** `private x;` and `#private;` of a class. */
function isHidden(node: ts.Node): boolean {
	return (
		(ts.canHaveModifiers(node) &&
			(ts.getModifiers(node) ?? []).some(({kind}) => kind === ts.SyntaxKind.PrivateKeyword)) ||
		(ts.isPropertyDeclaration(node) && ts.isPrivateIdentifier(node.name))
	);
}

function sectionOf({name, symbol}: Named, checker: ts.TypeChecker): string {
	const declarations = symbol.declarations ?? [];
	if (declarations.some(ts.isSourceFile)) {
		const members = sorted(
			checker.getExportsOfModule(symbol).map(each => ({name: each.name, symbol: target(each, checker)})),
		);
		return blockOf(name, members.flatMap(each => (each.symbol.declarations ?? []).map(textOf)).join('\n'));
	}

	return blockOf(name, declarations.map(textOf).join('\n'));
}

const blockOf = (name: string, text: string) => `### ${name}\n\n\`\`\`ts\n${text}\n\`\`\`\n`;

/** The declaration with its comments, without what is hidden, and without `declare`. */
function textOf(declaration: ts.Node): string {
	const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
	const text = node.getSourceFile().text;
	let from = node.getFullStart();
	let printed = '';
	ts.forEachChild(node, child => {
		if (isHidden(child)) {
			printed += text.slice(from, child.getFullStart());
			from = child.end;
		}
	});
	printed += text.slice(from, node.end);
	// The comment about the whole file stands before its first declaration.
	const own = printed.trim().replace(/^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*(?:import [^\n]*\n\s*)*)+(?=\/\*\*)/, '');
	return own
		.replace(/^((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?)(?:export )?(?:declare )?/, '$1')
		.replaceAll(/^(?: {4})+/gm, spaces => '\t'.repeat(spaces.length / 4));
}

if (import.meta.main) {
	fs.writeFileSync(path.join(root, 'docs/api.md'), apiPage());
}
