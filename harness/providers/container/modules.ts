/** Modules of the Docker host's kernel: a node that does not see them lacks whatever is not loaded yet. */
import type Docker from 'dockerode';

/**
 * Returns the folder of modules on the Docker host; undefined when it has none for its kernel. The Docker host may be another
 * machine, so its daemon is asked: it refuses a container with a mount of a folder that it does not have (moby
 * volume/mounts/linux_parser.go). Throws the daemon's other errors.
 * @param image any that is there. @param labels whose container it is, should it be left. @param folder on the Docker host
 */
export async function modulesOn(
	docker: Docker,
	{
		image,
		release,
		labels,
		folder = '/lib/modules',
	}: {image: string; release: string; labels: Record<string, string>; folder?: string},
): Promise<string | undefined> {
	try {
		const container = await docker.createContainer({
			Image: image,
			Cmd: ['true'],
			Labels: labels,
			HostConfig: {
				NetworkMode: 'none',
				Mounts: [{Type: 'bind', Source: `${folder}/${release}`, Target: folder, ReadOnly: true}],
			},
		});
		await container.remove();
		return folder;
	} catch (error) {
		if (/bind source path does not exist/.test((error as Error).message)) {
			return undefined;
		}

		throw error;
	}
}
