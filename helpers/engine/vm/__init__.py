"""Virtual machines that boot the learner's own images, in QEMU, in a container."""
