import test from 'ava';
import {serviceBody} from './service-spec.ts';

test('a service as the API wants it', t => {
	t.deepEqual(
		serviceBody('web', {
			image: 'web',
			replicas: 2,
			networks: [{id: 'n1', name: 'net'}],
			publish: [
				{target: 80, published: 8080},
				{target: 80, published: 8082, mode: 'host'},
			],
			mounts: [{source: '/a', target: '/b', readOnly: true}],
			constraints: ['node.role==worker'],
			stopGrace: 1,
		}),
		{
			Name: 'web',
			Labels: {},
			TaskTemplate: {
				ContainerSpec: {
					Image: 'swarmlab/web:latest',
					Env: ['TASK_NAME={{.Task.Name}}', 'TASK_ID={{.Task.ID}}', 'NODE_NAME={{.Node.Hostname}}'],
					Labels: {},
					StopGracePeriod: 1_000_000_000,
					Mounts: [{Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true}],
					Healthcheck: {Test: ['NONE']},
				},
				Placement: {Constraints: ['node.role==worker']},
				Networks: [{Target: 'n1'}],
			},
			Mode: {Replicated: {Replicas: 2}},
			EndpointSpec: {
				Mode: 'vip',
				Ports: [
					{Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress'},
					{Protocol: 'tcp', TargetPort: 80, PublishedPort: 8082, PublishMode: 'host'},
				],
			},
		},
	);
});

test('a global service has no number of tasks', t => {
	t.deepEqual(serviceBody('x', {image: 'toolbox', replicas: 'global'}).Mode, {Global: {}});
});

test('no task is a number, too', t => {
	t.deepEqual(serviceBody('x', {image: 'web', replicas: 0}).Mode, {Replicated: {Replicas: 0}});
});
