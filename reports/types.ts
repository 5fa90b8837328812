/** Names of errors for the attribute `type`. Pure. */
import {lineOfXml} from './names.ts';

/**
 * GitLab reads JUnit with Rails' Hash.from_xml. It takes `type` of any element for a cast of the text: `symbol` and `yaml` make
 * it refuse the document, the others convert the text. The list has all casts that ActiveSupport's XmlMini and XMLConverter
 * know, in lower case.
 */
const casts = new Set([
	...['array', 'base64binary', 'bigdecimal', 'binary', 'boolean', 'date', 'datetime', 'decimal', 'double', 'duration'],
	...['falseclass', 'file', 'float', 'hash', 'hexbinary', 'integer', 'string', 'symbol', 'time', 'trueclass', 'yaml'],
]);

/**
 * Returns the name of an error's class. A name that could be a cast gets a prefix. That is each name of the list, in any
 * spelling, and each single word that does not start with a capital letter: Rails' list can grow, casts start with a small
 * letter, and classes of errors do not.
 */
export function errorType(name: string): string {
	const shown = lineOfXml(name) || 'Error';
	const letters = shown
		.normalize('NFKC')
		.replaceAll(/[^\p{L}\p{N}]/gu, '')
		.toLowerCase();
	return casts.has(letters) || /^[^\p{Lu}]\S*$/u.test(shown) ? `Error: ${shown}` : shown;
}
