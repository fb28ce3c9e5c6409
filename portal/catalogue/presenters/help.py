"""How to get help."""

from __future__ import annotations

from dataclasses import dataclass

from portal.catalogue.codelists import Route
from portal.catalogue.presenters.common import Context, MunicipalityHelp, RouteStep, crisis_notice, route_steps
from portal.catalogue.presenters.road import road_to
from portal.core.links import link
from portal.core.pages import Link, Notice, Option


@dataclass(frozen=True, slots=True)
class HelpPage:
    """How to get help, with the contacts of a municipality where one was chosen."""

    region_name: str
    municipalities: tuple[Option, ...]
    help_nearby: MunicipalityHelp | None
    routes: tuple[RouteStep, ...]
    arrangements: tuple[Link, ...]
    """The roads to kinds of help that a family chooses."""
    decided: tuple[Link, ...]
    """Kinds of help that a court or one front door decides about."""
    crisis: Notice
    """Whom to call when it cannot wait."""
    correction_href: str
    """Where anybody says that something is not right about the own municipality; empty where none was chosen."""


def help_page(
    region_name: str,
    municipalities: tuple[Option, ...],
    help_nearby: MunicipalityHelp | None,
    context: Context,
) -> HelpPage:
    """How to get help, with the contacts of a municipality where one was chosen."""
    by_route: dict[Route, list[Link]] = {Route.CHOICE: [], Route.DECIDED: []}
    for code, arrangement in context.code_lists.arrangements.items():
        by_route[arrangement.route].append(road_to(code, context))
    return HelpPage(
        region_name=region_name,
        municipalities=municipalities,
        help_nearby=help_nearby,
        routes=route_steps(None, context),
        arrangements=tuple(by_route[Route.CHOICE]),
        decided=tuple(by_route[Route.DECIDED]),
        crisis=crisis_notice(context),
        correction_href=link("corrections.say", gemeente=help_nearby.name) if help_nearby else "",
    )
