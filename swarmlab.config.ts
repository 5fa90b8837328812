/** The matrix that `npm start` runs: copy it and edit it. Every field: docs/configuration.md. */
import {defineConfig} from 'swarmlab/config';

export default defineConfig({
	// 'default' is what this host's own release ships; `swarmlab kernels` and `swarmlab engines` list what else there is.
	kernels: ['default'],
	engines: ['default'],
	topologies: [{managers: 1, workers: 2}],
	// Those about DevStack are run when they are named (swarmlab run scenarios/devstack), and those of public reports by
	// swarmlab reproduce.
	scenarios: ['scenarios/*.ts'],
});
