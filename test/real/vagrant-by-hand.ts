/**
 * `vagrant up` in a clone, without the harness: a box that boots its own kernel, in which kernel.sh installs another one
 * and engine.sh a static build.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import {resolveKernel} from '../../harness/artifacts/kernels/kernel-spec.ts';
import {listKernels} from '../../harness/artifacts/kernels/kernels.ts';
import {prepareAptRoot} from '../../harness/artifacts/packages/apt.ts';
import {openHostPackages} from '../../harness/artifacts/packages/packages.ts';
import {detectPackageSettings} from '../../harness/artifacts/packages/settings.ts';
import {sha256File} from '../../harness/store/manifest.ts';
import {forget} from './lab.ts';
import {type Libvirt, machinesAndNetworks, swarmlabInside, vagrantInside, vagrantPlaces} from './libvirt.ts';

/** Declares one test. */
export type DeclareTest = (title: string, body: (t: ExecutionContext) => Promise<void>) => void;

const places = vagrantPlaces();

/** Declares the tests, which go on with one and the same machine. */
export function testByHand(vagrantTest: DeclareTest, libvirt: () => Libvirt): void {
	const env: Record<string, string> = {
		...places.env,
		VAGRANT_DOTFILE_PATH: path.join(places.root, 'dot'),
		SWARMLAB_WORKERS: '0',
		SWARMLAB_ACCELERATOR: 'tcg',
	};

	const vagrant = async (...words: string[]) => vagrantInside(libvirt(), words, env);

	/** Runs a command in the machine, as a person would. */
	const inMachine = async (command: string) => vagrant('ssh', 'm1', '-c', command);

	vagrantTest('a box that was built here comes up by `vagrant up`, with its engine proven', async t => {
		const built = await swarmlabInside(libvirt(), ['box', 'build', '--add', '--json'], places);
		t.is(built.exitCode, 0, built.all);
		env.SWARMLAB_BOX = (JSON.parse(built.stdout) as {name: string}).name;
		const up = await vagrant('up');
		t.is(up.exitCode, 0, up.all);
		t.regex(up.all!, /engine\.sh: Docker \S+ with API \S+ runs/);
	});

	vagrantTest('kernel.sh installs another kernel, which boots next and can do what swarm needs', async t => {
		const packages = await openHostPackages();
		const {release, source} = await resolveKernel('5.10', await listKernels(packages));
		t.is(source.type, 'package');
		const deb = await fetchDeb(source.type === 'package' ? source.package : {name: '', version: ''});
		const before = (await inMachine('uname -r')).stdout.trim();
		t.not(before, release);
		t.is((await vagrant('upload', deb, '/var/tmp/kernel.deb', 'm1')).exitCode, 0);

		const installed = await inMachine('sudo /usr/lib/swarmlab/kernel.sh deb:/var/tmp/kernel.deb');
		t.is(installed.exitCode, 0, installed.all);
		const early = await inMachine('sudo /usr/lib/swarmlab/kernel.sh --prove');
		t.is(early.exitCode, 1);
		t.regex(early.all!, new RegExp(`${before} runs, and not ${release}`));
		const reloaded = await vagrant('reload');
		t.is(reloaded.exitCode, 0, reloaded.all);
		t.is((await inMachine('uname -r')).stdout.trim(), release);
		const proof = await inMachine('sudo /usr/lib/swarmlab/kernel.sh --prove');
		t.is(proof.exitCode, 0, proof.all);
		t.regex(proof.all!, new RegExp(`kernel\\.sh: ${release} runs, and has every module that swarm needs`));
		// Again: nothing is done.
		const again = await inMachine('sudo /usr/lib/swarmlab/kernel.sh deb:/var/tmp/kernel.deb');
		t.regex(again.all!, /is installed already[\s\S]*is chosen already/);
	});

	vagrantTest('engine.sh installs a static build in place of the package, and refuses a wrong checksum', async t => {
		const {file, version} = await makeTarball();
		const sum = await sha256File(file);
		t.is((await vagrant('upload', file, '/tmp/docker.tgz', 'm1')).exitCode, 0);
		const refused = await inMachine(
			`sudo /usr/lib/swarmlab/engine.sh tarball:/tmp/docker.tgz#sha256=${'0'.repeat(64)}`,
		);
		t.is(refused.exitCode, 1);
		t.regex(refused.all!, new RegExp(`has the checksum ${sum}, not 0000`));

		const spec = `tarball:/tmp/docker.tgz#sha256=${sum}`;
		const installed = await inMachine(`sudo /usr/lib/swarmlab/engine.sh ${spec}`);
		t.is(installed.exitCode, 0, installed.all);
		t.regex(installed.all!, new RegExp(`engine\\.sh: Docker ${version}\\S* with API \\S+ runs`));
		t.regex((await inMachine("sudo docker version --format '{{.Server.Version}}'")).stdout, new RegExp(`^${version}`));
		const again = await inMachine(`sudo /usr/lib/swarmlab/engine.sh ${spec}`);
		t.regex(again.all!, /is installed already/);
	});

	vagrantTest('`vagrant destroy` leaves nothing', async t => {
		t.is((await vagrant('destroy', '--force')).exitCode, 0);
		t.deepEqual(await machinesAndNetworks(), []);
		forget(places);
	});
}

async function fetchDeb({name, version}: {name: string; version: string}): Promise<string> {
	const {config} = await prepareAptRoot(await detectPackageSettings());
	const folder = fs.mkdtempSync(path.join(places.root, 'deb-'));
	await execa('apt-get', ['download', '-q', `${name}=${version}`], {cwd: folder, env: {APT_CONFIG: config}});
	return path.join(folder, fs.readdirSync(folder)[0]!);
}

/** A static build as its publisher packs it, of an older release's programs: they run on this box's newer libraries. */
async function makeTarball(): Promise<{file: string; version: string}> {
	const packages = await openHostPackages();
	const scratch = fs.mkdtempSync(path.join(places.root, 'tar-'));
	const root = path.join(scratch, 'root');
	await packages.install(root, scratch, {suite: 'bullseye', packages: ['docker.io'], variant: 'extract'});
	const packed = path.join(scratch, 'docker');
	fs.mkdirSync(packed);
	const programs = ['usr/sbin/dockerd', 'usr/sbin/docker-proxy', 'usr/sbin/runc'].concat(
		['docker', 'docker-init', 'containerd', 'containerd-shim-runc-v2', 'ctr'].map(name => `usr/bin/${name}`),
	);
	for (const program of programs.filter(each => fs.existsSync(path.join(root, each)))) {
		fs.copyFileSync(path.join(root, program), path.join(packed, path.basename(program)));
	}

	const file = path.join(scratch, 'docker.tgz');
	await execa('tar', ['-cz', '-f', file, '-C', scratch, 'docker']);
	const {stdout} = await execa(path.join(packed, 'dockerd'), ['--version']);
	return {file, version: /version (\d+\.\d+\.\d+)/.exec(stdout)![1]!};
}
