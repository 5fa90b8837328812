import test from 'ava';
import {quoteAll} from './quote.ts';
import {masterArguments, remote, scpArguments, sshArguments} from './ssh.ts';

const handle = {
	reach: {
		by: 'ssh' as const,
		...{host: '127.0.0.1', port: 2310, user: 'root', identityFile: '/k/id', controlPath: '/r/ssh-m1'},
	},
	engine: {socket: '/r/docker-m1.sock'},
};

test('every call names the shared connection and no setting of the user', t => {
	for (const words of [sshArguments(handle), masterArguments(handle, '/r/log'), scpArguments(handle, 'a', 'b')]) {
		t.deepEqual(words.slice(0, 6), ['-F', 'none', '-i', '/k/id', '-o', 'ControlPath=/r/ssh-m1']);
		t.true(words.includes('StrictHostKeyChecking=no'));
	}
});

test('the shared connection carries the Docker API', t => {
	const words = masterArguments(handle, '/r/log');
	t.is(words[words.indexOf('-L') + 1], '/r/docker-m1.sock:/var/run/docker.sock');
	t.is(words.at(-1), 'root@127.0.0.1');
	t.true(words.includes('ExitOnForwardFailure=yes'));
});

test('scp gets the address of the machine', t => {
	t.deepEqual(scpArguments(handle, '/here', remote(handle, '/there')).slice(-6), [
		'-P',
		'2310',
		'-r',
		'-q',
		'/here',
		'root@127.0.0.1:/there',
	]);
});

test('words survive a shell', t => {
	t.is(quoteAll(['echo', "it's", '$HOME', 'a b', 'plain-1.2/x']), String.raw`echo 'it'\''s' '$HOME' 'a b' plain-1.2/x`);
	t.is(quoteAll(['']), "''");
});
