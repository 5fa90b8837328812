/** The tries of a run, kept as bytes outside of V8's heap: as objects they took most of a large run's memory. */
import type {PlannedScenario, Reason, Result, Verdict} from '../../model/index.ts';

/** A result, or the substitute for a missing one. */
export type Try = Pick<
	Result,
	| 'verdict'
	| 'repetition'
	| 'seconds'
	| 'startedAt'
	| 'metrics'
	| 'evidence'
	| 'disagreements'
	| 'faults'
	| 'log'
	| 'reason'
	| 'origin'
> &
	Pick<PlannedScenario, 'file' | 'line'>;

/** A try that was kept. */
export type KeptTry = Try & {place: number};

/** Keeps the tries of one run. */
export interface Tries {
	/** Stores a try and returns its place. `before` is the place of the previous try of the same claim. */
	keep(one: Try, before?: number): number;
	/** Returns the try at that place. */
	at(place: number): KeptTry;
	/** Returns only the details of its reason: it is by far the longest text. */
	detailsAt(place: number): string;
	/** Returns all tries of a claim in their order. `last` is the place of the last one. */
	upTo(last: number | undefined): KeptTry[];
	/** Returns an equal text that is in memory already, or this one: a record repeats titles and files for each cell. */
	shared(text: string): string;
}

const firstPageBytes = 1 << 14;
const pageBytes = 1 << 20;
/** Bytes before each try: the lengths of its parts and of the details of its reason, and the place of the previous try. */
const headBytes = 16;

const emptyObject = Object.freeze({});
const none: never[] = [];

/** Makes an empty store of tries. */
export function keptTries(): Tries {
	/** The first pages are small, because most runs are. A try that is longer than a page gets a page of its own and fills it. */
	const pages: Buffer[] = [];
	let used = 0;
	/** The tries that JSON would change, by place. */
	const odd = new Map<number, Try>();
	const known = new Map<string, string>();

	const shared = (text: string): string => {
		const same = known.get(text);
		if (same === undefined) {
			known.set(text, text);
		}

		return same ?? text;
	};

	const pageFor = (bytes: number): Buffer => {
		const last = pages.at(-1);
		if (last && used + bytes <= last.length) {
			return last;
		}

		const usual = Math.min(pageBytes, firstPageBytes * 4 ** pages.length);
		pages.push(Buffer.allocUnsafeSlow(Math.max(bytes, usual)));
		used = 0;
		return pages.at(-1)!;
	};

	const keep = (one: Try, before = -1): number => {
		// UTF-8 has no bytes for half a surrogate pair. JSON has an escape for it.
		const details = one.reason?.details.isWellFormed() ? one.reason.details : '';
		const text = asText(details === '' ? one : {...one, reason: {...one.reason!, details: ''}});
		const [bytes, detailBytes] = [Buffer.byteLength(text), Buffer.byteLength(details)];
		const page = pageFor(headBytes + bytes + detailBytes);
		page.writeUInt32LE(bytes, used);
		page.writeUInt32LE(detailBytes, used + 4);
		page.writeDoubleLE(before, used + 8);
		page.write(text, used + headBytes);
		page.write(details, used + headBytes + bytes);
		const place = (pages.length - 1) * pageBytes + used;
		used += headBytes + bytes + detailBytes;
		if (isOdd(one)) {
			odd.set(place, one);
		}

		return place;
	};

	const placed = (place: number) => {
		const page = pages[Math.floor(place / pageBytes)]!;
		const head = place % pageBytes;
		const from = head + headBytes;
		const to = from + page.readUInt32LE(head);
		return {page, head, from, to, end: to + page.readUInt32LE(head + 4)};
	};

	/** Reports ask for one part of a try after the other. */
	let last: KeptTry | undefined;
	const at = (place: number): KeptTry => {
		if (last?.place !== place) {
			const {page, from, to, end} = placed(place);
			const own = asTry(page.toString('utf8', from, to), shared, place);
			if (own.reason && end > to) {
				own.reason.details = page.toString('utf8', to, end);
			}

			const same = odd.get(place);
			last = same ? {...own, ...same} : own;
		}

		return last;
	};

	const detailsAt = (place: number): string => {
		const {page, to, end} = placed(place);
		return end > to ? page.toString('utf8', to, end) : (at(place).reason?.details ?? '');
	};

	const before = (place: number): number => {
		const {page, head} = placed(place);
		return page.readDoubleLE(head + 8);
	};

	return {
		keep,
		at,
		detailsAt,
		upTo(last = -1) {
			const all: KeptTry[] = [];
			for (let place = last; place >= 0; place = before(place)) {
				all.push(at(place));
			}

			return all.length > 1 ? all.reverse() : all;
		},
		shared,
	};
}

type Parts = [
	verdict: Verdict,
	repetition: number,
	seconds: number,
	startedAt: string,
	file: string,
	line: number | null,
	log: string[],
	metrics: Record<string, number> | null,
	evidence: string[] | null,
	origin: Try['origin'] | null,
	reason: Reason | null,
	faults: Result['faults'] | null,
	disagreements: Result['disagreements'] | null,
];

/** Returns JSON. It is a list: names would be the larger part of it. */
function asText(one: Try): string {
	const {verdict, repetition, seconds, startedAt, file, line = null, log, metrics, evidence} = one;
	const {origin = null, reason = null, faults = null, disagreements = null} = one;
	const parts: Parts = [
		...([verdict, repetition, seconds, startedAt, file, line, log] as const),
		Object.keys(metrics).length === 0 ? null : metrics,
		evidence.length === 0 ? null : evidence,
		origin,
		reason,
		faults,
		disagreements,
	];
	return JSON.stringify(parts);
}

function asTry(text: string, shared: (text: string) => string, place: number): KeptTry {
	const parts = JSON.parse(text) as Parts;
	const [verdict, repetition, seconds, startedAt, file, line, log, metrics, evidence, ...more] = parts;
	const [origin, reason, faults, disagreements] = more;
	return {
		verdict,
		repetition,
		seconds,
		startedAt,
		file,
		...(line !== null && {line}),
		log,
		metrics: metrics ?? emptyObject,
		evidence: evidence ?? none,
		...(disagreements && {disagreements}),
		...(faults && {faults}),
		...(origin && {origin: shared(origin) as typeof origin}),
		...(reason && {reason: {...reason, type: shared(reason.type)}}),
		place,
	};
}

/** Returns whether a try has numbers that JSON.stringify does not preserve. A record can have them as 1e999 and -0. */
function isOdd({seconds, line = 0, repetition, metrics}: Try): boolean {
	return [seconds, line, repetition, ...Object.values(metrics)].some(
		each => !Number.isFinite(each) || Object.is(each, -0),
	);
}
