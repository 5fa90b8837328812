/** stack.sh completes, and DevStack's exercises come out as they should; one test case each. See docs/devstack.md. */
import {exercises} from 'swarmlab';

exercises([
	// It enables Keystone, Glance, Nova and Cinder, by name only; swift is there to be skipped.
	{kind: 'rehearsal', maySkip: ['swift']},
	// Without Cinder and Swift, which Debian's packages could give and one machine under emulation hardly carries.
	{kind: 'packaged', maySkip: ['boot_from_volume', 'floating_ips', 'neutron-adv-test', 'swift', 'volumes']},
	// Without Neutron and Swift among the default services (until 2016-08-04) these skip themselves.
	{kind: 'devstack', revisions: ['liberty', 'mitaka'], maySkip: ['neutron-adv-test', 'swift']},
	{kind: 'devstack', maySkip: ['swift']},
]);
