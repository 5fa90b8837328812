/** A capture for people: a line for each flow. Pure. */
import type {Capture} from './capture.ts';
import type {Ends} from './decode.ts';
import type {Flow} from './flows.ts';

/** Returns the text. It ends in a line end. */
export function captureText({ports, frames, timeOriginMs, nowMs}: Capture, flows: readonly Flow[]): string {
	const time = (ms: number) => new Date(timeOriginMs + ms).toISOString().slice(11, 23);
	const from = frames[0]?.timeMs ?? nowMs;
	const rows = [
		['WHAT', 'ON THE LAN', 'SENT BY', 'DELIVERED TO', 'DROPPED BEFORE'],
		...flows.map(flow => [
			whatOf(flow),
			endsText(flow.outer),
			counts(flow.sent),
			counts(flow.delivered),
			`${counts(flow.dropped)}${flow.faults.length > 0 ? ` (fault ${flow.faults.join(', ')})` : ''}`,
		]),
	];
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
	return [
		`What the switch saw on the ports of ${ports.join(', ')}, ${time(from)} to ${time(nowMs)} UTC: ${frames.length} frames.`,
		'A frame that was sent and delivered is counted twice.',
		'',
		...rows.map(row =>
			row
				.map((cell, column) => cell.padEnd(widths[column]!))
				.join('  ')
				.trimEnd(),
		),
		'',
	].join('\n');
}

const kinds = {esp: 'ESP', gossip: 'gossip', manager: 'manager API', other: ''};

function whatOf({kind, outer, inner, vni, spi}: Flow): string {
	if (kind === 'vxlan') {
		return `VXLAN ${vni}: ${inner!.protocol} ${endsText(inner!)}`;
	}

	return [
		kinds[kind],
		outer.protocol === 'esp' ? '' : outer.protocol,
		spi === undefined ? '' : `SPI 0x${spi.toString(16)}`,
	]
		.filter(Boolean)
		.join(' ');
}

function endsText({source, sourcePort, destination, port}: Ends): string {
	return `${withPort(source, sourcePort)} → ${withPort(destination, port)}`;
}

function withPort(address: string, port: number | undefined): string {
	return port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function counts(byNode: Readonly<Record<string, number>>): string {
	return Object.entries(byNode)
		.map(([node, count]) => `${node} ${count}`)
		.join(', ');
}
