/**
 * Every limit and interval in one place, in seconds. Any other `limit`, `timeout` or `poll` without a unit in its name is in
 * seconds, too; other units are in the name (`Ms`, `Bytes`, `Mib`). Imports nothing.
 */

/** Software emulation is about ten times slower than KVM. The limits are made for emulation, so they need no scaling. */
export const limits = {
	/** Import of one config or scenario file. A file that takes longer awaits something that never happens. */
	loadFile: 30,
	/** A command on a machine, unless the caller sets another limit. */
	exec: 60,
	/** A call of the Docker API, unless the caller sets another limit. */
	dockerCall: 60,
	/** `docker info` of a Docker host, for checks and for cleaning up. A Docker host that takes longer counts as unreachable. */
	dockerHostAnswer: 20,
	/** Pause between two questions to a Docker host while it makes nodes, and how long it may answer none of them. */
	dockerHostAsked: 5,
	dockerHostSilence: 60,
	/** A call in which a Docker host makes an image. It says nothing meanwhile, and takes minutes if the Docker host is emulated. */
	hostImage: 600,
	/** From QEMU's start until it opens its control socket. If QEMU ends earlier, that is noticed at once. */
	qemuStart: 60,
	/** From the start of a machine until its Docker API answers. */
	boot: 180,
	/** From the start of a helper container until it is up. */
	helperStart: 120,
	/**
	 * The ssh handshake. It takes half a second of an emulated CPU, and the load of a host may be ten times its number of CPUs.
	 */
	sshHandshake: 60,
	/** The LAN's switch answers a request on its control socket. */
	switchAnswer: 60,
	/** What the LAN's switch remembers of its ports: frames that are older are left out of captures. */
	captured: 60,
	/** A command through a machine's guest agent. */
	agentCommand: 30,
	/** Stop and start of an engine on a running machine. */
	engineRestart: 120,
	/** A fault in a node is put in or undone, by the node's own clock. Some restart the engine. */
	nodeFault: 180,
	/**
	 * Each check that a restored swarm works: a packet crosses the overlay, all nodes are Ready. It takes a second or two. An
	 * engine that has lost contact to another one rejoins it after 60 s (moby libnetwork/networkdb: rejoinClusterInterval).
	 */
	restoreProof: 75,
	/**
	 * Pause before nodes are saved. A node that answered late under load becomes suspect, and memberlist gives it 4 s to refute
	 * that. If a snapshot were taken within that time, each restore would be a race.
	 */
	settleBeforeSnapshot: 6,
	/** One question to an engine, for evidence. An engine that did not answer in this time is asked nothing more. */
	engineAnswer: 20,
	/**
	 * Evidence: until a machine has run `true`. One that has not is dead, and is asked nothing more: otherwise the second reading
	 * of all others would wait for it. It takes 0.1 s under emulation, and some seconds on a host with ten times the work.
	 */
	evidenceFirstAnswer: 30,
	/** One probe on one machine, in one network namespace. Under emulation on a busy host, a list of rules takes seconds. */
	evidenceProbe: 20,
	/**
	 * All probes of a machine, by its own clock; those that are left then are not run. A quiet host needs 5 to 10 s for them, one
	 * with ten times the work as much more. So a machine that answers slowly has most of them, and one that hangs costs no more.
	 */
	evidenceNode: 90,
	/**
	 * From the start of evidence until what has not answered is left out: a slow machine is read once to the end (30 + 90 + 20),
	 * and a minute is left in which the others send packets to each other and are read again.
	 */
	evidence: 200,
	/** Bytes that are kept of a probe's output, in each namespace. */
	evidenceProbeBytes: 256 * 1024,
	/** One reading of all nodes, to see whether they agree. It takes a second under emulation on an idle host. */
	agreementReading: 20,
	/**
	 * How long a difference between the managers and a node must last to be one. Gossip takes a second or two, and on a busy host
	 * some seconds.
	 */
	agreement: 15,
	/**
	 * How long is waited for that after a scenario, by the clock. Time without a CPU does not count as lasting, so on a host that is
	 * too busy nothing is told.
	 */
	agreementPatience: 45,
	/** Between two readings, while a difference lasts or a scenario has the agreement watched. */
	agreementPoll: 2,
	/** Reading or writing the saved state of a machine. */
	machineState: 60,
	/** Writing the memory of a machine that is up, or reading it: all of it goes through QEMU. */
	machineMemory: 600,
	/** If the console prints nothing for this long while the machine boots, the boot hangs. */
	silentConsole: 45,
	/** From all machines up until all nodes are Ready. */
	formSwarm: 90,
	/** Until all tasks of a service run. */
	serviceRunning: 120,
	/**
	 * Until every node has what the managers know of a service. Gossip takes a second or two. A node that missed it gets it
	 * with the next bulk sync, up to 30 s later (moby libnetwork/networkdb: bulkSyncTables). The limit is twice that, plus 10.
	 */
	convergence: 70,
	/** Until everything that a scenario removed is gone. */
	removal: 20,
	/** One scenario, unless it sets its own limit. */
	scenario: 240,
	/** unstack.sh and clean.sh, before stack.sh is tried again. */
	unstack: 600,
	/** One exercise; the nine together took under 10 minutes on hardware. */
	exercise: 900,
	/** A call of a client of OpenStack: some ten seconds under emulation. */
	openstackClient: 120,
	/** A run of tempest; its smoke tests take half an hour on hardware. */
	tempest: 7200,
	/** From the restore of a cloud until its Keystone answers. */
	keystoneAnswer: 60,
	/** From the signal that ends a machine's processes until they have ended. */
	processStop: 5,
	/** Probe boot that proves an accelerator. It takes a second with working KVM, and ten times that on a busy host. */
	acceleratorProbe: 30,
	/**
	 * The machine that completes an engine or a box. Under emulation it takes a minute on an idle host of two cores, five on a
	 * busy one.
	 */
	builderVm: 900,
	/** Vagrant brings machines up: it fetches a box, uploads it into a pool, boots, and installs. */
	vagrantUp: 1800,
	/** A call in which Vagrant only looks something up. Its start alone takes seconds. */
	vagrantCall: 120,
	/** Vagrant stops or destroys machines. */
	vagrantDestroy: 240,
	/**
	 * How long Vagrant may take to end after SIGINT: it first waits for its calls of libvirt. If it is killed earlier, libvirt
	 * still completes the call, up to a minute later where libvirt checks QEMU again at each step, and leaves a machine that no
	 * run knows of.
	 */
	vagrantEnd: 120,
	/** A call of virsh, the command of libvirt. */
	virsh: 60,
	/**
	 * Until a package mirror has sent one small file or answered that it has none. This includes name resolution, proxy and
	 * handshake.
	 */
	mirrorAnswer: 20,
	/** How long a package mirror may send nothing in the middle of a file. It is apt's own default. */
	mirrorSilence: 30,
	/** Until another process has written into the index of earlier runs. It writes 50 runs at a time, which takes a second. */
	historyLock: 2,
	/** Between two checks of the machines while scenarios run. */
	watchInterval: 3,
	/** Between two samples of the CPU time that the machines of a claim got. */
	cpuSample: 1,
	/** Between two checks while waiting. */
	pollInterval: 0.25,
} as const;
