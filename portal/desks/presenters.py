"""The page a desk begins with, and the trail, ready for a template."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_datetime

from portal.accounts.permissions import Permission
from portal.accounts.types import Audience
from portal.accounts.wording import PROFESSIONS, ROLES, STATUSES
from portal.catalogue import wording
from portal.catalogue.codelists import CodeLists
from portal.core.actor import ActorKind
from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen, gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Option, Pager
from portal.core.trail.models import TrailEntry
from portal.desks.parts import Part
from portal.exchange.columns import LABELS, TABLES
from portal.exchange.labels import choice_labels
from portal.outcomes.wording import RULINGS, SEEN_BY
from portal.reviews.wording import RULES
from portal.reviews.wording import STATUSES as REVIEW_STATUSES


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A desk."""

    title: str
    lead: str
    waiting: Sequence[Link]
    """What waits, with numbers and days."""
    now: Sequence[tuple[str, Sequence[Link]]]
    """What can be done here today, by part of the desk; what comes first, or is the only part, has no name."""
    first: Sequence[Link]
    """What to begin with, for who is here for the first time."""
    elsewhere: Sequence[Option]
    """What waits for the other roles of the same person, by role."""


_LEADS = {
    Audience.REGION: N_("What waits for you in the region comes here."),
    Audience.REFERRER: N_("What helps you help a family choose."),
    Audience.PROVIDER: N_("What families read about you comes here, to be kept right in minutes."),
}


_COMES = {
    Permission.APPROVE_CHANGES: N_("changes to approve"),
    Permission.MODERATE: N_("stories to read"),
    Permission.IMPORT_FILES: N_("files to bring in"),
}


def _lead(audience: Audience, parts: Sequence[Part]) -> str:
    """What comes to a desk; of the region's only what this person may do."""
    may = {place.permission for part in parts for place in part.places}
    comes = [gettext(words) for permission, words in _COMES.items() if permission in may]
    if audience is Audience.REGION and comes:
        return gettext("What waits for you in the region comes here: %(what)s.", what=wording.listing(comes))
    return gettext(_LEADS[audience])


def desk_page(
    audience: Audience,
    title: str,
    waiting: Sequence[Link],
    parts: Sequence[Part],
    first: Sequence[Link] = (),
    elsewhere: Sequence[tuple[str, str, Sequence[Link]]] = (),
) -> DeskPage:
    """The desk of an audience, with what waits and what can be done in each part of it.

    `elsewhere` is what waits for other roles: the id of each, what it is called, and what waits.
    """
    others = [
        Option(role, gettext("As %(role)s: %(what)s", role=name, what="; ".join(one.label for one in waits)))
        for role, name, waits in elsewhere
    ]
    before: list[Link] = []
    named: list[tuple[str, Sequence[Link]]] = []
    after: list[Link] = []
    for part in parts:
        told = [one for one in part.places if one.title]
        links = [Link(gettext(one.title), link(one.endpoint), gettext(one.explanation)) for one in told]
        if len(links) > 1:
            named.append((gettext(part.name), links))
        else:  # a heading above it would say the same twice
            (after if named else before).extend(links)
    shown = (("", before), *named, (gettext("And further"), after))
    now = [(name, links) for name, links in shown if links]
    return DeskPage(title, _lead(audience, parts), waiting, now, first, others)


