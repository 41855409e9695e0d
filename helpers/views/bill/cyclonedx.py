"""A bill of materials as a CycloneDX document, written by that standard's own library.

Source: https://cyclonedx.org/docs/1.6/json/ and the package URL specification's types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.model.bill.bill import Bill
from helpers.model.bill.component import Component
from helpers.outside import visible_line

if TYPE_CHECKING:
    from packageurl import PackageURL

_LOCATION = "docker-workbook:location"


def cyclonedx_json(bill: Bill) -> str:
    """The document as JSON, in version 1.6 of the specification."""
    # Loaded here: half a second that no other cell should wait for.
    from cyclonedx.model.bom import Bom
    from cyclonedx.output.json import JsonV1Dot6

    bom = Bom(components=[_listed(bill, each) for each in bill.components])
    bom.metadata.component = _image(bill)
    if bill.os.id:
        bom.components.add(_system(bill))
    bom.register_dependency(bom.metadata.component, bom.components)
    return str(JsonV1Dot6(bom).output_as_string(indent=2))


def package_url(bill: Bill, component: Component) -> PackageURL:
    """The name by which scanners and databases know the package."""
    from packageurl import PackageURL

    namespace, name = "", component.name
    if component.kind in ("deb", "apk"):
        namespace = bill.os.id or ("debian" if component.kind == "deb" else "alpine")
    elif component.kind == "npm" and name.startswith("@"):
        namespace, _, name = name.partition("/")
    elif component.kind == "pypi":
        name = name.lower().replace("_", "-")
    qualifiers = {}
    if component.kind in ("deb", "apk"):
        distro = f"{bill.os.id}-{bill.os.version}" if bill.os.version else ""
        both = {"arch": component.architecture, "distro": distro}
        qualifiers = {key: value for key, value in both.items() if value}
    return PackageURL(component.kind, namespace, name or component.name, component.version,
                      qualifiers)  # fmt: skip


def _listed(bill: Bill, component: Component) -> Any:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component as Listed
    from cyclonedx.model.component import ComponentType
    from cyclonedx.model.license import DisjunctiveLicense

    url = package_url(bill, component)
    location = visible_line(component.location)
    return Listed(
        type=ComponentType.LIBRARY,
        name=component.name,
        version=component.version,
        purl=url,
        bom_ref=f"{url.to_string()}#/{location}",
        licenses=[DisjunctiveLicense(name=component.license)] if component.license else [],
        properties=[Property(name=_LOCATION, value=f"/{location}")],
    )


def _image(bill: Bill) -> Any:
    from cyclonedx.model.component import Component as Listed
    from cyclonedx.model.component import ComponentType

    return Listed(type=ComponentType.CONTAINER, name=bill.image, version=bill.image_id or None)


def _system(bill: Bill) -> Any:
    from cyclonedx.model.component import Component as Listed
    from cyclonedx.model.component import ComponentType

    return Listed(
        type=ComponentType.OPERATING_SYSTEM,
        name=bill.os.id,
        version=bill.os.version or None,
        description=bill.os.title or None,
    )
