#!/bin/sh
# Installs exactly the Docker Engine that is asked for, starts it, and proves which one it is. Idempotent: an engine that
# is there already is left alone. For Debian and Ubuntu, from 14.04 on; needs root.
set -eu

usage() {
	cat >&2 << 'END'
usage: engine.sh SPEC
       engine.sh --configure

  default                               the newest engine that apt offers: docker-ce, else docker.io
  20.10, 26.1.5                         the newest package whose version begins so
  docker.io=20.10.24+dfsg1-1            this package in this version
  tarball:/path/docker-1.12.6.tgz       a static build: file or URL; with #sha256=HEX it is verified
  --configure                           only the settings of the daemon, for an engine that is installed; starts nothing
END
	exit 64
}

say() {
	echo "engine.sh: $*"
}

die() {
	echo "engine.sh: $1" >&2
	[ $# -lt 2 ] || echo "  -> $2" >&2
	exit 1
}

has() {
	command -v "$1" > /dev/null 2>&1
}

# Whether there is a systemd that runs; while an image is built there is only one that is installed.
runs_systemd() {
	[ -d /run/systemd/system ]
}

uses_systemd() {
	runs_systemd || { [ -d /lib/systemd/system ] && ! [ -d /etc/init/cgmanager ]; }
}

# at_least VERSION MINIMUM
at_least() {
	[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# What the daemon on this disk calls itself: 20.10.24+dfsg1 is 20.10.24.
installed_version() {
	has dockerd || return 0
	dockerd --version 2> /dev/null | sed -n 's/^Docker version \([0-9][0-9.]*\).*/\1/p'
}

# begins VERSION PREFIX: by whole components, so that 1.1 is no beginning of 1.12.
begins() {
	case $1. in "$2".*) return 0 ;; esac
	return 1
}

# --- what is installed ---------------------------------------------------------------------------------------------

apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"
}

# package_of PREFIX: name=version of the newest package whose upstream version begins so; docker-ce wins.
package_of() {
	for name in docker-ce docker.io docker-engine; do
		# docker-ce has an epoch (5:20.10.24~3-0~ubuntu), docker.io a suffix of the distribution.
		apt-cache madison "$name" 2> /dev/null | awk '{print $3}' | sort -Vr | while read -r version; do
			upstream=$(echo "$version" | sed 's/^[0-9]*://; s/[^0-9.].*//')
			if [ "$1" = default ] || begins "$upstream" "$1"; then
				echo "$name=$version"
				break
			fi
		done
	done | head -n 1
}

install_package() {
	package=$1
	say "installs $package"
	name=${package%%=*}
	version=${package#*=}
	set -- "$package"
	# The command line is a package of its own in newer releases; it must be of the same version.
	for companion in docker-cli docker-ce-cli; do
		if apt-cache madison "$companion" 2> /dev/null | awk '{print $3}' | grep -qxF "$version"; then
			case $companion in "${name%%.*}"*) set -- "$@" "$companion=$version" ;; esac
		fi
	done
	apt install --no-install-recommends --allow-downgrades "$@" ||
		die "$package could not be installed" "apt-cache policy $name shows what there is; apt-get update fetches the lists"
	apt-mark hold "$name" > /dev/null
}

fetch() {
	case $1 in
		http://* | https://*)
			if has curl; then
				curl -fsSL --retry 3 -o "$2" "$1"
			elif has wget; then
				wget -q -O "$2" "$1"
			else
				die "neither curl nor wget is here to fetch $1" 'apt-get install curl'
			fi || die "$1 could not be fetched"
			;;
		*) cp "$1" "$2" || die "there is no file $1" ;;
	esac
}

