#!/usr/bin/env bash
# worlddump.sh FOLDER: how the machine was when stack.sh gave up.
file=$1/worlddump-$(date -u +%F-%H%M%S).txt
echo "World dumping... see $file for details"
{
	for command in 'df -h' 'free -m' 'ip address' 'ip route' 'ss -ltnp' 'ps axfww -o user,pid,ppid,rss,etime,args'; do
		printf '\n%s\n%s\n' "$command" "${command//?/=}"
		# shellcheck disable=SC2086
		sudo $command
	done
} > "$file" 2>&1
ln -sf "$(basename "$file")" "$1/worlddump-latest.txt"
