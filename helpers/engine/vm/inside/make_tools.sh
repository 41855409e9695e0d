#!/bin/sh
# Makes the tree of the VM tools in /out: QEMU, a kernel, an initrd, and what makes a disk. Runs in a
# container of a Debian, so that it needs nothing of the machine below; $1 is the folder of these
# scripts. Whatever it installs is gone with the container.
set -eu
scripts=$1
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
case $(dpkg --print-architecture) in
    amd64) qemu=qemu-system-x86 binary=qemu-system-x86_64 flavour=cloud-amd64 ;;
    arm64) qemu=qemu-system-arm binary=qemu-system-aarch64 flavour=cloud-arm64 ;;
    *) echo "There is no recipe for a VM on $(dpkg --print-architecture)." >&2; exit 64 ;;
esac

echo "stage fetching packages"
apt-get update --quiet --quiet
apt-get install --quiet --quiet --yes --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
    "$qemu" e2fsprogs busybox-static > /tmp/apt 2>&1 || { cat /tmp/apt >&2; exit 1; }
kernel=$(apt-cache depends "linux-image-$flavour" | sed -n 's/^ *Depends: //p' | head -n 1)
cd /tmp
apt-get download --quiet --quiet "$kernel"
dpkg-deb --extract "$kernel"_*.deb /tmp/kernel

echo "stage laying them out"
# A program, and the libraries that it needs, under the paths that are written in it.
bring() {
    cp --dereference --parents "$1" /out
    ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
        [ -e "/out$library" ] || cp --dereference --parents "$library" /out
    done
}
mkdir -p /out/bin /out/dev /out/etc /out/proc /out/sys /out/tmp /out/vm /out/files /out/usr/share /out/var/tmp
chmod 1777 /out/tmp /out/var/tmp
cp /usr/bin/busybox /out/bin/busybox
/usr/bin/busybox --list | while read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "/out/bin/$applet"
done
rm /out/bin/mke2fs
bring "/usr/bin/$binary"
ln -s "/usr/bin/$binary" /out/bin/qemu
bring /usr/sbin/mke2fs
cp /etc/mke2fs.conf /out/etc/
for file in bios-256k.bin kvmvapic.bin linuxboot_dma.bin efi-virtio.rom; do
    for folder in /usr/share/qemu /usr/share/seabios; do
        [ ! -e "$folder/$file" ] || cp --dereference "$folder/$file" /out/usr/share/qemu-"$file"
    done
done
mkdir -p /out/usr/share/qemu
for file in /out/usr/share/qemu-*; do
    [ ! -e "$file" ] || mv "$file" "/out/usr/share/qemu/${file#/out/usr/share/qemu-}"
done
cp /tmp/kernel/boot/vmlinuz-* /out/boot-kernel
mkdir /out/boot && mv /out/boot-kernel /out/boot/kernel
ls /tmp/kernel/boot | sed -n 's/^vmlinuz-//p' > /out/boot/version

# The initrd: busybox, the modules that this kernel does not have built in, our first process.
tree=/tmp/initrd
mkdir -p "$tree/bin" "$tree/dev" "$tree/etc" "$tree/image" "$tree/modules" "$tree/proc" "$tree/sys"
cp /usr/bin/busybox "$tree/bin/busybox"
ln -s busybox "$tree/bin/sh"
cp "$scripts/init.sh" "$tree/init"
cp "$scripts/enter.sh" "$tree/bin/enter"
cp "$scripts/answer.sh" "$tree/bin/answer"
chmod 755 "$tree/init" "$tree/bin/enter" "$tree/bin/answer"
number=1
for module in failover net_failover virtio_net virtio_blk; do
    file=$(find /tmp/kernel -name "$module.ko*")
    [ -z "$file" ] || cp "$file" "$tree/modules/$number-${file##*/}"
    number=$((number + 1))
done
for packed in "$tree"/modules/*.xz; do
    [ ! -e "$packed" ] || busybox unxz "$packed"
done
(cd "$tree" && find . | busybox cpio -o -H newc 2> /dev/null | gzip -9) > /out/boot/initrd

for script in boot disk inside size; do
    cp "$scripts/$script.sh" "/out/bin/vm-$script"
    chmod 755 "/out/bin/vm-$script"
done
version() { dpkg-query --show --showformat='${Version}' "$1"; }
echo "made QEMU $(version "$qemu"), Linux $(cat /out/boot/version), busybox $(version busybox-static)"
