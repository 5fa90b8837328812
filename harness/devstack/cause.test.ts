/** The first cause, kind by kind: words of tools and services of 2012 to 2026, in more forms than any one log has. */
import test from 'ava';
import {StackReader} from './stack-log.ts';

type Case = [what: string, name: string | undefined, message: RegExp, lines: string[]];

const pip = '+inc/python:pip_install:206 sudo -H http_proxy= https_proxy= no_proxy= pip3 install -U x';
const died = (words: string, file = 'functions-common:621') => `[ERROR] /opt/stack/devstack/${file} ${words}`;
const proxy = (excepted: string) =>
	`+inc/python:pip_install:206 sudo -H http_proxy=http://192.0.2.7:3128 https_proxy=http://192.0.2.7:3128 no_proxy=${excepted} pip install x`;

/** The machine, the network or what was written for them is to blame. */
const broken: Case[] = [
	// dpkg, apt, yum.
	[
		'a lock of 2014',
		'package manager locked',
		/Could not get lock/,
		[
			'E: Could not get lock /var/lib/dpkg/lock - open (11: Resource temporarily unavailable)',
			'E: Unable to lock the administration directory (/var/lib/dpkg/), is another process using it?',
		],
	],
	[
		'a lock of 2020',
		'package manager locked',
		/unattended-upgr/,
		[
			'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (unattended-upgr)',
			'N: Be aware that removing the lock file is not a solution and may break your system.',
			'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
		],
	],
	[
		'a lock on the lists, and the die that follows',
		'package manager locked',
		/lists\/lock/,
		[
			'E: Could not get lock /var/lib/apt/lists/lock - open (11: Resource temporarily unavailable)',
			'E: Unable to lock directory /var/lib/apt/lists/',
			died("Failed to update apt repos, we're dead now"),
		],
	],
	[
		'a lock in German',
		'package manager locked',
		/Sperre/,
		[
			'E: Sperre /var/lib/dpkg/lock-frontend konnte nicht bezogen werden – open (11: Die Ressource ist zur Zeit nicht verfügbar)',
		],
	],
	[
		'a lock that dpkg itself reports',
		'package manager locked',
		/another process/,
		['dpkg: error: dpkg frontend lock was locked by another process with pid 3212'],
	],
	[
		"yum's lock",
		'package manager locked',
		/Existing lock/,
		['Existing lock /var/run/yum.pid: another copy is running as pid 1234.'],
	],
	[
		'apt without its rights is no lock',
		'rights',
		/13: Permission denied/,
		[
			'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)',
			'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?',
		],
	],
	[
		'dpkg that was interrupted',
		'packages left halfway',
		/dpkg was interrupted/,
		["E: dpkg was interrupted, you must manually run 'sudo dpkg --configure -a' to correct the problem."],
	],
	[
		'a mirror that is not resolved',
		'apt sources',
		/package source/,
		[
			'Err:1 http://a.example.org/ubuntu focal InRelease',
			"  Temporary failure resolving 'a.example.org'",
			"E: Failed to fetch http://a.example.org/x  Temporary failure resolving 'a.example.org'",
			'E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?',
		],
	],
	['a package that is nowhere', 'apt sources', /package source/, ['E: Unable to locate package python-foo']],
	[
		'a repository of yum',
		'apt sources',
		/package source/,
		['Error: Cannot find a valid baseurl for repo: base/7/x86_64'],
	],
	// git.
	[
		'git over https',
		'git blocked',
		/cannot be cloned/,
		[
			"Cloning into '/opt/stack/nova'...",
			"fatal: unable to access 'https://git.example.org/nova.git/': gnutls_handshake() failed: The TLS connection was non-properly terminated.",
			'+functions-common:git_timed:620 [[ 128 -ne 124 ]]',
			died('git call failed: [git clone https://git.example.org/nova.git /opt/stack/nova --branch master]'),
		],
	],
	[
		'git without a resolver',
		'git blocked',
		/cannot be cloned/,
		["fatal: unable to access 'https://git.example.org/nova.git/': Could not resolve host: git.example.org"],
	],
	[
		'git cut off',
		'git blocked',
		/cannot be cloned/,
		[
			'error: RPC failed; curl 56 GnuTLS recv error (-54): Error in the pull function.',
			'fatal: early EOF',
			'fatal: index-pack failed',
		],
	],
	[
		'git:// of which only the die is left',
		'git blocked',
		/cannot be cloned/,
		[died('git call failed: [git clone git://git.example.org/requirements.git /opt/stack/requirements]')],
	],
	[
		'a branch that is closed',
		'branch gone',
		/Remote branch stable\/ocata/,
		[
			'fatal: Remote branch stable/ocata not found in upstream origin',
			died('git call failed: [git clone https://git.example.org/nova.git /opt/stack/nova --branch stable/ocata]'),
		],
	],
	[
		'a folder that git may not write',
		'rights',
		/could not create work tree/,
		[
			"fatal: could not create work tree dir '/opt/stack/nova': Permission denied",
			died('git call failed: [git clone https://git.example.org/nova.git /opt/stack/nova]'),
		],
	],
	[
		'a folder that is there already',
		'left behind',
		/already exists/,
		[
			"fatal: destination path '/opt/stack/nova' already exists and is not an empty directory.",
			died('git call failed: [git clone https://git.example.org/nova.git /opt/stack/nova]'),
		],
	],
	// PyPI.
	[
		'pip of 2013',
		'PyPI unreachable',
		/index base URL/,
		[
			'Cannot fetch index base URL https://index.example.org/simple/',
			'Could not find any downloads that satisfy the requirement pip in /usr/local/lib/python2.7/dist-packages',
			'No distributions at all found for pip in /usr/local/lib/python2.7/dist-packages',
		],
	],
	[
		'pip of 2016, through a proxy that refuses',
		'PyPI unreachable',
		/Tunnel connection failed/,
		[
			"  Retrying (Retry(total=0, connect=None, read=None, redirect=None)) after connection broken by 'ProxyError('Cannot connect to proxy.', error('Tunnel connection failed: 403 Forbidden',))': /simple/pbr/",
			'  Could not find a version that satisfies the requirement pbr (from versions: )',
			'No matching distribution found for pbr',
		],
	],
	[
		'pip of 2022, without a route',
		'PyPI unreachable',
		/Network is unreachable/,
		[
			pip,
			"WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NewConnectionError('<x>: Failed to establish a new connection: [Errno 101] Network is unreachable')': /simple/pbr/",
			'ERROR: Could not find a version that satisfies the requirement pbr!=2.1.0 (from versions: none)',
			'ERROR: No matching distribution found for pbr!=2.1.0',
		],
	],
	[
		'pip that waited too long',
		'PyPI unreachable',
		/Read timed out/,
		[
			pip,
			'ERROR: Exception:',
			'Traceback (most recent call last):',
			'socket.timeout: The read operation timed out',
			'During handling of the above exception, another exception occurred:',
			"pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='files.example.org', port=443): Read timed out.",
		],
	],
	// Downloads.
	[
		'curl without a resolver',
		'download failed',
		/Could not resolve host/,
		[
			'curl: (6) Could not resolve host: bootstrap.example.org',
			died('Download of get-pip.py failed', 'tools/install_pip.sh:89'),
		],
	],
	[
		'wget without a resolver',
		'download failed',
		/Resolving|unable to resolve/,
		[
			'Resolving images.example.org (images.example.org)... failed: Temporary failure in name resolution.',
			'wget: unable to resolve host address ‘images.example.org’',
		],
	],
	[
		'wget and a file that is gone',
		'download failed',
		/404/,
		['HTTP request sent, awaiting response... 404 Not Found', '2019-01-01 10:00:01 ERROR 404: Not Found.'],
	],
	[
		'a package that a package fetches for itself',
		'PyPI unreachable',
		/Download error/,
		[
			'Collecting y',
			'    Download error on https://index.example.org/simple/pbr/: [Errno -2] Name or service not known -- Some packages may not be found!',
			"    error: Could not find suitable distribution for Requirement.parse('pbr')",
			'Command "python setup.py egg_info" failed with error code 1 in /tmp/pip-build-x/y/',
		],
	],
	[
		'an archive that is not whole',
		'download damaged',
		/unexpected end of file/,
		[
			'+lib/etcd3:install_etcd3:90 tar xzf /opt/stack/devstack/files/etcd.tar.gz -C /opt/stack',
			'gzip: stdin: unexpected end of file',
			'tar: Unexpected EOF in archive',
			'tar: Error is not recoverable: exiting now',
		],
	],
	[
		'a certificate that curl does not know',
		'download failed',
		/SSL certificate problem/,
		[
			'+ curl -f --retry 6 https://bootstrap.example.org/get-pip.py',
			'curl: (60) SSL certificate problem: unable to get local issuer certificate',
			"+ die 89 'Download of get-pip.py failed'",
			died('Download of get-pip.py failed', 'tools/install_pip.sh:89'),
		],
	],
	// Names, rights, room.
	[
		'RabbitMQ that does not find itself',
		'host name',
		/nxdomain/,
		[
			'Job for rabbitmq-server.service failed because the control process exited with error code.',
			'   ERROR: epmd error for host devstack: nxdomain (non-existing domain)',
			'dpkg: error processing package rabbitmq-server (--configure):',
			'E: Sub-process /usr/bin/dpkg returned an error code (1)',
		],
	],
	[
		'an address that is not known',
		'host name',
		/host ip address/,
		[died('Could not determine host ip address. See local.conf for suggestions on setting HOST_IP.', 'stack.sh:600')],
	],
	[
		'hostname in Chinese',
		'host name',
		/未知的名称或服务/,
		['++functions-common:x:12 hostname -f', 'hostname: 未知的名称或服务', '+./stack.sh:main:300 LOCAL_HOSTNAME='],
	],
	['sudo that asks', 'rights', /no tty present/, ['sudo: no tty present and no askpass program specified']],
	[
		'a user who may not',
		'rights',
		/not in the sudoers file/,
		['stack is not in the sudoers file.  This incident will be reported.'],
	],
	[
		'rights, and not that sudo cannot resolve',
		'rights',
		/mkdir/,
		[
			'sudo: unable to resolve host devstack: Name or service not known',
			"mkdir: cannot create directory '/opt/stack/logs': Permission denied",
		],
	],
	[
		'rights in French',
		'rights',
		/Permission non accordée/,
		['mkdir: impossible de créer le répertoire « /opt/stack/logs »: Permission non accordée'],
	],
	[
		'no room, reported among much else',
		'disk full',
		/disk is full/,
		[
			'dpkg: error processing archive /x.deb (--unpack):',
			" cannot copy extracted data for './x' to '/x.dpkg-new': failed to write (No space left on device)",
			'E: Sub-process /usr/bin/dpkg returned an error code (1)',
		],
	],
	['no room in Chinese', 'disk full', /disk is full/, ['tar: x：无法写：设备上没有空间']],
	[
		'a process that the kernel killed',
		'out of memory',
		/too little memory/,
		[
			'+lib/x:f:9 openstack foo',
			'/opt/stack/devstack/functions-common: line 2458: 12345 Killed                  openstack foo',
		],
	],
	// MySQL.
	[
		'MySQL of 2013',
		'MySQL denied',
		/another root password/,
		[
			"mysqladmin: connect to server at 'localhost' failed",
			"error: 'Access denied for user 'root'@'localhost' (using password: NO)'",
		],
	],
	[
		'MySQL that takes its root by the socket only',
		'MySQL denied',
		/auth_socket/,
		[
			'mysql: [Warning] Using a password on the command line interface can be insecure.',
			"ERROR 1698 (28000): Access denied for user 'root'@'localhost'",
		],
	],
	[
		'MySQL, by way of a service',
		'MySQL denied',
		/1045/,
		[
			'+lib/keystone:init_keystone:480 keystone-manage db_sync',
			"CRITICAL keystone [-] Unhandled error: sqlalchemy.exc.OperationalError: (pymysql.err.OperationalError) (1045, \"Access denied for user 'root'@'localhost' (using password: YES)\")",
			'ERROR keystone Traceback (most recent call last):',
			'ERROR keystone   File "/x.py", line 1, in main',
		],
	],
	// What people wrote, and how they began.
	['local.conf', 'local.conf', /ENABLED/, ['/opt/stack/devstack/.localrc.auto: line 12: ENABLED: command not found']],
	['line ends of Windows', 'line ends', /line 12/, ["./stack.sh: line 12: $'\\r': command not found"]],
	['root', 'wrong user', /as root/, ['You are running this script as root.', 'Cut it out.', 'Really.']],
	[
		'local.sh',
		'local.sh',
		/No flavor/,
		[
			'2018-06-06 15:56:16.930 | +./stack.sh:main:1390                      /home/stack/devstack/local.sh',
			'2018-06-06 15:56:25.113 | No flavor with a name or ID of m1.tiny exists.',
			'2018-06-06 15:56:27.242 | ++./stack.sh:main:1390                      err_trap',
		],
	],
	[
		'a password that is asked for',
		'asks for a password',
		/lacks a password/,
		[
			'#'.repeat(80),
			'ENTER A PASSWORD TO USE FOR THE DATABASE.',
			'#'.repeat(80),
			'If you leave this blank, a random default value will be used.',
			'Enter a password now:',
		],
	],
	[
		'what an earlier stack left, in Russian',
		'left behind',
		/Файл существует/,
		[
			'+lib/neutron_plugins/ovn_agent:install_ovn:363  sudo ln -s /var/run/openvswitch /var/run/ovn',
			"ln: не удалось создать символьную ссылку '/var/run/ovn/openvswitch': Файл существует",
		],
	],
	// Proxies.
	[
		'a proxy from which nothing is excepted',
		'Keystone behind a proxy',
		/through the proxy/,
		[
			proxy(''),
			'+lib/keystone:create_keystone_accounts:331 openstack project show admin',
			'Failed to discover available identity versions when contacting http://192.0.2.103/identity. Attempting to parse version from URL.',
			'Could not find versioned identity endpoints when attempting to authenticate. Service Unavailable (HTTP 503)',
		],
	],
	[
		'a proxy that speaks for itself',
		'Keystone behind a proxy',
		/could not be retrieved/,
		[
			'Discovering versions from the identity service failed when creating the password plugin.',
			'<title>ERROR: The requested URL could not be retrieved</title>',
		],
	],
];

