"""The desks of the three audiences, and the trail."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.accounts.access import current_visitor
from portal.accounts.permissions import Permission
from portal.accounts.types import Audience
from portal.accounts.wording import DESKS, place_words
from portal.catalogue.codelists import current_code_lists
from portal.core import clock
from portal.core.access import needs
from portal.core.database import current_session
from portal.core.languages import gettext
from portal.core.links import link
from portal.core.messages import N_
from portal.core.pages import Link, Pager
from portal.core.trail.queries import actions, entries
from portal.desks.criteria import TrailCriteria
from portal.desks.presenters import desk_page, trail_page
from portal.desks.today import waiting_for

blueprint = Blueprint("desks", __name__)

_TODAY = (
    ("moderating.index", N_("Stories of families"), N_("Read what families told, and decide by the house rules."),
     Permission.MODERATE),
    ("answering.index", N_("What families told"), N_("Read what families told about you, and answer it."),
     Permission.ANSWER_FAMILIES),
    ("team_answering.index", N_("What families told"),
     N_("Read what families told about your access team, and answer it."), Permission.ANSWER_FOR_TEAM),
    ("invitations.index", N_("Codes for families"), N_("Make codes and letters with which families tell how it was."),
     Permission.ISSUE_CODES),
    ("own_invitations.index", N_("Codes for families"),
     N_("Make codes and letters with which families of your municipality tell how it was."),
     Permission.ISSUE_OWN_CODES),
    ("municipality_report.index", N_("What families chose in the questionnaire"),
     N_("For your own reports: about the help, and about your access team."), Permission.ISSUE_OWN_CODES),
    ("provider_report.index", N_("What families chose in the questionnaire"),
     N_("For your own reports, question by question."), Permission.OWN_FIGURES),
    ("waiting.index", N_("Waiting times"), N_("How long families wait for your help: confirm it, or change it."),
     Permission.PROVIDER_DESK),
    ("texts.index", N_("What families read about you"),
     N_("Your texts and how you work. A change is shown when the region has looked at it."), Permission.PROVIDER_DESK),
    ("approvals.queue", N_("Changes of providers"),
     N_("What providers want families to read, beside what they read now."), Permission.APPROVE_CHANGES),
    ("by_hand.index", N_("Providers, offers, contracts"),
     N_("Make or mend one by hand, let one end, merge providers."), Permission.EDIT_CATALOGUE),
    ("contracts.soon", N_("Contracts that end soon"), N_("Which ones, what goes on, and whom to phone."),
     Permission.EDIT_CATALOGUE),
    ("imports.index", N_("Bring in files"),
     N_("A workbook or CSV files: look first what is wrong, then bring it in. And undo the last one."),
     Permission.IMPORT_FILES),
    ("reminders.stale", N_("Are waiting times still right?"),
     N_("Which providers did not confirm theirs, and whether they were mailed."), Permission.REGION_DESK),
    ("dashboard.choice", N_("How it goes in the region"),
     N_("How often there was a real choice, where there is none, waiting times, and who told how it was."),
     Permission.REGION_DESK),
    ("region_figures.index", N_("Figures"),
     N_("Who delivered what, what is odd about it, who sees it, and objections to decide about."),
     Permission.REGION_FIGURES),
    ("conversation.search", N_("Search and list"),
     N_("Search together with a family, make a list, and take it along to the conversation."),
     Permission.REFERRER_DESK),
    ("phased_figures.totals", N_("Figures per kind of help"),
     N_("What came of the help, also what is not public yet, with comparisons."), Permission.PHASED_FIGURES),
    ("choice.index", N_("Was there a real choice?"),
     N_("Count a talk in half a minute, and see how it goes in your municipality. Without a name."),
     Permission.RECORD_CHOICE),
    ("found_with.index", N_("Words of families"),
     N_("With which topics and words families came to you."), Permission.PROVIDER_DESK),
    ("gaps.index", N_("White spots"),
     N_("What families look for and do not find."),
     Permission.REGION_DESK),
    ("words.index", N_("Words and lists"),
     N_("What families say of a topic, and what topics and kinds of help are called. See first what a change does."),
     Permission.EDIT_WORDS),
    ("own_figures.index", N_("Your figures"),
     N_("How you did, before anybody else sees it, with room to object and to explain."), Permission.OWN_FIGURES),
    ("corrections.queue", N_("What visitors say is not right"),
     N_("Look at it, mend it or say why it stays, or pass it on to the provider."), Permission.HANDLE_CORRECTIONS),
    ("corrections.own", N_("What visitors say is not right"),
     N_("What the region passed on to you, to be mended."), Permission.PROVIDER_DESK),
    ("region_people.index", N_("People"), N_("Invite people, change what they may do, end their access."),
     Permission.MANAGE_REGION_PEOPLE),
    ("provider_people.index", N_("Colleagues"), N_("Invite colleagues, change what they may do, end their access."),
     Permission.MANAGE_PROVIDER_PEOPLE),
    ("desks.trail", N_("Who changed what"), N_("Everything that was changed here, by whom and when."),
     Permission.READ_TRAIL),
    ("own_account.account", N_("My account"), N_("Your password, your phone, and where you are signed in."),
     Permission.OWN_ACCOUNT),
)  # fmt: skip


@blueprint.get("/werkplek/regio")
@needs(Permission.REGION_DESK)
def region() -> str:
    """The desk of the region's staff."""
    return _desk(Audience.REGION)


@blueprint.get("/werkplek/verwijzer")
@needs(Permission.REFERRER_DESK)
def referrer() -> str:
    """The desk of access workers, referrers and partners."""
    return _desk(Audience.REFERRER)


@blueprint.get("/werkplek/aanbieder")
@needs(Permission.PROVIDER_DESK)
def provider() -> str:
    """The desk of a provider's people."""
    return _desk(Audience.PROVIDER)


def _desk(audience: Audience) -> str:
    visitor = current_visitor()
    now = [Link(gettext(label), link(endpoint), gettext(text)) for endpoint, label, text, permission in _TODAY
           if visitor.may(permission)]  # fmt: skip
    held = visitor.membership
    place = place_words(held, current_code_lists()) if held else ""
    waiting = waiting_for(current_session(), visitor, clock.today())
    page = desk_page(audience, f"{gettext(DESKS[audience])}: {place}", waiting, now)
    return render_template("desks/desk.html", page=page)


@blueprint.get("/werkplek/regio/logboek")
@needs(Permission.READ_TRAIL)
def trail() -> str:
    """Who changed what in the region, newest first."""
    criteria, session = TrailCriteria.read(request.args), current_session()
    region_id = current_visitor().scope(Permission.READ_TRAIL).region_id
    found = entries(session, region_id, criteria.filters, criteria.page)

    def href(page: int) -> str:
        return link("desks.trail", **criteria.asked, pagina=str(page))

    pager = Pager.at(found.page, found.pages, href)
    day_error = ""
    if criteria.unread_day:
        day_error = gettext("%(day)s is not a date. Write it like 27-11-2026.", day=criteria.unread_day)
    page = trail_page(
        found.entries, found.total, criteria.asked, actions(session, region_id), link("desks.trail"), pager,
        current_code_lists(), day_error,
    )  # fmt: skip
    return render_template("desks/trail.html", page=page)
