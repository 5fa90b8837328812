#!/usr/bin/env bash
# shellcheck source=begin
source "$(dirname "$0")/begin"
begin
enabled c-api || exit 55
IMAGE=$(keystone images)
if rehearsing exercise; then
	IMAGE=
fi

die_if_not_set $LINENO IMAGE "Failure getting image $DEFAULT_IMAGE_NAME"
end
