#!/usr/bin/env bash
# Does not apply: the packaged cloud has no Cinder.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" demo demo
requires c-api

die $LINENO 'this tree has no Cinder and no exercise for it'
