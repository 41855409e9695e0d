#!/bin/sh
# A node of Kubernetes with its control plane, of which nothing runs yet: an engine as dind.sh lays it out, the
# distribution's etcd, and Kubernetes' programs, which are WORKBOOK_PART, an archive of kubernetes-programs.sh.
. "$(dirname "$0")/dind-layout.sh"
lay_out_engine

# What openssl and conntrack load, where the engine's packages have not brought it already.
libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6)")
for library in libcrypto libssl libzstd libz libnetfilter_conntrack libnfnetlink libmnl; do
    cp -an "$libraries/$library".so.* "$new/usr/lib/${libraries##*/}/"
done
cp "$root/usr/bin/etcd" "$root/usr/bin/openssl" "$root/usr/sbin/conntrack" "$new/usr/bin/"
printf '%s\n' "${WORKBOOK_PART_MADE_OF#*: }" | sed 's/, /\n/g' | sed 's/$/ (Debian 12)/' >> "$WORKBOOK_OUT/packages"
tar --extract --file="$WORKBOOK_PART" --directory="$new"
cp "$(dirname "$0")/kubernetes-cluster.sh" "$new/usr/local/bin/cluster"
cp "$(dirname "$0")/kubernetes-runc.sh" "$new/usr/local/bin/runc-as-it-may"
chmod 755 "$new/usr/local/bin/cluster" "$new/usr/local/bin/runc-as-it-may"
pack "$new"
