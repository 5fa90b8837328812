/** Why an engine ended: whether that is its own word, and not that of the lab or of the kernel that killed it. Pure. */

/** How an engine says that it gives up (moby, cmd/dockerd: `failed to start daemon`, the check of daemon.json), and Go's own words. */
const own = /failed to start|unable to configure|level=fatal|\bpanic: |fatal error: |unknown flag/;

/** What any engine says on a node that lacks room. */
const lackOfRoom = /no space left on device|cannot allocate memory|out of memory|disk quota exceeded/i;

/** Whether an engine says that its node lacks disk or memory. */
export function saysNoRoom(said: string): boolean {
	return lackOfRoom.test(said);
}

/**
 * Returns what an engine that was started, and has ended, said of why; undefined where its words do not show that it gave up by
 * itself: then nobody knows whether it, the node or the lab is to blame.
 * @param said the end of its log
 */
export function reasonOfExit(said: string): string | undefined {
	const lines = said.split('\n').map(line => line.trim());
	if (saysNoRoom(said)) {
		return undefined;
	}

	return lines.findLast(line => own.test(line));
}

/** Returns the end of the engine's log from what a node prints when its engine does not start; undefined if it is another trouble. */
export function saidByEngine(console: string): string | undefined {
	const [, said] = /swarmlab: FATAL: dockerd did not start: ([\s\S]*?)(?=\nswarmlab: |$)/.exec(console) ?? [];
	return said;
}
