/** The options of `swarmlab reproduce --new`, apart from what they do, so that help is quick. */
import type {Command} from 'commander';
import {collect} from './command.ts';

export interface NewFlags {
	new?: string;
	title?: string;
	step?: string[];
	fails?: string;
	because?: string;
	managers?: string;
	workers?: string;
	outsiders?: string;
}

/** Adds them. */
export function addNewOptions(command: Command): Command {
	return command
		.option('--new <report>', 'write the file of a report (moby/moby#12345), and run nothing')
		.option('--title <text>', 'of --new: the claim, what should hold')
		.option('--step <text>', "of --new: what is done before the claim, 'm1: docker node ls'; may be repeated", collect)
		.option('--fails <range>', "of --new: the engines on which it is expected to fail, '<20.10.8'")
		.option('--because <text>', 'of --new: why, with its source');
}
