/** The packages of the configured suites. Kernels, engines, clouds and boxes use apt only through this object. */
import {noReport, type Report} from '../../store/report.ts';
import {download, packageLists, prepareAptRoot} from './apt.ts';
import {runTool} from './host-tool.ts';
import {fetchedRows, type PackageRow, packageIndex, reportNotices} from './package-index.ts';
import {detectPackageSettings, type PackageSettings} from './settings.ts';
import type {TreeRequest} from './tree.ts';

export interface Packages extends Pick<PackageSettings, 'distribution' | 'suites'> {
	/**
	 * Returns kernels, engines and busybox of all suites that can be used. apt has verified the signatures.
	 * @param report receives a notice for each suite that is left out, expired or out of date; with `suite` only about this one
	 * @throws HostError when the mirror does not answer or this host cannot store the lists; UsageError for a suite that the
	 * mirror does not have
	 */
	rows(report?: Report, suite?: string): Promise<PackageRow[]>;
	/** Returns the rows that were fetched the last time, however old they are; none if none were. Fetches nothing. */
	fetchedRows(): Promise<PackageRow[]>;
	/** Returns every version of these packages in any suite, the newest first. */
	offered(names: readonly string[]): Promise<Pick<PackageRow, 'name' | 'version' | 'suite'>[]>;
	/** Returns the suites of the distribution whose lists were fetched. */
	fetchedSuites(): Promise<Set<string>>;
	/** Fetches one file and verifies it. Throws ArtifactError. */
	download(file: Pick<PackageRow, 'uri' | 'sha256'>, target: string): Promise<void>;
	/** Fills the folder `root` with packages; `scratch` is for temporary files. Throws ArtifactError. */
	install(root: string, scratch: string, request: TreeRequest): Promise<void>;
}

/** Opens the packages with the settings of this host's apt. `given` overrides them. Throws HostError. */
export async function openHostPackages(given?: Partial<PackageSettings>): Promise<Packages> {
	return openPackages(await detectPackageSettings(given));
}

/** Opens the packages of these settings. The lists are not fetched here, but by the first use of the day. */
export function openPackages(settings: PackageSettings): Packages {
	// Prepared for each use, because `swarmlab images prune` may have removed it meanwhile.
	const apt = async () => prepareAptRoot(settings);
	return {
		distribution: settings.distribution,
		suites: settings.suites,
		async rows(report = noReport, suite = undefined) {
			const index = await packageIndex(settings, report);
			reportNotices(index, settings, report, suite);
			return index.rows;
		},
		fetchedRows: async () => fetchedRows(settings),
		async offered(names) {
			const {config} = await apt();
			const {stdout} = await runTool('apt-cache', ['madison', ...names], {env: {APT_CONFIG: config}});
			// `name | version | uri suite/component amd64 Packages`
			return (stdout ?? '').split('\n').flatMap(line => {
				const [name, version, origin] = line.split('|').map(part => part.trim());
				const suite = /\s(\S+?)\/\S+ amd64 Packages$/.exec(origin ?? '')?.[1];
				return name && version && suite ? [{name, version, suite}] : [];
			});
		},
		async fetchedSuites() {
			const lists = await packageLists(await apt());
			return new Set(lists.filter(list => !list.repository).map(list => list.suite));
		},
		download: async ({uri, sha256}, target) => download(await apt(), uri, sha256, target),
		async install(root, scratch, request) {
			const {installTree} = await import('./tree.ts');
			await installTree(await apt(), root, scratch, request);
		},
	};
}
