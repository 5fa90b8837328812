/**
 * The table of probes that run when a scenario did not pass. A probe collects output and does not judge it. No probe changes
 * what it reads or makes the kernel load a module, because the next scenario may run on the same machines.
 */
import type {EngineProbe, Probe} from './probe.ts';
import {sockets, socketsOfProcesses} from './sockets.ts';

/**
 * `nft` and `ip xfrm` load their part of the kernel if it is not loaded yet (netlink families). If the
 * engine has not loaded it, they would show nothing anyway. `ipvsadm` would load ip_vs.
 */
const ifLoaded = (module: string, command: string) =>
	`if [ -e /sys/module/${module} ] || ! $bb grep -q /${module}.ko /lib/modules/$(uname -r)/modules.dep; then ${command}; fi`;

/** Weights and connections, and what each backend got. Starting a program costs an emulated CPU much more than reading a file. */
const balancerTable =
	'if [ -e /proc/net/ip_vs ]; then $bb cat /proc/net/ip_vs; ipvsadm -Ln --stats --exact; ipvsadm -Ln --timeout; $bb head -n 300 /proc/net/ip_vs_conn; fi';
const counters = '$bb cat /proc/net/snmp';
/** Several questions to `ip`, by one process. */
const ip = (options: string, ...questions: string[]) =>
	`printf '${questions.map(each => `${each}\\n`).join('')}' | $ip ${options} -force -batch -`;
/** What a kernel does not have is left out: grep ends with 2 then. */
const settings = (folders: string) => `{ $bb grep -rs . ${folders} || :; }`;
const ofBalancer = settings('/proc/sys/net/ipv4/vs /proc/sys/net/ipv4/ip_forward');

/** The filters of traffic control, for each card with a place for them in one line. On most nodes no card has one. */
const trafficFilters =
	'for d in $($tc qdisc show | $bb sed -nE "s/^qdisc (ingress|clsact) .* dev ([^ ]+) .*/\\2/p" | $bb sort -u); do for w in ingress egress; do echo "filters $d $w: $($tc filter show dev $d $w 2> /dev/null | $bb tr -s "\\n\\t" " ")"; done; done';

/** What swarm networking needs of a kernel: docs/nodes.md has the engine's own list. */
const modules =
	'vxlan bridge veth br_netfilter ip_vs ip_vs_rr xt_ipvs xt_mark nf_nat nf_conntrack xt_conntrack xt_addrtype xt_REDIRECT iptable_nat iptable_mangle iptable_filter nf_tables nft_compat xfrm_user esp4 xt_policy xt_bpf xt_u32';

