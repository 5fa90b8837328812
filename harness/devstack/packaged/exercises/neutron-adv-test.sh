#!/usr/bin/env bash
# Does not apply: the packaged cloud has no agents of Neutron.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" demo demo
requires q-agt

die $LINENO 'this tree has no agent of Neutron and no exercise for it'
