/**
 * Puts every fault in nodes into a real cell and undoes it, and compares what the kernel and the disk have before and after:
 * `npm run bench:node-faults -- --kernel 6.1 --docker 20.10.24`. Options are those of `swarmlab up`; `--only <names>` chooses
 * faults. It prints a row for each. Exit code 1 if one did not bite, or left something. Docs: docs/faults.md.
 */
import {setTimeout as delay} from 'node:timers/promises';
import {execa} from 'execa';
import {HarnessError} from '../harness/errors.ts';
import {NodeFaultTable} from '../harness/faults/put.ts';
import {type NodeFaultName, nodeFaultNames} from '../harness/faults/table.ts';
import {connect, type Machine, waitUntil} from '../harness/machine/index.ts';
import {cellsUp} from '../harness/run/by-hand.ts';
import {faultCases} from './node-faults-cases.ts';
import {differences, stateScript} from './node-faults-state.ts';

const swarmlab = async (words: readonly string[]) =>
	execa(process.execPath, ['harness/cli.ts', ...words], {stdio: ['ignore', 'inherit', 'inherit']});

const arguments_ = process.argv.slice(2);
const at = arguments_.indexOf('--only');
const only = at < 0 ? undefined : (arguments_.splice(at, 2)[1]?.split(',') ?? []);

interface Row {
	fault: string;
	node: string;
	putSeconds: number;
	undoSeconds: number;
	shown: string;
	/** Lines that differ after the undo, or why it could not be put in. */
	left: string[];
}

async function prepare([m1, w1]: readonly Machine[]): Promise<{vip: string}> {
	await m1!.run(
		[
			'docker network create -d overlay plain > /dev/null',
			'docker network create -d overlay --opt encrypted secret > /dev/null',
			'docker service create -d --name web --mode global --network plain --network secret -p 8080:80 swarmlab/web > /dev/null',
		].join(' && '),
		{timeout: 180},
	);
	for (const machine of [m1!, w1!]) {
		await waitUntil(
			`${machine.name} has a task`,
			async () => {
				const {stdout} = await machine.exec(
					'docker ps -q --filter label=com.docker.swarm.service.name=web; grep -c esp /proc/net/xfrm_stat 2> /dev/null',
				);
				return stdout.trim().length > 5 ? {done: true, value: undefined} : {done: false, seen: stdout};
			},
			{limit: 180, ours: true},
		);
	}

	const inspected = await m1!.run("docker service inspect web -f '{{range .Endpoint.VirtualIPs}}{{.Addr}} {{end}}'");
	await settle([m1!, w1!]);
	return {vip: inspected.trim().split(/[ /]/)[0]!};
}

/** Waits until two looks at each machine are the same. */
async function settle(machines: readonly Machine[]): Promise<void> {
	for (const machine of machines) {
		let before = await machine.run(stateScript);
		for (let looks = 0; looks < 10; looks++) {
			await delay(3000);
			const now = await machine.run(stateScript);
			if (differences(before, now).length === 0) {
				break;
			}

			before = now;
		}
	}
}

async function tryFault(
	table: NodeFaultTable,
	machine: Machine,
	fault: NodeFaultName,
	{options, settles}: {options: object; settles: boolean},
): Promise<Row> {
	const before = await machine.run(stateScript);
	const start = performance.now();
	const row: Row = {fault, node: machine.name, putSeconds: 0, undoSeconds: 0, shown: '', left: []};
	try {
		const status = await table.add({node: machine.name, fault, options, by: 'the bench'});
		row.putSeconds = (performance.now() - start) / 1000;
		row.shown = status.shown.split('\n')[0] ?? '';
		const putAt = performance.now();
		await table.heal(status);
		await table.heal(status);
		row.undoSeconds = (performance.now() - putAt) / 1000;
		for (let looks = 0; looks < (settles ? 20 : 1); looks++) {
			row.left = differences(before, await machine.run(stateScript), settles);
			if (row.left.length === 0) {
				break;
			}

			await delay(settles ? 3000 : 0);
		}
	} catch (error) {
		row.left = [error instanceof HarnessError ? error.message : String(error)];
	}

	return row;
}

function print({fault, node, putSeconds, undoSeconds, shown, left}: Row): void {
	const seconds = `${putSeconds.toFixed(1)} | ${undoSeconds.toFixed(1)}`;
	const outcome = left.length === 0 ? 'as before' : left.slice(0, 6).join('<br>').replaceAll('\n', ' ').slice(0, 400);
	console.log(`| ${fault} | ${node} | ${shown.replaceAll('|', '\\|').slice(0, 110)} | ${seconds} | ${outcome} |`);
}

// What is up is taken down, also when the bench is interrupted.
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => interrupted.abort());
}

await swarmlab(['up', '--no-install', '--workers', '1', ...arguments_]);
let bad = 0;
try {
	const {handle} = cellsUp().at(-1)!;
	const machines = await Promise.all(handle.machines.map(each => connect(each)));
	const {vip} = await prepare(machines);
	const table = new NodeFaultTable(handle, machines);
	console.log(
		`\n${handle.cell.id}\n\n| fault | node | shown by | put in, s | undone, s | afterwards |\n|---|---|---|---|---|---|`,
	);
	for (const [fault, given] of faultCases({vip})) {
		if (interrupted.signal.aborted) {
			break;
		}

		if (!only || only.includes(fault)) {
			const row = await tryFault(table, machines.at(-1)!, fault, given);
			print(row);
			bad += row.left.length > 0 ? 1 : 0;
		}
	}

	const untried = nodeFaultNames.filter(name => !faultCases({vip}).some(([each]) => each === name));
	console.log(`\nnot tried: ${untried.join(', ') || 'none'}; not as before: ${bad}`);
} finally {
	await swarmlab(['down']);
}

process.exitCode = interrupted.signal.aborted ? 130 : bad > 0 ? 1 : 0;
