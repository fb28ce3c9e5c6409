"""Pages about figures that several desks have: totals, a comparison, and all of it as a file."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request

from portal.catalogue.visitor import page_context
from portal.choosing.criteria import Pairs
from portal.choosing.presenters.common import address
from portal.core import carried as visit
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.pages import Link
from portal.desks.figure_files import figures_file
from portal.desks.figure_totals import Totals, comparison_page, totals_page
from portal.outcomes import queries
from portal.outcomes.models import Figure
from portal.outcomes.queries import Asked
from portal.outcomes.rules import current_rules
from portal.outcomes.types import Viewer


def add_figure_views(
    blueprint: Blueprint, viewer: Callable[[], Viewer], href: Callable[[Figure], str],
    carried: Callable[[], Pairs] = tuple,
) -> None:  # fmt: skip
    """Give a desk its totals, comparisons and file: of what `viewer` may see; `href` leads on to a figure.

    `carried` is what the addresses of these pages keep of the page from which somebody came.
    """
    name = blueprint.name

    @blueprint.get("/totalen")
    def totals() -> str:
        """Averages per kind of help."""
        page = totals_page(
            queries.averages(current_session(), viewer()), Totals.read(request.args),
            lambda one: address(f"{name}.comparison", carried(), average_id=str(one.id)),
            (*carried(), *visit.parameters()), address(f"{name}.index", carried()), link(f"{name}.file"),
            page_context(),
        )  # fmt: skip
        return render_template("desks/figures/totals.html", page=page)

    @blueprint.get("/vergelijking/<int(max=2147483647):average_id>")
    def comparison(average_id: int) -> str:
        """Figures that share an average, in a picture and a table."""
        shown = queries.comparable(current_session(), average_id, viewer()) or abort(HTTPStatus.NOT_FOUND)
        back = Link(gettext("Totals per kind of help"), address(f"{name}.totals", carried()))
        page = comparison_page(shown, href, current_rules(), back, page_context())
        return render_template("desks/figures/comparison.html", page=page)

    @blueprint.get("/cijfers.csv")
    def file() -> Response:
        """The same as a file for a spreadsheet program, with every caveat in a column."""
        seen_by, period = viewer(), request.args.get("periode", "")[:7] or None
        return figures_file(seen_by, Asked(seen_by.region_id, period=period))
