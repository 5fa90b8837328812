/** Brings a store up to date with the folder of the runs: reads what is new or changed, and forgets what is gone. */
import fs from 'node:fs';
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {uniform} from '../model/index.ts';
import {listRuns} from '../record/find.ts';
import {eachEvent, recordFile} from '../record/record.ts';
import {type PastRun, pastRun} from './past-run.ts';
import {inTransaction} from './store.ts';

/** A record, by what changes when it is written. */
interface Stamp {
	folder: string;
	size: number;
	changed: number;
}

/** Runs that are written with one transaction: another writer waits no longer than they take. */
const together = 50;

/** Brings the store up to date. Throws the errors of the database. */
export function bringUpToDate(database: DatabaseSync, runsFolder: string): void {
	const known = new Map(
		(database.prepare('SELECT folder, size, changed FROM run').all() as unknown as Stamp[]).map(each => [
			each.folder,
			each,
		]),
	);
	const there = stampsIn(runsFolder);
	const gone = new Set(known.keys());
	const changed = there.filter(each => {
		gone.delete(each.folder);
		const before = known.get(each.folder);
		return before?.size !== each.size || before.changed !== each.changed;
	});
	if (gone.size > 0) {
		const forget = database.prepare('DELETE FROM run WHERE folder = ?');
		inTransaction(database, () => gone.forEach(folder => void forget.run(folder)));
	}

	const write = writer(database);
	for (let from = 0; from < changed.length; from += together) {
		const read = changed.slice(from, from + together).map(stamp => ({stamp, run: readRun(runsFolder, stamp.folder)}));
		inTransaction(database, () => read.forEach(each => void write(each)));
	}
}

function stampsIn(runsFolder: string): Stamp[] {
	return namesIn(runsFolder).flatMap(folder => {
		const found = fs.statSync(recordFile(path.join(runsFolder, folder)), {throwIfNoEntry: false});
		return found ? [{folder, size: found.size, changed: found.mtimeMs}] : [];
	});
}

function namesIn(runsFolder: string): string[] {
	try {
		return listRuns(runsFolder);
	} catch {
		return [];
	}
}

/** Reads a run; a text is why it cannot be read. Its folder may be removed at any time. */
function readRun(runsFolder: string, folder: string): PastRun | string {
	try {
		const problems: string[] = [];
		return pastRun(eachEvent(path.join(runsFolder, folder), problems), problems);
	} catch (error) {
		return (error as Error).message;
	}
}

function writer(database: DatabaseSync) {
	const forget = database.prepare('DELETE FROM run WHERE folder = ?');
	const addRun = database.prepare('INSERT INTO run VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
	const addCell = database.prepare('INSERT INTO cell VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)');
	const addResult = database.prepare('INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?, ?)');
	const addClaim = database.prepare('INSERT OR IGNORE INTO claim VALUES (NULL, ?, ?)');
	const findClaim = database.prepare('SELECT key FROM claim WHERE file = ? AND title = ?');
	const claims = new Map<string, number>();
	const claimOf = (file: string, title: string): number => {
		const id = `${file}\n${title}`;
		let key = claims.get(id);
		if (key === undefined) {
			addClaim.run(file, title);
			key = (findClaim.get(file, title) as {key: number}).key;
			claims.set(id, key);
		}

		return key;
	};

	return ({stamp, run}: {stamp: Stamp; run: PastRun | string}) => {
		const {folder, size, changed} = stamp;
		forget.run(folder);
		if (typeof run === 'string') {
			addRun.run(folder, size, changed, folder, '', 0, 'unreadable', 2, '[]', '{}', '', '', run);
			return;
		}

		const {host} = run;
		const {lastInsertRowid: runKey} = addRun.run(
			...([folder, size, changed, run.run, run.startedAt, run.seconds, run.state, run.exitCode] as const),
			...([
				JSON.stringify(run.command),
				JSON.stringify(host ?? {}),
				host?.hostname ?? '',
				host?.swarmlab ?? '',
			] as const),
			run.problems.join('\n'),
		);
		for (const {cell, state, seconds, results} of run.cells) {
			const {lastInsertRowid: cellKey} = addCell.run(
				...([runKey, cell.id, cell.provider, uniform(cell, ({kernel}) => kernel.release)] as const),
				...([uniform(cell, ({engine}) => engine.version), JSON.stringify(cell.nodes), state, seconds] as const),
			);
			for (const {file, title, verdict, seconds, message, expectation, tries} of results) {
				const text = JSON.stringify(tries.map(each => [each.verdict, each.seconds, each.metrics]));
				addResult.run(claimOf(file, title), cellKey, verdict, seconds, message, expectation?.issue ?? '', text);
			}
		}
	};
}
