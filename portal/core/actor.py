"""Who does something, as far as the plumbing needs to know: enough for the trail, without knowing accounts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ActorKind(StrEnum):
    """What kind of somebody it is."""

    PERSON = "person"
    """Somebody who is signed in."""
    SYSTEM = "system"
    """The portal itself, in what it does by the clock."""
    COMMAND = "command"
    """Whoever may run `portal` on this machine."""
    MAIL_LINK = "mail_link"
    """Whoever holds the link of a mail, good for one thing."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. Operations receive it as an argument and hand it to the trail."""

    kind: ActorKind
    label: str
    """How the trail names them, for example "Noor Janssen (contractmanager)", also when the account is gone."""
    person_id: int | None = None
    region_id: int | None = None
    """The region for which they act; none for what concerns the whole installation."""

    def __post_init__(self) -> None:
        """Raise ValueError for somebody without a name, and for a person without an account."""
        if not self.label.strip():
            raise ValueError("an actor has a label")
        if self.kind is ActorKind.PERSON and self.person_id is None:
            raise ValueError("a person is known by the id of the account")

    @classmethod
    def person(cls, person_id: int, label: str, region_id: int | None = None) -> Self:
        """Somebody who is signed in with the account `person_id`."""
        return cls(ActorKind.PERSON, label, person_id, region_id)

    @classmethod
    def system(cls, task: str, region_id: int | None = None) -> Self:
        """The portal itself, at work on `task`, for example `"daily"`."""
        return cls(ActorKind.SYSTEM, task, region_id=region_id)

    @classmethod
    def command(cls, name: str, region_id: int | None = None) -> Self:
        """Whoever runs the command `name`, for example `"users invite"`."""
        return cls(ActorKind.COMMAND, f"portal {name}", region_id=region_id)
