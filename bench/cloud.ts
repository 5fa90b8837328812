/**
 * What a stack costs, and what it costs to have it back: `node bench/cloud.ts [SERVICE,SERVICE…] [ROUNDS]`. stack.sh and the
 * restores are of one run, so that their ratio holds when the host is busy.
 */
import {CloudMachine, cloudParts} from './cloud-machine.ts';
import {withLease} from './machines.ts';

const [services = 'mysql,key,g-api', rounds = '3'] = process.argv.slice(2);

const since = (start: number) => (performance.now() - start) / 1000;
const tell = (what: string, seconds: number) => console.log(`| ${what} | ${seconds.toFixed(1)} |`);

/** Throws with all that was said when a command fails: a figure of a failure is none. */
async function timed(what: string, command: () => Promise<{exitCode: number; output: string}>): Promise<number> {
	const start = performance.now();
	const {exitCode, output} = await command();
	const seconds = since(start);
	if (exitCode !== 0) {
		throw new Error(`${what} ended with ${exitCode}: ${output}`);
	}

	tell(what, seconds);
	return seconds;
}

await withLease(async lease => {
	const parts = await cloudParts(event => console.error(JSON.stringify(event)));
	const first = await CloudMachine.up(parts, lease, 'first');
	tell('booted to sshd', first.seconds);
	let stacked: number;
	let frozen: string;
	try {
		await first.place({ENABLED_SERVICES: services, HOST_IP: first.handle.address});
		stacked = await timed('stack.sh', async () => {
			const {exitCode, stdout, stderr} = await first.asStack('./stack.sh', 1800);
			console.error(stdout);
			return {exitCode, output: `${stdout}\n${stderr}`};
		});
		await timed('openstack token issue, warm', async () =>
			first.behindItsBack('source openrc admin admin; openstack token issue'),
		);
		const start = performance.now();
		frozen = await first.freeze();
		tell('frozen', since(start));
	} finally {
		await first.down();
	}

	for (let round = 1; round <= Number(rounds); round++) {
		const again = await CloudMachine.up(parts, lease, `again${round}`, frozen);
		try {
			tell('restored, with its clock', again.seconds);
			await timed('a token over HTTP, after that', async () => again.behindItsBack('tools/token.sh'));
			const seconds = (Date.now() - again.startedAt) / 1000;
			tell('a token over HTTP, from the start of QEMU', seconds);
			console.log(`| stack.sh ÷ that | ${(stacked / seconds).toFixed(0)} × |`);
			await timed('openstack token issue, the first', async () =>
				again.behindItsBack('source openrc admin admin; openstack token issue'),
			);
			await timed('openstack image list', async () =>
				again.behindItsBack('source openrc admin admin; openstack image list'),
			);
		} finally {
			await again.down();
		}
	}
});
