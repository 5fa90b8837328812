import test from 'ava';
import {execa} from 'execa';
import {putScript, type ScriptParts, undoScript} from './script.ts';

const parts = (values: Record<string, unknown>): ScriptParts => ({
	script: 'set-mtu',
	names: ['mtu', 'device', 'peer'],
	values,
	site: {id: 'n1', address: '10.99.0.11', others: {w1: '10.99.0.12', w2: '10.99.0.13'}},
});

test('the values of a script are quoted, and those without a value are empty', t => {
	const lines = putScript(parts({mtu: 1400, device: "eth1'; reboot '"})).split('\n');
	t.deepEqual(lines.slice(0, 6), [
		'mtu=1400',
		String.raw`device='eth1'\''; reboot '\'''`,
		"peer=''",
		'id=n1',
		'address=10.99.0.11',
		"others='w1=10.99.0.12 w2=10.99.0.13'",
	]);
});

test('a put that is repeated is refused, and an undo of what is not on does nothing: so their scripts begin', t => {
	t.regex(
		putScript(parts({mtu: 1})),
		/\n\[ ! -e "\$s" \] \|\| die "the fault \$id is on already"\nmkdir -p "\$s" \|\| exit 1\nset -e\nput\nset \+e\nshows \|\| die '[^']*'$/,
	);
	t.regex(undoScript(parts({mtu: 1})), /\n\[ -d "\$s" \] \|\| exit 0\nundo \|\| exit 1\nrm -rf "\$s"\n/);
});

test('a peer is found by its name, and without a name all others are meant', async t => {
	const run = async (values: Record<string, unknown>) => {
		const script = putScript(parts(values)).split('\n[ ! -e')[0]!;
		return (await execa('sh', ['-c', `${script}\npeers; unused 250`])).stdout.split('\n');
	};
	t.deepEqual(await run({peer: 'w2'}), ['10.99.0.13', '10.99.0.250']);
	t.deepEqual(await run({}), ['10.99.0.12', '10.99.0.13', '10.99.0.250']);
});
