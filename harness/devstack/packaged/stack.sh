#!/usr/bin/env bash
# Configures and starts the services of ENABLED_SERVICES, from the packages that this machine was made with. Keeps the
# contract of DevStack's script of this name, as far as somebody reads it: what it prints, and how it ends.
set -o pipefail
TOP_DIR=$(cd "$(dirname "$0")" && pwd)
SECONDS=0

if ((EUID == 0)); then
	echo 'stack.sh is to be run by a user such as stack, not by root.'
	exit 1
fi

# shellcheck source=stackrc
source "$TOP_DIR/stackrc"
# shellcheck source=functions
source "$TOP_DIR/functions"
for name in "$TOP_DIR"/lib/*; do
	# shellcheck source=/dev/null
	source "$name"
done

if compgen -G "$RUN_DIR/*.pid" > /dev/null; then
	echo 'You are already running a stack.sh session.'
	echo "Processes: $(cd "$RUN_DIR" && echo *.pid)"
	echo 'To start anew: ./unstack.sh'
	exit 1
fi

sudo install -d -o "$(id -un)" "$DEST" "$DATA_DIR" "$LOGDIR" "$RUN_DIR"
rm -f "$LOGDIR"/*.log

# With LOGFILE everything goes there, too, and the summary to a file beside it: as DevStack does.
exec 6>&1
if [[ -n ${LOGFILE:-} ]]; then
	mkdir -p "$(dirname "$LOGFILE")"
	exec > >(tee "$LOGFILE") 2>&1
	exec 6> "$LOGFILE.summary"
fi

echo_summary() {
	echo "$(date -u '+%F %T.%3N') | $*" >&6
}

# step WHAT: for those who watch as well.
step() {
	[[ -z ${LOGFILE:-} ]] || echo "$*"
	echo_summary "$*"
}

exit_trap() {
	local code=$?
	((code == 0)) && return
	echo 'Error on exit'
	"$TOP_DIR/tools/worlddump.sh" "$LOGDIR"
	exit "$code"
}
trap exit_trap EXIT

err_trap() {
	local code=$?
	set +o xtrace
	[[ -n ${LOGFILE:-} ]] && echo "${0##*/} failed: full log in $LOGFILE" || echo "${0##*/} failed"
	exit "$code"
}
trap err_trap ERR
set -o errexit

step "Services: $ENABLED_SERVICES"
is_service_enabled key || die $LINENO 'ENABLED_SERVICES has no key: nothing works without Keystone'

# Better than a cloud that lacks what somebody asked for.
known=(mysql key g-api placement-api n-api n-cpu n-cond n-sch)
for name in ${ENABLED_SERVICES//,/ }; do
	[[ " ${known[*]} " == *" $name "* ]] || die $LINENO "this tree has no service $name; it has: ${known[*]}"
done

# What DevStack calls a service, and the name of its functions here.
projects=(keystone)
is_service_enabled g-api && projects+=(glance)
is_service_enabled placement-api && projects+=(placement)
is_service_enabled n-api && projects+=(nova)

step 'Starting the database'
timed start_database start_database

# each VERB: of all projects at once. They know nothing of each other yet, and there is more than one CPU.
each() {
	local project pid pids=()
	for project in "${projects[@]}"; do
		"$1_$project" > "$LOGDIR/$1-$project.log" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || {
			tail -n 3 "$LOGDIR/$1"-*.log
			die $LINENO "$1 failed: see $LOGDIR/$1-*.log"
		}
	done
}

step "Configuring ${projects[*]}"
for name in "${projects[@]}"; do
	"configure_$name"
done
# It reads its code while databases are made.
run_process client "$TOP_DIR/tools/openstack-warm" "$RUN_DIR/openstack.sock"
step 'Making databases'
timed dbsync each init

step "Starting ${projects[*]}"
start_keystone
is_service_enabled g-api && start_glance
is_service_enabled placement-api && start_placement
timed wait_for_service wait_for_service keystone "$KEYSTONE_SERVICE_URI/v3"

# shellcheck source=openrc
source "$TOP_DIR/openrc" admin admin
step 'Creating accounts'
timed accounts create_accounts "${projects[@]}"

# It looks for itself in Placement as soon as it starts.
is_service_enabled n-api && start_nova

is_service_enabled g-api && timed wait_for_service wait_for_service g-api "$GLANCE_SERVICE_URI/versions"
is_service_enabled placement-api && timed wait_for_service wait_for_service placement-api "$PLACEMENT_SERVICE_URI/"
is_service_enabled n-api && timed wait_for_service wait_for_service nova "${NOVA_SERVICE_URI%/v2.1}/"

step 'Creating what users begin with'
{
	is_service_enabled g-api && stock_of_glance
	is_service_enabled n-api && stock_of_nova
	true
} > "$DATA_DIR/stock"
timed osc osc < "$DATA_DIR/stock" > "$LOGDIR/stock.log"
is_service_enabled n-api && timed wait_for_service wait_for_compute

cat <<- END

	=========================
	DevStack Component Timing
	=========================
	Total runtime    $SECONDS

END
for name in "${!spent[@]}"; do
	printf '%-15s %4d\n' "$name" $((spent[$name] / 1000))
done
cat <<- END
	=========================

	This is your host IP address: $HOST_IP
	Keystone is serving at $KEYSTONE_SERVICE_URI/
	The default users are: admin and demo
	The password: $ADMIN_PASSWORD
END
echo_summary "stack.sh completed in $SECONDS seconds."
