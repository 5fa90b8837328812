#!/bin/sh
# Installs the kernel that is asked for and makes it the one that boots next; after the boot, proves that it runs and that
# the modules which Docker's swarm needs load. Idempotent. For Debian and Ubuntu, from 14.04 on; needs root.
set -eu

usage() {
	cat >&2 << 'END'
usage: kernel.sh SPEC         installs it and chooses it for the next boot
       kernel.sh --prove      after the boot: it is what runs, and it can do what swarm needs

  6.1, 6.12.107, 5.15/generic      the newest package whose version begins so; flavours: generic, cloud, lowlatency …
  lts-xenial, hwe                  Ubuntu's kernels of a later release for this one
  linux-image-6.1.0-52-cloud-amd64 this package; with =VERSION this very version
  deb:/path/a.deb,/path/b.deb      package files, or their URLs: mainline builds come in two or three
END
	exit 64
}

# What was chosen, for --prove.
wanted=/var/lib/kernel.sh.wanted

say() {
	echo "kernel.sh: $*"
}

die() {
	echo "kernel.sh: $1" >&2
	[ $# -lt 2 ] || echo "  -> $2" >&2
	exit 1
}

has() {
	command -v "$1" > /dev/null 2>&1
}

# begins VERSION PREFIX: by whole components, so that 6.1 is no beginning of 6.12.
begins() {
	case $1 in "$2" | "$2"[!0-9]*) return 0 ;; esac
	return 1
}

apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"
}

# --- which package -------------------------------------------------------------------------------------------------

# Releases that apt offers as `RELEASE VERSION`, the newest first: linux-image-6.1.0-52-cloud-amd64 is of 6.1.180-1.
# Unsigned twins and debug symbols are the same kernel once more.
offered() {
	apt-cache search --names-only '^linux-image-[0-9]' | cut -d ' ' -f 1 | grep -v -e '-dbg' -e '-unsigned' |
		while read -r name; do
			apt-cache madison "$name" | awk -v release="${name#linux-image-}" 'NR == 1 {print release, $3}'
		done | sort -k 2,2Vr
}

# release_of PREFIX FLAVOUR: a version may begin as the package's does (6.1.180) or as the release does (6.1.0-52).
release_of() {
	offered | while read -r release version; do
		has_flavour "$release" "$2" || continue
		if begins "$version" "$1" || begins "$release" "$1"; then
			echo "$release"
			break
		fi
	done
}

# Debian's plain flavour is `amd64`, Ubuntu's is `generic`; both are what `generic` means.
has_flavour() {
	rest=$(echo "$1" | sed 's/^[0-9.]*-[0-9.]*[^-]*-//; s/-\{0,1\}amd64$//')
	case $2 in
		generic) [ -z "$rest" ] || [ "$rest" = generic ] ;;
		*) [ "$rest" = "$2" ] ;;
	esac
}

# What a kernel without its extra modules lacks is just what swarm needs: ip_vs, xt_ipvs, vxlan.
with_extras() {
	release=${1#linux-image-}
	extra=linux-modules-extra-${release%%=*}
	if [ -n "$(apt-cache madison "$extra" 2> /dev/null)" ]; then
		echo "$1 $extra"
	else
		echo "$1"
	fi
}

install_packages() {
	say "installs $*"
	apt install --no-install-recommends "$@" ||
		die "$* could not be installed" 'apt-get update fetches the lists; apt-cache policy shows what there is'
}

# The release of a package: what it puts under /boot, or depends on.
release_in() {
	dpkg -L "$1" 2> /dev/null | sed -n 's,^/boot/vmlinuz-,,p' | head -n 1 | grep . && return
	for needed in $(dpkg-query -W -f '${Depends}' "$1" 2> /dev/null | tr ',|' '\n' | awk '/^ *linux-(image|binary|base)-/ {print $1}'); do
		case $needed in
			"$1") ;;
			*) release_in "$needed" && return ;;
		esac
	done
	return 1
}

# Where linux-image-V only leads to other packages, the image lies beside the modules.
has_image() {
	[ -e "/boot/vmlinuz-$1" ] || [ -e "/usr/lib/modules/$1/vmlinuz" ]
}

