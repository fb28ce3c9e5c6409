"""The pages of the desks, in a few parts: one table for the navigation and for the page a desk begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.accounts.permissions import Permission
from portal.core.messages import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A page that a desk leads to."""

    endpoint: str
    name: str
    """What it is called in the navigation."""
    permission: Permission
    """Who may not do this sees no link to it."""
    title: str = ""
    """What it is called on the page a desk begins with; empty where it does not stand there."""
    explanation: str = ""

    def is_at(self, endpoint: str) -> bool:
        """Whether a view is this page or one of the pages behind it."""
        return endpoint == self.endpoint or (
            endpoint.partition(".")[0] == self.endpoint.partition(".")[0] and endpoint not in _BY_THEMSELVES
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together. A part of which somebody may see one page is called by that page."""

    name: str
    places: Sequence[Place]

    def for_who(self, may: Callable[[Permission], bool]) -> Part | None:
        """This part with the pages that somebody may see, or None where there is none."""
        places = [one for one in self.places if may(one.permission)]
        if not places:
            return None
        return Part(self.name if len(places) > 1 else places[0].name, places)


_BY_THEMSELVES = ("desks.region", "desks.referrer", "desks.provider", "desks.trail")
"""Views of one blueprint that are pages of different parts."""

PARTS: Sequence[Part] = (
    Part(
        N_("Today"),
        (
            Place("desks.region", N_("Today"), Permission.REGION_DESK),
            Place("desks.referrer", N_("Today"), Permission.REFERRER_DESK),
            Place("desks.provider", N_("Today"), Permission.PROVIDER_DESK),
        ),
    ),
    Part(
        N_("Search and list"),
        (
            Place(
                "conversation.search", N_("Search and list"), Permission.REFERRER_DESK, N_("Search and list"),
                N_("Search together with a family, make a list, and take it along to the conversation."),
            ),
        ),
    ),
    Part(
        N_("Help on offer"),
        (
            Place(
                "texts.index", N_("What families read"), Permission.PROVIDER_DESK, N_("What families read about you"),
                N_("Your texts and how you work. A change is shown when the region has looked at it."),
            ),
            Place(
                "waiting.index", N_("Waiting times"), Permission.PROVIDER_DESK, N_("Waiting times"),
                N_("How long families wait for your help: confirm it, or change it."),
            ),
            Place(
                "approvals.queue", N_("Changes"), Permission.APPROVE_CHANGES, N_("Changes of providers"),
                N_("What providers want families to read, beside what they read now."),
            ),
            Place(
                "corrections.queue", N_("Not right?"), Permission.HANDLE_CORRECTIONS,
                N_("What visitors say is not right"),
                N_("Look at it, mend it or say why it stays, or pass it on to the provider."),
            ),
            Place(
                "corrections.own", N_("Not right?"), Permission.PROVIDER_DESK, N_("What visitors say is not right"),
                N_("What the region passed on to you, to be mended."),
            ),
            Place(
                "reminders.stale", N_("Still right?"), Permission.REGION_DESK, N_("Are waiting times still right?"),
                N_("Which providers did not confirm theirs, and whether they were mailed."),
            ),
            Place(
                "by_hand.index", N_("Providers"), Permission.EDIT_CATALOGUE, N_("Providers, offers, contracts"),
                N_("Make or mend one by hand, let one end, merge providers."),
            ),
            Place(
                "contracts.soon", N_("Ending contracts"), Permission.EDIT_CATALOGUE,
                N_("Contracts that end soon"), N_("Which ones, what goes on, and whom to phone."),
            ),
            Place(
                "imports.index", N_("Files"), Permission.IMPORT_FILES, N_("Bring in files"),
                N_("A workbook or CSV files: look first what is wrong, then bring it in. And undo the last one."),
            ),
        ),
    ),
    Part(
        N_("Figures"),
        (
            Place(
                "dashboard.choice", N_("How it goes"), Permission.REGION_DESK, N_("How it goes in the region"),
                N_(
                    "How often there was a real choice, where there is none, waiting times, and who told how it was."
                ),
            ),
            Place(
                "region_figures.index", N_("Figures"), Permission.REGION_FIGURES, N_("Figures"),
                N_("Who delivered what, what is odd about it, who sees it, and objections to decide about."),
            ),
            Place(
                "phased_figures.totals", N_("Figures"), Permission.PHASED_FIGURES, N_("Figures per kind of help"),
                N_("What came of the help, also what is not public yet, with comparisons."),
            ),
            Place(
                "own_figures.index", N_("Your figures"), Permission.OWN_FIGURES, N_("Your figures"),
                N_("How you did, before anybody else sees it, with room to object and to explain."),
            ),
        ),
    ),
    Part(
        N_("Real choice"),
        (
            Place(
                "choice.index", N_("Real choice"), Permission.RECORD_CHOICE, N_("Was there a real choice?"),
                N_("Count a talk in half a minute, and see how it goes in your municipality. Without a name."),
            ),
        ),
    ),
    Part(
        N_("Experiences"),
        (
            Place(
                "moderating.index", N_("Stories"), Permission.MODERATE, N_("Stories of families"),
                N_("Read what families told, and decide by the house rules."),
            ),
            Place(
                "answering.index", N_("Stories"), Permission.ANSWER_FAMILIES, N_("What families told"),
                N_("Read what families told about you, and answer it."),
            ),
            Place(
                "team_answering.index", N_("Stories"), Permission.ANSWER_FOR_TEAM, N_("What families told"),
                N_("Read what families told about your access team, and answer it."),
            ),
            Place(
                "invitations.index", N_("Codes"), Permission.ISSUE_CODES, N_("Codes for families"),
                N_("Make codes and letters with which families tell how it was."),
            ),
            Place(
                "own_invitations.index", N_("Codes"), Permission.ISSUE_OWN_CODES, N_("Codes for families"),
                N_("Make codes and letters with which families of your municipality tell how it was."),
            ),
            Place(
                "provider_report.index", N_("Questionnaire"), Permission.OWN_FIGURES,
                N_("What families chose in the questionnaire"), N_("For your own reports, question by question."),
            ),
            Place(
                "municipality_report.index", N_("Questionnaire"), Permission.ISSUE_OWN_CODES,
                N_("What families chose in the questionnaire"),
                N_("For your own reports: about the help, and about your access team."),
            ),
        ),
    ),
    Part(
        N_("Search words"),
        (
            Place(
                "found_with.index", N_("Words of families"), Permission.PROVIDER_DESK, N_("Words of families"),
                N_("With which topics and words families came to you."),
            ),
            Place(
                "gaps.index", N_("White spots"), Permission.REGION_DESK, N_("White spots"),
                N_("What families look for and do not find."),
            ),
            Place(
                "words.index", N_("Words"), Permission.EDIT_WORDS, N_("Words and lists"),
                N_(
                    "What families say of a topic, and what topics and kinds of help are called. "
                    "See first what a change does."
                ),
            ),
        ),
    ),
    Part(
        N_("People"),
        (
            Place(
                "region_people.index", N_("People"), Permission.MANAGE_REGION_PEOPLE, N_("People"),
                N_("Invite people, change what they may do, end their access."),
            ),
            Place(
                "provider_people.index", N_("Colleagues"), Permission.MANAGE_PROVIDER_PEOPLE, N_("Colleagues"),
                N_("Invite colleagues, change what they may do, end their access."),
            ),
            Place(
                "desks.trail", N_("Who changed what"), Permission.READ_TRAIL, N_("Who changed what"),
                N_("Everything that was changed here, by whom and when."),
            ),
        ),
    ),
    Part(
        N_("My account"),
        (
            Place(
                "own_account.account", N_("My account"), Permission.OWN_ACCOUNT, N_("My account"),
                N_("Your password, your phone, and where you are signed in."),
            ),
        ),
    ),
)  # fmt: skip
"""In the order of the navigation; each sees its own."""


def parts_for(may: Callable[[Permission], bool]) -> Sequence[Part]:
    """The parts of which somebody may see a page, with those pages."""
    return [part for one in PARTS if (part := one.for_who(may)) is not None]