/** DevStack's or a service's own. */
const failed: Case[] = [
	// pip.
	[
		'a package of the distribution',
		undefined,
		/^Cannot uninstall 'PyYAML'.*pip_install:206\)$/,
		[
			pip,
			'Collecting PyYAML===3.13',
			'  Found existing installation: PyYAML 3.12',
			"Cannot uninstall 'PyYAML'. It is a distutils installed project and thus we cannot accurately determine which files belong to it",
		],
	],
	[
		'the same, indented',
		undefined,
		/^ERROR: Cannot uninstall 'simplejson'/,
		["    ERROR: Cannot uninstall 'simplejson'. It is a distutils installed project"],
	],
	[
		'a download that came in the end',
		undefined,
		/^ERROR: Cannot uninstall/,
		[
			pip,
			"WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError(\"HTTPSConnectionPool(host='index.example.org', port=443): Read timed out.\")': /simple/pbr/",
			'Collecting pbr',
			"ERROR: Cannot uninstall 'PyYAML'. It is a distutils installed project",
		],
	],
	[
		'a version that the index has not',
		undefined,
		/^Could not find a version .* os-testr/,
		[
			'  Could not find a version that satisfies the requirement os-testr===2.0.0 (from versions: 0.1.0, 1.1.0)',
			'No matching distribution found for os-testr===2.0.0',
		],
	],
	[
		'a system that pip keeps out of',
		undefined,
		/externally-managed-environment/,
		['error: externally-managed-environment', '× This environment is externally managed'],
	],
	[
		'versions that exclude each other',
		undefined,
		/conflicting dependencies/,
		[
			'ERROR: Cannot install oslo.config==1 and keystone because these package versions have conflicting dependencies.',
			'ERROR: ResolutionImpossible: for help visit https://pip.example.org/',
		],
	],
	[
		'setup.py, as pip of 2022 reports it',
		undefined,
		/^pip: setup\.py egg_info of cffi fails: AttributeError/,
		[
			'Collecting cffi',
			'  × python setup.py egg_info did not run successfully.',
			'  │ exit code: 1',
			'      Traceback (most recent call last):',
			"      AttributeError: module 'setuptools' has no attribute 'x'",
			'  note: This error originates from a subprocess, and is likely not a problem with pip.',
			'error: metadata-generation-failed',
		],
	],
	[
		'a compiler that pip ran',
		undefined,
		/^pip: setup\.py install of libvirt-python fails: .*Python\.h/,
		[
			'  Failed building wheel for libvirt-python',
			'    libvirt-override.c:20:10: fatal error: Python.h: No such file or directory',
			"    error: command 'x86_64-linux-gnu-gcc' failed with exit status 1",
			'Command "/usr/bin/python2.7 -u -c "__file__=\'/tmp/pip-build-X/libvirt-python/setup.py\'" install --record /tmp/r --compile" failed with error code 1 in /tmp/pip-build-X/libvirt-python/',
		],
	],
	[
		'a complaint that pip lives with is none',
		undefined,
		/did not say why/,
		[
			"ERROR: pip's dependency resolver does not currently take into account all the packages that are installed.",
			'launchpadlib 1.10.13 requires testresources, which is not installed.',
			'Successfully installed x',
		],
	],
	// Services.
	[
		'what a service logs is not what failed',
		undefined,
		/^openstack: command not found/,
		[
			'ERROR passlib.handlers.bcrypt AttributeError: module has no attribute',
			'2024-05-02 09:39:27.123 4711 ERROR nova.compute.manager [req-1 None None] Instance failed to spawn: libvirtError: x',
			'CRITICAL glance [-] Unhandled error: RuntimeError: x',
			'/opt/stack/devstack/functions-common: line 2458: openstack: command not found',
		],
	],
	[
		'what a service logs, where nothing else was said',
		undefined,
		/^DBError: column x exists \(lib\/nova:init_nova:480\)$/,
		['+lib/nova:init_nova:480 nova-manage db sync', 'ERROR nova DBError: column x exists'],
	],
	[
		'Python',
		undefined,
		/^ImportError: cannot import name 'Engine'/,
		[
			'+lib/neutron:init:480 neutron-db-manage upgrade heads',
			'Traceback (most recent call last):',
			'    from neutron.db.migration.cli import main',
			"ImportError: cannot import name 'Engine' from 'sqlalchemy'",
		],
	],
	[
		'a service of its own that refuses is no network',
		undefined,
		/^g-api did not start/,
		[
			'curl: (7) Failed to connect to 192.0.2.4 port 9292: Connection refused',
			died('g-api did not start', 'lib/glance:300'),
		],
	],
	[
		'nor is Keystone behind Apache',
		undefined,
		/^curl: \(7\)/,
		[
			'+lib/x:f:12 curl -sS http://192.0.2.4/identity/v3',
			'curl: (7) Failed to connect to 192.0.2.4 port 80: Connection refused',
		],
	],
	[
		'systemd',
		'a service does not start',
		/mysql\.service/,
		[
			'+functions-common:restart_service:2310     sudo /bin/systemctl restart mysql',
			'Job for mysql.service failed because a timeout was exceeded. See "systemctl status mysql.service" for details.',
		],
	],
	[
		'a package whose service does not start',
		'a service does not start',
		/memcached/,
		[
			'Job for memcached.service failed because the control process exited with error code.',
			'dpkg: error processing package memcached (--configure):',
			'Errors were encountered while processing:',
			'E: Sub-process /usr/bin/dpkg returned an error code (1)',
		],
	],
	[
		'Keystone that errs, with a proxy from which it is excepted',
		'Keystone does not answer',
		/HTTP 502/,
		[
			proxy('localhost,127.0.0.1,192.0.2.103'),
			'+lib/keystone:create_keystone_accounts:331 openstack project show admin',
			'Failed to discover available identity versions when contacting http://192.0.2.103/identity. Attempting to parse version from URL.',
			'Could not find versioned identity endpoints when attempting to authenticate. Bad Gateway (HTTP 502)',
		],
	],
	[
		'the word proxy in a verbose log is no proxy',
		'Keystone does not answer',
		/HTTP 500/,
		[
			'+inc/python:pip_install:206 sudo -H http_proxy= https_proxy= no_proxy= pip3 install -U x',
			'+lib/apache:f:9 sudo a2enmod proxy proxy_uwsgi',
			'Module proxy already enabled',
			'+lib/keystone:f:9 openstack project show admin',
			'Failed to discover available identity versions when contacting http://192.0.2.8/identity. Attempting to parse version from URL.',
			'Could not find versioned identity endpoints when attempting to authenticate. Internal Server Error (HTTP 500)',
		],
	],
	[
		'Keystone that refuses a connection is no index of packages',
		'Keystone does not answer',
		/Connection refused/,
		[
			'+lib/keystone:f:9 openstack project show admin',
			"Unable to establish connection to http://192.0.2.1/identity/v3/auth/tokens: HTTPConnectionPool(host='192.0.2.1', port=80): Max retries exceeded with url: /identity/v3/auth/tokens (Caused by NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] Connection refused',))",
		],
	],
	[
		'OVN without a socket',
		'Open vSwitch does not run',
		/nothing listens/,
		['ovn-nbctl: unix:/var/run/ovn/ovnnb_db.sock: database connection failed (No such file or directory)'],
	],
	[
		'RabbitMQ that does not run',
		undefined,
		/nodedown \(lib\/rpc_backend:f:9\)$/,
		[
			'+lib/rpc_backend:f:9 sudo rabbitmqctl add_user stackrabbit x',
			'Error: unable to connect to node rabbit@devstack: nodedown',
			died('Failed to set rabbitmq password', 'lib/rpc_backend:60'),
		],
	],
	[
		'Keystone that refuses',
		undefined,
		/HTTP 401/,
		[
			'++functions-common:get_or_create_project:820 openstack project show admin',
			'The request you have made requires authentication. (HTTP 401) (Request-ID: req-1)',
			'++functions-common:get_or_create_project:820 project_id=',
		],
	],
	[
		'Open vSwitch without a socket',
		'Open vSwitch does not run',
		/nothing listens/,
		['ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (No such file or directory)'],
	],
	[
		'a command of another language',
		undefined,
		/未找到命令 \(functions-common:2458\)$/,
		['/opt/stack/devstack/functions-common：行2458: openstack：未找到命令'],
	],
	[
		'a tool in a language that is not known, by its own name',
		undefined,
		/^tee: .*\(lib\/apache:f:12\)$/,
		['+lib/apache:f:12 sudo tee /etc/x.conf', 'ServerName x', 'tee: /etc/x.conf: Ez dago horrelako fitxategirik'],
	],
	[
		'words of its own before it returned',
		undefined,
		/^Cell mapping isn't there \(lib\/nova:check:70\)$/,
		[
			"+lib/nova:check:70 echo 'Cell mapping isn'\\''t there'",
			"Cell mapping isn't there",
			'+lib/nova:check:71 nova-manage cell_v2 list_cells',
			'| name | uuid |',
			'+lib/nova:check:72 return 1',
		],
	],
	[
		'a bar of # is no prompt',
		undefined,
		/^placement did not start/,
		[`${'#'.repeat(72)} 100.0%`, died('placement did not start', 'functions:460')],
	],
	[
		'an error of the end, behind a line without one',
		undefined,
		/^Etcd did not start \(lib\/etcd3:60\)$/,
		[`downloading 100%${died('Etcd did not start', 'lib/etcd3:60')}`],
	],
	[
		'die of 2012, which has no place',
		undefined,
		/^nova-api did not start$/,
		[
			"2012-11-02 10:11:12 + die 'nova-api did not start'",
			'2012-11-02 10:11:12 + local exitcode=0',
			'2012-11-02 10:11:12 nova-api did not start',
		],
	],
	[
		'a command that says nothing',
		undefined,
		/did not say why; its last command: sudo systemctl enable x \(lib\/x:f:9\)/,
		['+lib/x:f:9 sudo systemctl enable x', '+lib/x:f:10 return 1'],
	],
];

