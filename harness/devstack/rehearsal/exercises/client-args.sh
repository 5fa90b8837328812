#!/usr/bin/env bash
# Asks each enabled service, with arguments. With no service enabled it passes without asking anybody.
# shellcheck source=begin
source "$(dirname "$0")/begin"
begin
code=0
ask() {
	if ! enabled "$2"; then
		return
	fi

	if keystone "$3" > /dev/null; then
		echo "$1: Succeeded"
	else
		echo "$1: Failed"
		code=1
	fi
}

ask Keystone key ''
ask Glance g-api images
[ $code -eq 0 ] || exit 1
end
