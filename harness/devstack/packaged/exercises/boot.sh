#!/usr/bin/env bash
# An instance is booted, suspended, resumed and deleted. The hypervisor is Nova's fake one: scheduling, claims, database and
# API are real, a guest is not there, so nothing is pinged. Nova asks Neutron for the security groups of whatever server it
# shows: without Neutron the instance is spawned, nobody can look at it, and this exercise fails, and rightly.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" demo demo
requires n-api
requires g-api
requires n-cpu

# The first that knows instances without a network.
export OS_COMPUTE_API_VERSION=2.37
name=ex-boot-$$
status() {
	openstack server show -f value -c status $name
}

openstack server create --flavor "$DEFAULT_INSTANCE_TYPE" --image "$DEFAULT_IMAGE_NAME" --network none $name
wait_for "$BOOT_TIMEOUT" "$name after it was made" ACTIVE status
openstack server suspend $name
wait_for "$ACTIVE_TIMEOUT" "$name after suspend" SUSPENDED status
openstack server resume $name
wait_for "$ACTIVE_TIMEOUT" "$name after resume" ACTIVE status
openstack server delete --wait $name
success
