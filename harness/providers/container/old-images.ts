/** Images of ours on a Docker host that no run makes nodes of any more. */
import type Docker from 'dockerode';
import type {HostImage} from '../provider.ts';
import {imageLabel} from './names.ts';

/**
 * Which of these names of an image are of no use: what swarmlab makes now has another name, or is made of what is in the cache no
 * more. Names that swarmlab does not give are nobody's business. Pure.
 * @param present keys of the trees in the cache. @param ours what the names of engines end with now
 */
export function oldNames(names: readonly string[], present: ReadonlySet<string>, ours: string): string[] {
	return names.filter(name => {
		const [, kind, key = '', hash] = /^swarmlab\/(engine|tree|helper):([\da-f]+)(?:-([\da-f]+))?$/.exec(name) ?? [];
		return kind !== undefined && (!present.has(key) || (kind === 'engine' && hash !== ours));
	});
}

/** Returns those on a Docker host. Only images with our label count. Throws the error of the Docker host. */
export async function findOldImages(docker: Docker, present: ReadonlySet<string>, ours: string): Promise<HostImage[]> {
	const images = await docker.listImages({filters: {label: [imageLabel]}});
	const found = images.flatMap(({Id, RepoTags, Size}) => {
		const names = RepoTags ?? [];
		// A name that another image got later is lost: `<none>`.
		const isNameless = names.every(name => name.startsWith('<none>'));
		return (isNameless ? [Id] : oldNames(names, present, ours)).map(name => imageOf(docker, name, Size));
	});
	// Images of nodes are made of trees.
	return found.sort((a, b) => a.name.localeCompare(b.name));
}

function imageOf(docker: Docker, name: string, bytes: number): HostImage {
	return {
		name,
		bytes,
		async remove() {
			try {
				await docker.getImage(name).remove();
				return undefined;
			} catch (error) {
				const {statusCode, message} = error as {statusCode?: number; message: string};
				return statusCode === 404 ? undefined : statusCode === 409 ? 'a container uses it' : message;
			}
		},
	};
}