def first_steps(slug: str) -> Sequence[Link]:
    """With what a provider begins that never told anything itself."""
    return (
        Link(gettext("Say how long families wait"), link("waiting.index"),
             gettext("Two minutes. Families choose by it, and see it at once.")),
        Link(gettext("Read what families read about you"), link("texts.index"),
             gettext("Is it right? One press says so. If not, change it there; the region looks at it first.")),
        Link(gettext("Look at your page as families do"), link("catalogue.provider", slug=slug),
             gettext("That is what it is all for.")),
    )  # fmt: skip


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
    "experience.danger_acted": N_("done what was agreed for danger"),
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
    "person.renamed": N_("name changed"),
    "catalogue.imported": N_("file brought in"),
    "catalogue.import_undone": N_("import undone"),
    "provider.made": N_("provider made by hand"),
    "provider.mended": N_("provider mended by hand"),
    "offer.made": N_("offer made by hand"),
    "offer.mended": N_("offer mended by hand"),
    "provider.left_to_files": N_("files decide again about a provider"),
    "offer.left_to_files": N_("files decide again about an offer"),
    "contract.made": N_("contract made by hand"),
    "contract.mended": N_("contract mended by hand"),
    "location.made": N_("location made by hand"),
    "location.mended": N_("location mended by hand"),
    "provider.merged": N_("provider merged"),
    "provider.unmerged": N_("merger undone"),
    "figures.moved": N_("figures shown to others"),
    "figures.planned": N_("planned to show figures to others"),
    "figures.plan_dropped": N_("plan for figures dropped"),
    "figures.objected": N_("objected to a figure"),
    "figures.objection_settled": N_("decided about an objection"),
    "figures.commented": N_("explained a figure"),
    "waiting.told": N_("waiting time changed"),
    "waiting.confirmed": N_("waiting time confirmed"),
    "text.approved": N_("text approved"),
    "text.returned": N_("text sent back"),
    "profile.confirmed": N_("everything confirmed"),
    "correction.mended": N_("what a visitor said was mended"),
    "correction.stays": N_("what a visitor said stays as it is"),
    "correction.forwarded": N_("what a visitor said passed on to the provider"),
    "correction.right_now": N_("provider says that what a visitor said is right now"),
    "correction.was_right": N_("provider says that what a visitor said was right"),
    "correction.reopened": N_("decision about what a visitor said taken back"),
    "words.set": N_("words or list edited"),
    "words.off": N_("words or row switched off"),
    "words.as_file": N_("words or row back to how they came"),
}
_FIELDS = {
    "person": N_("Who"),
    "role": N_("Role"),
    "status": N_("Status"),
    "provider": N_("Provider"),
    "municipality": N_("Municipality"),
    "profession": N_("Kind"),
    "leads_to": N_("Merged into"),
    "offers": N_("Offers"),
    "contracts": N_("Contracts"),
    "locations": N_("Locations"),
    "file": N_("File"),
    "indicator": N_("Figure"),
    "period": N_("Period"),
    "arrangement": N_("Kind of help"),
    "audience": N_("Seen by"),
    "ruling": N_("Decision"),
    "comment": N_("Explanation"),
    "offer": N_("Help"),
    "weeks_to_talk": N_("Weeks until the first talk"),
    "weeks_to_start": N_("Weeks until the help begins"),
    "takes_families": N_("Takes new families"),
    "row": N_("Row"),
    "language": N_("Language"),
    "label": N_("Name"),
    "explanation": N_("Explanation"),
    "expression": N_("Words"),
    "told_on": N_("Told on"),
    "kept": N_("What no file overwrites"),
    "day": N_("From day"),
    "handed_out": N_("Handed out"),
    "as_planned": N_("Handed out as planned"),
    "rule": N_("House rule"),
    "agb": N_("AGB code"),
}
_COLUMNS = {**LABELS, **_FIELDS}
_NAMES_OF: Mapping[tuple[str, str], str] = {
    ("invitation_batch", "about"): N_("About whom"),
    ("invitation_batch", "number"): N_("Codes"),
}
"""By kind of subject, where the same name means something else."""
_A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_COUNTS = {"added": N_("added"), "changed": N_("changed"), "removed": N_("removed")}
_WORDS = {**{r.value: w for r, w in ROLES.items()}, **{s.value: w for s, w in STATUSES.items()},
          **{p.value: w for p, w in PROFESSIONS.items()}}  # fmt: skip
_WORDS_OF = {
    "audience": {one.value: words for one, words in SEEN_BY.items()},
    "ruling": {one.value: words for one, words in RULINGS.items()},
    "status": {one.value: words for one, words in REVIEW_STATUSES.items()},
    "rule": {one.value: words for one, words in RULES.items()},
    "kept": LABELS,
}
"""Where the same value would mean something else under another name."""
_LISTS = {
    "indicator": "indicators", "arrangement": "arrangements", "topics": "topics", "languages": "languages",
}  # fmt: skip
_CHOICES = [
    (column.name, column.choices)
    for table in TABLES.values() for column in table.columns if column.choices is not None
]  # fmt: skip
"""By the name of a column, which may stand in several tables."""


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
    labels = _COLUMNS | {name: words for (kind, name), words in _NAMES_OF.items() if kind == entry.subject_kind}
    # What has no words is a code of our own: it stays in the trail, and tells a reader nothing.
    changes = [
        Change(gettext(words), _said(name, before.get(name), lists), _said(name, after.get(name), lists))
        for name, words in labels.items()
        if name in before or name in after
    ]
    who = gettext("The portal itself") if entry.actor_kind is ActorKind.SYSTEM else entry.actor_label
    return ShownEntry(
        entry.number, _moment(entry.moment), who, action_words(entry.action),
        [Change(c.name, "" if c.before == c.after else c.before, c.after) for c in changes], entry.reason,
    )  # fmt: skip


def _said(name: str, value: object, lists: CodeLists) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping) and set(value) <= set(_COUNTS):
        return ", ".join(f"{number} {gettext(_COUNTS[what])}" for what, number in value.items())
    if isinstance(value, list):
        return ", ".join(_said(name, one, lists) for one in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, str):
        if name in _LISTS:
            return lists.label(_LISTS[name], value, chosen()).label
        if _A_DAY.fullmatch(value):
            return wording.full_day(date.fromisoformat(value))
        for column, kind in _CHOICES:
            if column == name and value in list(kind):
                return choice_labels(kind, lists, chosen())[value]
        if value in _WORDS_OF.get(name, {}):
            return gettext(_WORDS_OF[name][value])
        municipality = lists.municipalities.get(value)
        return municipality.name if municipality else gettext(_WORDS[value]) if value in _WORDS else value
    return json.dumps(value, ensure_ascii=False)


def _moment(at: datetime) -> str:
    return format_datetime(at.astimezone(AMSTERDAM), "d MMM y, H:mm", locale=chosen())
