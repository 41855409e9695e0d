#!/bin/busybox sh
# The first process of the VM. The image's files are mounted at /image and nothing is written to them:
# what this needs of its own (busybox, the app's settings) stays outside, in the initrd.
# Lines that begin with "workbook:" are for whoever reads the console.
export PATH=/bin
/bin/busybox --install -s /bin 2> /dev/null
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec < /dev/console > /dev/console 2>&1
say() { echo "workbook: $*"; }
off() { say "$*"; sync; poweroff -f; }
say "the first process runs"
for module in /modules/*; do insmod "$module" 2> /dev/null; done
grep -q workbook.probe /proc/cmdline && off "the probe is over"

. /etc/machine
mount -t ext4 -o noatime /dev/vda /image || off "there is no disk to mount"
# The one folder that is the file system's and not the image's.
rmdir /image/lost+found 2> /dev/null
mount -t proc proc /image/proc 2> /dev/null || off "this image has no folder /proc"
mount -t sysfs sys /image/sys
mount -t devtmpfs dev /image/dev
mkdir -p /image/dev/pts /image/dev/shm
mount -t devpts devpts /image/dev/pts
mount -t tmpfs shm /image/dev/shm
say "the disk is mounted"

hostname "$HOST_NAME"
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0 && ip link set eth0 up && ip route add default via 10.0.2.2
echo nameserver 10.0.2.3 > /etc/resolv.conf
printf '127.0.0.1 localhost\n10.0.2.15 %s\n' "$HOST_NAME" > /etc/hosts
echo "$HOST_NAME" > /etc/hostname
# As Docker does it for a container: over the image's files, not in them.
for name in resolv.conf hosts hostname; do
    [ ! -f "/image/etc/$name" ] || mount --bind "/etc/$name" "/image/etc/$name"
done
[ -z "$(cat /sys/class/net/eth0/carrier 2> /dev/null)" ] || say "the network is up"
nc -ll -p 10 -e /bin/answer &

# A VM with too little memory does not end, it only gets slower and slower: say why.
watch_memory() {
    while sleep 2; do
        while read -r key value _; do
            [ "$key" != MemAvailable: ] || [ "$value" -gt 4000 ] || { say "memory is short"; return; }
        done < /proc/meminfo
    done
}
watch_memory &

say "the app is started"
# Through /proc the image's root sees what it does not have: this shell.
env -i chroot /image /proc/1/root/bin/busybox sh /proc/1/root/bin/enter app
off "the app ended with exit code $?"
