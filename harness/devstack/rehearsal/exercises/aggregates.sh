#!/usr/bin/env bash
# Needs a compute service. Its last banner lacks the word SUCCESS, as that of DevStack's aggregates does.
# shellcheck source=begin
source "$(dirname "$0")/begin"
begin
enabled n-api || exit 55
keystone '' > /dev/null || die $LINENO 'Failure creating aggregate'
stars
echo "End DevStack Exercise: $0"
stars