/** How stack.sh gives up, by year; each of them is read behind each cause. */
const ends: Record<string, string[]> = {
	none: [],
	2013: [
		'2013-07-02 10:11:12 ++ failed',
		'2013-07-02 10:11:12 ++ local r=1',
		'stack.sh failed: full log in /opt/stack/logs/x',
	],
	2016: [
		'2016-10-29 17:00:02.658 | +inc/python:pip_install:1                  exit_trap',
		'2016-10-29 17:00:02.667 | +./stack.sh:exit_trap:474                  local r=1',
		"2016-10-29 17:00:02.691 | +./stack.sh:exit_trap:487                  echo 'Error on exit'",
		'2016-10-29 17:00:02.695 | Error on exit',
		'2016-10-29 17:00:02.700 | ./stack.sh: line 488: generate-subunit: command not found',
	],
	2018: [
		'+ functions-common:f:1 : exit_trap',
		'++ ./stack.sh:exit_trap:495 : jobs -p',
		'Error on exit',
		'ovs-vsctl: unix:/x/db.sock: database connection failed (Permission denied)',
		'World dumping... see /opt/stack/logs/worlddump-1.txt for details',
	],
};

for (const [verdict, cases] of Object.entries({broken, failed})) {
	for (const [what, name, message, lines] of cases) {
		test(`${what} is ${verdict}${name ? `: ${name}` : ''}`, t => {
			for (const [year, end] of Object.entries(ends)) {
				const reader = new StackReader();
				reader.write(Buffer.from(`${[...lines, ...end].join('\n')}\n`));
				reader.end();
				const failure = reader.failure(1);
				t.is(failure.signature?.name, name, `${year}: ${failure.message}`);
				t.is(failure.signature?.blame === 'lab' ? 'broken' : 'failed', verdict, year);
				t.regex(failure.message, message, year);
			}
		});
	}
}

