/** The names of public reports: `moby/moby#40989`, `CVE-2023-28842`. Pure. */

const reportOfRepository = /^([\w.-]+\/[\w.-]+)#(\d+)$/;
const advisory = /^(CVE-\d{4}-\d{4,}|GHSA(?:-[\da-z]{4}){3})$/i;

/** Returns whether a text names a report. */
export function isIssue(text: string): boolean {
	return reportOfRepository.test(text) || advisory.test(text);
}

/** What a valid name looks like, for errors. */
export const issueForms = "'moby/moby#40989' or 'CVE-2023-28842'";

/** Returns where the report is to be read; undefined for a text that names none. */
export function linkOf(issue: string): string | undefined {
	const [, repository, number] = reportOfRepository.exec(issue) ?? [];
	if (repository) {
		return `https://github.com/${repository}/issues/${number}`;
	}

	return advisory.test(issue)
		? issue.toUpperCase().startsWith('CVE')
			? `https://nvd.nist.gov/vuln/detail/${issue.toUpperCase()}`
			: `https://github.com/advisories/${issue}`
		: undefined;
}

/** Returns whether a text that a user typed means a report: `40989`, `#40989`, `moby#40989`, `moby/moby#40989`, its address. */
export function means(typed: string, issue: string): boolean {
	const [, repository = '', number = ''] = reportOfRepository.exec(issue) ?? [];
	const said = typed
		.trim()
		.replace(/^https?:\/\/github\.com\//i, '')
		.replace(/\/(?:issues|pull)\/(\d+).*$/, '#$1')
		.toLowerCase();
	const name = repository.split('/')[1] ?? '';
	const forms = number ? [number, `#${number}`, `${name}#${number}`, issue] : [issue, issue.replace(/^CVE-/i, '')];
	return forms.some(each => each.toLowerCase() === said);
}