/** The probes of a swarm, in the order in which they are run: what changes soonest comes first. */
export const probes: Probe[] = [
	{
		name: 'balancer',
		place: {namespaces: 'lb_'},
		command: `${balancerTable}; $rules; $ip -s address; echo "== route"; $ip route; ${ofBalancer}; ${counters}`,
		again: `$bb cat /proc/net/ip_vs; ${counters}`,
	},
	{
		name: 'ingress',
		place: {namespaces: 'ingress'},
		command: `${balancerTable}; $rules; ${ip('-s', 'address', 'route')}; ${ofBalancer}; ${counters}`,
		again: `$bb cat /proc/net/ip_vs; ${counters}`,
	},
	{
		name: 'overlay',
		place: {namespaces: 'overlay'},
		command: `bridge fdb show; ${ip('-d -s', 'neigh', 'link', 'route')}`,
		again: `bridge fdb show dev vxlan0; ${ip('-s', 'neigh show dev vxlan0', 'link show dev vxlan0')}`,
	},
	{name: 'counters', place: 'node', command: '$bb cat /proc/net/snmp /proc/net/netstat', again: counters},
	{
		name: 'packet-filter',
		place: 'node',
		command: `$rules; if $bb grep -q . /proc/net/ip_tables_names 2> /dev/null && command -v iptables-legacy-save > /dev/null; then echo "== legacy"; iptables-legacy-save -c; fi; ${ifLoaded('nf_tables', 'echo "== nft"; nft list ruleset')}`,
		again: '$rules',
	},
	{
		name: 'engine',
		place: 'node',
		command:
			'for p in dockerd containerd; do n=0; for i in $($bb pidof $p); do n=1; echo "== $p"; $bb head -n 4 /proc/$i/status; done; [ $n = 1 ] || echo "== $p does not run"; done; cd /proc; for f in $($bb grep -ls "^State:.T" [0-9]*/status); do i=$($bb dirname $f); read -r n < $i/comm && echo "== stopped: $n $i"; done; true',
	},
	{
		name: 'addresses',
		place: 'node',
		command: `${ip('-d -s', 'address', 'neigh', 'rule')}; $ip -4 route show table all; $tc qdisc show; ${trafficFilters}`,
	},
	{name: 'sockets', place: 'node', command: socketsOfProcesses},
	{
		name: 'sysctl',
		place: 'node',
		command: settings(
			'/proc/sys/net/ipv4/ip_forward /proc/sys/net/bridge /proc/sys/net/ipv4/neigh/default /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max',
		),
	},
	{
		name: 'modules',
		place: 'node',
		command: `$bb uname -a; $bb cat /proc/modules; echo "== missing"; all=$($bb cat /lib/modules/$($bb uname -r)/modules.dep /lib/modules/$($bb uname -r)/modules.builtin 2> /dev/null); for m in ${modules}; do [ -e /sys/module/$m ] || case $all in */$m.ko*) ;; *) echo $m ;; esac; done; echo "== withheld"; $bb grep -rsE '^ *(install|blacklist) ' /etc/modprobe.d /run/modprobe.d || true`,
	},
	{name: 'xfrm', place: 'node', command: ifLoaded('xfrm_user', '$ip -s xfrm state; echo "== policy"; $ip xfrm policy')},
	{name: 'resolver', place: 'node', command: '$bb grep . /etc/hostname /etc/hosts /etc/resolv.conf'},
	{
		name: 'container-resolvers',
		place: 'node',
		command: '$bb grep -s ^nameserver /var/lib/docker/containers/*/resolv.conf || :',
	},
	{
		name: 'memory',
		place: 'node',
		command: '$bb date; $bb uptime; $bb cat /proc/uptime; $bb free -m; $bb df -k; $bb df -i; ps aux',
	},
	{name: 'kernel-log', place: 'node', command: '$bb dmesg | $bb tail -n 500'},
	{
		name: 'dockerd-log',
		place: 'node',
		command:
			'if [ -e /var/log/dockerd.log ]; then $bb tail -n 1000 /var/log/dockerd.log | $bb tail -c 200000; else journalctl -u docker -n 1000 --no-pager; fi',
	},
	{
		name: 'containerd-log',
		place: 'node',
		command: '[ ! -e /var/log/containerd.log ] || $bb tail -n 200 /var/log/containerd.log | $bb tail -c 100000',
	},
	{
		name: 'conntrack',
		place: 'node',
		command:
			'[ ! -e /proc/net/nf_conntrack ] || $bb head -n 1000 /proc/net/nf_conntrack; $bb cat /proc/net/stat/nf_conntrack',
	},
	{
		name: 'container-network',
		place: {namespaces: 'containers'},
		command: `${ip('-s', 'address', 'route', 'neigh')}; ${sockets}; ${counters}; $rules; [ ! -e /proc/net/ip_vs ] || $bb cat /proc/net/ip_vs`,
	},
];

/** What the engines say, in the same order. Answers are indented JSON, one after the other. */
export const engineProbes: EngineProbe[] = [
	{name: 'tasks', managers: true, paths: ['/tasks'], again: true},
	{name: 'services', managers: true, paths: ['/services']},
	{name: 'nodes', managers: true, paths: ['/nodes']},
	{
		name: 'networks',
		paths: [`/networks?filters=${encodeURIComponent('{"scope":["swarm"]}')}`],
		each: '/networks/ID?verbose=true',
	},
	{name: 'containers', paths: ['/containers/json?all=1'], each: '/containers/ID/json'},
	{name: 'docker-info', paths: ['/version', '/info']},
];

/**
 * Makes an engine that runs, but does not answer, write its goroutines (moby: daemon/daemon_unix.go, SIGUSR1), and prints them.
 * An engine that is stopped writes nothing.
 */
export const goroutines: Probe = {
	name: 'goroutines',
	place: 'node',
	command: `i=$($bb pidof dockerd | $bb cut -d ' ' -f 1); [ "$i" ] || exit 0; ! $bb grep -q '^State:.[TZt]' /proc/$i/status || exit 0
kill -USR1 $i; sleep 2; for f in /var/run/docker/goroutine-stacks-*.log; do [ -e "$f" ] || continue; $bb cat "$f"; rm "$f"; done`,
};
