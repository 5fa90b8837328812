#!/usr/bin/env bash
# Runs the exercises one after another. SKIP_EXERCISES: names with commas between; RUN_EXERCISES: names with blanks
# between, only these. An exercise says with 55 that it does not apply here.
TOP_DIR=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=stackrc
source "$TOP_DIR/stackrc"
line=$(printf '=%.0s' {1..69})

names=$(cd "$TOP_DIR/exercises" && echo *.sh)
names=${names//.sh/}
if [[ -n ${RUN_EXERCISES:-} ]]; then
	names=$RUN_EXERCISES
	SKIP_EXERCISES=
fi

skipped=() passed=() failed=()
for name in $names; do
	if [[ ,${SKIP_EXERCISES:-}, =~ ,$name, ]]; then
		skipped+=("$name")
		continue
	fi

	printf '%s\nRunning %s\n%s\n' "$line" "$name" "$line"
	"$TOP_DIR/exercises/$name.sh"
	case $? in
		0) passed+=("$name") ;;
		55) skipped+=("$name") ;;
		*) failed+=("$name") ;;
	esac
done

echo "$line"
((${#skipped[@]})) && printf 'SKIP %s\n' "${skipped[@]}"
((${#passed[@]})) && printf 'PASS %s\n' "${passed[@]}"
((${#failed[@]})) && printf 'FAILED %s\n' "${failed[@]}"
echo "$line"
exit $((${#failed[@]} > 0))
