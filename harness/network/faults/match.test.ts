import test from 'ava';
import type {FaultMatch} from '../../model/index.ts';
import {arpFrame, espFrame, ethernet, icmpFrame, ipv4, macs, tcpFrame, udp, udpFrame} from '../fixtures/packets.ts';
import {isAbout} from './match.ts';
import {readPacket} from './packet.ts';

const frames = {
	vxlan: udpFrame(4789),
	gossip: udpFrame(7946),
	manager: tcpFrame(50_000, 2377),
	fromManager: tcpFrame(2377, 50_000),
	icmp: icmpFrame(),
	arp: arpFrame(),
	esp: espFrame(),
	large: udpFrame(4789, Buffer.alloc(1400)),
	icmp6: ethernet(0x86_dd, Buffer.concat([Buffer.from([0x60, 0, 0, 0, 0, 8, 58, 255]), Buffer.alloc(40)])),
	tagged: Buffer.concat([
		Buffer.from(`${macs.w1}${macs.m1}81000007`, 'hex'),
		Buffer.from('0800', 'hex'),
		ipv4(17, udp(1, 4789)),
	]),
	later: ethernet(0x08_00, ipv4(17, udp(40_000, 4789), {fragmentOffset: 185})),
	cut: Buffer.from(`${macs.w1}${macs.m1}080045`, 'hex'),
};

const contents: [match: FaultMatch, about: (keyof typeof frames)[]][] = [
	[{}, Object.keys(frames) as (keyof typeof frames)[]],
	[{protocol: 'udp', port: 4789}, ['vxlan', 'large', 'tagged']],
	[{protocol: 'udp', sourcePort: 40_000}, ['vxlan', 'gossip', 'large']],
	[{protocol: 'udp'}, ['vxlan', 'gossip', 'large', 'tagged', 'later']],
	[{protocol: 'tcp', port: 2377}, ['manager']],
	[{protocol: 'tcp', sourcePort: 2377}, ['fromManager']],
	[{protocol: 'icmp'}, ['icmp', 'icmp6']],
	[{protocol: 'arp'}, ['arp']],
	[{protocol: 'esp'}, ['esp']],
	[{protocol: 50}, ['esp']],
	[{largerThanBytes: 1400}, ['large']],
	[{largerThanBytes: 1428}, []],
	[{largerThanBytes: 1427}, ['large']],
];

for (const [match, about] of contents) {
	test(`${JSON.stringify(match)} is about ${about.join(', ') || 'nothing'}`, t => {
		const found = Object.entries(frames).filter(([, frame]) =>
			isAbout(match, {from: 'm1', to: 'w1'}, () => readPacket(frame)),
		);
		t.deepEqual(
			found.map(([name]) => name),
			about,
		);
	});
}

const nodes = ['m1', 'w1', 'w2'];
const links: [match: FaultMatch, about: string[]][] = [
	[{from: ['m1']}, ['m1 w1', 'm1 w2']],
	[{to: ['m1']}, ['w1 m1', 'w2 m1']],
	[{from: ['m1'], to: ['w1']}, ['m1 w1']],
	[{from: ['m1'], to: ['w1'], bothWays: true}, ['m1 w1', 'w1 m1']],
	[{from: ['m1'], bothWays: true}, ['m1 w1', 'm1 w2', 'w1 m1', 'w2 m1']],
	[{at: ['w2']}, ['m1 w2', 'w1 w2', 'w2 m1', 'w2 w1']],
	[{unheard: {m1: ['w1', 'w2'], w2: ['w1']}}, ['w1 m1', 'w1 w2', 'w2 m1']],
	[{unheard: {}}, []],
];

for (const [match, about] of links) {
	test(`${JSON.stringify(match)} is about the links ${about.join(', ') || 'of nobody'}`, t => {
		const all = nodes.flatMap(from => nodes.filter(to => to !== from).map(to => ({from, to})));
		t.deepEqual(
			all.filter(link => isAbout(match, link, () => readPacket(frames.vxlan))).map(({from, to}) => `${from} ${to}`),
			about,
		);
	});
}
