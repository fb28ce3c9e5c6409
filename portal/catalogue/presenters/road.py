"""The road to a kind of help in a municipality: lighter help first, who decides, the steps, and what comes after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.catalogue import wording
from portal.catalogue.guidance import Advice, AdviceWords, Part, filled
from portal.catalogue.presenters.common import Context, MunicipalityHelp, crisis_notice
from portal.catalogue.queries import CRISIS, FAMILY_HOME, Supply
from portal.core.languages import gettext, ngettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Fact, Link, Notice, Option, Tone


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """A piece of advice, with the local names in it."""

    title: str
    text: str
    term: str
    """How long, or when; of a step."""


@dataclass(frozen=True, slots=True)
class RoadPart:
    """Advice about one thing."""

    anchor: str
    title: str
    lines: tuple[AdviceLine, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A combination of providers behind one door, with the members that give this help."""

    name: str
    explanation: str
    contact: str
    members: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RoadPage:
    """How one comes by a kind of help, and goes on."""

    title: str
    explanation: str
    notice: Notice | None
    """Whom to call first, or that a court decides."""
    municipalities: tuple[Option, ...]
    help_nearby: MunicipalityHelp | None
    lighter: RoadPart
    lists_lighter_help: bool
    """Whether what is open to everyone is named: it is no answer to a crisis, or where a court decides."""
    decides: RoadPart
    steps: RoadPart
    waiting: RoadPart
    eighteen: RoadPart
    staying: RoadPart
    costs: RoadPart
    beside: RoadPart
    who: str
    """"In Heerlen kunt u kiezen uit 12 aanbieders."."""
    who_link: Link | None
    """Where they are; None where there is nobody."""
    groups: tuple[Group, ...]
    sources: tuple[Fact, ...]
    """Which article of law says what."""
    others: tuple[Link, ...]
    """The roads to other kinds of help."""

    @property
    def contents(self) -> tuple[Link, ...]:
        """The parts that say something, for the list at the head."""
        parts = (
            self.lighter, self.decides, self.steps, self.waiting, self.eighteen, self.staying, self.costs, self.beside,
        )  # fmt: skip
        return tuple(Link(part.title, f"#{part.anchor}") for part in parts if part.lines)


_PARTS = {
    Part.LIGHTER: ("lichter", N_("Something lighter first?")),
    Part.DECIDES: ("besluit", N_("Who decides?")),
    Part.STEP: ("stappen", N_("Step by step")),
    Part.WAITING: ("wachten", N_("While you wait")),
    Part.EIGHTEEN: ("achttien", N_("When your child turns 18")),
    Part.STAYING: ("blijven", N_("May we stay?")),
    Part.COSTS: ("kosten", N_("What it costs")),
    Part.BESIDE: ("naast-u", N_("Someone beside you")),
}


def road_to(arrangement: str, context: Context) -> Link:
    """The road to a kind of help, seen from the municipality that the visitor chose."""
    term = context.arrangement(arrangement)
    href = link("catalogue.road", arrangement=arrangement, gemeente=context.place)
    return Link(term.label, href, term.explanation)


def road_page(
    arrangement: str,
    supply: Supply,
    municipalities: tuple[Option, ...],
    help_nearby: MunicipalityHelp | None,
    context: Context,
) -> RoadPage:
    """The road to the help of `arrangement` (a code of the list), where `supply` gives it."""
    term, language = context.arrangement(arrangement), context.language
    told = list(context.code_lists.advice_about(arrangement, context.situation.municipality, language))
    lines = _lines(told, _names(supply, help_nearby, context))

    def part(kind: Part) -> RoadPart:
        anchor, title = _PARTS[kind]
        return RoadPart(anchor, gettext(title), lines[kind])

    return RoadPage(
        title=term.label,
        explanation=term.explanation,
        notice=_notice(arrangement, context),
        municipalities=municipalities,
        help_nearby=help_nearby,
        lighter=part(Part.LIGHTER),
        lists_lighter_help=not context.is_decided_elsewhere(arrangement),
        decides=part(Part.DECIDES),
        steps=part(Part.STEP),
        waiting=part(Part.WAITING),
        eighteen=part(Part.EIGHTEEN),
        staying=part(Part.STAYING),
        costs=part(Part.COSTS),
        beside=part(Part.BESIDE),
        who=_who(arrangement, supply, context),
        who_link=_who_link(arrangement, context) if supply.providers else None,
        groups=_groups(supply, context),
        sources=tuple(Fact(words.label, advice.source) for advice, words in told if advice.source),
        others=tuple(road_to(code, context) for code in context.code_lists.arrangements if code != arrangement),
    )