install_debs() {
	folder=$(mktemp -d)
	count=0
	for location in $(echo "$1" | tr ',' ' '); do
		count=$((count + 1))
		case $location in
			http://* | https://*)
				{ if has curl; then curl -fsSL --retry 3 -o "$folder/$count.deb" "$location"; else wget -q -O "$folder/$count.deb" "$location"; fi; } ||
					die "$location could not be fetched"
				;;
			*) cp "$location" "$folder/$count.deb" || die "there is no file $location" ;;
		esac
		dpkg-deb --info "$folder/$count.deb" > /dev/null || die "$location is no Debian package"
	done
	release=
	for deb in "$folder"/*.deb; do
		found=$(dpkg-deb --contents "$deb" | sed -n 's,.* \./\(boot/vmlinuz-\([^ ]*\)\|usr/lib/modules/\([^/]*\)/vmlinuz\)$,\2\3,p' | head -n 1)
		[ -z "$found" ] || release=$found
	done
	[ -n "$release" ] || die "none of $1 has a kernel" 'Give linux-image-… (or linux-image-unsigned-…), with its linux-modules-… beside it'
	if has_image "$release" && [ -e "/lib/modules/$release/modules.dep" ]; then
		say "$release is installed already"
	else
		say "installs $release from $count package files"
		# Without recommendations nothing is fetched; what a package depends on is here or among them.
		dpkg -i "$folder"/*.deb || apt -f install || die "the packages of $release could not be installed"
	fi

	rm -rf "$folder"
}

# --- what boots next -----------------------------------------------------------------------------------------------

choose() {
	[ -e "/boot/initrd.img-$1" ] || ! has update-initramfs || update-initramfs -c -k "$1"
	if has update-grub; then
		choose_grub "$1"
	else
		die 'this machine has no grub, so another kernel cannot be chosen' "Choose $1 in its own boot loader, and reboot"
	fi

	mkdir -p "$(dirname $wanted)"
	echo "$1" > $wanted
	say "$1 boots next"
}

# An older kernel than the newest one lies in a menu below the first; it is named by both, as grub's manual says.
choose_grub() {
	sed -i 's/^GRUB_DEFAULT=.*/GRUB_DEFAULT=saved/' /etc/default/grub
	grep -q '^GRUB_DEFAULT=' /etc/default/grub || echo 'GRUB_DEFAULT=saved' >> /etc/default/grub
	# A choice that is saved again at each boot would be a choice of grub's, not ours.
	sed -i '/^GRUB_SAVEDEFAULT=/d' /etc/default/grub
	update-grub
	menu=/boot/grub/grub.cfg
	entry=$(sed -n "s/.*menuentry_id_option '\(gnulinux-$1-advanced-[^']*\)'.*/\1/p" $menu | head -n 1)
	above=$(sed -n "s/.*submenu .*menuentry_id_option '\(gnulinux-advanced-[^']*\)'.*/\1/p" $menu | head -n 1)
	if [ -n "$entry" ]; then
		grub-set-default "${above:+$above>}$entry"
	elif grep -q "vmlinuz-$1" $menu; then
		# Of one kernel grub makes no second menu.
		grub-set-default 0
	else
		die "grub's menu has no entry for $1" "Look into $menu"
	fi
}

# --- the proof -----------------------------------------------------------------------------------------------------

# As swarm's own code asks for them; see harness/swarm/preflight.ts.
modules='vxlan bridge veth br_netfilter overlay ip_vs ip_vs_rr xt_ipvs xt_mark nf_nat nf_conntrack nf_conntrack_netlink
xt_conntrack xt_addrtype xt_nat xt_REDIRECT'

prove() {
	running=$(uname -r)
	[ -s $wanted ] || die 'no kernel was chosen here' 'kernel.sh SPEC, then reboot'
	[ "$running" = "$(cat $wanted)" ] || die "$running runs, and not $(cat $wanted)" 'Reboot; if that was done, its boot loader took another one: look at its console'
	missing=
	for module in $modules; do
		# Before 4.x some have other names, or are part of others.
		has_module "$module" || has_module "$(alias_of "$module")" || missing="$missing $module"
	done
	[ -z "$missing" ] || die "kernel $running lacks$missing" "Install linux-modules-extra-$running, where there is such a package"
	say "$running runs, and has every module that swarm needs"
}

# Only looked for: what is loaded here would be there when the engine looks for it. In /sys are those that are loaded or,
# where no list of modules says so, built in.
has_module() {
	modprobe -n -q "$1" || [ -e "/sys/module/$1" ]
}

alias_of() {
	case $1 in
		br_netfilter) echo bridge ;;
		xt_nat | nf_nat) echo iptable_nat ;;
		overlay) echo overlayfs ;;
		xt_REDIRECT) echo ipt_REDIRECT ;;
		*) echo "$1" ;;
	esac
}

# -------------------------------------------------------------------------------------------------------------------

[ $# -eq 1 ] || usage
spec=$1
case $spec in
	--prove) ;;
	-*) usage ;;
esac
[ "$(id -u)" = 0 ] || die 'it needs root' "sudo $0 $spec"

case $spec in
	--prove)
		prove
		exit
		;;
	deb:*) install_debs "${spec#deb:}" ;;
	hwe | lts-*)
		# shellcheck source=/dev/null
		. /etc/os-release
		name=linux-image-generic-$spec
		[ "$spec" = hwe ] && name=linux-image-generic-hwe-$VERSION_ID
		install_packages "$name"
		release=$(release_in "$name") || die "$name brought no kernel"
		;;
	linux-image-*)
		name=${spec%%=*}
		if [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2> /dev/null)" != 'ii ' ]; then
			# Words: the package and its extra modules.
			# shellcheck disable=SC2046
			install_packages $(with_extras "$spec")
		fi
		release=$(release_in "$name") || release=${name#linux-image-}
		;;
	*)
		version=${spec%%/*}
		flavour=generic
		[ "$version" = "$spec" ] || flavour=${spec#*/}
		release=$(release_of "$version" "$flavour")
		[ -n "$release" ] || { apt update && release=$(release_of "$version" "$flavour"); }
		[ -n "$release" ] || die "no kernel $version of flavour $flavour is offered" 'apt-cache search linux-image shows what there is'
		if ! has_image "$release"; then
			# shellcheck disable=SC2046
			install_packages $(with_extras "linux-image-$release")
		fi
		;;
esac

has_image "$release" || die "$release was installed without an image"
if [ -s $wanted ] && [ "$(cat $wanted)" = "$release" ]; then
	say "$release is chosen already"
else
	choose "$release"
fi
