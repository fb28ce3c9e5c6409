"""People with an account, as the trail names them."""

from __future__ import annotations

from portal.accounts.models import Membership, Person
from portal.accounts.wording import role_words
from portal.core.actor import Actor, ActorKind
from portal.core.languages import DEFAULT


def person_actor(person: Person, membership: Membership | None) -> Actor:
    """Somebody, in the role in which they act; always named in Dutch, so that the trail has one language."""
    name = person.name or person.email
    role = f" ({role_words(membership.role, membership.profession, DEFAULT)})" if membership else ""
    return Actor(ActorKind.PERSON, f"{name}{role}", person.id, membership.region_id if membership else None)
