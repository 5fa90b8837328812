/**
 * The file of the history: a database that holds nothing that the records do not have. If it cannot be used, an empty one in
 * memory takes its place, which is filled again from the records: that costs time, and changes no answer.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {limits} from '../limits.ts';
import * as paths from '../paths.ts';

/** The number of the schema below. Increase it with each change: a store with a smaller number is made anew. */
export const storeSchema = 1;

const tables = `
CREATE TABLE run (key INTEGER PRIMARY KEY, folder TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, changed REAL NOT NULL,
	run TEXT NOT NULL, started TEXT NOT NULL, seconds REAL NOT NULL, state TEXT NOT NULL, exit INTEGER NOT NULL,
	command TEXT NOT NULL, host TEXT NOT NULL, hostname TEXT NOT NULL, swarmlab TEXT NOT NULL, problem TEXT NOT NULL);
CREATE TABLE claim (key INTEGER PRIMARY KEY, file TEXT NOT NULL, title TEXT NOT NULL, UNIQUE (file, title));
CREATE TABLE cell (key INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, id TEXT NOT NULL,
	provider TEXT NOT NULL, kernel TEXT NOT NULL, engine TEXT NOT NULL, nodes TEXT NOT NULL, state TEXT NOT NULL, seconds REAL NOT NULL);
CREATE TABLE result (claim INTEGER NOT NULL REFERENCES claim, cell INTEGER NOT NULL REFERENCES cell ON DELETE CASCADE,
	verdict TEXT NOT NULL, seconds REAL NOT NULL, message TEXT NOT NULL, issue TEXT NOT NULL, tries TEXT NOT NULL,
	PRIMARY KEY (claim, cell)) WITHOUT ROWID;
CREATE INDEX cell_run ON cell (run);
CREATE INDEX result_cell ON result (cell);
PRAGMA user_version = ${storeSchema};
`;

export interface Store {
	database: DatabaseSync;
	/** Why the file is not used, one sentence; undefined if it is. */
	problem?: string;
}

/** Returns the file of the history of these runs: each folder of runs has its own. */
export function storeFile(runsFolder: string): string {
	const name = createHash('sha256').update(path.resolve(runsFolder)).digest('hex').slice(0, 16);
	return path.join(paths.history, `${name}.sqlite`);
}

/** Opens the store. A damaged one and one of an older schema are made anew; one of a newer schema is left as it is. */
export function openStore(file: string): Store {
	try {
		fs.mkdirSync(path.dirname(file), {recursive: true});
		return {database: opened(file)};
	} catch (error) {
		return isDamaged(error) ? anew(file) : inMemory(`${file} cannot be used: ${(error as Error).message}.`);
	}
}

/** Opens an empty store in memory. */
export function inMemory(problem: string): Store {
	return {database: prepared(new DatabaseSync(':memory:')), problem};
}

/**
 * Returns whether a store with this error is to be made anew. Not if another process has locked it (result codes of SQLite:
 * 5 is SQLITE_BUSY, 6 is SQLITE_LOCKED), or if a newer swarmlab needs it as it is.
 */
export function isDamaged(error: unknown): boolean {
	const {errcode} = (error ?? {}) as {errcode?: number};
	return !(error instanceof StoreNewer) && ![5, 6].includes((errcode ?? 0) & 0xff);
}

/** Removes a damaged store, and opens an empty one in its place. */
export function anew(file: string): Store {
	try {
		for (const each of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
			fs.rmSync(each, {force: true});
		}

		return {database: opened(file)};
	} catch (error) {
		return inMemory(`${file} cannot be made anew: ${(error as Error).message}.`);
	}
}

class StoreNewer extends Error {}

function opened(file: string): DatabaseSync {
	const database = new DatabaseSync(file, {timeout: limits.historyLock * 1000});
	try {
		return prepared(database);
	} catch (error) {
		database.close();
		throw error;
	}
}

function prepared(database: DatabaseSync): DatabaseSync {
	// What a power cut takes is read again from the records.
	database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;');
	const schema = () => Number((database.prepare('PRAGMA user_version').get() as {user_version: number}).user_version);
	if (schema() > storeSchema) {
		throw new StoreNewer(`a newer swarmlab wrote it (schema ${schema()}, and this one has ${storeSchema})`);
	}

	if (schema() === storeSchema) {
		return database;
	}

	inTransaction(database, () => {
		// Another process may have made the tables in between.
		const now = schema();
		if (now !== 0 && now < storeSchema) {
			throw new Error('it has an older schema');
		}

		if (now === 0) {
			database.exec(tables);
		}
	});
	return database;
}

/** Calls `work` in a transaction that no other writer can interrupt. Throws what it throws, and then nothing is written. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
	database.exec('BEGIN IMMEDIATE');
	try {
		work();
		database.exec('COMMIT');
	} catch (error) {
		if (database.isTransaction) {
			database.exec('ROLLBACK');
		}

		throw error;
	}
}
