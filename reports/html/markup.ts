/** HTML from any text: values in a template are escaped, unless they are markup themselves. */
import {legible} from '../xml.ts';

export interface Markup {
	readonly markup: string;
}

type Value = Markup | string | number | undefined | false | Value[];

/** Makes markup from a template: html`<p>${text}</p>`. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
	return {
		markup: strings.map((string, index) => string + (index < values.length ? written(values[index]) : '')).join(''),
	};
}

function written(value: Value): string {
	if (Array.isArray(value)) {
		return value.map(written).join('');
	}

	if (typeof value === 'object') {
		return value.markup;
	}

	return value === undefined || value === false ? '' : escaped(String(value));
}

function escaped(text: string): string {
	const shown = legible(text);
	return /[&<>"']/.test(shown)
		? shown
				.replaceAll('&', '&amp;')
				.replaceAll('<', '&lt;')
				.replaceAll('>', '&gt;')
				.replaceAll('"', '&quot;')
				.replaceAll("'", '&#39;')
		: shown;
}

/** Returns the relative address of a file in the run folder. */
export function address(path: string): string {
	// Without `./`, a browser would read a name with a colon as a scheme.
	return `./${legible(path).split('/').map(encodeURIComponent).join('/')}`;
}
