/** Reads the network cards of containers with their counters. Pure. */
import type {EvidenceSection} from '../model/index.ts';
import {readSnmp} from './read-path.ts';

export interface CardView {
	/** Packets. */
	received: number;
	sent: number;
	/** TCP segments with a wrong checksum, of all cards of the container. */
	badTcp: number;
}

/** Returns the cards by each of their IPv4 addresses. */
export function cardsOf(sections: readonly EvidenceSection[]): Map<string, CardView> {
	const cards = new Map<string, CardView>();
	for (const {text} of sections) {
		const badTcp = readSnmp(text).get('TcpInCsumErrors') ?? 0;
		for (const block of text.split(/^(?=\d+: )/m)) {
			const packets = (way: string) => Number(new RegExp(`${way}:\\s+bytes.*\\n\\s*\\d+\\s+(\\d+)`).exec(block)?.[1]);
			const card = {received: packets('RX'), sent: packets('TX'), badTcp};
			for (const [, address] of block.matchAll(/^\s+inet ([\d.]+)\//gm)) {
				if (Number.isFinite(card.received) && Number.isFinite(card.sent)) {
					cards.set(address!, card);
				}
			}
		}
	}

	return cards;
}
