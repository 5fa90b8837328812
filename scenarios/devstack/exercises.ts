/** stack.sh completes, and DevStack's exercises come out as they should; one test case each. See docs/devstack.md. */
import {exercises} from 'swarmlab';

exercises([
	// It enables Keystone, Glance, Nova and Cinder, by name only; swift is there to be skipped.
	{kind: 'rehearsal', maySkip: ['swift']},
	// Keystone and Glance unless local.conf says more; of the rest only Nova can be had. See docs/devstack-packaged.md.
	{
		kind: 'packaged',
		maySkip: [
			'aggregates',
			'boot',
			'boot_from_volume',
			'floating_ips',
			'neutron-adv-test',
			'sec_groups',
			'swift',
			'volumes',
		],
		knownToFail: {
			boot: 'Nova shows no server without Neutron',
			floating_ips: "addresses are Neutron's, and there is none",
			sec_groups: "security groups are Neutron's, and there is none",
		},
	},
	// Without Neutron and Swift among the default services (until 2016-08-04) these skip themselves.
	{kind: 'devstack', revisions: ['liberty', 'mitaka'], maySkip: ['neutron-adv-test', 'swift']},
	{kind: 'devstack', maySkip: ['swift']},
]);
