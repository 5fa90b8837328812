/**
 * Compares the two providers, and measures what the harness adds to a bare `vagrant up`: `npm run bench:vagrant` (add a number
 * for more rounds). Where libvirt's machines can be reached: docs/vagrant.md.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import type {Event} from '../harness/model/index.ts';
import {packageRoot} from '../harness/package.ts';
import {parseRecord} from '../harness/record/record.ts';
import {type Row, table} from './measure.ts';

const rounds = Number(process.argv.find(each => /^\d+$/.test(each)) ?? 3);
const measured = new Map<string, number[]>();
const note = (what: string, value: number) => measured.set(what, [...(measured.get(what) ?? []), value]);

/** What Vagrant prints when a part of its work begins. The part takes the time until the next one. */
const parts: [RegExp, string][] = [
	[/^(?:adds|puts) /, 'box and kernel into the pool'],
	[/^Creating image/, 'machines defined, networks made'],
	[/^Starting domain/, 'boot until it has an address'],
	[/^Waiting for machine to boot/, 'boot until ssh lets in'],
	[/^Setting hostname/, 'host name'],
	[/^Configuring and enabling network/, 'address on the LAN'],
	[/^Running provisioner/, 'the key of the harness'],
	[/^Docker answers/, 'swarm'],
];

for (let round = 1; round <= rounds; round++) {
	const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-bench-'));
	const words = ['run', 'scenarios/vip.ts', '--filter', 'spreads connections', '--provider', 'qemu,vagrant'];
	await execa(process.execPath, ['harness/cli.ts', ...words, '--cold', '--workers', '1', '--jobs', '1'], {
		cwd: packageRoot,
		env: {SWARMLAB_RUNS: runs},
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	const folder = path.join(runs, fs.readdirSync(runs)[0]!);
	const {events} = parseRecord(fs.readFileSync(path.join(folder, 'run.jsonl'), 'utf8'));
	for (const provider of ['qemu', 'vagrant']) {
		read(
			provider,
			events.filter(event => 'cell' in event && event.cell?.startsWith(provider)),
			events,
		);
	}

	const [lab] = fs.globSync('cells/vagrant-*/swarm-1/lab.json', {cwd: folder});
	note('bare vagrant up', await bareVagrantUp(path.join(folder, lab!)));
	fs.rmSync(runs, {recursive: true, force: true});
	console.error(`round ${round} of ${rounds} done`);
}

/** Brings up the same machines with Vagrant alone. Returns seconds. */
async function bareVagrantUp(lab: string): Promise<number> {
	const dotfile = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-bench-'));
	const options = {
		cwd: packageRoot,
		env: {VAGRANT_DOTFILE_PATH: dotfile, SWARMLAB_LAB: lab, VAGRANT_CHECKPOINT_DISABLE: '1'},
		stdin: 'ignore',
	} as const;
	const start = performance.now();
	try {
		await execa('vagrant', ['up', '--provider=libvirt', '--parallel'], options);
		return (performance.now() - start) / 1000;
	} finally {
		await execa('vagrant', ['destroy', '--force'], options);
		fs.rmSync(dotfile, {recursive: true, force: true});
	}
}

function read(provider: string, own: Event[], all: readonly Event[]): void {
	const at = ({at: time}: Event) => Date.parse(time) / 1000;
	const start = at(own.find(event => event.event === 'cell-stage' && event.stage === 'boot')!);
	const formed = own.find(event => event.event === 'cell-formed')!;
	const result = all.find(event => event.event === 'result' && event.result.cell.startsWith(provider))!;
	note(`${provider} formed`, at(formed) - start);
	note(`${provider} VIP`, at(result) - start);
	if (provider !== 'vagrant') {
		return;
	}

	const machines = own.filter(event => event.event === 'machine');
	const upTo = machines.findLast(({doing}) => /provisioner|sshd|Running/.test(doing)) ?? machines.at(-1)!;
	note('vagrant up', at(machines.find(({doing}) => doing === 'Docker answers') ?? upTo) - start);
	const begins = parts.flatMap(([pattern, name]) => {
		const first = machines.find(({doing}) => pattern.test(doing));
		return first ? [{name, from: at(first)}] : [];
	});
	for (const [index, {name, from}] of begins.entries()) {
		note(`part: ${name}`, (begins[index + 1]?.from ?? at(formed)) - from);
	}
}

const of = (what: string) => measured.get(what) ?? [];
const rows: Row[] = [
	{what: 'qemu, cold: swarm of 2 formed', unit: 's', values: of('qemu formed')},
	{what: 'vagrant: swarm of 2 formed', unit: 's', values: of('vagrant formed')},
	{what: 'qemu, cold: first round of VIP answers', unit: 's', values: of('qemu VIP')},
	{what: 'vagrant: first round of VIP answers', unit: 's', values: of('vagrant VIP')},
	...[...measured.keys()]
		.filter(name => name.startsWith('part: '))
		.map(name => ({what: `vagrant, ${name.slice(6)}`, unit: 's', values: of(name)})),
	{what: 'bare vagrant up of the same machines', unit: 's', values: of('bare vagrant up')},
	{
		what: 'harness, until Docker answers, less bare vagrant up',
		unit: 's',
		values: of('vagrant up').map((seconds, index) => seconds - of('bare vagrant up')[index]!),
		goal: 2,
	},
];
console.log(table(rows.filter(({values}) => values.length > 0)));
