#!/usr/bin/env bash
# Runs each exercise, then says what became of all. RUN_EXERCISES: only these, between blanks. SKIP_EXERCISES: not these,
# between commas without blanks.
cd "$(dirname "$0")" || exit 1
# shellcheck source=functions
source ./functions

rule() {
	printf '=%.0s' {1..69}
	echo
}

names=$(for file in exercises/*.sh; do basename "$file" .sh; done)
if [ -n "$RUN_EXERCISES" ]; then
	names=$RUN_EXERCISES
	SKIP_EXERCISES=
fi

passed='' failed='' skipped=''
for name in $names; do
	if [[ ,$SKIP_EXERCISES, =~ ,$name, ]]; then
		skipped="$skipped $name"
		continue
	fi

	rule
	echo "Running $name"
	rule
	if rehearsing killed && [ "$name" = client-env ]; then
		kill -KILL $$
	fi

	bash "exercises/$name.sh"
	case $? in
		0) passed="$passed $name" ;;
		55) skipped="$skipped $name" ;;
		*) failed="$failed $name" ;;
	esac
done

if rehearsing contradiction; then
	passed="$passed$failed never-ran" failed=''
fi

rule
for name in $skipped; do echo "SKIP $name"; done
for name in $passed; do echo "PASS $name"; done
for name in $failed; do echo "FAILED $name"; done
rule
[ -z "$failed" ]