# Old builds (1.12) have docker-containerd, docker-runc … beside dockerd, newer ones containerd, runc: each daemon looks
# for its own names in PATH, so all go into one folder under the name they have.
install_tarball() {
	location=${1%%#*}
	sum=${1#*#sha256=}
	folder=$(mktemp -d)
	fetch "$location" "$folder/docker.tgz"
	actual=$(sha256sum "$folder/docker.tgz" | cut -d ' ' -f 1)
	if [ "$sum" != "$1" ] && [ "$sum" != "$actual" ]; then
		die "$location has the checksum $actual, not $sum" 'Fetch it again, or correct the checksum'
	fi

	tar -xf "$folder/docker.tgz" -C "$folder" --no-same-owner || die "$location is no tar archive"
	daemon=$(find "$folder" -type f -name dockerd | head -n 1)
	[ -n "$daemon" ] || die "$location is no static build of Docker with swarm mode: it has no dockerd" \
		'Give docker-VERSION.tgz of 1.12 or later; the rootless extras are another file'
	programs=$(dirname "$daemon")
	wanted=$("$daemon" --version | sed -n 's/^Docker version \([0-9][0-9.]*\).*/\1/p')
	if [ "$wanted" = "$(installed_version)" ] && cmp -s "$daemon" "$(command -v dockerd)"; then
		say "Docker $wanted of this build is installed already"
	else
		say "installs Docker $wanted from $location"
		stop_engine
		remove_packages
		for program in "$programs"/*; do
			[ -f "$program" ] && install -m 755 "$program" /usr/bin/
		done
		printf '%s\n' "$actual" > /etc/docker/tarball 2> /dev/null || { mkdir -p /etc/docker && echo "$actual" > /etc/docker/tarball; }
	fi

	rm -rf "$folder"
}

# A package's daemon in /usr/sbin would be found before one in /usr/bin, and its units would start it.
remove_packages() {
	for name in docker.io docker-ce docker-engine docker-cli docker-ce-cli containerd containerd.io runc; do
		if dpkg -s "$name" > /dev/null 2>&1; then
			apt-mark unhold "$name" > /dev/null 2>&1 || true
			set -- "$@" "$name"
		fi
	done
	[ $# -eq 0 ] || apt remove "$@" > /dev/null || die "the packages $* could not be removed"
}

# --- how the daemon runs -------------------------------------------------------------------------------------------

# What works on this kernel with this engine; what somebody has chosen stays.
configure() {
	version=$1
	mkdir -p /etc/docker
	if ! [ -s /etc/docker/daemon.json ]; then
		driver=overlay2
		# overlay2 came with Linux 4.0 and Docker 1.12; before, Ubuntu's kernels have aufs.
		at_least "$(uname -r | sed 's/[^0-9.].*//')" 4.0 || driver=aufs
		echo "{\"storage-driver\": \"$driver\", \"exec-opts\": [\"native.cgroupdriver=cgroupfs\"]}" > /etc/docker/daemon.json
	fi

	if uses_systemd; then
		configure_systemd
	elif [ -d /etc/init ]; then
		configure_upstart
	fi
}

configure_systemd() {
	has_own_unit || write_units
	for name in docker containerd; do
		mkdir -p "/etc/systemd/system/$name.service.d"
	done
	# The image of a service is the one that the node has, and no registry is asked for another: as moby's own tests do.
	# GOGC: dockerd starts itself anew some six times for each task, and collects garbage meanwhile.
	# Logs are files, so that they are found in one place whatever starts the daemon.
	cat > /etc/systemd/system/docker.service.d/swarmlab.conf << 'END'
[Service]
Environment=DOCKER_SERVICE_PREFER_OFFLINE_IMAGE=1 GOGC=400
StandardOutput=append:/var/log/dockerd.log
StandardError=append:/var/log/dockerd.log
END
	cat > /etc/systemd/system/containerd.service.d/swarmlab.conf << 'END'
[Service]
StandardOutput=append:/var/log/containerd.log
StandardError=append:/var/log/containerd.log
END
	! runs_systemd || systemctl daemon-reload
	systemctl enable docker.service > /dev/null 2>&1 || true
}

# Units of a package; ours lie in /etc and are written again.
has_own_unit() {
	[ -e /lib/systemd/system/docker.service ] || [ -e /usr/lib/systemd/system/docker.service ]
}

# A containerd of its own outlives dockerd, and need not be there within the 15 s that dockerd gives one that it starts.
# The old one (docker-containerd) is dockerd's own business.
write_units() {
	# A package that was removed leaves its units masked: links to /dev/null.
	rm -f /etc/systemd/system/docker.service /etc/systemd/system/docker.socket /etc/systemd/system/containerd.service
	after=
	containerd=
	if has containerd; then
		after='After=containerd.service
Requires=containerd.service'
		containerd=' --containerd=/run/containerd/containerd.sock'
		cat > /etc/systemd/system/containerd.service << 'END'
[Unit]
Description=containerd

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
LimitNOFILE=1048576
LimitNPROC=infinity

[Install]
WantedBy=multi-user.target
END
		systemctl enable containerd.service > /dev/null 2>&1 || true
	fi

	cat > /etc/systemd/system/docker.service << END
[Unit]
Description=Docker, a static build
After=network.target
$after

[Service]
Type=notify
ExecStart=/usr/bin/dockerd$containerd
ExecReload=/bin/kill -s HUP \$MAINPID
Delegate=yes
KillMode=process
Restart=on-failure
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity

[Install]
WantedBy=multi-user.target
END
}

configure_upstart() {
	[ -e /etc/init/docker.conf ] || cat > /etc/init/docker.conf << 'END'
description "Docker, a static build"
start on (local-filesystems and net-device-up IFACE!=lo)
stop on runlevel [!2345]
limit nofile 1048576 1048576
respawn
env DOCKER_SERVICE_PREFER_OFFLINE_IMAGE=1
exec /usr/bin/dockerd >> /var/log/dockerd.log 2>&1
END
}

stop_engine() {
	if runs_systemd; then
		systemctl stop docker.socket docker.service containerd.service 2> /dev/null || true
	elif has initctl; then
		initctl stop docker 2> /dev/null || true
	fi
}

start_engine() {
	if runs_systemd; then
		systemctl start docker.service || fail_to_start
	elif has initctl; then
		initctl start docker 2> /dev/null || true
	else
		die 'neither systemd nor upstart runs here' 'Start dockerd by hand'
	fi
}

fail_to_start() {
	[ ! -e /var/log/dockerd.log ] || tail -n 20 /var/log/dockerd.log >&2
	die 'dockerd did not start; the end of its log is above' 'journalctl -u docker'
}

# An engine that does not know the hierarchy fails only when a container is started, with words that nobody understands.
require_cgroups() {
	if [ -e /sys/fs/cgroup/cgroup.controllers ] && ! at_least "$1" 20.10; then
		die "Docker $1 knows only version 1 of control groups, and this machine runs version 2" \
			'Boot with systemd.unified_cgroup_hierarchy=0 on the kernel command line (GRUB_CMDLINE_LINUX in /etc/default/grub, update-grub, reboot)'
	fi
}

# --- the proof -----------------------------------------------------------------------------------------------------

prove() {
	for _ in $(seq 120); do
		answer=$(docker version --format '{{.Server.Version}} {{.Server.APIVersion}}' 2> /dev/null) && break
		sleep 0.5
	done
	[ -n "${answer:-}" ] || fail_to_start
	server=${answer%% *}
	case $server in
		"$1" | "$1"[!0-9.]*) say "Docker $server with API ${answer#* } runs" ;;
		*) die "Docker $server runs, and not $1" ;;
	esac
}

