/** What apt knows of packages by name, in the private root of the settings. */
import {prepareAptRoot} from './apt.ts';
import {runTool} from './host-tool.ts';
import type {PackageSettings} from './settings.ts';

export interface Offered {
	name: string;
	version: string;
	suite: string;
}

/** Every version that some suite offers, the newest first: `name | version | uri suite/component amd64 Packages`. */
export async function madison(names: string[], settings: PackageSettings): Promise<Offered[]> {
	const {config} = await prepareAptRoot(settings);
	const {stdout} = await runTool('apt-cache', ['madison', ...names], {env: {APT_CONFIG: config}});
	return (stdout ?? '').split('\n').flatMap(line => {
		const [name, version, origin] = line.split('|').map(part => part.trim());
		const suite = /\s(\S+?)\/\S+ amd64 Packages$/.exec(origin ?? '')?.[1];
		return name && version && suite ? [{name, version, suite}] : [];
	});
}
