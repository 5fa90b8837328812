/** Masks secrets in evidence: it is kept for weeks, and pasted into issues. */

const masked = '[masked]';

const secrets: [pattern: RegExp, by: string][] = [
	// Tokens that let a machine join the swarm, and the key of a locked one.
	[/\b(SWMTKN|SWMKEY)-1-[\w-]+/g, `$1-1-${masked}`],
	[/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g, `-----BEGIN $1----- ${masked}`],
	// Keys of `ip xfrm state`: `aead rfc4106(gcm(aes)) 0x… 64`, `auth-trunc hmac(sha256) 0x… 128`.
	[/^(\s*(?:aead|auth|auth-trunc|enc|comp) .*?)0x[0-9a-f]+/gm, `$1${masked}`],
	// Variables and flags of services and processes.
	[
		/\b(\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|CREDENTIALS?)\w*)(=|":\s*")(?!\[masked\])[^\s",']+/gi,
		`$1$2${masked}`,
	],
	[/\b(https?:\/\/[^\s:@/]+:)[^\s@/]+@/g, `$1${masked}@`],
];

/** Returns the text without tokens, private keys and passwords. Pure. */
export function maskSecrets(text: string): string {
	return secrets.reduce((all, [pattern, by]) => all.replaceAll(pattern, by), text);
}
