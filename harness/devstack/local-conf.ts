/** The local.conf of a machine: every setting that stack.sh would otherwise ask for, guess or fetch from elsewhere. Pure. */

export interface LocalConf {
	/** Address of the machine on its LAN. The machine has several addresses, and stack.sh would take any of them. */
	hostIp: string;
	password: string;
	/** Base URL of the git trees. Set it: the default of a release may be git://, which is blocked in most places. */
	gitBase?: string;
	proxy?: {http?: string; https?: string};
	/** The machine is emulated: a server then needs more than the 30 s that exercises allow. */
	slow: boolean;
	/** Lines of the user. They override ours. */
	localrc: Readonly<Record<string, string>>;
}

/** Time-outs of exerciserc that decide a verdict, in seconds. The defaults are made for real hardware. */
const patient = {
	ACTIVE_TIMEOUT: '300',
	BOOT_TIMEOUT: '300',
	RUNNING_TIMEOUT: '300',
	ASSOCIATE_TIMEOUT: '120',
	TERMINATE_TIMEOUT: '300',
};

/** Returns the settings as variables, in the order in which they are written. */
export function settingsOf({hostIp, password, gitBase, proxy, slow, localrc}: LocalConf): Record<string, string> {
	return {
		ADMIN_PASSWORD: password,
		// stack.sh asks for a missing password on the terminal, where no user would answer.
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
		// Always set: wait_for_service asks without a proxy and the clients with one. Otherwise the failure would come later
		// and look like a failure of Keystone.
		no_proxy: noProxy(hostIp, localrc.no_proxy),
		...(slow && patient),
		...withoutNoProxy(localrc),
	};
}

/** Returns the text of the file. Throws RangeError for a value that would end its line or its quotes. */
export function localConf(conf: LocalConf): string {
	const lines = Object.entries(settingsOf(conf)).map(([name, value]) => {
		if (!/^[A-Za-z_]\w*$/.test(name) || /["\n\r`]/.test(value)) {
			throw new RangeError(`local.conf cannot hold ${name}=${JSON.stringify(value)}`);
		}

		return `${name}="${value}"`;
	});
	return ['[[local|localrc]]', ...lines, ''].join('\n');
}

/** requests and curl of 2016 accept no networks in no_proxy, so each address is named. */
function noProxy(hostIp: string, more = ''): string {
	return [...new Set(['localhost', '127.0.0.1', hostIp, ...more.split(',').filter(Boolean)])].join(',');
}

function withoutNoProxy({no_proxy: _, ...rest}: Readonly<Record<string, string>>): Record<string, string> {
	return rest;
}
