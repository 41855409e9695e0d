#!/bin/busybox sh
# vm-boot MEMORY_MB CPUS PORTS…: boots the VM; vm-boot probe: a boot without a disk that ends at once.
# Where /dev/kvm is, the processor itself runs the guest; elsewhere QEMU does, in software.
set -eu
case $(uname -m) in
    # On a busy machine QEMU's timer may be late, and the kernel would give up without no_timer_check.
    x86_64) machine=pc console="ttyS0 no_timer_check" cpu=max ;;
    aarch64) machine=virt console=ttyAMA0 cpu=max ;;
esac
if [ "${WORKBOOK_ACCELERATION:-software}" = kvm ]; then accelerator=kvm; else accelerator=tcg,tb-size=64; fi
say="console=$console panic=-1 reboot=t"
run() {
    exec qemu -nodefaults -no-user-config -no-reboot -display none -serial stdio -monitor none \
        -machine "$machine" -accel "$accelerator" -cpu "$cpu" -kernel /boot/kernel "$@"
}
if [ "$1" = probe ]; then
    run -m 96 -initrd /boot/initrd -append "$say quiet workbook.probe"
fi
memory=$1 cpus=$2
shift 2
forward=,hostfwd=tcp:127.0.0.1:10-:10
for port in "$@"; do forward="$forward,hostfwd=tcp::$port-:$port"; done

# What this VM is told goes into a second archive behind the initrd, which the kernel lays over it.
mkdir -p /tmp/more/etc
cp /vm/app /tmp/more/etc/app
[ -z "${WORKBOOK_APP:-}" ] || printf '%s\n' "$WORKBOOK_APP" >> /tmp/more/etc/app
echo "HOST_NAME='$(hostname)'" > /tmp/more/etc/machine
echo "workbook: power on"
(cat /boot/initrd; cd /tmp/more && find . | cpio -o -H newc 2> /dev/null | gzip -1) > /tmp/initrd
run -m "$memory" -smp "$cpus" -initrd /tmp/initrd -append "$say" \
    -drive file=/vm/disk,format=raw,if=none,id=disk,snapshot=on -device virtio-blk-pci,drive=disk \
    -nic "user,model=virtio-net-pci$forward"
