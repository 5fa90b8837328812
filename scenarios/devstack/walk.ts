/** The walk through a new cloud that the field notes took by hand: what is there, one instance, and away. */
import {devstack} from 'swarmlab';

/** Nothing of this can be seen where there is no OpenStack. */
const kinds = ['packaged', 'devstack'] as const;
/** A dozen calls of a client, ten seconds each where CPUs are emulated, and what they wait for. */
const limit = 900;

devstack('the image list has an image that is active', {kinds, services: ['image'], limit}, async (t, cloud) => {
	const images = await cloud.openstack<{Name: string; Status: string}[]>(['image', 'list']);
	t.true(
		images.some(({Status}) => Status === 'active'),
		JSON.stringify(images),
	);
});

devstack('the flavor list has a flavor for everybody', {kinds, services: ['compute'], limit}, async (t, cloud) => {
	const flavors = await cloud.openstack<{Name: string; 'Is Public': boolean}[]>(['flavor', 'list']);
	t.true(
		flavors.some(flavor => flavor['Is Public']),
		JSON.stringify(flavors),
	);
});

devstack(
	'an instance boots to ACTIVE, is suspended and resumed, and is gone when it is deleted',
	// Nova shows no server whose security groups it cannot ask for.
	{kinds, services: ['compute', 'image', 'network'], limit},
	async (t, cloud) => {
		const name = 'swarmlab-walk';
		const [image] = await cloud.openstack<{ID: string}[]>(['image', 'list', '--status', 'active']);
		const [flavor] = await cloud.openstack<{ID: string}[]>(['flavor', 'list']);
		const create = ['server', 'create', '--image', image!.ID, '--flavor', flavor!.ID, '--nic', 'none', '--wait', name];
		const show = async () => cloud.openstack<{status: string}>(['server', 'show', name]);
		try {
			const server = await cloud.openstack<{status: string}>(create, {timeout: limit});
			t.is(server.status, 'ACTIVE');
			const {exitCode, stderr} = await cloud.shell(
				`openstack server suspend ${name} && for i in $(seq 20); do openstack server show -f value -c status ${name} | grep -q SUSPENDED && exit 0; done; exit 1`,
				{as: 'admin', timeout: 300},
			);
			t.is(exitCode, 0, `it is not suspended: ${(await show()).status} ${stderr}`);
			const resumed = await cloud.shell(`openstack server resume ${name}`, {as: 'admin', timeout: 300});
			t.is(resumed.exitCode, 0, resumed.stderr);
		} finally {
			const deleted = await cloud.shell(`openstack server delete --wait ${name}`, {as: 'admin', timeout: 300});
			t.is(deleted.exitCode, 0, deleted.stderr);
		}

		const left = await cloud.openstack<{Name: string}[]>(['server', 'list', '--all-projects']);
		t.false(
			left.some(server => server.Name === name),
			JSON.stringify(left),
		);
	},
);
