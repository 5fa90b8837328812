/**
 * `npm pack` calls it before it packs, and packaging/postpack.ts afterwards: the package has another package.json than the clone.
 * If packing was interrupted in between, the next `npm pack` finds the clone's own package.json and puts it back first.
 */
import fs from 'node:fs';
import path from 'node:path';
import {build} from './build.ts';
import {type CloneManifest, type Lock, packageManifest} from './manifest.ts';
import {putBack, setAside} from './swap.ts';

const root = path.dirname(import.meta.dirname);
const read = (name: string) => JSON.parse(fs.readFileSync(path.join(root, name), 'utf8')) as unknown;

putBack(root);
build(root);
const manifest = packageManifest(read('package.json') as CloneManifest, read('package-lock.json') as Lock);
setAside(root, `${JSON.stringify(manifest, undefined, '\t')}\n`);
