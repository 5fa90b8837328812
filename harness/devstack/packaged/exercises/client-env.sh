#!/usr/bin/env bash
# The clients find everything by what openrc puts into the environment.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" admin admin
requires key
# shellcheck source=clients
source "$EXERCISE_DIR/clients"

unset OS_TOKEN OS_URL
check key Keystone openstack endpoint list --service identity
check n-api Nova openstack flavor list
check c-api Cinder openstack volume list
check g-api Glance openstack image list
check s-proxy Swift openstack container list
tell_and_end
