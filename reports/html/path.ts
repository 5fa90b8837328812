/** The way of a packet, drawn over its nodes: SVG in the page. The same is there in words, for who cannot see it. */
import type {PacketPath, PathHop} from '../../harness/model/index.ts';
import {hopLine, places, stateSigns} from '../path.ts';
import {html, type Markup} from './markup.ts';

/** Units of the drawing. A character of the small text is 6 wide. */
const box = {width: 152, gap: 17, left: 10, top: 34, head: 40, line: 14, columns: 23, lines: 8};

/** Returns a way with its sentence. */
export function drawnPath(path: PacketPath): Markup {
	const texts = path.hops.map(({says}) => wrapped(says));
	const height = box.head + box.line * Math.max(1, ...texts.map(({length}) => length));
	const bottom = box.top + height + 12;
	return html`<figure class="way"><figcaption>${path.sentence}</figcaption>
<div class="drawing" tabindex="0"><svg class="path" viewBox="0 0 ${leftOf(path.hops.length) + 2} ${bottom + 8}" role="img" aria-label="${path.sentence}">
${framesOf(path.hops).map(
	({node, first, last}) =>
		html`<rect class="node" x="${leftOf(first) - 6}" y="8" width="${leftOf(last) - leftOf(first) + box.width + 12}" height="${bottom - 8}" rx="8"/><text class="node" x="${leftOf(first) + 2}" y="25">${node}</text>
`,
)}${path.hops.map((hop, at) => drawnHop(hop, texts[at]!, {at, height, ahead: stopsBefore(path.hops, at)}))}</svg></div>
<details class="node"><summary>in words</summary><ol class="hops">${path.hops.map(hop => html`<li>${hopLine(hop)}</li>`)}</ol></details>
</figure>
`;
}

function drawnHop(
	hop: PathHop,
	lines: string[],
	{at, height, ahead}: {at: number; height: number; ahead: boolean},
): Markup {
	const x = leftOf(at);
	const middle = box.top + 16;
	return html`${at > 0 && html`<path class="arrow${ahead && ' lost'}" d="M${x - box.gap + 1} ${middle}H${x - 3}m-5 -4l5 4l-5 4"/>`}<g class="${hop.state}"><title>${hopLine(hop)}</title><rect class="hop" x="${x}" y="${box.top}" width="${box.width}" height="${height}" rx="6"/><text class="place" x="${x + 8}" y="${box.top + 20}">${stateSigns[hop.state]} ${places[hop.at]}</text>${lines.map(
		(line, index) => html`<text class="says" x="${x + 8}" y="${box.top + box.head + index * box.line}">${line}</text>`,
	)}</g>
`;
}

function leftOf(at: number): number {
	return box.left + at * (box.width + box.gap);
}

function stopsBefore(hops: readonly PathHop[], at: number): boolean {
	return hops.slice(0, at).some(({state}) => state === 'stops');
}

/** Places of one node that follow each other. */
function framesOf(hops: readonly PathHop[]): {node: string; first: number; last: number}[] {
	const frames: {node: string; first: number; last: number}[] = [];
	for (const [at, {node}] of hops.entries()) {
		const last = frames.at(-1);
		if (last?.node === node && last.last === at - 1) {
			last.last = at;
		} else if (node !== '') {
			frames.push({node, first: at, last: at});
		}
	}

	return frames;
}

/** Returns the texts in lines that fit. What does not fit is in the words. */
function wrapped(texts: readonly string[]): string[] {
	const lines = texts.flatMap(text => {
		const all: string[] = [];
		for (const word of text.split(/\s+/).flatMap(each => each.match(new RegExp(`.{1,${box.columns}}`, 'gu')) ?? [])) {
			const last = all.at(-1);
			if (last !== undefined && last.length + word.length < box.columns) {
				all[all.length - 1] = `${last} ${word}`;
			} else {
				all.push(word);
			}
		}

		return all;
	});
	return lines.length > box.lines ? [...lines.slice(0, box.lines - 1), '…'] : lines;
}
