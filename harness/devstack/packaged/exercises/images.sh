#!/usr/bin/env bash
# An image is stored, comes back byte for byte, and is gone when it is deleted.
# shellcheck source=prepare
source "$(dirname "$0")/prepare" admin admin
requires g-api

name=ex-image-$$
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
head -c 1M /dev/urandom > "$folder/sent"
sum=$(md5sum < "$folder/sent" | cut -d ' ' -f 1)

said=$(osc <<- END
	image create --disk-format raw --container-format bare --file $folder/sent $name
	image show -f json $name
	image save --file $folder/received $name
	image delete $name
	image list -f value -c Name
END
)
echo "$said"
grep -q '"status": "active"' <<< "$said" || die $LINENO "$name is not active"
grep -q "\"checksum\": \"$sum\"" <<< "$said" || die $LINENO "Glance has another checksum than $sum"
cmp "$folder/sent" "$folder/received" || die $LINENO "$name came back as another"
tail -n 5 <<< "$said" | grep -qx "$name" && die $LINENO "$name was deleted and is still there"
success
