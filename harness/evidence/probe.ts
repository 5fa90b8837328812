/** A probe: a command that is run on a machine for evidence, and where it runs. It changes nothing. */

/** Where a probe runs. */
type Place =
	/** The machine itself. */
	| 'node'
	/**
	 * Each network namespace of the engine: of balancers (`lb_…`), overlays (`1-…`), the ingress network's `ingress_sbox`, or
	 * containers (12 hexadecimal digits).
	 */
	| {namespaces: 'lb_' | 'overlay' | 'ingress' | 'containers'};

export interface Probe {
	/** Name of the file for the output, without `.txt`. */
	name: string;
	place: Place;
	/**
	 * Command for a shell. The script sets `$bb`, the path of busybox or empty, `$ip` and `$ping`, paths of
	 * programs, and `$rules`, what prints
	 * the packet filter's rules.
	 */
	command: string;
	/** What is read again after every machine has answered: counters before and after can then be compared. */
	again?: string;
}

/** Questions to the engine's API, which this host asks without starting a program on the machine. */
export interface EngineProbe {
	name: string;
	/** Only managers answer them. */
	managers?: true;
	/** Paths of the API. */
	paths: readonly string[];
	/** The first answer is a list: the path of each of its objects, whose id replaces `ID`. */
	each?: string;
	/** It is read again after every machine has answered. */
	again?: true;
}

/** Patterns of file names in /var/run/docker/netns. Source: moby libnetwork/osl/namespace_linux.go, service_linux.go. */
const patterns = {
	lb_: 'lb_*',
	overlay: '[0-9]*-*',
	ingress: 'ingress_sbox',
	containers: Array.from({length: 12}, () => '[0-9a-f]').join(''),
};

/** The folder with a file for each network namespace of the engine. */
export const namespaceFolder = '/var/run/docker/netns';

/** Returns the pattern of the files of a probe's namespaces; undefined for a probe of the machine itself. */
export function namespacesOf({place}: Probe): string | undefined {
	return typeof place === 'string' ? undefined : `${namespaceFolder}/${patterns[place.namespaces]}`;
}
