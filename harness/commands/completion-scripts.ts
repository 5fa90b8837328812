/** The scripts that make a shell complete `swarmlab`. They ask this program for the words, so that they never grow old. Pure. */
import {quoteAll} from '../machine/quote.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** Returns the script. @param program words that start swarmlab from any folder */
export function completionScript(shell: (typeof shells)[number], program: readonly string[]): string {
	const ask = `${quoteAll(program)} completion ${shell} --candidates --`;
	switch (shell) {
		case 'bash':
			return `# bash: source <(swarmlab completion bash), in ~/.bashrc
_swarmlab() {
	local IFS=$'\\n'
	COMPREPLY=($(${ask} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null))
	[[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]] && compopt -o nospace 2> /dev/null
	return 0
}
complete -o default -F _swarmlab swarmlab`;
		case 'zsh':
			return `#compdef swarmlab
# zsh: source <(swarmlab completion zsh), in ~/.zshrc after compinit
_swarmlab() {
	local -a found
	found=("\${(@f)$(${ask} "\${(@)words[2,CURRENT]}" 2> /dev/null)}")
	if [[ -n "\${found[*]}" ]]; then
		compadd -S '' -- "\${(@M)found:#*:}"
		compadd -- "\${(@)found:#*:}"
	else
		_files
	fi
}
compdef _swarmlab swarmlab`;
		case 'fish':
			return `# fish: swarmlab completion fish | source, in ~/.config/fish/config.fish
function __swarmlab_candidates
	set -l words (commandline -opc) (commandline -ct)
	set -l found (${ask} $words[2..-1] 2> /dev/null)
	if set -q found[1]
		printf '%s\\n' $found
	else
		__fish_complete_path (commandline -ct)
	end
end
complete -c swarmlab -f -a '(__swarmlab_candidates)'`;
	}
}
