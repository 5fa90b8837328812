/**
 * Every limit and interval in one place, in seconds. A bare `limit`, `timeout` or `poll` of ours is in seconds as well; any other
 * unit is in the name (`Ms`, `Bytes`, `Mib`). Imports nothing.
 */

/** Software emulation is some ten times slower than KVM; limits are for the slow way, so they need no scaling. */
export const limits = {
	/** One config or scenario file, until it is imported: seconds of silence mean that it waits for what does not come. */
	loadFile: 30,
	/** A command on a machine, unless it says otherwise. */
	exec: 60,
	/** A call of the Docker API, unless it says otherwise. */
	dockerCall: 60,
	/** From QEMU's start until it opens its control socket; one that ends before is noticed at once. */
	qemuStart: 60,
	/** From the start of a machine until its Docker API answers. */
	boot: 180,
	/** The handshake of ssh: half a second of an emulated CPU, and a host may have ten times as much to do as it has CPUs. */
	sshHandshake: 60,
	/** A command through a machine's guest agent. */
	agentCommand: 30,
	/** An engine that is ended and started again on a running machine. */
	engineRestart: 120,
	/**
	 * Each proof that a restored swarm gives of its life: a packet over the overlay, all nodes Ready. A second or two; an engine
	 * that has lost sight of another joins it again after 60 (moby libnetwork/networkdb: rejoinClusterInterval).
	 */
	restoreProof: 75,
	/**
	 * Nodes left alone before they are frozen: one that answered late while much was to be done is under suspicion, and has so
	 * long to say that it lives (memberlist: 4 s). Frozen in between, each restore would be a race.
	 */
	settleBeforeSnapshot: 6,
	/** Taking in the state of a frozen machine, or writing it. */
	machineState: 60,
	/** A console that says nothing for so long while the machine boots: the boot hangs. */
	silentConsole: 45,
	/** From all machines up until all nodes are Ready. */
	formSwarm: 90,
	/** A service's tasks all running. */
	serviceRunning: 120,
	/**
	 * What the managers know of a service, to be on every node. Gossip takes a second or two; a node that missed it is told by
	 * the next exchange of everything, up to 30 s later (moby libnetwork/networkdb: bulkSyncTables): twice that, plus 10.
	 */
	convergence: 70,
	/** What a scenario removed, to be gone. */
	removal: 20,
	/** One scenario, unless it says otherwise. */
	scenario: 240,
	/** unstack.sh and clean.sh, before stack.sh is tried again. */
	unstack: 600,
	/** One exercise; the nine together took under 10 minutes on hardware. */
	exercise: 900,
	/** A call of a client of OpenStack: some ten seconds under emulation. */
	openstackClient: 120,
	/** A run of tempest; its smoke tests take half an hour on hardware. */
	tempest: 7200,
	/** A restored cloud, until its Keystone answers. */
	keystoneAnswer: 60,
	/** A machine's processes after being told to end. */
	processStop: 5,
	/** Probe boot that proves an accelerator: with KVM that works it takes a second, on a host with much to do ten times that. */
	acceleratorProbe: 30,
	/** A machine that finishes an engine or a box: a minute under emulation on an idle host of two cores, five on a busy one. */
	builderVm: 900,
	/** Machines that Vagrant brings up: fetching a box, its upload into a pool, the boot and what is installed. */
	vagrantUp: 1800,
	/** What Vagrant only has to look up: its start alone takes seconds. */
	vagrantCall: 120,
	/** Machines that Vagrant stops or destroys. */
	vagrantDestroy: 240,
	/**
	 * Vagrant after being told to end. It does so when what it has asked of libvirt is done; ended before, what it had asked for
	 * comes about all the same, a minute later where libvirt looks at QEMU anew at each step, and nobody would know of it.
	 */
	vagrantEnd: 120,
	/** A call of libvirt's own command. */
	virsh: 60,
	/** A mirror of packages, until it has sent one small file or said that it has none: names, proxy and handshake included. */
	mirrorAnswer: 20,
	/** A mirror of packages that says nothing in the middle of a file; apt's own default. */
	mirrorSilence: 30,
	/** Between two looks at the machines while scenarios run. */
	watchInterval: 3,
	/** Between two looks of a wait. */
	pollInterval: 0.25,
} as const;
