/** Words with which tools, Python and services report an error, and words that only look like it. Tables. Pure. */

/** Messages of the C library and bash in several languages: a machine uses the language of its owner. */
export const inLanguages = {
	'no such file':
		/No such file or directory|没有那个文件或目录|沒有此一檔案或目錄|そのようなファイルやディレクトリはありません|Datei oder Verzeichnis nicht gefunden|Aucun fichier ou dossier de ce (?:type|nom)|No existe el (?:archivo|fichero) o el directorio|(?:Arquivo|Ficheiro) ou (?:diretório|directoria) inexistente|Нет такого файла или каталога|그런 파일이나 디렉터리가 없습니다|File o directory non esistente/i,
	'file exists':
		/File exists|文件已存在|檔案已存在|ファイルが存在します|Die Datei existiert bereits|Le fichier existe|El (?:archivo|fichero) ya existe|Arquivo existe|Файл существует|파일이 (?:있습니다|존재합니다)|File già esistente/i,
	'permission denied':
		/Permission denied|Operation not permitted|权限不够|不允许的操作|拒絕不符權限的操作|許可がありません|許可されていない操作です|Keine Berechtigung|Permission non accordée|Permiso denegado|Permissão negada|Отказано в доступе|허가 거부|Permesso negato|EACCES/i,
	'no space':
		/No space left on device|Disk quota exceeded|not enough free (?:disk )?space|don't have enough free space|Errcode: 28\b|设备上没有空间|裝置上已無多餘空間|デバイスに空き領域がありません|Kein Speicherplatz mehr|kein Speicherplatz (?:mehr )?verfügbar|Aucun espace disponible|No queda espacio|Não há espaço disponível|На устройстве не осталось свободного места|장치에 남은 공간이 없|Spazio esaurito/i,
	'command not found':
		/[:：] ?(?:command not found|未找到命令|找不到命令|命令找不到|指令找不到|コマンドが見つかりません|(?:Kommando|Befehl) nicht gefunden\.?|commande (?:introuvable|inconnue|non trouvée)|orden no encontrada|no se encontró la orden|comando não encontrado|команда не найдена|명령[어을]* ?찾을 수 없(?:음|습니다)|comando non trovato)/i,
	'name unknown':
		/Name or service not known|Temporary failure in name resolution|No address associated with hostname|nodename nor servname|未知的名称或服务|域名解析(?:出现)?暂时|Der Name oder der Dienst ist nicht bekannt|Nom ou service inconnu|Nombre o servicio desconocido|Nome ou serviço desconhecido|Неизвестное имя или служба|名前またはサービスが不明です/i,
} as const;

const anyLanguage = Object.values(inLanguages).map(each => each.source);

/** A line that a service wrote to its log, or that a program of the same library wrote to the console: level, module, words. */
const serviceLine = new RegExp(
	[
		/^(?:\w{3} +\d+ [\d:]+ \S+ [\w.-]+(?:\[\d+\])?: )?(?:\d{4}-\d\d-\d\d[ T][\d:.,]+Z? )?(?:\d+ )?/,
		/(TRACE|DEBUG|INFO|AUDIT|WARNING|WARN|ERROR|CRITICAL):? /,
		// A single word is a module only if it is a service's name or a request follows it: `ERROR creating …` is prose.
		/(?:[a-z_][\w-]*(?:\.[\w-]+)+|(?:keystone|nova|glance|cinder|neutron|quantum|swift|heat|horizon|ceilometer|placement|octavia|ironic|trove|sahara|manila|barbican|oslo\w*|root)(?= |$)|[a-z_]\w*(?= \[(?:-|None|req-)))/,
		/(?: \[[^\]]*\])?(?: (.*))?$/,
	]
		.map(each => each.source)
		.join(''),
);

export interface ServiceLine {
	level: string;
	words: string;
}

/**
 * Returns level and words of a service's line, or undefined for other lines, such as `ERROR 1045 (28000)` and pip's `ERROR: `.
 */
export function serviceLineOf(line: string): ServiceLine | undefined {
	const [, level, words = ''] = serviceLine.exec(line) ?? [];
	return level === undefined ? undefined : {level, words};
}

