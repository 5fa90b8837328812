/** The variables by which testcontainers finds the Docker host: it reads them once, with its first container. */
import {variable} from '../../environment.ts';

/** To be called before the first container of this process starts. */
export function setLibraryEnvironment(url: string): void {
	process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
	process.env.DOCKER_HOST = url;
	// Otherwise it looks, in a container, for the gateway of a network that the Docker host may not have.
	process.env.TESTCONTAINERS_HOST_OVERRIDE = variable('TESTCONTAINERS_HOST_OVERRIDE') ?? 'localhost';
}
