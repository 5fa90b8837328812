/** CI files: the scenarios on each push and each night, with JUnit and the runs kept. Pure. docs/nightly.md explains them. */
import type {CiName} from './answers.ts';
import type {Folder, NewFile} from './files.ts';

const use = (name: string) => `${name} proves the scenarios on each push`;

/** Returns the file for a CI; undefined for none. Where the usual name is taken, another one that is to be included. */
export function ciFile(name: CiName, {has}: Folder): NewFile | undefined {
	// `npm ci` needs the lock file of npm. The commands that follow work with what either has installed.
	const install = has('pnpm-lock.yaml') ? 'npx --yes pnpm install --frozen-lockfile' : 'npm ci';
	const withInstall = (text: string) => text.replace('npm ci', install);
	switch (name) {
		case 'github':
			return {name: '.github/workflows/swarmlab.yml', text: withInstall(githubText), use: use('GitHub Actions')};
		case 'gitlab':
			return has('.gitlab-ci.yml')
				? {
						name: '.gitlab/swarmlab.yml',
						text: withInstall(gitlabText),
						use: "a job for GitLab: add 'include: .gitlab/swarmlab.yml' to .gitlab-ci.yml",
					}
				: {name: '.gitlab-ci.yml', text: withInstall(gitlabText), use: use('GitLab')};
		case 'jenkins':
			return has('Jenkinsfile')
				? {
						name: 'swarmlab.Jenkinsfile',
						text: withInstall(jenkinsText),
						use: 'a pipeline for Jenkins: name it in the job',
					}
				: {name: 'Jenkinsfile', text: withInstall(jenkinsText), use: use('Jenkins')};
		case 'none':
			return undefined;
	}
}

const githubText = `# Proves the scenarios on each push and each night. Exit code 1: the product failed. 2: the lab is broken.
name: swarmlab

on:
  push:
  schedule:
    - cron: '17 2 * * *'
  workflow_dispatch:

permissions:
  contents: read

jobs:
  swarm:
    runs-on: ubuntu-24.04
    timeout-minutes: 120
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      # Kernels and engines of earlier runs. A cache of this service is never written to again, so each run saves its own.
      - uses: actions/cache@v4
        with:
          path: ~/.cache/swarmlab
          key: swarmlab-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: swarmlab-
      # The runner's user may open KVM only after this. Without KVM everything runs under emulation, with the same verdicts.
      - run: if [ -e /dev/kvm ]; then sudo chmod a+rw /dev/kvm; fi
      # Ubuntu lets AppArmor deny user namespaces; engines are unpacked in one.
      - run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
      - run: npm ci
      # Annotations at the lines of scenarios, and the step summary.
      - run: npx --no swarmlab run --reporter github
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: swarmlab
          path: |
            reports/runs/
            !**/*.sock
          if-no-files-found: ignore
      # Snapshots are quicker made than moved: a cache of this service has room for 10 GB.
      - if: always()
        run: npx --no swarmlab images prune --kind template,cluster,fixture --all
`;

const gitlabText = `# Proves the scenarios. Exit code 1: the product failed. 2: the lab is broken.
# The runner needs x86-64 Linux with apt, and Node 24. Without KVM everything runs under emulation, with the same verdicts.
swarmlab:
  image: node:24-bookworm
  variables:
    SWARMLAB_CACHE: $CI_PROJECT_DIR/.cache/swarmlab
  cache:
    key: swarmlab
    paths:
      - .cache/swarmlab/
  script:
    - npm ci
    - npx --no swarmlab run
  after_script:
    - npx --no swarmlab images prune --kind template,cluster,fixture --all
  artifacts:
    when: always
    paths:
      - reports/runs/
    reports:
      junit: reports/runs/latest/junit.xml
`;

const jenkinsText = `// Proves the scenarios. The agent needs x86-64 Linux with apt, and Node 24.
pipeline {
    agent any
    triggers {
        cron('H 2 * * *')
    }
    options {
        timeout(time: 2, unit: 'HOURS')
    }
    stages {
        stage('swarmlab') {
            steps {
                sh 'rm -f reports/runs/latest && npm ci'
                // 1 and 2 are results, which JUnit has. 64 and 69 fail this step.
                sh 'npx --no swarmlab run || [ $? -le 2 ]'
            }
        }
    }
    post {
        always {
            junit 'reports/runs/latest/junit.xml'
            archiveArtifacts artifacts: 'reports/runs/latest/**', allowEmptyArchive: true
        }
    }
}
`;
