/** What a node has, as lines that can be compared: everything that a fault may change and must leave as it was. */

const saved = 'iptables-save | grep -v "^#" | sed "s/\\[[0-9:]*\\]//"';
const balancer = `${saved}; ipvsadm -Sn; cat /proc/sys/net/ipv4/ip_forward; grep -s . /proc/sys/net/ipv4/vs/conn* /proc/sys/net/ipv4/vs/expire*`;

/** Prints sections: a line `== name`, then lines. */
export const stateScript = `export LC_ALL=C
echo "== rules"; ${saved}
echo "== legacy"; [ ! -s /proc/net/ip_tables_names ] || iptables-legacy-save 2> /dev/null | grep -v "^[#:]" | sed "s/\\[[0-9:]*\\]//"
echo "== nft"; [ ! -e /sys/module/nf_tables ] || nft list tables
echo "== addresses"; ip -o -4 address | tr -s " "; ip -o link show | grep -v "veth" | sed "s/ qdisc .*//"; ip -4 route | sort
echo "== sysctl"; grep . /proc/sys/net/ipv4/ip_forward /proc/sys/vm/swappiness
for file in /var/run/docker/netns/lb_* /var/run/docker/netns/ingress_sbox; do
	[ ! -e $file ] || { echo "== \${file##*/}"; nsenter --net=$file -- sh -c '${balancer}' | sort; }
done
for file in /var/run/docker/netns/[0-9]*-*; do
	[ ! -e $file ] || { echo "== \${file##*/}"; nsenter --net=$file -- sh -c 'bridge fdb show dev vxlan0 | grep permanent | sed "s/link-netnsid [0-9]* //"; ip neigh show dev vxlan0 nud permanent' | tr -s " " | sort; }
done
echo "== xfrm"; [ ! -e /sys/module/xfrm_user ] || ip xfrm state | sed "s/^[ \\t]*//" | grep -v "anti-replay\\|^lastused" | sort
echo "== files"; cat /etc/resolv.conf /etc/docker/daemon.json; ls /etc/modprobe.d /var/lib/swarmlab-faults 2> /dev/null
echo "== modules"; grep -o "^\\(ip_vs\\|vxlan\\|dummy\\|iptable_filter\\)[a-z_]* " /proc/modules | sort
echo "== processes"; for name in dockerd containerd; do for pid in $(pidof $name); do echo $name $(sed -n "s/^State:[ \\t]*\\(.\\).*/\\1/p" /proc/$pid/status | tr RD SS); done; done
echo "== room"; stat -f -c %a /var/lib/docker; sed -n "s/^MemAvailable: *//p" /proc/meminfo
echo "== clock"; read -r up rest < /proc/uptime; echo "$(date +%s) $up"
`;

type Sections = Map<string, string[]>;

function sectionsOf(text: string): Sections {
	const sections: Sections = new Map();
	let lines: string[] = [];
	for (const line of text.split('\n')) {
		const [, name] = /^== (.*)$/.exec(line) ?? [];
		if (name === undefined) {
			lines.push(line.trimEnd());
		} else {
			lines = [];
			sections.set(name, lines);
		}
	}

	return sections;
}

/** An engine that starts makes the resolvers of its namespaces anew, on other ports, and numbers its balancers anew. */
const renewed = (text: string) =>
	text
		.replace(/(-A DOCKER_(?:OUTPUT|POSTROUTING) .*?(?:127\.0\.0\.11|--sport)[: ])\d+/g, '$1PORT')
		.replace(/(-[Aa] (?:-t \S+ )?-f) \d+/g, '$1 MARK')
		.replace(/(--set-xmark) 0x[0-9a-f]+/g, '$1 MARK');

/**
 * Returns each line that one state has and the other has not. Room and clock may differ a little.
 * @param restarted the engine has started meanwhile: what it makes anew, and in which order, does not count
 */
export function differences(before: string, after: string, restarted = false): string[] {
	const [one, other] = [before, after].map(text => sectionsOf(restarted ? renewed(text) : text)) as [
		Sections,
		Sections,
	];
	const names = new Set([...one.keys(), ...other.keys()]);
	return [...names].flatMap(name => {
		const [was, is] = [one.get(name) ?? [], other.get(name) ?? []];
		if (name === 'room') {
			return roomDiffers(was, is);
		}

		if (name === 'clock') {
			return clockDiffers(was, is);
		}

		const lost = minus(was, is).map(line => `${name}: lost ${line}`);
		const gained = minus(is, was).map(line => `${name}: new ${line}`);
		const moved =
			!restarted && lost.length + gained.length === 0 && was.join('\n') !== is.join('\n')
				? [`${name}: another order`]
				: [];
		return [...lost, ...gained, ...moved];
	});
}

function minus(some: readonly string[], others: readonly string[]): string[] {
	const left = [...others];
	return some.filter(line => {
		const found = left.indexOf(line);
		if (found >= 0) {
			left.splice(found, 1);
		}

		return found < 0;
	});
}

/** 16 MiB of disk, 64 MiB of memory: logs and caches. */
function roomDiffers([disk = '0', memory = '0']: string[], [diskNow = '0', memoryNow = '0']: string[]): string[] {
	const blocks = Number(disk) - Number(diskNow);
	const kib = Number.parseInt(memory, 10) - Number.parseInt(memoryNow, 10);
	return [
		...(blocks > 4096 ? [`room: ${blocks} blocks of the disk less`] : []),
		...(kib > 65_536 ? [`room: ${kib} KiB of memory less`] : []),
	];
}

/** 1970 by the clock minus the time since boot: a step changes it. A boot changes it by what the hardware's clock has. */
function clockDiffers([was = '']: string[], [is = '']: string[]): string[] {
	const bootOf = (line: string) => {
		const [clock, up] = line.split(' ').map(Number);
		return clock! - up!;
	};
	const upOf = (line: string) => Number(line.split(' ')[1]);
	const by = bootOf(is) - bootOf(was);
	return upOf(is) > upOf(was) && Math.abs(by) > 1.5 ? [`clock: ${by.toFixed(1)} s ahead`] : [];
}