def _lines(told: Iterable[tuple[Advice, AdviceWords]], names: Mapping[str, str]) -> dict[Part, tuple[AdviceLine, ...]]:
    lines: dict[Part, list[AdviceLine]] = {part: [] for part in Part}
    for advice, words in told:
        label, text, term = (filled(said, names) for said in (words.label, words.explanation, words.term))
        lines[advice.part].append(AdviceLine(label, text, term))
    return {part: tuple(found) for part, found in lines.items()}


def _names(supply: Supply, help_nearby: MunicipalityHelp | None, context: Context) -> dict[str, str]:
    """What the local names are, or what to call them where nobody told."""
    teams = help_nearby.access_teams if help_nearby else ()
    return {
        "gemeente": context.place or gettext("your municipality"),
        "toegang": teams[0].name if teams else gettext("the access point of your municipality"),
        "crisis": context.crisis_line[0] if context.crisis_line else gettext("the crisis service"),
        "norm": _norm(supply),
    }


def _norm(supply: Supply) -> str:
    if supply.agreed_weeks is None:
        return gettext("ask the provider how long you wait")
    shortest, longest = supply.agreed_weeks
    if shortest == longest:
        return gettext("agreed here: %(norm)s", norm=wording.uncapitalized(wording.norm(longest)))
    return gettext(
        "agreed here: no longer than %(shortest)s to %(longest)s weeks, depending on the provider",
        shortest=shortest, longest=longest,
    )  # fmt: skip


def _notice(arrangement: str, context: Context) -> Notice | None:
    if arrangement == CRISIS:
        return crisis_notice(context)
    if context.is_decided_elsewhere(arrangement):
        return Notice(
            Tone.INFO,
            gettext("You do not choose this yourself"),
            gettext("A court decides about this help. You are heard first, and you keep rights."),
        )
    return None


def _who(arrangement: str, supply: Supply, context: Context) -> str:
    if not supply.providers:
        if context.place is None:
            return gettext("We know nobody yet who gives this help. Ask the access point of your municipality.")
        return gettext(
            "In %(place)s we know nobody yet who gives this help. Ask the access point: it must look for a solution.",
            place=context.place,
        )
    providers = ngettext("%(num)s provider", "%(num)s providers", supply.providers)
    place = context.place or gettext("the whole region")
    if context.is_decided_elsewhere(arrangement):
        return gettext("In %(place)s %(providers)s give this help.", place=place, providers=providers)
    return gettext("In %(place)s you can choose from %(providers)s.", place=place, providers=providers)


def _who_link(arrangement: str, context: Context) -> Link:
    label = gettext("See who they are and how soon they can begin")
    if arrangement == FAMILY_HOME:
        return Link(label, link("catalogue.family_homes", gemeente=context.place))
    return Link(label, link("search.results", arrangement=arrangement, gemeente=context.place))


def _groups(supply: Supply, context: Context) -> tuple[Group, ...]:
    return tuple(
        Group(
            group.name,
            group.explanation or "",
            group.contact or "",
            tuple(
                Link(member.name, link("catalogue.provider", slug=member.slug, gemeente=context.place))
                for member in members
            ),
        )
        for group, members in supply.consortia
    )
