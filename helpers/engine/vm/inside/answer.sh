#!/bin/busybox sh
# Answers one call of vm-inside: a line with the words to run, then what they print and a last line
# with their exit code. It hears only what comes from the machine that QEMU runs in.
read -r line
eval "set -- $line"
if [ "$1" = workbook-look ]; then
    # How many processes there are beside this one, how much the kernel wrote, and which one it is.
    set -- /proc/[0-9]*
    echo "$(($# - 1)) $(dmesg | wc -l) $(uname -r)"
    echo "workbook-exit 0"
    exit
fi
env -i chroot /image /proc/1/root/bin/busybox sh /proc/1/root/bin/enter exec "$@" < /dev/null 2>&1
echo "workbook-exit $?"
