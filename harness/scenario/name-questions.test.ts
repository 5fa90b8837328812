import {spawnSync} from 'node:child_process';
import test from 'ava';
import {agreementScript} from '../evidence/agreement-probes.ts';
import {partsOf} from '../evidence/script.ts';
import {nameQuestions} from './name-questions.ts';

const task = (service: string, node: string, pid: number, networks: string[], state = 'running') => ({
	...{ServiceID: service, NodeID: node, DesiredState: 'running'},
	Status: {State: state, ContainerStatus: {PID: pid}},
	NetworksAttachments: networks.map(id => ({
		Network: {ID: id, Spec: {Ingress: id === 'ingress'}},
		Addresses: ['10.0.1.3/24'],
	})),
});

const answers = (tasks: object[]) => ({
	tasks: JSON.stringify(tasks),
	services: JSON.stringify([
		{ID: 's1', Spec: {Name: 'web'}},
		{ID: 's2', Spec: {Name: 'idle'}},
	]),
	nodes: JSON.stringify([
		{ID: 'n1', Description: {Hostname: 'm1'}},
		{ID: 'n2', Description: {Hostname: 'w1'}},
	]),
});

test('a node is asked once for each network that a container of it is on, for names with running tasks', t => {
	const all = answers([
		task('s1', 'n1', 100, ['net1', 'ingress']),
		task('s1', 'n2', 200, ['net1', 'ingress']),
		task('s2', 'n2', 300, ['net1', 'net2'], 'starting'),
	]);
	const names = ['web', 'tasks.web'];
	t.deepEqual(nameQuestions('m1', all), [{network: 'net1', pid: 100, names}]);
	t.deepEqual(nameQuestions('w1', all), [{network: 'net1', pid: 200, names}]);
	t.deepEqual(nameQuestions('w2', all), []);
});

test('answers that are cut off or errors ask nothing', t => {
	for (const tasks of ['', '[{"ServiceID":', 'answered 503: no leader', '{}', 'null']) {
		t.deepEqual(nameQuestions('m1', {...answers([]), tasks}), [], tasks);
	}
});

test('the script of the agreement is one that a plain shell reads, loads nothing, and its answer is read again', t => {
	const script = agreementScript([{network: 'net1', pid: 1, names: ['web']}], '@@m');
	const {status, stderr} = spawnSync('sh', ['-n', '-c', script], {encoding: 'utf8'});
	t.is(status, 0, stderr);
	t.notRegex(script, /\b(ipvsadm|iptables|nft|modprobe|ss|conntrack)\b/);
	const here = script.replace('$bb nsenter -t 1 -n -- dig', 'echo "web. 600 IN A 10.0.1.2" #');
	t.not(here, script);
	const {stdout} = spawnSync('sh', ['-c', here], {encoding: 'utf8'});
	t.deepEqual(partsOf(`\n${stdout}`, '@@m').parts[0], {
		...{probe: 'names', namespace: 'net1'},
		text: 'web. 600 IN A 10.0.1.2\n',
	});
});
