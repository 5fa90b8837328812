import test from 'ava';
import {checksOfLibvirt} from './needs.ts';

const whole = {plugin: 'vagrant-libvirt-0.11.2', libvirtd: 'libvirt 9.0.0'};
const all = (command: string) => `/usr/bin/${command}`;

const rows: [
	what: string,
	found: Parameters<typeof checksOfLibvirt>[0],
	find: typeof all | (() => undefined),
	reported: string[],
][] = [
	['Vagrant, whole', whole, all, []],
	['a KVM that is closed to libvirt', {...whole, kvmIsClosed: true}, all, ['KVM for libvirt warning']],
	[
		'Vagrant without its plugin, and libvirt asleep',
		{plugin: undefined, libvirtd: undefined},
		all,
		['vagrant-libvirt missing', 'libvirtd answers missing'],
	],
	[
		'no libvirt that could be started',
		{plugin: undefined, libvirtd: undefined},
		() => undefined,
		['vagrant-libvirt missing'],
	],
];

for (const [what, found, find, reported] of rows) {
	test(`${what}: ${reported.join(', ') || 'nothing is missing'}`, t => {
		const wrong = checksOfLibvirt(found, find).filter(({state}) => state !== 'ok');
		t.deepEqual(
			wrong.map(({name, state}) => `${name} ${state}`),
			reported,
		);
		t.true(wrong.every(check => check.package ?? check.remedy));
	});
}
