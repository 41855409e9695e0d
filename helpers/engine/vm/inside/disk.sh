#!/bin/busybox sh
# vm-disk ROOM_KB: makes the VM's disk, /vm/disk, of the image's files in /files, with so much free
# room beside them.
set -eu
files_kb=$(du -sk /files | cut -f 1)
count=$(find /files | wc -l)
rm -f /vm/whole /vm/disk
# An eighth and sixteen bytes a file more for what the file system itself needs.
size_kb=$((files_kb + files_kb / 8 + count / 2 + $1 + 4096))
/usr/sbin/mke2fs -q -F -t ext4 -d /files -m 0 -N "$((count + 8192))" -E lazy_itable_init=1,lazy_journal_init=1 \
    -O ^resize_inode,^huge_file -J size=4 -L image /vm/disk "${size_kb}k"
echo done > /vm/whole
