/** Odd causes in the containers of tasks. */
import type {InjectedCause} from './diagnosis-cause.ts';
import {on} from './diagnosis-typed.ts';

/** Runs in the namespace of each of the service's containers. */
export const inTasks = (command: string) =>
	`for c in $(docker ps -q -f name=^web); do p=$(docker inspect -f '{{.State.Pid}}' $c); nsenter --net=/proc/$p/ns/net ${command}; done`;

export const ofTasks: InjectedCause[] = [
	on(
		'w1',
		'task-rule',
		"`iptables -I INPUT -p tcp --dport 80 -j DROP` in the service's containers",
		[inTasks('iptables -I INPUT -p tcp --dport 80 -j DROP'), inTasks('iptables -D INPUT -p tcp --dport 80 -j DROP')],
		'rule-inside-drops',
	),
	on(
		'w1',
		'task-netem',
		"`tc qdisc add dev CARD root netem loss 100%` in the service's containers",
		['add', 'del'].map(does =>
			inTasks(
				`sh -c 'for i in eth0 eth1 eth2; do tc qdisc ${does} dev $i root netem loss 100% 2> /dev/null; done; true'`,
			),
		) as [string, string],
		'traffic-control-inside',
		{only: 'qemu'},
	),
	on(
		'w1',
		'task-disconnected',
		"`docker network disconnect` of the service's container",
		[
			'docker network disconnect -f shop $(docker ps -q -f name=^web)',
			// Its task is made anew.
			'docker kill $(docker ps -q -f name=^web)',
		],
		'task-disconnected',
	),
	on(
		'w1',
		'task-stopped',
		"SIGSTOP for the program of the service's containers",
		[
			"for c in $(docker ps -q -f name=^web); do kill -STOP $(docker inspect -f '{{.State.Pid}}' $c); done",
			"for c in $(docker ps -q -f name=^web); do kill -CONT $(docker inspect -f '{{.State.Pid}}' $c); done",
		],
		'process-stopped',
	),
	on(
		'w1',
		'task-names',
		"a name server that does not answer in the service's containers",
		[
			"for c in $(docker ps -q -f name=^web); do docker exec $c sh -c 'cp /etc/resolv.conf /tmp/typed; echo nameserver 127.0.0.1 > /etc/resolv.conf'; done",
			"for c in $(docker ps -q -f name=^web); do docker exec $c sh -c 'cat /tmp/typed > /etc/resolv.conf'; done",
		],
		'resolver-inside-changed',
	),
	on(
		'w1',
		'task-name-rules',
		"the nat table of the service's containers flushed",
		[
			inTasks('iptables -t nat -F'),
			// Their tasks are made anew.
			'docker kill $(docker ps -q -f name=^web)',
		],
		'names-unreachable-inside',
	),
];
