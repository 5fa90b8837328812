/** The package.json of the package. The clone's runs the sources and brings a Node and tools; the package does neither. Pure. */

/** The fields of the clone's package.json that are read here. */
export interface CloneManifest {
	dependencies: Record<string, string>;
	devDependencies: Record<string, string>;
	exports: Record<string, string>;
	bin: Record<string, string>;
	[field: string]: unknown;
}

/** The fields of package-lock.json that are read here: by path, `node_modules/ava`. */
export interface Lock {
	packages: Record<string, {version?: string}>;
}

/** Fields that are as in the clone. */
const kept = ['name', 'version', 'description', 'license', 'type'];

/** A clone brings this itself. */
const ofClones = ['node'];

/** Our types need them: users without would have errors in our files. */
const typesToo = ['@types/dockerode', '@types/node'];

/** What npm packs beside README, LICENSE and package.json. */
const files = ['dist', 'docs/*.md', 'schemas', 'ci', 'CHANGELOG.md'];

/**
 * Returns the package.json of the package: its dependencies are exactly those of the lock file, which are tested.
 * @throws Error if a dependency is not in the lock file
 */
export function packageManifest(clone: CloneManifest, lock: Lock): object {
	const built = (file: string) => `./dist/${file.replace(/^\.\//, '').replace(/\.ts$/, '.js')}`;
	const names = [...Object.keys(clone.dependencies).filter(name => !ofClones.includes(name)), ...typesToo];
	return {
		...Object.fromEntries(kept.map(field => [field, clone[field]])),
		keywords: ['docker', 'swarm', 'kernel', 'networking', 'qemu', 'integration-test'],
		// AVA needs this version.
		engines: {node: '>=24.12'},
		os: ['linux'],
		bin: Object.fromEntries(Object.entries(clone.bin).map(([name, file]) => [name, built(file)])),
		exports: {
			...Object.fromEntries(
				Object.entries(clone.exports).map(([door, file]) => [
					door,
					{types: built(file).replace(/\.js$/, '.d.ts'), default: built(file)},
				]),
			),
			'./schemas/*.json': './schemas/*.json',
			'./package.json': './package.json',
		},
		files,
		dependencies: Object.fromEntries(names.sort().map(name => [name, versionIn(lock, name)])),
	};
}

function versionIn(lock: Lock, name: string): string {
	const version = lock.packages[`node_modules/${name}`]?.version;
	if (!version) {
		throw new Error(`package-lock.json has no ${name}: npm install`);
	}

	return version;
}
