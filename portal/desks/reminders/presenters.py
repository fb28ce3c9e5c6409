"""Who did not confirm for long, ready for a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue import wording
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.desks.reminders.queries import Silent


@dataclass(frozen=True, slots=True)
class SilentProvider:
    """A provider with waiting times that are old."""

    name: str
    href: str
    offers: str
    oldest: str
    mailed: str
    contact: Sequence[str]
    """Its phone and mail address, as families read them."""
    is_urgent: bool
    """Whether mails alone did not help."""


@dataclass(frozen=True, slots=True)
class StalePage:
    """All of them."""

    lead: str
    providers: Sequence[SilentProvider]


def stale_page(silent: Sequence[Silent], today: date) -> StalePage:
    """The providers of a region that a family cannot rely on for a waiting time."""
    if silent:
        lead = ngettext(
            "%(num)s provider has a waiting time that is older than a month.",
            "%(num)s providers have a waiting time that is older than a month.",
            len(silent),
        )
    else:
        lead = gettext("Every waiting time was confirmed in the last month. Families can rely on them.")
    return StalePage(lead, [_provider(one, today) for one in silent])


def _provider(one: Silent, today: date) -> SilentProvider:
    provider, reminder = one.provider, one.reminder
    if reminder is not None:
        mailed = ngettext(
            "%(num)s mail, the last on %(day)s to %(people)s", "%(num)s mails, the last on %(day)s to %(people)s",
            reminder.times, day=wording.day(reminder.sent_on, today),
            people=ngettext("%(num)s person", "%(num)s people", reminder.recipients),
        )  # fmt: skip
    elif one.people:
        mailed = gettext("Not mailed yet: that happens tonight")
    else:
        mailed = gettext("Nobody there has an account: invite somebody")
    return SilentProvider(
        name=provider.name,
        href=link("catalogue.provider", slug=provider.slug),
        offers=ngettext("%(num)s kind of help", "%(num)s kinds of help", one.offers),
        oldest=gettext("Told on %(day)s", day=wording.day(one.oldest, today)) if one.oldest else gettext("Never told"),
        mailed=mailed,
        contact=[text for text in (provider.phone, provider.email) if text],
        is_urgent=not one.people or (reminder is not None and reminder.times > 1),
    )
