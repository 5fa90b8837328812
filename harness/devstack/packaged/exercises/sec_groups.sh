#!/usr/bin/env bash
# A security group is made, gets rules and is deleted. Groups are Neutron's: without it this exercise fails, and rightly.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" demo demo
requires n-api

name=ex-secgroup-$$
osc <<- END
	security group create --description exercise $name
	security group rule create --protocol tcp --dst-port 22 $name
	security group rule create --protocol tcp --dst-port 3389 $name
END
rules=$(openstack security group rule list "$name" -f value -c 'Port Range')
[[ $rules == *22:22* && $rules == *3389:3389* ]] || die $LINENO "$name has other rules than it was given: $rules"
openstack security group delete "$name"
success
