/** The packages of the configured suites: all that kernels, engines, clouds and boxes ask of apt, in one object. */
import {noReport, type Report} from '../../store/report.ts';
import {download, packageLists, prepareAptRoot} from './apt.ts';
import {runTool} from './host-tool.ts';
import {type PackageRow, packageIndex, reportNotices} from './package-index.ts';
import {detectPackageSettings, type PackageSettings} from './settings.ts';
import {installTree, type TreeRequest} from './tree.ts';

export interface Packages extends Pick<PackageSettings, 'distribution' | 'suites'> {
	/**
	 * Kernels, engines and busybox in all suites that can be used, signatures verified by apt.
	 * @param report hears of suites that are left out or used with a reservation, or only of `suite`
	 * @throws HostError when the mirror does not answer or this host cannot keep the lists; UsageError for a suite that it has not
	 */
	rows(report?: Report, suite?: string): Promise<PackageRow[]>;
	/** Every version of any packages that some suite offers, the newest first. */
	offered(names: readonly string[]): Promise<Pick<PackageRow, 'name' | 'version' | 'suite'>[]>;
	/** Suites of the distribution whose lists were fetched. */
	fetchedSuites(): Promise<Set<string>>;
	/** Fetches one file and verifies it. Throws ArtifactError. */
	download(file: Pick<PackageRow, 'uri' | 'sha256'>, target: string): Promise<void>;
	/** Fills the folder `root` with packages; `scratch` is for files in between. Throws ArtifactError. */
	install(root: string, scratch: string, request: TreeRequest): Promise<void>;
}

/** Those of this host's own apt, but for what is given. Throws HostError. */
export async function openHostPackages(given?: Partial<PackageSettings>): Promise<Packages> {
	return openPackages(await detectPackageSettings(given));
}

/** Nothing is fetched yet: the first use of the day does that. */
export function openPackages(settings: PackageSettings): Packages {
	// Made for each use, as `swarmlab images prune` may have taken it meanwhile.
	const apt = async () => prepareAptRoot(settings);
	return {
		distribution: settings.distribution,
		suites: settings.suites,
		async rows(report = noReport, suite = undefined) {
			const index = await packageIndex(settings, report);
			reportNotices(index, settings, report, suite);
			return index.rows;
		},
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
		install: async (root, scratch, request) => installTree(await apt(), root, scratch, request),
	};
}
