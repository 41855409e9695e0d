"""Whether a VM's instructions run on the processor itself, or are carried out by a program."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.outside import visible_repr

KVM, SOFTWARE = "kvm", "software"


@dataclass(frozen=True)
class Acceleration:
    """How VMs run on one engine, and in words why so."""

    kind: str
    reason: str

    @property
    def is_hardware(self) -> bool:
        """Whether the processor itself runs the guest."""
        return self.kind == KVM

    @property
    def words(self) -> str:
        """In a few words, for labels: 'with KVM', 'in software'."""
        return "with KVM" if self.is_hardware else "in software"

    @visible_repr
    def __repr__(self) -> str:
        how = (
            "by the processor itself (KVM)"
            if self.is_hardware
            else "in software: QEMU translates each instruction (no hardware acceleration)"
        )
        return f"VMs run here {how}. {self.reason}"
