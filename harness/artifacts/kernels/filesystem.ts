/** A small ext4 image of a folder, made without mounting anything, hence without root. */
import {rm} from 'node:fs/promises';
import {execa} from 'execa';
import {withSbin} from '../../environment.ts';

/**
 * Writes `folder`'s content as an ext4 filesystem that is only ever read: no journal, no reserve, hardly a free block.
 * @param options.label of the filesystem, for those who look with blkid
 */
export async function makeFilesystem(folder: string, image: string, options: {label: string}): Promise<void> {
	const {stdout} = await execa('du', ['--summarize', '--apparent-size', '--block-size=1K', '--inodes', folder]);
	const inodes = Number.parseInt(stdout, 10) + 64;
	const {stdout: usage} = await execa('du', ['--summarize', '--block-size=1K', folder]);
	// Block maps and inode tables come on top of what the files take.
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
