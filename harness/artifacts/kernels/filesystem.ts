/** A small ext4 image of a folder. Nothing is mounted, so making it needs no root. */
import {rm} from 'node:fs/promises';
import {execa} from 'execa';
import {withSbin} from '../../environment.ts';

/**
 * Writes the content of `folder` as a read-only ext4 filesystem: no journal, no reserved blocks, few free blocks.
 * @param options.label of the filesystem, as blkid shows it
 */
export async function makeFilesystem(folder: string, image: string, options: {label: string}): Promise<void> {
	const {stdout} = await execa('du', ['--summarize', '--apparent-size', '--block-size=1K', '--inodes', folder]);
	const inodes = Number.parseInt(stdout, 10) + 64;
	const {stdout: usage} = await execa('du', ['--summarize', '--block-size=1K', folder]);
	// Block maps and inode tables need space in addition to the files.
	const kibibytes = Math.ceil(Number.parseInt(usage, 10) * 1.05) + inodes / 4 + 4096;
	await rm(image, {force: true});
	await execa(
		'mke2fs',
		[
			...['-q', '-F', '-t', 'ext4', '-L', options.label, '-b', '4096', '-m', '0', '-N', String(inodes)],
			...['-O', '^has_journal,^resize_inode,^metadata_csum', '-E', 'root_owner=0:0,lazy_itable_init=0'],
			...['-d', folder, image, `${Math.ceil(kibibytes)}k`],
		],
		{env: {PATH: withSbin()}},
	);
}
