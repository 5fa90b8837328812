import test from 'ava';
import {parseSight} from './sight.ts';

// As a node with Docker 28.5.2 on kernel 6.1 wrote it.
const output = `@@ names kwy5xlg86u24
web.			600	IN	A	10.200.1.2
tasks.web.		600	IN	A	10.200.1.4
tasks.web.		600	IN	A	10.200.1.3
@@ balancer kiw9vmczg
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
FWM  00000102 rr 
  -> 0AC80103:0000      Masq    1      0          0         
  -> 0AC80104:0000      Masq    0      0          0         
-P PREROUTING ACCEPT
-A INPUT -d 10.200.1.2/32 -j MARK --set-xmark 0x102/0xffffffff
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
12: eth0    inet 10.200.1.5/24 brd 10.200.1.255 scope global eth0\\       valid_lft forever preferred_lft forever
12: eth0    inet 10.200.1.2/32 scope global eth0\\       valid_lft forever preferred_lft forever
@@ balancer goneagain
@@ balancer ingress
FWM  00000101 rr 
  -> 0AC80006:0000      Masq    1      0          0         
-A PREROUTING -p tcp -m tcp --dport 8080 -j MARK --set-xmark 0x101/0xffffffff
-A INPUT -d 10.200.0.5/32 -j MARK --set-xmark 0x101/0xffffffff
6: eth0    inet 10.200.0.2/24 brd 10.200.0.255 scope global eth0\\       valid_lft forever preferred_lft forever
@@ overlay kiw9vmczga
10.200.1.7 dev vxlan0 lladdr 02:42:0a:c8:01:07 PERMANENT 
10.200.1.4 dev vxlan0 lladdr 02:42:0a:c8:01:04 PERMANENT 
10.200.1.9 dev vxlan0 FAILED
02:42:0a:c8:01:08 master br0 
1e:e9:27:f1:16:c7 master br0 permanent
02:42:0a:c8:01:07 dst 10.99.0.3 link-netnsid 0 self permanent
@@ overlay goneagain0
@@ rules
-P PREROUTING ACCEPT
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS
-A DOCKER ! -i docker_gwbridge -p tcp -m tcp --dport 8082 -j DNAT --to-destination 172.18.0.3:80
-A DOCKER-INGRESS -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:8080
-A DOCKER-INGRESS -p udp -m udp --dport 53 -j DNAT --to-destination 172.18.0.2:53
-A DOCKER-INGRESS -j RETURN
@@ sockets tcp
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F91 0100007F:0016 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000
@@ sockets udp
   0: 00000000:12B5 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 0
`;

test('a node is read: balancers, ways to other nodes, rules and sockets of ports, names', t => {
	const sight = parseSight(output);
	t.deepEqual(sight.balancers.get('kiw9vmczg'), {
		backends: new Map([[0x102, ['10.200.1.3']]]),
		marksByAddress: new Map([['10.200.1.2', 0x102]]),
		marksByPort: new Map(),
		end: '10.200.1.5',
	});
	t.deepEqual(sight.balancers.get('ingress'), {
		backends: new Map([[0x101, ['10.200.0.6']]]),
		marksByAddress: new Map([['10.200.0.5', 0x101]]),
		marksByPort: new Map([['tcp 8080', 0x101]]),
		end: '10.200.0.2',
	});
	t.deepEqual(sight.overlays, new Map([['kiw9vmczga', {forwarded: new Set(['10.200.1.7'])}]]));
	t.deepEqual(sight.meshRules, new Set(['tcp 8080', 'udp 53']));
	t.deepEqual(sight.hostRules, new Set(['tcp 8082']));
	t.deepEqual(sight.listening, new Set(['tcp 22', 'tcp 8080', 'udp 4789']));
	t.deepEqual(
		sight.names,
		new Map([
			[
				'kwy5xlg86u24',
				new Map([
					['web', ['10.200.1.2']],
					['tasks.web', ['10.200.1.4', '10.200.1.3']],
				]),
			],
		]),
	);
});

test('a namespace whose file is there and which is gone is dead, and not empty', t => {
	const {dead, balancers} = parseSight(output);
	t.deepEqual(dead, new Set(['lb_goneagain', '*-goneagain0']));
	t.deepEqual([...balancers.keys()], ['kiw9vmczg', 'ingress']);
});

test('a node without an engine has nothing', t => {
	const sight = parseSight('');
	t.is(sight.balancers.size + sight.overlays.size + sight.listening.size + sight.dead.size, 0);
});
