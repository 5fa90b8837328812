/** Programs of a folder that is a root filesystem, run on this host's kernel: no machine is booted. */
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';

/** Whether this host lets it: only root may mount what a tree needs. */
export const mayRun = process.getuid?.() === 0;

/**
 * What is there before the script runs: the tree with a layer in memory above it, so that it stays as it is and may be
 * mounted anew read-only; its own /proc, a few devices, and network, processes and host name of its own.
 */
const enter = `
set -e
tree=$1
top=$2
mount -t tmpfs tmpfs "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay -o "lowerdir=$tree,upperdir=$top/upper,workdir=$top/work" overlay "$top/root"
cd "$top/root"
mkdir -p proc sys dev run tmp out var/lib/docker var/log
mount -t proc proc proc
mount --bind "$5" out
mount -t tmpfs tmpfs dev
mount -t tmpfs tmpfs var/lib/docker
for name in null zero random urandom tty; do : > dev/$name; mount --bind /dev/$name dev/$name; done
mkfifo dev/console
cat <> dev/console > out/console &
: > dev/vda
ln -s /proc/self/fd dev/fd
ip link set lo up
exec chroot . $3 "$4"
`;

export interface RanInside {
	/** Undefined when its time was up. */
	exitCode: number | undefined;
	/** Standard output and error, and then what the script has written to the file /out/said. */
	output: string;
	/** What was written to /dev/console. */
	console: string;
}

/**
 * Runs a script with a shell of the tree (`/bin/busybox sh -c`); it ends with everything that it started.
 * @param tree absolute; nothing in it is changed
 */
export async function runInside(tree: string, shell: string, script: string, limitSeconds = 900): Promise<RanInside> {
	const [top, out] = ['top', 'out'].map(name => fs.mkdtempSync(`${path.resolve(tree)}-${name}-`)) as [string, string];
	try {
		const {exitCode, all} = await execa(
			'unshare',
			[
				...['--mount', '--net', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child'],
				...['sh', '-c', enter, 'enter', path.resolve(tree), top, shell, script, out],
			],
			{
				all: true,
				reject: false,
				stdin: 'ignore',
				timeout: limitSeconds * 1000,
				killSignal: 'SIGKILL',
				env: {PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C'},
				extendEnv: false,
			},
		);
		const [said, console] = ['said', 'console'].map(name => {
			const file = path.join(out, name);
			return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
		}) as [string, string];
		return {exitCode, output: `${all}\n${said}`, console};
	} finally {
		for (const each of [top, out]) {
			fs.rmSync(each, {recursive: true, force: true});
		}
	}
}
