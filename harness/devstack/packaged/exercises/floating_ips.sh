#!/usr/bin/env bash
# An address of the outside is taken and given back. Nova alone can do that no more since it has lost its own network:
# without Neutron this exercise fails, and rightly.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" demo demo
requires n-api

address=$(openstack floating ip create "${PUBLIC_NETWORK_NAME:-public}" -f value -c floating_ip_address)
die_if_not_set $LINENO address 'Failure creating a floating address'
openstack floating ip delete "$address"
success
