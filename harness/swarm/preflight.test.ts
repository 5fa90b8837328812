import test from 'ava';
import {isVersion, lackingModules, neededModules} from './preflight.ts';

test('the modules follow the engine and the flavour of iptables', t => {
	const legacy = neededModules('20.10.24', 'iptables v1.8.9 (legacy)');
	const nft = neededModules('20.10.24', 'iptables v1.8.9 (nf_tables)');
	t.true(legacy.includes('iptable_nat') && !legacy.includes('nft_compat'));
	t.true(nft.includes('nft_compat') && !nft.includes('iptable_nat'));
	t.false(legacy.includes('iptable_raw'));
	t.true(neededModules('28.5.2', 'iptables v1.8.9 (legacy)').includes('iptable_raw'));
	t.true(neededModules('1.12.1', 'iptables v1.4.21').includes('iptable_nat'));
});

for (const [printed, asked, same] of [
	['20.10.24+dfsg1', '20.10.24', true],
	['20.10.24', '20.10.24', true],
	['20.10.241', '20.10.24', false],
	['20.10.24.1', '20.10.24', false],
	['1.12.1', '1.12.2', false],
	['28.5.2~rc1', '28.5.2', true],
] as const) {
	test(`Docker ${printed} is ${same ? '' : 'not '}version ${asked}`, t => {
		t.is(isVersion(printed, asked), same);
	});
}

test('modprobe names what is lacking', t => {
	const complaint = `modprobe: FATAL: Module ip_vs not found in directory /lib/modules/3.13
modprobe: FATAL: Module xt-ipvs not found in directory /lib/modules/3.13`;
	t.deepEqual(lackingModules(complaint, ['ip_vs', 'ip_vs_rr', 'xt_ipvs', 'vxlan']), ['ip_vs', 'xt_ipvs']);
});
