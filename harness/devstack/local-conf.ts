/** The local.conf of a machine: everything that stack.sh would otherwise ask for, guess or fetch from elsewhere. Pure. */

export interface LocalConf {
	/** Address of the machine on its LAN: it has several, and stack.sh would take any. */
	hostIp: string;
	password: string;
	/** Where trees are cloned from; git:// is blocked in most places, so it is never left to the release's default. */
	gitBase?: string;
	proxy?: {http?: string; https?: string};
	/** Under emulation a server needs more than the 30 s that exercises give it. */
	slow: boolean;
	/** Lines of the user, which have the last word. */
	localrc: Readonly<Record<string, string>>;
}

/** Time-outs of exerciserc that decide a verdict, in seconds: the defaults are for hardware. */
const patient = {
	ACTIVE_TIMEOUT: '300',
	BOOT_TIMEOUT: '300',
	RUNNING_TIMEOUT: '300',
	ASSOCIATE_TIMEOUT: '120',
	TERMINATE_TIMEOUT: '300',
};

/** As variables, in the order in which they are written. */
export function settingsOf({hostIp, password, gitBase, proxy, slow, localrc}: LocalConf): Record<string, string> {
	return {
		ADMIN_PASSWORD: password,
		// Whatever is missing here is asked for on a terminal that nobody sits at.
		DATABASE_PASSWORD: password,
		RABBIT_PASSWORD: password,
		SERVICE_PASSWORD: password,
		SERVICE_TOKEN: password,
		HOST_IP: hostIp,
		LOGFILE: '/opt/stack/logs/stack.sh.log',
		LOG_COLOR: 'False',
		...(gitBase && {GIT_BASE: gitBase}),
		...(proxy?.http && {http_proxy: proxy.http}),
		...(proxy?.https && {https_proxy: proxy.https}),
		// Always: wait_for_service asks without a proxy and the clients with one, so the failure would come later and look like Keystone's.
		no_proxy: noProxy(hostIp, localrc.no_proxy),
		...(slow && patient),
		...withoutNoProxy(localrc),
	};
}

/** The file. Throws RangeError for a value that would end its line or its quotes. */
export function localConf(conf: LocalConf): string {
	const lines = Object.entries(settingsOf(conf)).map(([name, value]) => {
		if (!/^[A-Za-z_]\w*$/.test(name) || /["\n\r`]/.test(value)) {
			throw new RangeError(`local.conf cannot hold ${name}=${JSON.stringify(value)}`);
		}

		return `${name}="${value}"`;
	});
	return ['[[local|localrc]]', ...lines, ''].join('\n');
}

/** requests and curl of 2016 take no networks, so the addresses are named one by one. */
function noProxy(hostIp: string, more = ''): string {
	return [...new Set(['localhost', '127.0.0.1', hostIp, ...more.split(',').filter(Boolean)])].join(',');
}

function withoutNoProxy({no_proxy: _, ...rest}: Readonly<Record<string, string>>): Record<string, string> {
	return rest;
}
