#!/usr/bin/env bash
# An aggregate of hosts is made, told what it is, given this machine's host and taken apart again.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" admin admin
requires n-api
requires n-cpu

name=ex-aggregate-$$
host=$(openstack hypervisor list -f value -c 'Hypervisor Hostname' | head -n 1)
die_if_not_set $LINENO host 'Nova knows no hypervisor'

said=$(osc <<- END
	aggregate create --zone ex-zone $name
	aggregate set --property kind=exercise $name
	aggregate add host $name $host
	aggregate show -f json $name
	availability zone list --compute -f json
END
)
echo "$said"
grep -q "\"$host\"" <<< "$said" || die $LINENO "$name has no host $host"
grep -q '"kind": "exercise"' <<< "$said" || die $LINENO "$name lost its property"
grep -q '"Zone Name": "ex-zone"' <<< "$said" || die $LINENO 'its zone is on no list'

osc <<- END
	aggregate remove host $name $host
	aggregate delete $name
END
left=$(openstack aggregate list -f value -c Name)
[[ $left != *$name* ]] || die $LINENO "$name was deleted and is still there"

# This one ends without the word SUCCESS, in DevStack as well.
echo '**************************************************'
echo "End DevStack Exercise: $0"
echo '**************************************************'
