/** The form of a variant in a config. variants.ts has what a variant of the right form must not say. */
import {z} from 'zod';

type Field = <T extends z.ZodType>(schema: T, valid: string, words?: readonly string[]) => T;

/** @param field adds the text of `valid` to a schema. @param shape does the same for an object, from its fields */
export function variantSchema(field: Field, shape: <T extends z.ZodObject>(schema: T) => T) {
	const word = (what: string) => field(z.string().regex(/^[^\s"']+$/), `text without blanks and quotes: ${what}`);
	const list = (what: string, of: z.ZodString) => field(z.array(of).min(1), `a list of one or more texts: ${what}`);
	const command = () => field(z.string().trim().min(1), 'text: a shell command');
	const module = field(z.string().regex(/^[\w-]+$/), "the name of a module, such as 'xt_u32'");
	return shape(
		z.strictObject({
			id: field(
				z.string().regex(/^(?=.{1,40}$)[a-z\d]+([.-][a-z\d]+)*$/),
				'a word of at most 40 lower-case letters and digits, with dashes or dots between them',
			),
			daemon: field(z.record(z.string(), z.json()), 'an object: the keys of daemon.json').optional(),
			sysctl: field(
				z.record(z.string(), field(z.union([z.number(), z.string().min(1)]), 'a number or a text')),
				"an object of settings and their values, such as {'net.ipv4.ip_forward': 1}",
			).optional(),
			modules: shape(z.strictObject({withhold: list('names of modules', module)})).optional(),
			kernelArgs: list("words of the kernel's command line", word("a word of the kernel's command line")).optional(),
			iptables: field(z.enum(['legacy', 'nft']), "'legacy' or 'nft'", ['legacy', 'nft']).optional(),
			files: field(z.record(z.string(), z.string()), 'an object of texts by absolute paths').optional(),
			before: shape(
				z.strictObject({
					engine: list('shell commands', command()).optional(),
					init: list('shell commands', command()).optional(),
				}),
			).optional(),
			ifRefused: field(z.enum(['skipped', 'failed']), "'skipped' or 'failed'", ['skipped', 'failed']).optional(),
		}),
	);
}
