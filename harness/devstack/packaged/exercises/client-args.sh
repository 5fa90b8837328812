#!/usr/bin/env bash
# The clients find everything by what is said on their command line; the environment says nothing.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" admin admin
requires key
# shellcheck source=clients
source "$EXERCISE_DIR/clients"

arguments=(
	--os-auth-url "$OS_AUTH_URL" --os-username "$OS_USERNAME" --os-password "$OS_PASSWORD"
	--os-project-name "$OS_PROJECT_NAME" --os-user-domain-id default --os-project-domain-id default
	--os-region-name "$OS_REGION_NAME" --os-identity-api-version 3
)
for name in "${!OS_@}"; do
	unset "$name"
done

check key Keystone openstack "${arguments[@]}" catalog show identity
check n-api Nova openstack "${arguments[@]}" flavor list
check c-api Cinder openstack "${arguments[@]}" volume list
check g-api Glance openstack "${arguments[@]}" image list
check s-proxy Swift openstack "${arguments[@]}" container list
tell_and_end
