/** A service as a scenario describes it, and as the Docker API takes it. */
import type {Overlay} from './network.ts';

interface Publish {
	/** Port inside the task. */
	target: number;
	/** Port on the nodes. */
	published: number;
	/** `ingress`: the routing mesh, on every node. `host`: on the task's node only. */
	mode?: 'ingress' | 'host';
	protocol?: 'tcp' | 'udp';
}

interface Mount {
	/** Path on the node; it must exist. */
	source: string;
	target: string;
	readOnly?: boolean;
}

export interface ServiceSpec {
	/** `web` and `toolbox` are on every engine's disk already; an engine has to pull any other image. */
	image: 'web' | 'toolbox' | (string & {});
	/** Number of tasks, or `global` for one on every node that the constraints allow; 1 by default. */
	replicas?: number | 'global';
	networks?: readonly Overlay[];
	publish?: readonly Publish[];
	mounts?: readonly Mount[];
	/** `node.hostname==w1`, `node.role==worker`. */
	constraints?: readonly string[];
	/** The service's name resolves to one virtual address (`vip`, the default), or to the addresses of its tasks (`dnsrr`). */
	endpointMode?: 'vip' | 'dnsrr';
	command?: readonly string[];
	env?: Record<string, string>;
	labels?: Record<string, string>;
	/** Seconds between SIGTERM and SIGKILL; the engine's own default is 10. */
	stopGrace?: number;
	/** Seconds before a task that ended is replaced; the engine's own default is 5. */
	restartDelay?: number;
}

/** Variables by which a task knows its name, its id and its node. */
const identity = ['TASK_NAME={{.Task.Name}}', 'TASK_ID={{.Task.ID}}', 'NODE_NAME={{.Node.Hostname}}'];

const nanoseconds = 1e9;

/** Returns the body of `POST /services/create` and `/update`. API 1.24 (engine 1.12) ignores fields that it does not know. */
export function serviceBody(name: string, spec: ServiceSpec): Record<string, unknown> {
	const {replicas = 1, networks = [], publish = [], mounts = [], constraints = [], env = {}, labels = {}} = spec;
	const attached = networks.map(({id}) => ({Target: id}));
	return {
		Name: name,
		Labels: labels,
		TaskTemplate: {
			ContainerSpec: {
				Image: ownImages[spec.image] ?? spec.image,
				Env: [...identity, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)],
				Labels: labels,
				...(spec.command && {Command: spec.command}),
				...(spec.stopGrace !== undefined && {StopGracePeriod: spec.stopGrace * nanoseconds}),
				Mounts: mounts.map(({source, target, readOnly = false}) => ({
					Type: 'bind',
					Source: source,
					Target: target,
					ReadOnly: readOnly,
				})),
				// With the image's own health check, the balancer would get the task only after the check's interval.
				Healthcheck: {Test: ['NONE']},
			},
			Placement: {Constraints: constraints},
			...(spec.restartDelay !== undefined && {
				RestartPolicy: {Condition: 'any', Delay: spec.restartDelay * nanoseconds},
			}),
			Networks: attached,
		},
		Mode: replicas === 'global' ? {Global: {}} : {Replicated: {Replicas: replicas}},
		// Up to API 1.25 networks belong here. Later engines refuse networks in both places, and prefer the template.
		EndpointSpec: {
			Mode: spec.endpointMode ?? 'vip',
			Ports: publish.map(({target, published, mode = 'ingress', protocol = 'tcp'}) => ({
				Protocol: protocol,
				TargetPort: target,
				PublishedPort: published,
				PublishMode: mode,
			})),
		},
	};
}

const ownImages: Record<string, string> = {web: 'swarmlab/web:latest', toolbox: 'swarmlab/toolbox:latest'};
