#!/usr/bin/env bash
# shellcheck source=begin
source "$(dirname "$0")/begin"
begin
enabled c-api || exit 55
# Read by its name.
# shellcheck disable=SC2034
IMAGE=$(rehearsing exercise || keystone images)

die_if_not_set $LINENO IMAGE "Failure getting image $DEFAULT_IMAGE_NAME"
end
