#!/bin/sh
# A node of Kubernetes with its control plane, of which nothing runs yet: an engine as dind.sh lays it out, the
# distribution's etcd, and Kubernetes' programs, which are WORKBOOK_PART, an archive of kubernetes-programs.sh.
. "$(dirname "$0")/dind-layout.sh"
lay_out_engine

# What they load, where the engine's packages have not brought it already.
cp -an "$root/usr/lib/." "$new/usr/lib/"
for program in etcd openssl conntrack; do
    cp -a "$(ls "$root/usr/bin/$program" "$root/usr/sbin/$program" 2> /dev/null | head -n 1)" "$new/usr/bin/"
done
tar --extract --file="$WORKBOOK_PART" --directory="$new"
cp "$(dirname "$0")/kubernetes-cluster.sh" "$new/usr/local/bin/cluster"
cp "$(dirname "$0")/kubernetes-runc.sh" "$new/usr/local/bin/runc-as-it-may"
chmod 755 "$new/usr/local/bin/cluster" "$new/usr/local/bin/runc-as-it-may"
pack "$new"
