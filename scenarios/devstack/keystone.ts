/** What every cloud must do: OpenStack of DevStack, and of packages. */
import {devstack} from 'swarmlab';

devstack('Keystone answers where stack.sh said, by the address of the machine', {}, async (t, cloud) => {
	t.truthy(cloud.keystone, 'stack.sh printed no address of Keystone');
	t.true(cloud.keystone!.includes(cloud.machine.address), `${cloud.keystone} is not at ${cloud.machine.address}`);
	const {exitCode, stdout} = await cloud.shell(
		`curl --silent --show-error --max-time 60 --noproxy '*' ${cloud.keystone}`,
	);
	t.is(exitCode, 0, stdout);
	t.regex(stdout, /"version/, 'it is no list of versions');
});
