"""What Debian's security suite has that an image has not, with the CVEs that changelogs name."""

from __future__ import annotations

import re
import tempfile
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

from helpers.engine.base.folders import cache_dir
from helpers.engine.bill.changelogs import fetched_changelog
from helpers.engine.debian.mirror import Mirror, MirrorUnreachable
from helpers.engine.debian.suite import fetched_suite
from helpers.errors import InvalidInput, SetupFailed
from helpers.model.bill.bill import Bill
from helpers.model.bill.fixes import Fix, KnownFixes, lacking, not_known
from helpers.model.debian.changelog import cves_since

_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}")


def security_fixes(bill: Bill) -> KnownFixes:
    """The fixes of the security suite of the bill's own Debian that the image lacks.

    Asks Debian's mirror, which takes seconds. Raises InvalidInput for an image of another system,
    SetupFailed where the mirror does not give the list, or Interrupted.
    """
    packages, codename, kind = bill.of_kind("deb"), bill.os.codename, architecture_of(bill)
    if bill.os.id != "debian" or not packages or not _NAME.fullmatch(codename):
        raise InvalidInput(
            f"{bill.image} has no list of Debian packages, and Debian's index knows no others.",
            f"Ask a scanner, where you have one: `docker scout cves {bill.image}`.",
        )
    cancelled, name = threading.Event(), f"{codename}-security"
    with tempfile.TemporaryDirectory(prefix="security-", dir=cache_dir()) as work:
        suite, mirror = fetched_suite(Mirror.chosen().security, name, Path(work), cancelled, kind)
    fixes = [_with_cves(fix, mirror, cancelled) for fix in lacking(packages, suite.index)]
    return KnownFixes(
        bill.image,
        name,
        len(packages),
        tuple(fixes),
        date=suite.date,
        note=suite.note,
        not_known=not_known(bill.counts),
    )


def architecture_of(bill: Bill) -> str:
    """What Debian calls the architecture of most of the image's packages."""
    kinds = Counter(each.architecture for each in bill.of_kind("deb"))
    del kinds["all"]
    names = [name for name, _ in kinds.most_common(1) if _NAME.fullmatch(name)]
    return names[0] if names else "amd64"


def _with_cves(fix: Fix, mirror: Mirror, cancelled: threading.Event) -> Fix:
    """The fix with the CVEs that it mends, or why nobody could read of them."""
    try:
        text = fetched_changelog(mirror, fix.newer, cancelled)
    except MirrorUnreachable:
        return replace(fix, why_no_cves="the mirror broke off")
    except SetupFailed as failed:
        return replace(fix, why_no_cves=failed.message)
    return replace(fix, cves=cves_since(text, fix.installed[0].source_version))
