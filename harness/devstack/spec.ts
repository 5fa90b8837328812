/** Parses the name of a stack that a person types: `rehearsal`, `devstack:mitaka`, `devstack:mitaka@96ffde28`. */
import {UsageError} from '../errors.ts';
import type {Stack, StackKind} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import {kinds} from './kinds.ts';
import {findRevision, requireExercises} from './revisions.ts';

const forms = 'A stack is rehearsal, packaged, devstack:RELEASE or devstack:RELEASE@COMMIT.';

export interface StackOptions {
	/** Lines of local.conf. */
	localrc?: Record<string, string>;
	retryWithRemedy?: boolean;
	/** Whether its exercises will run, so that the release must have some. Default: true. */
	exercises?: boolean;
}

/**
 * Returns the stack that `spec` names. Throws UsageError for an unknown kind or release, and for a release without exercises if
 * they are requested.
 */
export function resolveStack(
	spec: string,
	{localrc = {}, retryWithRemedy = false, exercises: wanted = true}: StackOptions = {},
): Stack {
	const [, name = '', release, commit] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/.exec(spec) ?? [];
	if (!Object.hasOwn(kinds, name)) {
		const [near] = nearest(name, Object.keys(kinds));
		throw new UsageError(`There is no stack '${spec}'.${near ? ` Did you mean ${near}?` : ''}`, {remedy: forms});
	}

	const kind = name as StackKind;
	const {keeps, what, exercises} = kinds[kind];
	if (commit !== undefined && !/^[0-9a-f]{7,40}$/i.test(commit)) {
		throw new UsageError(`'${commit}' is no commit: 7 to 40 digits of its hash are wanted.`, {remedy: forms});
	}

	if (keeps === undefined && release === undefined) {
		throw new UsageError(`Which release of DevStack? '${spec}' does not say.`, {
			remedy: `${forms} Such as: devstack:mitaka.`,
		});
	}

	if (keeps !== undefined && (release !== undefined || commit !== undefined)) {
		throw new UsageError(`The stack ${kind} has no releases, so '${spec}' means nothing.`, {remedy: forms});
	}

	const revision = findRevision(release ?? keeps!);
	if (wanted) {
		requireExercises(revision);
	}

	return {
		kind,
		label: release === undefined ? kind : `${kind}-${revision.name}${commit ? `-${commit.slice(0, 8)}` : ''}`,
		what,
		revision: revision.name,
		...((commit ?? revision.commit) && {commit: commit ?? revision.commit}),
		exercises: [...(exercises ?? revision.exercises)],
		localrc,
		retryWithRemedy,
	};
}

/** Throws UsageError if the machine has to clone the tree, and no line of local.conf names the server. */
export function requireGitBase({kind, label, localrc}: Stack): void {
	if (kinds[kind].tree === undefined && !localrc.GIT_BASE) {
		throw new UsageError(`The machine of ${label} clones DevStack, and nothing says from which server.`, {
			remedy: 'Name it: --localrc GIT_BASE=https://SERVER, which has openstack/devstack.git.',
		});
	}
}

/** Parses `NAME=value` from the command line. Throws UsageError. */
export function parseLocalrc(lines: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		lines.map(line => {
			const [, name, value] = /^([A-Za-z_]\w*)=([^"\n\r`]*)$/.exec(line) ?? [];
			if (name === undefined) {
				throw new UsageError(`'${line}' is no line of local.conf.`, {
					remedy: 'Write NAME=value, without double quotes.',
				});
			}

			return [name, value!];
		}),
	);
}
