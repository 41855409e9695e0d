#!/bin/sh
# Kubernetes' programs, compiled from the distribution's own source package by its own compiler. Runs twice:
# before the packages are set up (`kubernetes-programs.sh ROOT unpacked`) and after. Its archive has nothing but
# the programs. What was compiled by then is kept with the downloads until all is: a second try goes on with it.
. "$(dirname "$0")/common.sh"
[ "${2:-}" != unpacked ] || exit 0

kept=/var/cache/apt/archives
build=$root/build
mkdir -p "$build" "$WORKBOOK_OUT/build"
mount --bind "$WORKBOOK_OUT/build" "$build"
(cd "$root$kept" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get source --quiet --download-only kubernetes >&2)
description=$(cd "$root$kept" && ls -t kubernetes_*.dsc | head -n 1)
version=$(sed -n 's/^Version: //p' "$root$kept/$description" | head -n 1)
{
    echo "kubernetes $version (source)"
    for name in $WORKBOOK_PACKAGES; do
        echo "$name $(dpkg-query --admindir="$root/var/lib/dpkg" --show --showformat='${Version}' "$name")"
    done
} > "$WORKBOOK_OUT/packages"

cp "$(dirname "$0")/kubernetes-programs-pause.go" "$build/pause.go"
cp "$(dirname "$0")/kubernetes-programs-compile.sh" "$build/compile.sh"
env -i PATH=/usr/lib/go-1.19/bin:/usr/sbin:/usr/bin HOME=/build LC_ALL=C.UTF-8 \
    chroot "$root" /bin/sh /build/compile.sh "$kept/$description" "$kept/compiled" >&2

new=$root/new
mkdir -p "$new/usr/local/bin" "$new/usr/local/lib/kubernetes"
mv "$build"/bin/kube* "$new/usr/local/bin/"
mv "$build/bin/pause" "$new/usr/local/lib/kubernetes/"
date=$(sed -n 's/^ -- .*>  //p' "$build/go/src/k8s.io/kubernetes/debian/changelog" | head -n 1)
find "$new" -exec touch --no-dereference --date="$date" {} +
rm -rf "$root$kept/compiled"
umount "$build" "$root$kept"
pack "$new"
