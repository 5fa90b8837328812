/** The rules of helper containers in a config. */
import {z} from 'zod';

/** Adds what is valid to a schema. */
type Field = <T extends z.ZodType>(schema: T, valid: string) => T;

/** They have the last addresses of each LAN. */
const most = 12;

const words = () => z.array(z.string()).min(1);

/** Whether a text can be a regular expression. */
function isPattern(text: string): boolean {
	try {
		return new RegExp(text) instanceof RegExp;
	} catch {
		return false;
	}
}

function hasAbsolutePaths(files: Record<string, string>): boolean {
	return Object.keys(files).every(file => /^\/./.test(file));
}

/** A host name that no node has. */
function isName(name: string): boolean {
	return /^[a-z]([a-z\d-]{0,30}[a-z\d])?$/.test(name) && !/^[mw]\d+$/.test(name);
}

/** Returns the schema of `services`. */
export function services(field: Field) {
	const text = (what: string) => field(z.string().trim().min(1), `text: ${what}`);
	const ready = z.union([
		z.strictObject({log: field(z.string().min(1).refine(isPattern), 'a regular expression')}),
		z.strictObject({command: words()}),
	]);
	const one = z
		.strictObject({
			image: text('the name of an image that the Docker host has').optional(),
			packages: field(
				z.array(text('the name of a package')).min(1),
				'a list of one or more names of packages',
			).optional(),
			command: field(words(), 'a list of one or more texts: a program and its arguments').optional(),
			env: field(z.record(z.string().min(1), z.string()), 'an object of texts by the names of variables').optional(),
			ports: field(z.array(field(z.int().min(1).max(65_535), 'a port from 1 to 65535')), 'a list of ports').optional(),
			files: field(
				z.record(z.string(), z.string()).refine(hasAbsolutePaths),
				'an object of texts by absolute paths in the container',
			).optional(),
			ready: field(ready, "{log: 'a regular expression'} or {command: ['program', 'argument']}").optional(),
		})
		.refine(({image, packages}) => (image === undefined) !== (packages === undefined))
		.refine(({ports = [], ready: until}) => ports.length > 0 || until !== undefined);
	const named = z
		.record(
			z.string(),
			field(one, 'an object with either image or packages, and with ports or ready: docs/providers.md has an example'),
		)
		.refine(all => Object.keys(all).every(isName) && Object.keys(all).length <= most);
	return field(
		named,
		`an object of up to ${most} helper containers by their names: lower-case letters, digits and dashes, and no name of a node`,
	);
}
