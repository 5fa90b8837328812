#!/usr/bin/env bash
# shellcheck source=begin
source "$(dirname "$0")/begin"
begin
enabled s-proxy || exit 55
end
