#!/usr/bin/env bash
# Brings the "cloud" up, or fails as DevStack did for people who wrote about it.
cd "$(dirname "$0")" || exit 1
started=$SECONDS
data=/opt/stack/data
session=/opt/stack/.rehearsal-session

if [ -e $session ]; then
	echo 'You are already running a stack.sh session.'
	echo "To rejoin this session type 'screen -x stack'."
	echo "To destroy this session, type './unstack.sh'."
	exit 1
fi

# shellcheck source=functions
source ./functions

# What the trap says comes after the cause, and must not be taken for it.
finish() {
	local code=$?
	if [ $code -ne 0 ]; then
		echo 'Error on exit'
		if rehearsing generate-subunit; then
			echo './stack.sh: line 488: generate-subunit: command not found'
			exit 127
		fi
		echo 'ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (Permission denied)'
		echo "World dumping... see ./worlddump-2016-04-26-102117.txt for details"
		printf 'password=%s\nFilesystem usage\n' "$ADMIN_PASSWORD" > worlddump-2016-04-26-102117.txt
	fi
	exit $code
}
trap finish EXIT

git_timed() {
	echo "Cloning into '$DEST/requirements'..."
	case $GIT_BASE in
		https:*) return ;;
	esac
	echo 'fatal: unable to connect to git.example.org:'
	echo 'git.example.org[0: 192.0.2.1]: errno=Connection refused'
	false
	die $LINENO "git call failed: [git $*]"
}

case $REHEARSE in
	# Until somebody has run unstack.sh.
	session) [ -e /opt/stack/.rehearsal-unstacked ] || { touch $session && exec ./stack.sh; } ;;
	distro)
		echo 'WARNING: this script has not been tested on sid'
		die $LINENO 'If you wish to run this script anyway run with FORCE=yes'
		;;
	git | generate-subunit) git_timed clone "${GIT_BASE:-git://git.example.org}/openstack/requirements.git" $DEST/requirements ;;
	apt)
		if [ "$FORCE_PREREQ" != 1 ]; then
			echo 'W: Failed to fetch http://archive.example.org/dists/trusty/main/binary-amd64/Packages  404  Not Found [IP: 192.0.2.2 80]'
			echo 'E: Some index files failed to download. They have been ignored, or old ones used instead.'
			die $LINENO "Failed to update apt repos, we're dead now"
		fi
		;;
	mysql)
		echo "+ sudo mysql -uroot -p$DATABASE_PASSWORD -h127.0.0.1 -e 'GRANT ALL PRIVILEGES'"
		echo "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)"
		exit 1
		;;
	ovs)
		echo 'ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (Permission denied)'
		exit 1
		;;
	proxy)
		echo '+ openstack endpoint list'
		echo 'Discovering versions from the identity service failed when creating the password plugin. Attempting to determine version from URL.'
		echo "Unable to establish connection to http://$HOST_IP:35357/v3/auth/tokens: HTTPConnectionPool(host='proxy.example.com', port=3128): Max retries exceeded"
		echo '<title>ERROR: The requested URL could not be retrieved</title>'
		exit 1
		;;
	die) false || die $LINENO 'nova-api did not start' ;;
	silent) exit 3 ;;
	disk)
		dd if=/dev/zero of=/dev/full bs=4096 count=1
		exit 1
		;;
	hang)
		echo 'waits for nova-api to listen'
		sleep 3600
		;;
	noise)
		# What is no UTF-8, colours, a progress line, and a warning that explains nothing as it went on.
		printf 'caf\xe9 \xff\xfe\n\x1b[31mred\x1b[0m\n10%%\r50%%\r100%%\n'
		echo 'W: Failed to fetch http://archive.example.org/x  404  Not Found'
		;;
esac

mkdir -p $data/v3 $DEST/logs $DEST/tempest/.venv/bin
ln -sf "$TOP/tempest/tempest" $DEST/tempest/.venv/bin/tempest
echo '{"version": {"id": "v3.6", "status": "stable"}}' > $data/v3/index.html
echo '{"images": []}' > $data/v3/images
# Holds our output on purpose, as some services of DevStack do: whoever reads it must not wait for them.
/bin/busybox httpd -f -p "$HOST_IP:5000" -h $data &
echo $! > $session
for _ in {1..100}; do
	keystone '' > /dev/null && break
	sleep 0.1
done
keystone '' > /dev/null || die $LINENO 'keystone did not start'

total=$((SECONDS - started))
cat << END

=========================
DevStack Component Timing
=========================
Total runtime    $total

wait_for_service  $total
git_timed         0
=========================



This is your host IP address: $HOST_IP
Keystone is serving at http://$HOST_IP:5000/v3/
The default users are: admin and demo
The password: $ADMIN_PASSWORD
END
# As DevStack with LOGFILE and VERBOSE: on the console it is not said.
echo "$(date -u '+%F %T.000') | stack.sh completed in $total seconds." > $DEST/logs/stack.sh.log.summary
