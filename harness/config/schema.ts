/**
 * The rules of a Config. `valid` describes the valid values of a field, in errors and in docs/configuration.md; `words` are
 * the values that a typo is compared with.
 */
import {z} from 'zod';
import {providerNames} from '../providers/names.ts';
import {nodeName} from './mix.ts';
import {services} from './services.ts';
import type {Config, Settings} from './types.ts';
import {variantSchema} from './variant-schema.ts';

interface Rule {
	valid: string;
	words?: readonly string[];
}

export const rules = z.registry<Rule>();

function field<T extends z.ZodType>(schema: T, valid: string, words?: readonly string[]): T {
	rules.add(schema, words ? {valid, words} : {valid});
	return schema;
}

function whole(minimum: number, maximum: number, unit = '') {
	return field(
		z.int().min(minimum).max(maximum),
		`a whole number from ${minimum} to ${maximum}${unit && ` (${unit})`}`,
	);
}

function texts(what: string, minimum: 0 | 1) {
	const list = z.array(field(z.string().trim().min(1), `text: ${what}`)).min(minimum);
	return field(list, `a list of ${minimum === 1 ? 'one or more texts' : 'texts'}: ${what}`);
}

/** A list of specs. Each is that of all nodes, or an object with those of nodes by their names. */
function specs(what: string) {
	const spec = field(z.string().trim().min(1), `text: ${what}`);
	const mix = z.record(z.string().regex(nodeName), spec).refine(named => Object.keys(named).length > 0);
	const byNode = "by node, as in {m1: 'A', others: 'B'}";
	const list = z.array(field(z.union([spec, mix]), `text: ${what}; or an object of them ${byNode}`)).min(1);
	return field(list, `a list of one or more texts: ${what}; or objects of them ${byNode}`);
}

/** A list of words for a line of apt's sources.list: blanks end a word there, and brackets hold options. */
function words(what: string) {
	const list = z.array(field(word(), `text without blanks and brackets: ${what}`)).min(1);
	return field(list, `a list of one or more texts: ${what}`);
}

const word = () =>
	z
		.string()
		.trim()
		.regex(/^[^\s[\]]+$/);

/** Makes the text of `valid` for an object from its fields. */
function shape<T extends z.ZodObject>(schema: T): T {
	return field(schema, `an object with the fields ${Object.keys(schema.shape).join(', ')}`);
}

function oneOf<const T extends readonly string[]>(words: T) {
	return field(z.enum(words), words.map(word => `'${word}'`).join(' or '), words);
}

const absolutePath = () => field(z.string().startsWith('/'), 'an absolute path');
const address = () => field(z.url({protocol: /^(https?|file|ftp)$/}), 'a URL that apt understands');

const repository = z.strictObject({
	name: field(z.string().regex(/^[a-z\d-]+$/i), 'a word of letters, digits and dashes'),
	uri: address(),
	suite: field(word(), 'the name of a suite'),
	components: words('names of components'),
	key: absolutePath(),
});

const packages = z.strictObject({
	distribution: oneOf(['debian', 'ubuntu']).optional(),
	mirror: address().optional(),
	securityMirror: address().optional(),
	suites: words("code names of suites, such as 'bookworm'").optional(),
	components: words("names of components, such as 'main'").optional(),
	keyring: absolutePath().optional(),
	allowExpired: field(z.boolean(), 'true or false').optional(),
	repositories: field(z.array(shape(repository)), 'a list of objects').optional(),
});

const topology = z.strictObject({managers: whole(1, 7).default(1), workers: whole(0, 20).default(2)});
const machine = z.strictObject({memory: whole(512, 65_536, 'MiB').default(1024), cpus: whole(1, 32).default(1)});

/** All seeds are equally good; the limit keeps them within 32 bits. */
const largestSeed = 2 ** 32 - 1;

export const schema = shape(
	z.strictObject({
		kernels: specs("versions ('6.1'), package names, paths or URLs").default(['default']),
		engines: specs("versions ('20.10'), packages, paths or URLs").default(['default']),
		upgrade: texts("versions ('28.5'), packages, paths or URLs", 0).default([]),
		variants: field(z.array(variantSchema(field, shape)), 'a list of objects with an id each').default([]),
		stacks: texts("stacks ('packaged', 'devstack:mitaka')", 1).default(['packaged']),
		topologies: field(z.array(shape(topology)).min(1), 'a list of one or more {managers, workers}').default([
			{managers: 1, workers: 2},
		]),
		machine: shape(machine).prefault({}),
		services: services(field).default({}),
		plain: field(z.boolean(), 'true or false').default(false),
		providers: field(
			z.array(oneOf([...providerNames])).min(1),
			`a list of one or more of: ${providerNames.map(name => `'${name}'`).join(', ')}`,
		).default([providerNames[0]]),
		scenarios: texts('paths and globs of scenario files', 1).default(['scenarios/{*,issues/**/*}.ts']),
		exclude: texts("ids, whole components of ids ('k6.1' is not 'k6.12') or globs of cells", 0).default([]),
		repeat: whole(1, 1000).default(1),
		seed: field(
			z.union([z.literal('random'), z.int().min(0).max(largestSeed)]),
			`'random' or a whole number from 0 to ${largestSeed}`,
			['random'],
		).optional(),
		jobs: field(z.union([z.literal('auto'), z.int().min(1).max(64)]), "'auto' or a whole number from 1 to 64", [
			'auto',
		]).default('auto'),
		runsKept: whole(1, 100_000).default(50),
		packages: shape(packages).prefault({}),
	}),
) satisfies z.ZodType<Settings, Config>;
