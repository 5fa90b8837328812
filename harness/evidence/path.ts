/** The probe that sends packets between the nodes: over the LAN, and through each overlay. */
import {quoteAll} from '../machine/index.ts';
import {namespaceFolder, type Probe} from './probe.ts';

/** Ports that nodes of a swarm listen on: gossip on each node, and the managers' API. Source: moby, swarmkit. */
const tcpPorts = {gossip: 7946, control: 2377};

/**
 * On the LAN, from each node to each other one: so many that a loss of 1 % shows. Without a limit, ping would
 * wait for each of them where the hardware address of the other node is not found. On a busy host ping gets a turn every 35 ms:
 * then it sends what it has missed, up to so many at once. One every 5 ms is too many for nodes under emulation: more than half of
 * the nodes lost some, and had to send all of them a second time.
 */
const echoes = {count: 200, intervalSeconds: 0.01, limitSeconds: 8, atOnce: 20};

/**
 * One echo request goes before them, with the same identifier. Without it, the first ones arrive together, and the kernel of the
 * receiver drops all but one: connection tracking looks at each packet of a batch before it remembers the first, and lets no second
 * one of ICMP begin the same flow (Linux: nf_hook_slow_list, nf_ct_resolve_clash). Seen as `insert_failed`: 7 of 200, again and again.
 * ping before 2021 takes no identifier: it sends one by one.
 */
const firstLimitSeconds = 0.3;

/**
 * If some of them were lost, they are sent once more, one by one, and only that counts: a busy node loses some of a burst. One every
 * 15 ms and more would be taken for a busy node: see lan-paths.ts.
 */
const againIntervalSeconds = 0.01;

/**
 * A port on which nothing of an overlay listens (tcpmux), and seconds to wait for its refusal. Where no echo request is answered,
 * a refusal shows that packets pass in both directions, and that only echo requests get no answer. One SYN is sent again after 1 s.
 */
const nobodysPort = 1;
const tcpSeconds = 2;
/** It is tried while ping still waits: where echo requests are answered, ping has ended by then. */
const tcpAfterSeconds = 0.6;

/** A node that the others send packets to. */
interface Target {
	role: string;
	/** On the LAN. */
	address: string;
}

/**
 * Sends echo requests to each other node on the LAN, opens TCP connections to the ports of gossip and of the managers, and sends
 * echo requests from each balancer's namespace to one address behind each other node: small ones, and ones that fill a packet
 * of the overlay. All at once. Counters that are read before and after all nodes have done this show where packets stop.
 *
 * Lines begin with `route` and address: by which card the kernel sends there. Then `lan`, address, and `icmp` or the port; those
 * of overlays with network, namespace, address, node behind it, and bytes, or `tcp`. Then comes what ping printed, or how the
 * connection went. A connection that is closed at once leaves a line in the log
 * of the engine on the other end.
 */
export function pathProbe(targets: readonly Target[]): Probe {
	const words = targets.map(({role, address}) =>
		[address, tcpPorts.gossip, ...(role === 'manager' ? [tcpPorts.control] : [])].join(' '),
	);
	return {name: 'path', place: 'node', command: `${overlays}\n${lan(words)}\nwait`};
}

/**
 * Own addresses are left out. bash opens the connections: no other program that can is on every node. It prints nothing if
 * `timeout` ends it, which is busybox's or coreutils' by where the script runs; their exit codes differ.
 */
function lan(words: readonly string[]): string {
	return `echoes() { timeout -s INT ${echoes.limitSeconds} $ping -n -q -c ${echoes.count} -W 3 "$@" 2>&1 | $bb tr '\\n' ' '; }
own=$($bb ip -4 -o address)
id=$$
for to in ${quoteAll(words)}; do
	a=\${to%% *}
	case $own in *" $a/"*) continue ;; esac
	id=$((id % 65535 + 1))
	(echo "route $a: $($bb ip -o -4 route get "$a" 2>&1)"
	$ping -n -q -c 1 -W ${firstLimitSeconds} -e $id "$a" > /dev/null 2>&1
	[ $? = 2 ] && burst= || burst="-e $id -l ${echoes.atOnce}"
	said=$(echoes $burst -i ${echoes.intervalSeconds} "$a")
	case $said in *" 0% packet loss"* | *" 0 received"*) ;; *received*)
		again=$(echoes -i ${againIntervalSeconds} "$a")
		case $again in *received*) said=$again ;; esac
	esac
	echo "lan $a icmp: $said") &
	for port in \${to#* }; do
		(said=$(timeout 4 bash -c ": > /dev/tcp/$a/$port" 2>&1); ended=$?
		[ $ended = 0 ] && said=open || said=$(echo "$said" | $bb sed -n '1s/.*: //p')
		echo "lan $a $port: \${said:-no answer}") &
	done
done`;
}

/**
 * One shell for each overlay finds what to send to, and one sends from the namespace. To start a program with libraries costs an
 * emulated CPU more than anything else here: `bridge` and `ping` are the only ones.
 */
const overlays = `for f in ${namespaceFolder}/[0-9]*-*; do
	[ -e "$f" ] || continue
	cd ${namespaceFolder}; o=\${f##*/}
	id=\${o#*-}; from=lb_\${id%?}; only=no
	[ -e "$from" ] || { from=ingress_sbox; only=yes; }
	[ -e "$from" ] || continue
	export id from only
	(rows=$($bb nsenter --net="$o" -- $bb sh -c '$bb ip neigh show dev vxlan0; bridge fdb show dev vxlan0') $bb nsenter --net="$from" -- $bb sh -c ${quoteAll([fromNamespace()])}) &
done`;

/** Of a balancer that all overlays share, only the overlay with its address. Addresses with both rows are tried, one for each node. */
function fromNamespace(): string {
	return `nl='
'
card=$($bb ip -4 -o address show dev eth0; $bb ip -o link show dev eth0)
mtu=$(echo "$card" | $bb sed -n 's/.* mtu \\([0-9]*\\).*/\\1/p')
[ $only = no ] && only= || only=$(echo "$card" | $bb sed -n 's/.* inet \\([0-9]*\\.[0-9]*\\.[0-9]*\\.\\).*/\\1/p' | $bb head -n 1)
for pair in $(echo "$rows" | $bb awk -v only="$only" '$2 == "lladdr" && (only == "" || index($1, only) == 1) { mac[$1] = $3 } $2 == "dst" { dst[$1] = $3 } END { for (a in mac) if ((mac[a] in dst) && !seen[dst[mac[a]]]++ && all++ < 8) print a "/" dst[mac[a]] }'); do
	tcp() { { timeout ${tcpSeconds} bash -c ": > /dev/tcp/\${pair%/*}/${nobodysPort}"; } 2>&1 | $bb sed -n '1s/.*: //p'; }
	for size in 56 $((mtu - 28)); do
		(said=$($ping -n -c 2 -i 0.3 -W 3 -M do -s $size "\${pair%/*}" 2>&1 | $bb tr '\\n' ' ' &
		tried=; [ $size = 56 ] && $bb sleep ${tcpAfterSeconds} && kill -0 $! 2> /dev/null && tried="tried $(tcp)"
		wait; echo; echo "$tried")
		tried=\${said##*"$nl"} said=\${said%%"$nl"*}
		echo "$id $from \${pair%/*} \${pair#*/} $size: $said"
		case "$size $said" in '56 '*' 0 received,'*) [ "$tried" ] || tried="tried $(tcp)"; echo "$id $from \${pair%/*} \${pair#*/} tcp: \${tried#tried }" ;; esac) &
	done
done
wait`;
}
