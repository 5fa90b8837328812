/** Reads answers of the engine's name server, as dig prints them. Pure. */
import type {EvidenceSection} from '../model/index.ts';

/** Returns addresses by network id and name. The namespace of a section is the id of the network that was asked on. */
export function readNames(sections: readonly EvidenceSection[]): Map<string, Map<string, string[]>> {
	const networks = new Map<string, Map<string, string[]>>();
	for (const {namespace = '', text, trouble} of sections) {
		if (trouble) {
			continue;
		}

		const answers = new Map<string, string[]>();
		for (const [, name, address] of text.matchAll(/^(\S+)\.\s+\d+\s+IN\s+A\s+(\S+)$/gm)) {
			answers.set(name!, [...(answers.get(name!) ?? []), address!]);
		}

		networks.set(namespace, answers);
	}

	return networks;
}
