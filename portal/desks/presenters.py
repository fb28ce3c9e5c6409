"""Desks that have no work on them yet, and the trail, ready for a template."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime

from portal.accounts.types import Audience
from portal.accounts.wording import PROFESSIONS, ROLES, STATUSES
from portal.catalogue.codelists import CodeLists
from portal.core.actor import ActorKind
from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen, gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Link, Option, Pager
from portal.core.trail.models import TrailEntry


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that will stand on a desk: what, for whom, and who makes it come."""

    title: str
    text: str
    whose: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A desk."""

    title: str
    lead: str
    now: Sequence[Link]
    """What can be done here today."""
    coming: Sequence[Coming]


_LEADS = {
    Audience.REGION: N_(
        "What waits for the region comes here: changes to approve, stories to read, files to bring in."
    ),
    Audience.REFERRER: N_("What helps you help a family choose comes here."),
    Audience.PROVIDER: N_("What families read about you comes here, to be kept right in minutes."),
}
_COMING = {
    Audience.REGION: (
        (
            N_("Contracts and figures"),
            N_(
                "Bring in a file, see by row and column what is wrong with it, and store it. Today a command does that."
            ),
            N_("For the data officer. The operator brings files in until then."),
        ),
        (
            N_("Changes of providers"),
            N_("What providers change about themselves, beside what is shown now, for you to approve."),
            N_("For the contract manager. It comes when providers can change their texts here."),
        ),
        (
            N_("White spots"),
            N_("Which help families look for and do not find. Today a command tells it."),
            N_("For everybody at the region."),
        ),
    ),
    Audience.REFERRER: (
        (
            N_("Figures before they are public"),
            N_("What came of the help of each provider, for you to look at first."),
            N_("For access teams and referrers. It comes when the region opens figures to you."),
        ),
        (
            N_("The conversation about the choice"),
            N_("A sheet with what fits a family, and the note that a real choice was offered. Without a name."),
            N_("For access teams. You make it, together with the family."),
        ),
        (
            N_("Lists of your own"),
            N_("Providers that you look up often, kept together."),
            N_("For everybody at this desk."),
        ),
    ),
    Audience.PROVIDER: (
        (
            N_("Still correct?"),
            N_("Waiting times and stops, to confirm with one press or to change."),
            N_("For everybody at the provider. The region reminds you by mail."),
        ),
        (
            N_("Your texts"),
            N_("What families read about you. A change is shown when the region has looked at it."),
            N_("For everybody at the provider."),
        ),
        (
            N_("Your figures"),
            N_("How you did, before anybody else sees it, with room to object."),
            N_("For everybody at the provider. The region brings the figures in."),
        ),
    ),
}


def desk_page(audience: Audience, title: str, now: Sequence[Link]) -> DeskPage:
    """The desk of an audience, with what can be done today and what is on its way."""
    coming = [Coming(gettext(what), gettext(text), gettext(whose)) for what, text, whose in _COMING[audience]]
    return DeskPage(title, gettext(_LEADS[audience]), now, coming)


# --- the trail -----------------------------------------------------------------------------------------------


ACTIONS = {
    "person.invited": N_("invited"),
    "person.invited_again": N_("invited once more"),
    "person.invitation_withdrawn": N_("invitation taken back"),
    "person.accepted": N_("accepted the invitation"),
    "person.role_changed": N_("role changed"),
    "person.disabled": N_("access ended"),
    "person.enabled": N_("access given back"),
    "person.handed_over": N_("role handed over"),
    "person.left": N_("left"),
    "person.second_factor_renewed": N_("phone to be set up again"),
    "invitations.issued": N_("codes made"),
    "invitations.counted": N_("codes counted"),
    "experience.ready": N_("story approved"),
    "experience.published": N_("story published"),
    "experience.refused": N_("story not published"),
    "experience.removed": N_("story taken down"),
    "experience.upheld": N_("decision upheld after a second look"),
    "experience.removal_proposed": N_("proposed to take a story down"),
    "experience.removal_rejected": N_("proposal rejected, story stays"),
    "answer.received": N_("answer written"),
    "answer.published": N_("answer published"),
    "answer.refused": N_("answer given back"),
    "promise.kept": N_("promise said to be kept"),
    "dispute.received": N_("fact disputed"),
    "dispute.kept": N_("disputed sentence stays"),
    "dispute.removed": N_("disputed sentence left out"),
}
_FIELDS = {
    "person": N_("Who"),
    "role": N_("Role"),
    "status": N_("Status"),
    "provider": N_("Provider"),
    "municipality": N_("Municipality"),
    "profession": N_("Kind"),
}
_WORDS = {**{r.value: w for r, w in ROLES.items()}, **{s.value: w for s, w in STATUSES.items()},
          **{p.value: w for p, w in PROFESSIONS.items()}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One value of an entry: what it was, and what it is."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry of the trail as people read it."""

    number: int
    when: str
    who: str
    what: str
    changes: Sequence[Change]
    reason: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of the trail."""

    count: str
    entries: Sequence[ShownEntry]
    text: str
    first_day: str
    last_day: str
    day_error: str
    actions: Sequence[Option]
    is_narrowed: bool
    all_href: str
    hidden: Sequence[tuple[str, str]]
    pager: Pager


def trail_page(
    entries: Sequence[TrailEntry],
    total: int,
    asked: Mapping[str, str],
    actions: Sequence[str],
    all_href: str,
    pager: Pager,
    lists: CodeLists,
    day_error: str = "",
) -> TrailPage:
    """Entries, newest first, narrowed as asked."""
    return TrailPage(
        count=ngettext("%(num)s change", "%(num)s changes", total),
        entries=[_entry(entry, lists) for entry in entries],
        text=asked.get("zoek", ""),
        first_day=asked.get("van", ""),
        last_day=asked.get("tot", ""),
        day_error=day_error,
        actions=[Option(one, action_words(one), one == asked.get("wat")) for one in actions],
        is_narrowed=bool(asked),
        all_href=all_href,
        hidden=[("over", asked["over"])] if "over" in asked else [],
        pager=pager,
    )


def action_words(action: str) -> str:
    """What was done; an action that we have no words for stands for itself."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action


def _entry(entry: TrailEntry, lists: CodeLists) -> ShownEntry:
    before, after = entry.before_values, entry.after_values
    names = [*_FIELDS, *sorted({*before, *after} - set(_FIELDS))]
    changes = [
        Change(
            gettext(_FIELDS[name]) if name in _FIELDS else name,
            _said(before.get(name), lists),
            _said(after.get(name), lists),
        )
        for name in names
        if name in before or name in after
    ]
    who = gettext("The portal itself") if entry.actor_kind is ActorKind.SYSTEM else entry.actor_label
    return ShownEntry(
        entry.number, _moment(entry.moment), who, action_words(entry.action),
        [Change(c.name, "" if c.before == c.after else c.before, c.after) for c in changes], entry.reason,
    )  # fmt: skip


def _said(value: object, lists: CodeLists) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        municipality = lists.municipalities.get(value)
        return municipality.name if municipality else gettext(_WORDS[value]) if value in _WORDS else value
    return json.dumps(value, ensure_ascii=False)


def _moment(at: datetime) -> str:
    return format_datetime(at.astimezone(AMSTERDAM), "d MMM y, H:mm", locale=chosen())
