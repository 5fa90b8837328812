#!/usr/bin/env bash
# As if stack.sh had never been run: services, their databases and files are gone.
TOP_DIR=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=stackrc
source "$TOP_DIR/stackrc"
# shellcheck source=functions
source "$TOP_DIR/functions"
# shellcheck source=lib/database
source "$TOP_DIR/lib/database"

"$TOP_DIR/unstack.sh"
if sudo test -d /var/lib/mysql/keystone; then
	start_database
	for name in keystone glance placement nova nova_api nova_cell0 neutron; do
		sql "DROP DATABASE IF EXISTS $name"
	done
	stop_process mysql
fi
rm -rf "$DATA_DIR" "$LOGDIR" "$RUN_DIR"
