/**
 * What in the state of the nodes explains that two sides behave differently: the shortest explanation first. A fact explains as
 * much as its values tell the sides apart; what differs between nodes of one side is chance. Pure.
 */
import type {Evidence} from '../model/index.ts';
import {type Sample, samplesOf, type Topic} from './facts.ts';

/** A value, and in how many places of a side it is. Undefined: the key is not there. */
export interface Share {
	value: string | undefined;
	places: number;
}

export interface StateFact {
	key: string;
	/** The most frequent value first. */
	a: Share[];
	b: Share[];
	/** From 0 to 1: how well it tells the sides apart. */
	score: number;
}

/** Facts about one thing, in one kind of place. */
export interface Explanation {
	topic: Topic;
	place: string;
	/** In how many places each side was read. */
	places: {a: number; b: number};
	/** The best one first. */
	facts: StateFact[];
	/** That of its best fact. */
	score: number;
}

export interface StateDifference {
	/** Of those that tell the sides apart equally well, state before logs, and the shortest first. */
	explanations: Explanation[];
	/**
	 * Differences that are also there where both sides behave alike. By themselves they do not explain this; a variant, which every
	 * claim of a cell has, is among them.
	 */
	alsoAlike: Explanation[];
	/** What was not compared, one sentence each. */
	notes: string[];
}

/** From this score on, a difference is shown. */
const enough = 0.2;

/** Returns all differences between two sides, each of which is one or more folders of evidence. */
export function explain(a: readonly Evidence[], b: readonly Evidence[]): Explanation[] {
	const [ofA, ofB] = [grouped(a), grouped(b)];
	return [...new Set([...ofA.keys(), ...ofB.keys()])].flatMap(id => {
		const [left, right] = [ofA.get(id) ?? [], ofB.get(id) ?? []];
		if (left.length === 0 || right.length === 0) {
			// Places that one side does not have at all are counted by the topic `namespaces`.
			return [];
		}

		const keys = new Set([...left, ...right].flatMap(({facts}) => [...facts.keys()]));
		const facts = [...keys]
			.map(key => factOf(key, left, right))
			.filter(({score}) => score >= enough)
			.sort((one, other) => other.score - one.score || one.key.localeCompare(other.key));
		const [best] = facts;
		const {topic, place} = (left[0] ?? right[0])!;
		return best ? [{topic, place, places: {a: left.length, b: right.length}, facts, score: best.score}] : [];
	});
}

/**
 * Ranks differences, and sets those apart that are also where both sides behave alike.
 * @param alike differences of claims that come out the same on both sides
 */
export function rank(found: readonly Explanation[], alike: readonly Explanation[]): Omit<StateDifference, 'notes'> {
	const usual = new Set(alike.flatMap(each => each.facts.map(fact => idOf(each, fact))));
	const isUsual = (each: Explanation) => (fact: StateFact) => usual.has(idOf(each, fact));
	const only = (wanted: (each: Explanation) => (fact: StateFact) => boolean) =>
		inOrder(found.map(each => ({...each, facts: each.facts.filter(wanted(each))})));
	const explanations = only(each => fact => !isUsual(each)(fact));
	// What separates the sides half as well as the best fact is chance beside it.
	const least = (explanations[0]?.score ?? 0) / 2;
	return {
		explanations: inOrder(explanations.map(each => ({...each, facts: each.facts.filter(({score}) => score > least)}))),
		alsoAlike: only(isUsual),
	};
}

/** Returns those that have facts: of the same score, state before logs, and the shortest first. */
function inOrder(explanations: readonly Explanation[]): Explanation[] {
	return explanations
		.filter(({facts}) => facts.length > 0)
		.map(each => ({...each, score: each.facts[0]!.score}))
		.sort(
			(one, other) =>
				other.score - one.score ||
				Number(isLog(one.topic)) - Number(isLog(other.topic)) ||
				one.facts.length - other.facts.length,
		);
}

/** A log says what happened, and only state can say why. */
function isLog(topic: Topic): boolean {
	return topic === 'dockerd log' || topic === 'kernel log';
}

function idOf({topic, place}: Explanation, {key, a, b}: StateFact): string {
	return JSON.stringify([topic, place, key, a[0]?.value, b[0]?.value]);
}

function grouped(evidence: readonly Evidence[]): Map<string, Sample[]> {
	return Map.groupBy(evidence.flatMap(samplesOf), ({topic, place}) => `${topic}\n${place}`);
}

function factOf(key: string, left: readonly Sample[], right: readonly Sample[]): StateFact {
	const [a, b] = [sharesOf(key, left), sharesOf(key, right)];
	const values = new Set([...a, ...b].map(({value}) => value));
	const part = (shares: Share[], all: number, value: string | undefined) =>
		(shares.find(each => each.value === value)?.places ?? 0) / all;
	// Total variation distance, less the scatter within each side.
	const distance =
		[...values].reduce((sum, value) => sum + Math.abs(part(a, left.length, value) - part(b, right.length, value)), 0) /
		2;
	return {key, a, b, score: distance * (a[0]!.places / left.length) * (b[0]!.places / right.length)};
}

function sharesOf(key: string, samples: readonly Sample[]): Share[] {
	const groups = Map.groupBy(samples, ({facts}) => facts.get(key));
	return [...groups]
		.map(([value, those]) => ({value, places: those.length}))
		.sort((one, other) => other.places - one.places || String(one.value).localeCompare(String(other.value)));
}
