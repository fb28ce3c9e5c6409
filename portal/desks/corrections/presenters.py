"""What is said to be not right, ready for a template: for who says it, for the region, and for a provider."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.catalogue.codelists import CodeLists
from portal.catalogue.models import Provider
from portal.catalogue.presenters.common import call_or_mail
from portal.catalogue.wording import full_day
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Option, Tone
from portal.desks.corrections.models import Correction
from portal.desks.corrections.queries import About, about_correction
from portal.desks.corrections.types import Matter, ProviderSays, State

MATTERS = {
    Matter.CONTACT: N_("Phone, mail address or website"),
    Matter.PLACE: N_("Address or opening hours"),
    Matter.WAITING: N_("The waiting time"),
    Matter.HELP: N_("What is said about the help"),
    Matter.GONE: N_("This does not exist any more"),
    Matter.OTHER: N_("Something else"),
}

_ANSWERS = {
    ProviderSays.RIGHT_NOW: N_("The provider says that it is right now."),
    ProviderSays.WAS_RIGHT: N_("The provider says that it was right already."),
}


@dataclass(frozen=True, slots=True)
class SayPage:
    """The form with which somebody says that something is not right."""

    about: Link
    fields: Sequence[tuple[str, str]]
    """What tells of which page it is."""
    matters: Sequence[Option]
    text: str
    errors: Mapping[str, str]
    asks_to_keep: bool


@dataclass(frozen=True, slots=True)
class SaidPage:
    """That it arrived."""

    about: Link
    notice: Notice | None
    """Whom to call, where what was written speaks of danger."""


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """One of them, at a desk."""

    id: str
    about: Link
    provider: str
    matter: str
    text: str
    since: str
    forwarded: str
    """Since when the provider sees it; empty where it does not."""
    can_forward: bool
    nobody: str
    """That nobody of the provider can sign in to see it; empty where somebody can, or where it is about none."""
    contact: Sequence[Link]
    """How to reach the provider where nobody would see it."""
    mend: Sequence[Link]
    """Where its provider mends it."""
    answer: str
    """What the provider says of it; empty where it says nothing, or the region decided itself."""
    erased: str
    """That what was written is erased, where it is."""
    outcome: str
    """What was decided, and when; empty while it waits."""
    reason: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What waits for the region, and what was decided lately."""

    lead: str
    waiting: Sequence[ShownCorrection]
    decided: Sequence[ShownCorrection]
    notice: Notice | None
    wrong: str
    """The one whose reason was not right."""
    typed: str
    error: str
    asks_to_keep: bool
    kept: str


def say_page(
    about: About, typed: Mapping[str, str], errors: Mapping[str, str], lists: CodeLists, *, asks_to_keep: bool
) -> SayPage:
    """The form about one page, with what was typed."""
    return SayPage(
        about_link(about, lists),
        fields_of(about, lists),
        [Option(one, gettext(words), one == typed.get("matter")) for one, words in MATTERS.items()],
        typed.get("text", ""),
        errors,
        asks_to_keep,
    )


def fields_of(about: About, lists: CodeLists) -> Sequence[tuple[str, str]]:
    """What tells in an address or a form of which page it is.

    An offer is not called `aanbod` here: that is the family's list, which every page carries along.
    """
    if about.provider is None:
        return [("gemeente", lists.municipalities[about.municipality].name)]
    offered = [("hulp", about.offer.identifier)] if about.offer else []
    return [("aanbieder", about.provider.slug), *offered]


def about_link(about: About, lists: CodeLists) -> Link:
    """The page that it is about."""
    if about.provider is None:
        name = lists.municipalities[about.municipality].name
        label = gettext("Whom to turn to in %(place)s", place=name)
        return Link(label, link("catalogue.help_page", gemeente=name) + "#uw-gemeente")
    slug = about.provider.slug
    if about.offer is None:
        return Link(about.provider.name, link("catalogue.provider", slug=slug))
    return Link(about.offer.name, link("catalogue.offer", slug=slug, identifier=about.offer.identifier))


