/**
 * Lists the TCP and UDP sockets of a network namespace, from /proc/net. `ss` shows more, but makes the kernel load netlink
 * families (inet_diag, tcp_diag, udp_diag), and evidence must not change what it reads.
 */

/**
 * Addresses and ports in /proc/net are hexadecimal. An address has words of 32 bits whose bytes are in reverse order. To awk of busybox
 * 1.30, which Debian 11 has, a name before a parenthesis is a call, also with a space between them.
 */
const program = String.raw`
function number(hex, value, at) {
	value = 0
	for (at = 1; at <= length(hex); at++) value = value * 16 + index("0123456789ABCDEF", substr(hex, at, 1)) - 1
	return value
}
function dotted(word) {
	return number(substr(word, 7)) "." number(substr(word, 5, 2)) "." number(substr(word, 3, 2)) "." number(substr(word, 1, 2))
}
function groups(hex, text, at, word) {
	if (hex ~ /^0*$/) return "[::]"
	if (substr(hex, 1, 24) == "0000000000000000FFFF0000") return "[::ffff:" dotted(substr(hex, 25)) "]"
	text = ""
	for (at = 1; at < 32; at += 8) {
		word = substr(hex, at, 8)
		text = text ":" substr(word, 7) substr(word, 5, 2) ":" substr(word, 3, 2) substr(word, 1, 2)
	}
	return "[" tolower(substr(text, 2)) "]"
}
function end(text, part) {
	split(text, part, ":")
	return (length(part[1]) == 8 ? dotted(part[1]) : groups(part[1])) ":" (part[2] == "0000" ? "*" : number(part[2]))
}
function named(pid, name) {
	getline name < ("/proc/" pid "/comm")
	close("/proc/" pid "/comm")
	return name "(" pid ")"
}
BEGIN {
	split("ESTAB SYN-SENT SYN-RECV FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT UNCONN CLOSE-WAIT LAST-ACK LISTEN CLOSING NEW-SYN-RECV", states, " ")
	row = "%-5s %-12s %7s %7s %-24s %-24s %s\n"
	printf row, "Netid", "State", "Recv-Q", "Send-Q", "Local", "Peer", "Process"
}
/^\/proc\/[0-9]+\/fd:/ { split($1, part, "/"); pid = part[3] }
/socket:\[[0-9]+\]/ {
	inode = $0
	gsub(/.*socket:\[|\].*/, "", inode)
	separator = owners[inode] == "" ? "" : ","
	owners[inode] = owners[inode] separator pid
}
/^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ / {
	net = FILENAME
	sub(/.*\//, "", net)
	split($5, queue, ":")
	process = ""
	count = split(owners[$10], pids, ",")
	for (at = 1; at <= count; at++) {
		separator = at > 1 ? "," : ""
		process = process separator named(pids[at])
	}
	printf row, net, states[number($4)], number(queue[2]), number(queue[1]), end($2), end($3), process
}`;

/** In double quotes, because a command that runs in a namespace is in single quotes. */
const quoted = `"${program.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"`;

/** Collects the files that exist: those of IPv6 are missing if the kernel has no IPv6. */
const files =
	'files=; for f in tcp tcp6 udp udp6; do if [ -e /proc/net/$f ]; then files="$files /proc/net/$f"; fi; done';

/** Prints a row for each socket of the namespace in which it runs. */
export const sockets = `${files}; /bin/busybox awk ${quoted} $files`;

/** Prints the same with the processes that have the sockets open. */
export const socketsOfProcesses = `${files}; ls -l /proc/[0-9]*/fd 2> /dev/null | /bin/busybox awk ${quoted} - $files`;
