/** A fault in one sentence, for people. Pure. */
import type {Fault, FaultAction, FaultMatch} from '../../model/index.ts';

/** Returns the sentence, without a full stop: `udp to port 4789 from m1 to w1 is dropped`. */
export function describe({match, action}: Fault): string {
	return [...content(match), ...place(match), outcome(action)].join(' ');
}

function content({protocol, port, sourcePort, largerThanBytes}: FaultMatch): string[] {
	const name = typeof protocol === 'number' ? `IP protocol ${protocol}` : (protocol ?? 'every frame');
	return [
		name,
		...(port === undefined ? [] : [`to port ${port}`]),
		...(sourcePort === undefined ? [] : [`from port ${sourcePort}`]),
		...(largerThanBytes === undefined ? [] : [`larger than ${largerThanBytes} bytes`]),
	];
}

function place({from, to, bothWays, at, unheard}: FaultMatch): string[] {
	if (unheard) {
		const deaf = Object.entries(unheard).filter(([, others]) => others.length > 0);
		return [`in a partition (${deaf.map(([node, others]) => `${node} does not hear ${list(others)}`).join('; ')})`];
	}

	if (bothWays && from && to) {
		return [`between ${list(from)} and ${list(to)}`];
	}

	return [
		...(from ? [`from ${list(from)}`] : []),
		...(to ? [`to ${list(to)}`] : []),
		...(bothWays ? ['in both directions'] : []),
		...(at ? [`from and to ${list(at)}`] : []),
	];
}

function outcome(action: FaultAction): string {
	switch (action.do) {
		case 'drop':
			return 'is dropped';
		case 'lose':
			return `is lost, ${action.percent} % of it`;
		case 'delay':
			return `is late by ${action.ms} ms${action.jitterMs ? ` ± ${action.jitterMs} ms` : ''}`;
		case 'rate':
			return `goes at ${action.kbitPerSecond} kbit/s`;
		case 'duplicate':
			return `arrives twice, ${action.percent} % of it`;
		case 'reorder':
			return `is overtaken, ${action.percent} % of it by ${action.ms} ms`;
		case 'corrupt':
			return `has a wrong bit, ${action.percent} % of it`;
	}
}

function list(names: readonly string[]): string {
	return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
