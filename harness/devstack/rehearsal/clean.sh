#!/usr/bin/env bash
# As unstack.sh, and the data.
"$(dirname "$0")/unstack.sh"
rm -rf /opt/stack/data /opt/stack/devstack/worlddump-*.txt
