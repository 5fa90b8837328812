#!/usr/bin/env bash
# Ends what stack.sh started.
session=/opt/stack/.rehearsal-session
if [ -s $session ]; then
	kill "$(cat $session)"
fi
rm -f $session
touch /opt/stack/.rehearsal-unstacked