test('an error that is not known, before words of a die that are, is no part of it', t => {
	const reader = new StackReader();
	const lines = [
		'ERROR: virtualenv is not compatible with this system or executable',
		'fatal: unable to connect to git.example.org:',
		died('git call failed: [git clone git://git.example.org/x /opt/stack/x]'),
	];
	reader.write(Buffer.from(`${lines.join('\n')}\n`));
	reader.end();
	t.is(reader.failure(1).signature?.name, 'git blocked');
});

test('a trap that was no end is forgotten when stack.sh goes on', t => {
	const reader = new StackReader();
	const lines = [
		'+lib/x:f:1 exit_trap',
		'+./stack.sh:main:900 install_nova',
		'/opt/stack/devstack/lib/nova: line 12: nova: command not found',
		'+lib/nova:f:1 exit_trap',
		'+./stack.sh:exit_trap:474 local r=1',
	];
	reader.write(Buffer.from(`${lines.join('\n')}\n`));
	reader.end();
	t.is(reader.failure(1).message, 'nova: command not found (lib/nova:12)');
});

test('a tool error of an earlier command is not the cause of a later one', t => {
	const reader = new StackReader();
	const lines = [
		'+lib/nova:f:10 sudo rm /etc/nova/x',
		"rm: cannot remove '/etc/nova/x': No such file or directory",
		'+lib/nova:f:11 nova-manage cell_v2 simple_cell_setup',
		'Traceback (most recent call last):',
		'KeyError: first',
		'ERROR: (this follows from it)',
		'+lib/nova:f:1 exit_trap',
	];
	reader.write(Buffer.from(`${lines.join('\n')}\n`));
	reader.end();
	t.is(reader.failure(1).message, 'KeyError: first (lib/nova:f:11)');
});