[ $# -eq 1 ] || usage
spec=$1
case $spec in
	-h | --help) usage ;;
	--configure)
		version=$(installed_version)
		[ -n "$version" ] || die 'no dockerd is installed'
		configure "$version"
		exit
		;;
	-*) usage ;;
esac
[ "$(id -u)" = 0 ] || die 'it needs root' "sudo $0 $spec"

case $spec in
	tarball:*) install_tarball "${spec#tarball:}" ;;
	*=*) [ "$(dpkg-query -W -f '${Version}' "${spec%%=*}" 2> /dev/null)" = "${spec#*=}" ] || { stop_engine; install_package "$spec"; } ;;
	*)
		if [ "$spec" != default ] && begins "$(installed_version)" "$spec"; then
			say "Docker $(installed_version) is installed already"
		elif [ "$spec" = default ] && has dockerd; then
			say "Docker $(installed_version) is installed already, and any will do"
		else
			package=$(package_of "$spec")
			[ -n "$package" ] || { apt update && package=$(package_of "$spec"); }
			[ -n "$package" ] || die "no package of Docker $spec is offered" 'Add a source that has it to /etc/apt, or give a static build: tarball:…'
			stop_engine
			install_package "$package"
		fi
		;;
esac

version=$(installed_version)
[ -n "$version" ] || die 'no dockerd is there after the installation'
require_cgroups "$version"
configure "$version"
start_engine
prove "$version"
