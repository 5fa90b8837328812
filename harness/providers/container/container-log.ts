/** What a container has said: the daemon of its Docker host keeps it. */
import type Docker from 'dockerode';

/** Returns all that a container has said. Throws the error of the Docker host. */
export async function logOf(container: Docker.Container): Promise<string> {
	return textOf(await container.logs({stdout: true, stderr: true, follow: false}));
}

/** Returns the text of frames: each has eight bytes before it, of which the last four are its length (ContainerAttach). Pure. */
export function textOf(frames: Buffer): string {
	const parts: string[] = [];
	for (let at = 0; at + 8 <= frames.length; ) {
		const length = frames.readUInt32BE(at + 4);
		parts.push(frames.subarray(at + 8, at + 8 + length).toString());
		at += 8 + length;
	}

	return parts.join('');
}

/** Returns why a node says that it never comes up; undefined if it does not say so. Pure. */
export function fatalIn(log: string): string | undefined {
	return /swarmlab: FATAL: (.*)/.exec(log)?.[1];
}
