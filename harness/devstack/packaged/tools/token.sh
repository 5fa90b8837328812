#!/usr/bin/env bash
# token.sh: asks Keystone for a token over HTTP, without the seconds that the client takes to start. Prints the token.
TOP_DIR=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=../openrc
source "$TOP_DIR/openrc" admin admin
question='{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "%s", "domain": {"id": "default"},
	"password": "%s"}}}, "scope": {"project": {"name": "%s", "domain": {"id": "default"}}}}}'
# shellcheck disable=SC2059
printf "$question" "$OS_USERNAME" "$OS_PASSWORD" "$OS_PROJECT_NAME" |
	curl --noproxy '*' --silent --show-error --fail --max-time "${1:-30}" --dump-header - --output /dev/null \
		--header 'Content-Type: application/json' --data @- "$OS_AUTH_URL/auth/tokens" |
	tr -d '\r' | awk 'tolower($1) == "x-subject-token:" {print $2; found = 1} END {exit !found}'
