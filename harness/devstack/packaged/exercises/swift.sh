#!/usr/bin/env bash
# Does not apply: the packaged cloud has no Swift.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" demo demo
requires s-proxy

die $LINENO 'this tree has no Swift and no exercise for it'
