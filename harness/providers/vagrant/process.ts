/** The QEMU process of a machine of libvirt. */
import fs from 'node:fs';

/** Undefined where this user may not know it, or may not tell whether it lives: then nobody takes it for dead. */
export function pidOf(domain: string): number | undefined {
	try {
		const pid = Number(fs.readFileSync(`/run/libvirt/qemu/${domain}.pid`, 'utf8'));
		process.kill(pid, 0);
		return pid;
	} catch {
		return undefined;
	}
}
