/** A folder of evidence: written file by file, and read again. */
import fs from 'node:fs';
import path from 'node:path';
import {HarnessError} from '../errors.ts';
import type {Evidence, EvidenceEntry, EvidenceIndex, EvidenceNode} from '../model/index.ts';
import {list, number, object, oneOf, optional, readStored, type Shape, text} from '../shape.ts';
import {maskSecrets} from './mask.ts';
import type {Part} from './script.ts';

export interface EvidenceFolder {
	/** Writes a text to a file of the folder, masked. Does nothing if it cannot be written: the result must be kept all the same. */
	write(name: string, content: string | Buffer): void;
	/** Writes the outputs of probes of one node, and adds them to the index. Outputs of one probe share a file. */
	keep(node: string, parts: readonly Part[]): void;
	/** Writes the index. Returns the absolute paths of all files that were written, sorted. */
	close(nodes: readonly EvidenceNode[], asks?: readonly string[]): string[];
}

/** Increase it when an older version cannot use the index. */
const schema = 1;

/** What the index is named. */
const indexFile = 'index.json';

/** Makes the folder with the file `reason.txt`. `since`: see EvidenceIndex. Never throws. */
export function createFolder(folder: string, reason: string, since?: number): EvidenceFolder {
	const start = Date.now();
	const files: string[] = [];
	const entries: EvidenceEntry[] = [];
	const write = (name: string, content: string | Buffer) => {
		const file = path.join(folder, name);
		try {
			fs.mkdirSync(path.dirname(file), {recursive: true});
			fs.writeFileSync(file, content);
			files.push(file);
		} catch {
			// The disk may be full.
		}
	};

	write('reason.txt', `${reason}\n`);
	return {
		write: (name, content) => write(name, typeof content === 'string' ? maskSecrets(content) : content),
		keep(node, parts) {
			for (const [probe, ofProbe] of Map.groupBy(parts, each => each.probe)) {
				const file = `${node}/${probe}.txt`;
				const blocks = ofProbe.map(({namespace, text, uptime, trouble}) => {
					const legible = maskSecrets(pretty(text));
					const bytes = Buffer.byteLength(legible);
					const read = {bytes, ...(uptime !== undefined && {uptime})};
					entries.push({node, probe, ...(namespace && {namespace}), file, ...read, ...(trouble && {trouble})});
					const complete = legible === '' || legible.endsWith('\n') ? legible : `${legible}\n`;
					return `${namespace ? `=== ${namespace}\n` : ''}${complete}${trouble ? `--- ${trouble}\n` : ''}`;
				});
				write(file, blocks.join(''));
			}
		},
		close(nodes, asks) {
			const unreachable = nodes.filter(({trouble}) => trouble);
			for (const {name, trouble} of unreachable) {
				write(`${name}/unreachable.txt`, `${trouble}\n`);
			}

			const index: EvidenceIndex = {
				schema,
				takenAt: new Date(start).toISOString(),
				...(since !== undefined && {since}),
				seconds: (Date.now() - start) / 1000,
				reason,
				...(asks && {asks}),
				nodes: [...nodes],
				entries,
			};
			write(indexFile, maskSecrets(`${JSON.stringify(index, undefined, '\t')}\n`));
			return files.sort();
		},
	};
}

/** Returns answers of the engine's API, one JSON text a line, indented. Other text is returned as it is. */
function pretty(text: string): string {
	if (!/^[[{]/.test(text)) {
		return text;
	}

	return text
		.split('\n')
		.map(line => {
			try {
				return /^[[{]/.test(line) ? JSON.stringify(JSON.parse(line), undefined, ' ') : line;
			} catch {
				return line;
			}
		})
		.join('\n');
}

const shape = object<EvidenceIndex>({
	schema: number as Shape<1>,
	takenAt: text(),
	since: optional(number),
	seconds: number,
	reason: text(),
	asks: optional(list(text())),
	nodes: list(
		object<EvidenceNode>({
			name: text(),
			role: oneOf('manager', 'worker', 'outsider'),
			address: text(),
			trouble: optional(text()),
			sentAt: number,
			answeredAt: number,
			startedAt: optional(number),
			uptime: optional(number),
		}),
	),
	entries: list(
		object<EvidenceEntry>({
			node: text(),
			probe: text(),
			namespace: optional(text()),
			file: text(),
			bytes: number,
			uptime: optional(number),
			trouble: optional(text()),
		}),
	),
});

/** Reads a folder of evidence. Throws HarnessError if its index cannot be read, is damaged, or is of a newer version. */
export function readEvidence(folder: string): Evidence {
	const {value: index, problem} = readStored(path.join(folder, indexFile), shape);
	if (index === undefined) {
		throw new HarnessError(problem);
	}

	if (index.schema > schema) {
		throw new HarnessError(
			`${path.join(folder, indexFile)} has schema ${index.schema}, and this swarmlab reads up to ${schema}: a newer one wrote it.`,
		);
	}

	const texts = new Map<string, string>();
	return {
		index,
		sections: index.entries.flatMap(entry => {
			let text = texts.get(entry.file);
			if (text === undefined) {
				try {
					text = fs.readFileSync(path.join(folder, entry.file), 'utf8');
				} catch {
					// A folder that was copied may lack files.
					text = '';
				}

				texts.set(entry.file, text);
			}

			return [{...entry, text: blockOf(text, entry)}];
		}),
	};
}

/** Returns the block of a namespace, without its heading and the line about trouble. */
function blockOf(text: string, {namespace, trouble}: EvidenceEntry): string {
	const blocks = namespace ? text.split(/^=== /m) : [text];
	const block = namespace ? blocks.find(each => each.startsWith(`${namespace}\n`)) : blocks[0];
	const body = namespace ? (block ?? '').slice(namespace.length + 1) : (block ?? '');
	return trouble && body.endsWith(`--- ${trouble}\n`) ? body.slice(0, -`--- ${trouble}\n`.length) : body;
}
