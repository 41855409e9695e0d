"""What every object of the API has in front. Source: Kubernetes API reference, "ObjectMeta"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.model.text.answer_parts import (
    flag_in,
    moment_in,
    table_of_texts,
    tables_of,
    text_in,
)

_NAME_LABELS = ("app", "app.kubernetes.io/name")


@dataclass(frozen=True)
class Meta:
    """Name and kin of an object; `created` in seconds since 1970, 0 where it is not told.

    `owner` is the uid of the object that made it and answers for it, '' for one that a person
    made; `is_ending` says that it is to be deleted.
    """

    uid: str
    name: str = ""
    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    owner_kind: str = ""
    owner_name: str = ""
    created: float = 0.0
    is_ending: bool = False

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Meta:
        """What stands under `metadata`; an object without a uid is known by its name."""
        owners = tables_of(answer, "metadata", "ownerReferences")
        owner = next((each for each in owners if flag_in(each, "controller")), {})
        name = text_in(answer, "metadata", "name")
        namespace = text_in(answer, "metadata", "namespace")
        return cls(
            uid=text_in(answer, "metadata", "uid") or f"{namespace}/{name}",
            name=name,
            namespace=namespace,
            labels=table_of_texts(answer, "metadata", "labels"),
            annotations=table_of_texts(answer, "metadata", "annotations"),
            owner=text_in(owner, "uid"),
            owner_kind=text_in(owner, "kind"),
            owner_name=text_in(owner, "name"),
            created=moment_in(answer, "metadata", "creationTimestamp"),
            is_ending=bool(text_in(answer, "metadata", "deletionTimestamp")),
        )

    @property
    def full_name(self) -> str:
        """Its name, with its namespace where that is not the default one."""
        is_usual = self.namespace in ("", "default")
        return self.name if is_usual else f"{self.namespace}/{self.name}"

    def belongs_to(self, app: str) -> bool:
        """Whether its name or its label of an app says so."""
        return self.name == app or app in [self.labels.get(key) for key in _NAME_LABELS]


def selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether a selector chooses what has these labels; an empty one chooses nothing."""
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())
