/** A packaged cloud on a real machine: stacked, asked, broken, frozen and back. */
import test from 'ava';
import {CloudMachine, cloudParts} from '../../bench/cloud-machine.ts';
import {clearLease, takeLease} from '../../harness/processes/leases.ts';

const line = '='.repeat(69);

/** Names by what the summary at the end says of them. */
function summary(output: string): Record<string, string[]> {
	const rows = output.split(`${line}\n`).at(-2) ?? '';
	const told: Record<string, string[]> = {SKIP: [], PASS: [], FAILED: []};
	for (const [, verdict, name] of rows.matchAll(/^(SKIP|PASS|FAILED) (\S+)$/gm)) {
		told[verdict!]!.push(name!);
	}

	return told;
}

test.serial(
	'Keystone and Glance are stacked, pass their exercises, fail them without Glance, and come back from memory',
	async t => {
		const lease = takeLease(`cloud-test-${process.pid}`);
		let cloud: CloudMachine | undefined;
		try {
			const parts = await cloudParts(event => t.log(JSON.stringify(event)));
			cloud = await CloudMachine.up(parts, lease, 'cloud');
			await cloud.place({ENABLED_SERVICES: 'mysql,key,g-api', HOST_IP: cloud.handle.address});

			const stacked = await cloud.asStack('./stack.sh', 1500);
			t.is(stacked.exitCode, 0, `${stacked.stdout}\n${stacked.stderr}`);
			t.regex(stacked.stdout, /^This is your host IP address: 10\.99\.0\.1$/m);
			t.regex(stacked.stdout, / \| stack\.sh completed in \d+ seconds\.$/m);
			const again = await cloud.asStack('./stack.sh');
			t.is(again.exitCode, 1);
			t.regex(again.stdout, /^You are already running a stack\.sh session\.$/m);

			const whole = await cloud.asStack('./exercise.sh 2>&1');
			t.deepEqual(
				summary(whole.stdout),
				{
					SKIP: [
						'aggregates',
						'boot',
						'boot_from_volume',
						'floating_ips',
						'neutron-adv-test',
						'sec_groups',
						'swift',
						'volumes',
					],
					PASS: ['client-args', 'client-env', 'images'],
					FAILED: [],
				},
				whole.stdout,
			);
			t.is(whole.exitCode, 0);
			t.is([...whole.stdout.matchAll(/^(Keystone|Glance): Succeeded$/gm)].length, 4);

			const frozen = await cloud.freeze();
			cloud = await CloudMachine.up(parts, lease, 'again', frozen);
			const token = await cloud.behindItsBack('tools/token.sh');
			t.is(token.exitCode, 0, token.output);
			t.regex(token.output, /^gAAAA/);
			t.log(
				`stack.sh ${stacked.seconds.toFixed(0)} s, a token ${((Date.now() - cloud.startedAt) / 1000).toFixed(1)} s`,
			);

			// What is restored can fail as well: without Glance its exercises do, and Keystone's words stay true.
			const broken = await cloud.behindItsBack(
				'source stackrc; source functions; stop_process g-api; RUN_EXERCISES="client-env images" ./exercise.sh',
				600,
			);
			t.is(broken.exitCode, 1, broken.output);
			t.deepEqual(summary(`${broken.output}\n`).FAILED, ['client-env', 'images']);
			t.regex(broken.output, /^Keystone: Succeeded$/m);
			t.regex(broken.output, /^Glance: Failed$/m);
		} finally {
			await cloud?.down();
			await clearLease(lease);
		}
	},
);
