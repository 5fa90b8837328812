/** The public half of the key that every machine of Vagrant accepts until it gets a key of its own. */
import fs from 'node:fs';
import path from 'node:path';
import {HostError} from '../harness/errors.ts';

/**
 * Where packages of Vagrant have the key: Debian's and Ubuntu's, and Vagrant's own. Newer packages have one file for each kind.
 */
const places = [
	'/usr/share/rubygems-integration/all/gems/vagrant-[0-9]*/keys/vagrant.pub{.rsa,}',
	'/opt/vagrant/embedded/gems/{gems/,}vagrant-[0-9]*/keys/vagrant.pub{.rsa,}',
];

/** Returns a line of authorized_keys. Throws HostError if the key is not found. */
export function insecureKey(): string {
	const [file] = places.flatMap(place => fs.globSync(place)).sort();
	const key = file && fs.readFileSync(file, 'utf8').trim();
	if (!key?.startsWith('ssh-')) {
		throw new HostError(
			`Vagrant's public key is not found: looked for ${places.map(each => path.dirname(each)).join(', ')}`,
			{
				remedy: 'swarmlab doctor --provider vagrant --fix',
			},
		);
	}

	return key;
}
