/** The QEMU process of a machine of libvirt. */
import fs from 'node:fs';

/**
 * Returns the pid; undefined if this user may not read it or not signal the process. Without a pid the process is not
 * considered dead.
 */
export function pidOf(domain: string): number | undefined {
	try {
		const pid = Number(fs.readFileSync(`/run/libvirt/qemu/${domain}.pid`, 'utf8'));
		process.kill(pid, 0);
		return pid;
	} catch {
		return undefined;
	}
}
