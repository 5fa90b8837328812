import test from 'ava';
import {UsageError} from '../../errors.ts';
import {layOut} from './tarball.ts';

const layouts: [what: string, entries: string, programs: string][] = [
	[
		'1.12',
		'docker/ docker/docker docker/dockerd docker/docker-containerd docker/docker-containerd-shim docker/docker-containerd-ctr docker/docker-runc docker/docker-proxy docker/completion/bash/docker',
		'docker dockerd docker-containerd docker-containerd-shim docker-containerd-ctr docker-runc docker-proxy',
	],
	[
		'20.10 and later',
		'docker/ docker/docker docker/dockerd docker/containerd docker/containerd-shim-runc-v2 docker/ctr docker/runc docker/docker-init docker/docker-proxy',
		'docker dockerd containerd containerd-shim-runc-v2 ctr runc docker-init docker-proxy',
	],
	['one packed by hand', './docker ./dockerd ./containerd ./runc', 'docker dockerd containerd runc'],
];

for (const [what, entries, programs] of layouts) {
	test(`a tarball of ${what}: every program goes to /usr/bin under its own name`, t => {
		const layout = layOut(entries.split(' '), 'docker.tgz');
		t.deepEqual(
			layout.map(({to}) => to),
			programs.split(' ').map(name => `usr/bin/${name}`),
		);
		t.true(layout.every(({from, to}) => from.split('/').at(-1) === to.split('/').at(-1)));
	});
}

const wrong: [what: string, entries: string, missing: string][] = [
	['an engine before swarm mode', 'docker/docker docker/docker-containerd docker/docker-runc', 'dockerd'],
	['the command line alone', 'docker/docker', 'dockerd, containerd, runc'],
	['the rootless extras', 'docker-rootless-extras/rootlesskit', 'dockerd, docker, containerd, runc'],
];

for (const [what, entries, missing] of wrong) {
	test(`${what} is refused: it has no ${missing}`, t => {
		const error = t.throws(() => layOut(entries.split(' '), 'x.tgz'), {instanceOf: UsageError});
		t.is(error?.message, `x.tgz is not a static build of Docker with swarm mode: it has no ${missing}.`);
	});
}
