"""Pages of signing in, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from babel.dates import format_datetime, format_time

from portal.accounts.signing_in.codes import for_people, secret_for_people, setup_address
from portal.accounts.signing_in.operations import CodeCheck, CodeResult
from portal.core.clock import AMSTERDAM
from portal.core.languages import chosen, gettext, ngettext
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Tone
from portal.core.qr import Qr, qr_code


@dataclass(frozen=True, slots=True)
class EntrancePage:
    """A page on the way in: what was typed, what is wrong with it, and what just happened."""

    hidden: Sequence[tuple[str, str]] = ()
    """What its form carries along."""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None
    elsewhere: Sequence[Link] = ()
    """Organisations through which one can sign in."""
    about: str = ""
    """What this step is for, such as the role to which somebody is invited."""
    hint: str = ""
    """Shown in a demonstration only."""

    @property
    def title_mark(self) -> str:
        """What stands before the title where something is wrong, so that it is the first thing that is read out."""
        return gettext("Not yet right: ") if self.errors else ""


@dataclass(frozen=True, slots=True)
class SecondFactorPage:
    """The second factor, to be set up: a QR code and the same in letters."""

    hidden: Sequence[tuple[str, str]]
    qr: Qr | None
    """The address for the app; None where it is too long for a code."""
    secret: str
    address: str
    """Opens the app on the phone on which the page is read."""
    account: str
    error: str = ""
    hint: str = ""

    @property
    def title_mark(self) -> str:
        """As on every page of the way in."""
        return gettext("Not yet right: ") if self.error else ""

    @property
    def errors(self) -> Mapping[str, str]:
        """What is wrong, by the name of the field; it stands at the head of the page, far from the field."""
        return {"code": self.error} if self.error else {}


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """New codes for the paper, shown this once."""

    codes: Sequence[str]
    made_on: str
    next: Link


def second_factor_page(
    hidden: Sequence[tuple[str, str]], secret: str, email: str, site_name: str, error: str = "", hint: str = ""
) -> SecondFactorPage:
    """What a phone needs to make codes for this account."""
    address = setup_address(secret, email, site_name)
    return SecondFactorPage(hidden, qr_code(address), secret_for_people(secret), address, email, error, hint)


def recovery_page(codes: Sequence[str], now: datetime, onward: Link) -> RecoveryPage:
    """The codes in groups."""
    return RecoveryPage([for_people(code) for code in codes], day_words(now), onward)


def code_words(result: CodeResult, now: datetime) -> str:
    """What to say of a one-time code that was not right."""
    if result.check is CodeCheck.USED:
        return gettext("This code was used already. Wait until your phone shows the next one, at most half a minute.")
    if result.check is CodeCheck.CLOCK:
        minutes = abs(result.minutes)
        told = (
            ngettext(
                "Your phone's clock is %(num)s minute ahead.", "Your phone's clock is %(num)s minutes ahead.", minutes
            )
            if result.minutes > 0
            else ngettext(
                "Your phone's clock is %(num)s minute behind, or this is an old code.",
                "Your phone's clock is %(num)s minutes behind, or this is an old code.",
                minutes,
            )
        )
        here = format_time(now.astimezone(AMSTERDAM), "HH:mm:ss", locale=chosen())
        return gettext(
            "%(told)s Here it is %(time)s. Let the phone set its clock by itself. Then take the code that it shows.",
            told=told,
            time=here,
        )
    return gettext("This code is not right. Take the six digits that your phone shows now, and type them here.")


def moment_words(moment: datetime) -> str:
    """A moment, as a sentence uses it."""
    return format_datetime(moment.astimezone(AMSTERDAM), "d MMMM, H:mm", locale=chosen())


def day_words(moment: datetime) -> str:
    """The day of a moment."""
    return format_datetime(moment.astimezone(AMSTERDAM), "d MMMM y", locale=chosen())


DONE = {
    "uit": (N_("You are signed out."), ""),
    "voorbij": (N_("You are not signed in any more."),
                N_("That happens after half an hour without a page, after twelve hours, and when somebody changes your "
                   "role. Sign in again to go on.")),
    "wachtwoord": (N_("Your new password is kept."), N_("Sign in with it now. Your phone's code is asked as before.")),
    "uitgenodigd": (N_("The invitation is accepted."), N_("You have an account already. Sign in, and choose the new "
                                                          "role at the top of your desk.")),
    "telefoon": (N_("The code on your phone has to be set up again."),
                 N_("Look for a mail with a code. Type it here. Did it not come? Ask whoever manages accounts.")),
    "verlopen": (N_("That took too long, or the page was opened twice."), N_("Begin once more.")),
    "vertrokken": (N_("You gave up your role."), N_("Thank you for what you did. What you wrote stays.")),
}  # fmt: skip
"""What can have happened before a page of the way in, by what stands in its address."""


def done_notice(what: str | None) -> Notice | None:
    """What just happened, as the address says; nothing where it says something else."""
    if what not in DONE:
        return None
    title, text = DONE[what]
    return Notice(Tone.INFO, gettext(title), gettext(text) if text else "")
