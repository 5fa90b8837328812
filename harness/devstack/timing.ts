/**
 * Reads the table of components at the end of stack.sh, in each of its forms: `name - N secs` (95c33d53, mitaka), the total
 * first (908a3a95, newton and ocata), the same in fractions of buckets (85cf2933, pike), the total last with what is
 * unaccounted for (5ad4e588, since queens). Streaming.
 */

export interface ComponentTimes {
	/** Seconds by component. Buckets that ran side by side may sum up to more than the total. */
	components: Record<string, number>;
	total?: number;
	/** Negative where components ran side by side. */
	unaccounted?: number;
}

/** More lines than any table has. If a log only mentions the title, the lines after that must not be lost. */
const most = 60;

const title = /^DevStack Components? Tim(?:ed|ing)$/;
const rule = /^(?:=+|-+)$/;
const row = /^(\S.*?)\s+(-?\d+(?:\.\d+)?)$/;
const oldRow = /^(\S.*?) - (\d+) secs$/;

/** Takes lines. The last table is in `times`. */
export class TimingReader {
	times: ComponentTimes | undefined;
	#left = 0;

	/** Returns whether the line belongs to a table. */
	take(line: string): boolean {
		if (title.test(line)) {
			this.times = {components: {}};
			this.#left = most;
			return true;
		}

		if (this.#left === 0) {
			return false;
		}

		this.#left -= 1;
		const [, name, seconds] = oldRow.exec(line) ?? row.exec(line) ?? [];
		if (name === undefined) {
			// Blank lines, rules and the remark about units stand between rows; anything else ends the table.
			this.#left = line.trim() === '' || rule.test(line) || /^\s*\(times are in/.test(line) ? this.#left : 0;
			return this.#left > 0;
		}

		this.#add(name, Number(seconds));
		return true;
	}

	#add(name: string, seconds: number): void {
		const {times} = this;
		if (name === 'Total runtime') {
			times!.total = seconds;
		} else if (name === 'Unaccounted time') {
			times!.unaccounted = seconds;
		} else {
			times!.components[name] = seconds;
		}
	}
}
