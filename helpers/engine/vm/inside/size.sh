#!/bin/busybox sh
# vm-size: bytes that the disk, the kernel and the initrd take, a line each.
for file in /vm/disk /boot/kernel /boot/initrd; do
    echo "$file $(($(du -k "$file" | cut -f 1) * 1024))"
done
