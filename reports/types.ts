/** Names of errors in `type=`. Pure. */
import {lineOfXml} from './names.ts';

/**
 * GitLab reads JUnit with Rails' Hash.from_xml, which takes `type` of any element for a cast of its text: `symbol` and
 * `yaml` make it refuse the document, the others make something else of the text. All that ActiveSupport's XmlMini and
 * XMLConverter know, in lower case.
 */
const casts = new Set([
	...['array', 'base64binary', 'bigdecimal', 'binary', 'boolean', 'date', 'datetime', 'decimal', 'double', 'duration'],
	...['falseclass', 'file', 'float', 'hash', 'hexbinary', 'integer', 'string', 'symbol', 'time', 'trueclass', 'yaml'],
]);

/**
 * The name of an error's class. A name that could be a cast is told behind a word that makes it none: one of the known, however
 * it is written, and every word that begins small, as casts do and classes of errors do not: Rails' list can grow.
 */
export function errorType(name: string): string {
	const shown = lineOfXml(name) || 'Error';
	const letters = shown
		.normalize('NFKC')
		.replaceAll(/[^\p{L}\p{N}]/gu, '')
		.toLowerCase();
	return casts.has(letters) || /^[^\p{Lu}]\S*$/u.test(shown) ? `Error: ${shown}` : shown;
}