def shown(correction: Correction, lists: CodeLists, today: date, with_people: Collection[int]) -> ShownCorrection:
    """One of them in words; `with_people` are the providers at which somebody can sign in."""
    about, is_open = about_correction(correction), correction.state is State.OPEN
    days = (today - correction.received_on).days
    is_unseen = is_open and about.provider is not None and about.provider.id not in with_people
    return ShownCorrection(
        id=correction.public_id,
        about=about_link(about, lists),
        provider=about.provider.name if about.provider and about.offer else "",
        matter=gettext(MATTERS[correction.matter]),
        text=correction.text,
        since=ngettext("%(num)s day ago", "%(num)s days ago", days) if days else gettext("today"),
        forwarded=full_day(correction.forwarded_on) if correction.forwarded_on else "",
        can_forward=correction.provider_id is not None and correction.forwarded_on is None and not is_unseen,
        nobody=_nobody(about.provider) if is_unseen and about.provider else "",
        contact=call_or_mail(about.provider) if is_unseen and about.provider else (),
        mend=mending_links(correction) if about.provider else (),
        answer=gettext(_ANSWERS[correction.provider_says]) if correction.provider_says and is_open else "",
        erased="" if correction.text else gettext("What was written is erased: nobody decided about it for long."),
        outcome=_outcome(correction),
        reason=correction.reason,
    )


def _nobody(provider: Provider) -> str:
    if provider.phone or provider.email:
        return gettext("Nobody of %(provider)s has an account here: they would not see it. Call or mail them instead:",
                       provider=provider.name)  # fmt: skip
    return gettext("Nobody of %(provider)s has an account here, and we know no phone number or mail address of them.",
                   provider=provider.name)  # fmt: skip


def nobody_there(correction: Correction) -> Notice:
    """Why something is not passed on, and whom to call instead."""
    provider = correction.provider
    assert provider is not None  # noqa: S101 - it was to be passed on to it
    return Notice(
        Tone.WARNING, gettext("This was not passed on"), _nobody(provider), tuple(call_or_mail(provider))
    )  # fmt: skip


def mending_links(correction: Correction) -> Sequence[Link]:
    """Where a provider mends what is said to be not right, the likeliest first."""
    offer = correction.offer
    waiting = Link(
        gettext("Change the waiting time"),
        link("waiting.offer", identifier=offer.identifier) if offer else link("waiting.index"),
    )
    stop = Link(gettext("Take no new families"), waiting.href)
    help_ = link("texts.offer", identifier=offer.identifier) if offer else link("texts.index")
    texts = Link(gettext("Change what families read"), help_)
    places = Link(gettext("Change at which places it is"), f"{help_}#location_ids")
    contact = Link(gettext("Change phone, mail or website"), f"{link('texts.provider')}#phone")
    return {
        Matter.CONTACT: (contact,),
        Matter.PLACE: (places,) if offer else (contact,),
        Matter.WAITING: (waiting,),
        Matter.HELP: (texts,),
        Matter.GONE: (stop, texts),
        Matter.OTHER: (texts, waiting),
    }[correction.matter]


def _outcome(correction: Correction) -> str:
    if correction.decided_on is None:
        return ""
    day = full_day(correction.decided_on)
    if correction.state is State.MENDED and correction.provider_says is ProviderSays.RIGHT_NOW:
        return gettext("the provider said on %(day)s that it is right now", day=day)
    if correction.state is State.MENDED:
        return gettext("mended on %(day)s", day=day)
    return gettext("stays as it is, decided on %(day)s", day=day)


def queue_page(
    waiting: Sequence[Correction], number: int, decided: Sequence[Correction], notice: Notice | None, days: int,
    wait_days: int, lists: CodeLists, today: date, with_people: Collection[int],
    wrong: tuple[str, str, str, bool] = ("", "", "", False),
) -> QueuePage:  # fmt: skip
    """The queue; `with_people` are the providers at which somebody can sign in, `wrong` is of whom the reason was
    refused, what was typed, what is wrong, and whether to ask.
    """
    lead = ngettext("%(num)s waits, the longest first.", "%(num)s wait, the longest first.", number)
    return QueuePage(
        lead if number else gettext("Nothing waits. What visitors say is not right comes here."),
        [shown(one, lists, today, with_people) for one in waiting],
        [shown(one, lists, today, with_people) for one in decided],
        notice,
        *wrong,
        kept=gettext(
            "What was written is erased %(days)s days after the decision, and where nobody decides %(most)s days after "
            "it came.",
            days=days,
            most=wait_days,
        ),
    )