/** These look like errors, but the program that printed them went on. */
const harmless: readonly RegExp[] = [
	/^(?:WARNING|Warning|warning|W|N|DEPRECATION|DEPRECATED|NOTICE|Note|Hint|hint|note)\b ?:/,
	/^\[(?:warn|warning|notice)\]|^\w+: \[Warning\]|^\S*: (?:UserWarning|\w*DeprecationWarning|\w*Warning)\b|^\S+:\d+: \w*Warning: /i,
	/^sudo: unable to resolve host/,
	/^(?:debconf|dpkg-preconfigure|perl|locale|tput|update-rc\.d|invoke-rc\.d: policy-rc\.d|update-alternatives)\b/,
	/pip's (?:legacy )?dependency resolver|^(?:ERROR: )?\S+ [\w.!+-]+ (?:requires|has requirement) .*(?:but you|which is not installed)/,
	/Failed building wheel for|Running setup\.py (?:bdist_wheel|clean) for .* (?:did not|error)|invalid command 'bdist_wheel'/,
	/generate-subunit: command not found|\/error\.log: /,
	/^(?:Complete output|Storing (?:debug|complete) log|Cleaning up|Exception information|Traceback|During handling of the above|The above exception was)/,
	/^(?:ERROR: )?Exception:$/,
	/^Ignoring \S+: markers/,
	// An image is missing: stack.sh goes on without it.
	/^Not found: \S+$/,
];

/** Follows from an earlier error. It counts only if there is no other. */
const consequence: readonly RegExp[] = [
	/^E: Sub-process \S+ (?:returned an error code|received)/,
	/^Errors were encountered while processing/,
	/^No (?:matching distribution|distributions at all) found/,
	/^(?:ERROR: |error: )?(?:subprocess-exited-with-error|metadata-generation-failed|legacy-install-failure)$|^(?:ERROR: )?Check the logs for full command output/,
	/^mysqladmin: connect to server at .* failed$/,
	/^(?:make|ninja|gmake)(?:\[\d+\])?: /,
	/^\S+: \S*(?:line|行) \d+: +\d+ (?:Terminated|Hangup)/,
];

/** bash's own errors: the file, the line and the words, in several languages. */
export const bashLine = /^(\S+?)[:：] ?(?:line|行|Zeile|ligne|línea|linha|строка|줄|riga) ?(\d+)[:：] ?(.*)$/;

/** What tools print when they give up, at the beginning of a line. Indentation is ignored. */
const toolWords: readonly RegExp[] = [
	/^(?:fatal|FATAL|E|error|Error|ERROR|err|Fatal error|FATAL ERROR|[a-z][\w.+-]*: (?:error|fatal(?: error)?|ERROR|FATAL))[: ]+\S/,
	/^(?:ERROR|Error|error) (?:\d+ )?\(/,
	/^× |^\[(?:ERROR|FATAL|error)\] /,
	// The last line of Python's traceback, and the name alone where it has no words.
	/^(?:[a-zA-Z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Failure|Fault|Refused|NotFound|Timeout|Unavailable|Unauthorized|Forbidden|Conflict|Exit|Impossible|Interrupt)(?::(?: |$)|$)/,
	bashLine,
	/^(?:curl: \(\d+\)|wget: |ovs-vsctl: |modprobe: |mysql\w*: |sudo: |dpkg: |hostname: |rabbitmqctl: |invoke-rc\.d: initscript |Job for \S+ (?:failed|canceled)|Unit \S+ )/,
	/^(?:Could not|Couldn't|Cannot|Can not|Can't|Unable to|Failed to|Failed |FAILED|Didn't|Did not|Missing |Unknown |Invalid |Unsupported |More than one|No (?:such|valid|suitable|module|matching|distributions)\b|Not (?:authorized|found)|Unauthorized|Forbidden|Access denied|The request you have made requires|Internal Server Error|Bad Gateway|Service Unavailable|Conflict|Multiple \S+ (?:matches|found)|Command ["'].*["'] failed|Command \S.* (?:failed|returned)|Directory \S+ is not installable|Usage: |usage: )/,
	/^(?:THESE PACKAGES DO NOT MATCH|Package '.*' requires a different Python|Double requirement given)/,
	/\(HTTP [45]\d\d\)|\bHTTP (?:Error )?[45]\d\d\b/,
	/\bdid not (?:start|run|come up)\b|\bis not running\b|^timed out\b|\btimed out$|^timeout: |: Killed$|\bKilled\b.*$|Segmentation fault|core dumped|: Aborted$/,
	/^\S+:\d+(?::\d+)?: (?:fatal )?error: /,
];

const somewhere = new RegExp(`(?:^|: |\\()(?:${anyLanguage.join('|')})`, 'i');

/** How strongly a line points to a failure. */
export type Weight = 'none' | 'consequence' | 'error';

export function weigh(line: string): Weight {
	const text = line.trim();
	if (harmless.some(each => each.test(text)) || serviceLineOf(text)) {
		return 'none';
	}

	if (consequence.some(each => each.test(text))) {
		return 'consequence';
	}

	return toolWords.some(each => each.test(text)) || somewhere.test(text) || inLanguages['command not found'].test(text)
		? 'error'
		: 'none';
}
