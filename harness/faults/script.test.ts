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
		/\n\[ ! -e "\$s" \] \|\| die "the fault \$id is on already"\nmkdir -p "\$s" .*\nset -e\nput\nset \+e\nshows \|\| die '[^']*'\nrm -f "\$s\/putting"$/,
	);
	t.regex(undoScript(parts({mtu: 1})), /\n\[ -d "\$s" \] \|\| exit 0\n.*\nundo \|\| exit 1\nrm -rf "\$s"\n/s);
});

test('a peer is found by its name, and without a name all others are meant', async t => {
	const run = async (values: Record<string, unknown>) => {
		const script = putScript(parts(values)).split('\n[ ! -e')[0]!;
		return (await execa('sh', ['-c', `${script}\npeers; unused 250`])).stdout.split('\n');
	};
	t.deepEqual(await run({peer: 'w2'}), ['10.99.0.13', '10.99.0.250']);
	t.deepEqual(await run({}), ['10.99.0.12', '10.99.0.13', '10.99.0.250']);
});

test('a state of xfrm is saved as the words that add it again', async t => {
	const listed = `src 10.99.0.11 dst 10.99.0.12
\tproto esp spi 0x2fb5bcd5 reqid 13681891 mode transport
\treplay-window 0 flag noecn
\taead rfc4106(gcm(aes)) 0x0102030405060708090a0b0c0d0e0f1011121314 64
\tanti-replay context: seq 0x0, oseq 0x3, bitmap 0x00000000
\tsel src 0.0.0.0/0 dst 0.0.0.0/0 proto udp dport 4789
src 10.99.0.11 dst 10.99.0.12
\tproto esp spi 0x00000007 reqid 1 mode transport
\treplay-window 0
`;
	const script = putScript({...parts({}), script: 'remove-spi'}).split('\n[ ! -e')[0]!;
	const {stdout} = await execa('sh', ['-c', `bb=; ${script}\nsaved`], {input: listed});
	t.deepEqual(stdout.split('\n'), [
		'src 10.99.0.11 dst 10.99.0.12 proto esp spi 0x2fb5bcd5 reqid 13681891 mode transport replay-window 0 flag noecn aead rfc4106(gcm(aes)) 0x0102030405060708090a0b0c0d0e0f1011121314 64 sel src 0.0.0.0/0 dst 0.0.0.0/0 proto udp dport 4789',
		'src 10.99.0.11 dst 10.99.0.12 proto esp spi 0x00000007 reqid 1 mode transport replay-window 0',
	]);
});
