#!/usr/bin/env bash
# Ends all that stack.sh started. What it wrote stays: clean.sh removes that.
TOP_DIR=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=stackrc
source "$TOP_DIR/stackrc"
# shellcheck source=functions
source "$TOP_DIR/functions"

# The database last: the others tell it that they go.
for file in "$RUN_DIR"/*.pid; do
	name=$(basename "$file" .pid)
	[[ $name == '*' || $name == mysql ]] || stop_process "$name"
done
stop_process mysql
