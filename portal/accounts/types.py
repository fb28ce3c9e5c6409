"""Who somebody is here, as values: roles, what they are of, and how far a sign-in has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody does here. Each role is held within one region."""

    ADMINISTRATOR = "administrator"
    CONTRACT_MANAGER = "contract_manager"
    DATA_OFFICER = "data_officer"
    MODERATOR = "moderator"
    ACCESS_WORKER = "access_worker"
    """Works for the access team of one municipality."""
    REFERRER = "referrer"
    PARTNER = "partner"
    """Stands beside the family, and sees what the public sees."""
    PROVIDER_MANAGER = "provider_manager"
    PROVIDER_EDITOR = "provider_editor"

    @property
    def is_of_provider(self) -> bool:
        """Whether it is held at one provider."""
        return self in PROVIDER_ROLES

    @property
    def is_of_municipality(self) -> bool:
        """Whether it is held in one municipality."""
        return self is Role.ACCESS_WORKER


REGION_ROLES = (Role.ADMINISTRATOR, Role.CONTRACT_MANAGER, Role.DATA_OFFICER, Role.MODERATOR)
REFERRER_ROLES = (Role.ACCESS_WORKER, Role.REFERRER, Role.PARTNER)
PROVIDER_ROLES = (Role.PROVIDER_MANAGER, Role.PROVIDER_EDITOR)


class Profession(StrEnum):
    """What kind of referrer or partner somebody is."""

    GP = "gp"
    PRACTICE_NURSE = "practice_nurse"
    YOUTH_DOCTOR = "youth_doctor"
    SPECIALIST = "specialist"
    CERTIFIED = "certified"
    """Works for a certified institution (gecertificeerde instelling)."""
    SCHOOL = "school"
    CLIENT_SUPPORTER = "client_supporter"


PROFESSIONS = {
    Role.REFERRER: (
        Profession.GP, Profession.PRACTICE_NURSE, Profession.YOUTH_DOCTOR, Profession.SPECIALIST, Profession.CERTIFIED,
    ),
    Role.PARTNER: (Profession.SCHOOL, Profession.CLIENT_SUPPORTER),
}  # fmt: skip
"""The kinds that a role comes in; other roles have none."""


class MembershipStatus(StrEnum):
    """Whether somebody can work in a role."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"
    LEFT = "left"


class Audience(StrEnum):
    """Whose desk it is."""

    REGION = "region"
    REFERRER = "referrer"
    PROVIDER = "provider"

    @classmethod
    def of(cls, role: Role) -> Audience:
        """The desk at which this role works."""
        if role.is_of_provider:
            return cls.PROVIDER
        return cls.REFERRER if role in REFERRER_ROLES else cls.REGION


class Step(StrEnum):
    """How far a sign-in has come."""

    CODE = "code"
    """The password was right; the one-time code is still asked."""
    ACCEPTING = "accepting"
    """An invitation is being accepted: a name and a password come next."""
    RENEWING = "renewing"
    """A new second factor was allowed; the password is still asked."""
    ENROLLING = "enrolling"
    """The second factor is being set up."""
    COMPLETE = "complete"


class CodePurpose(StrEnum):
    """What the code of a mail is good for."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - not a password
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class Post:
    """A role with what it is held of: what somebody is invited to."""

    role: Role
    region_id: int
    provider_id: int | None = None
    municipality: str = ""
    """CBS code; empty where the role is not of one municipality."""
    profession: Profession | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where a part is missing, or one too many."""
        if (self.provider_id is not None) is not self.role.is_of_provider:
            raise ValueError(f"{self.role} and provider do not go together")
        if bool(self.municipality) is not self.role.is_of_municipality:
            raise ValueError(f"{self.role} and municipality do not go together")
        if self.profession not in PROFESSIONS.get(self.role, (None,)):
            raise ValueError(f"{self.role} and profession {self.profession} do not go together")


@dataclass(frozen=True, slots=True)
class Scope:
    """How far somebody reaches: a region, and within it perhaps one provider or one municipality."""

    region_id: int
    provider_id: int | None = None
    municipality: str = ""
