import test from 'ava';
import {equalised} from './words.ts';

const rows: [text: string, equal: string][] = [
	[
		'-A POSTROUTING -d 10.200.1.0/24 -m ipvs --ipvs -j SNAT --to-source 10.200.1.7',
		'-A POSTROUTING -d ADDR/24 -m ipvs --ipvs -j SNAT --to-source ADDR',
	],
	[
		'-p tcp --dport 53 -j DNAT --to-destination 127.0.0.11:40857',
		'-p tcp --dport 53 -j DNAT --to-destination 127.0.0.11:PORT',
	],
	['-j MARK --set-xmark 0x101/0xffffffff', '-j MARK --set-xmark HEX/HEX'],
	['-p udp -m udp --dport 4789 -j DROP', '-p udp -m udp --dport 4789 -j DROP'],
	['-p tcp --dport 30007 -j ACCEPT', '-p tcp --dport PORT -j ACCEPT'],
	['02:42:0a:c8:00:08 dev vxlan0 dst 10.99.0.3 self permanent', 'MAC dev vxlan0 dst ADDR self permanent'],
	['ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff'],
	[
		'10.0.1.2 dev vxlan0 lladdr 02:42:0a:00:01:02 used 76/76/76probes 0 PERMANENT',
		'ADDR dev vxlan0 lladdr MAC PERMANENT',
	],
	['-D INPUT -d 10.0.1.2/32 -j MARK --set-mark 259', '-D INPUT -d ADDR/32 -j MARK --set-mark MARK'],
	['inet6 fe80::5054:ff:fe12:3456/64', 'inet6 ADDR6/64'],
	['listen on [::1]:2377, at :: and 0.0.0.0', 'listen on [::1]:2377, at :: and 0.0.0.0'],
	['sandbox 5c37a748b01f and task 9vdmkl5ffk0n1x2y3z4a5b6c7 of veth37a748b', 'sandbox ID and task ID of vethID'],
	['time 2026-11-26T23:39:40.086790660Z took 12.3s, 1503 ms', 'time TIME took Ns, 1503 ms'],
	['the manager failed to create an endpoint', 'the manager failed to create an endpoint'],
	['deadbeef facade', 'deadbeef facade'],
	['mark rule in sbox lb_vo8u (lb-net0), netns/lb_vo8umzebc', 'mark rule in sbox lb_ID (lb-net0), netns/lb_ID'],
	['Handler for GET /v1.41/distribution/web:latest/json', 'Handler for GET /vN/distribution/web:latest/json'],
];

for (const [text, equal] of rows) {
	test(`“${text}” is made equal`, t => t.is(equalised(text), equal));
}

test('what is equal stays equal: once is enough', t => {
	for (const [text] of rows) {
		t.is(equalised(equalised(text)), equalised(text));
	}
});
