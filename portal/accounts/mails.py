"""The mails that accounts send, ready to be posted: plain text, in the language of who gets them.

A mail carries its code twice: in a link, behind the `#`, where no server and no log ever sees it, and written out, to
be typed over where a browser runs no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime
from sqlalchemy.orm import Session

from portal.accounts.signing_in.codes import for_people
from portal.core.clock import AMSTERDAM
from portal.core.languages import DEFAULT, translate
from portal.core.mail.operations import post
from portal.core.mail.types import LONGEST_SUBJECT
from portal.core.messages import N_

_GREETING = N_("Good day,")
SITE_NAME = N_("Choosing youth care in %(region)s")
_FAREWELL = N_("Kind regards,\n%(site)s")


@dataclass(frozen=True, slots=True)
class MailSite:
    """What mails say of this site: the region's name and the public address."""

    region_name: str
    base_url: str

    def address(self, path: str, language: str, code: str = "") -> str:
        """A page of ours, in that language; the code stands where only the browser sees it."""
        asked = "" if language == DEFAULT else f"?lang={language}"
        return f"{self.base_url}{path}{asked}" + (f"#{for_people(code)}" if code else "")


def invitation(
    session: Session,
    site: MailSite,
    to: str,
    language: str,
    post_words: str,
    code: str,
    until: datetime,
    at: datetime,
    by: str = "",
) -> None:
    """Post: you are invited as …, and by whom: that is who can be asked. `by` is empty where a command invites."""
    by_whom = N_("%(by)s invites you to work with %(site)s, as %(post)s.")
    send(session, site, to, language, at, N_("You are invited: %(post)s"), (
        by_whom if by else N_("You are invited to work with %(site)s, as %(post)s."),
        N_("This link begins it. Then you choose a password and set up a code on your phone; it takes five minutes."),
        site.address("/uitnodiging", language, code),
        N_("Does the link not work? Go to %(plain)s and type this code:"),
        for_people(code),
        N_("It works until %(until)s. Did you not expect this? Then you need not do anything."),
    ), not_after=until, post=post_words, by=by, until=_written(until, language),
       plain=site.address("/uitnodiging", language))  # fmt: skip


def new_password(
    session: Session, site: MailSite, to: str, language: str, code: str, until: datetime, at: datetime
) -> None:
    """Post: here you choose another password."""
    send(session, site, to, language, at, N_("Choose a new password"), (
        N_("Somebody, probably you, asked for a new password for this mail address."),
        site.address("/nieuw-wachtwoord", language, code),
        N_("Does the link not work? Go to %(plain)s and type this code:"),
        for_people(code),
        N_("It works until %(until)s, once. You still need your phone to sign in. Was it not you? Nothing changes."),
    ), not_after=until, until=_written(until, language), plain=site.address("/nieuw-wachtwoord", language))  # fmt: skip


def signs_in_elsewhere(session: Session, site: MailSite, to: str, language: str, at: datetime) -> None:
    """Post: you have no password here."""
    send(session, site, to, language, at, N_("Your password is not kept here"), (
        N_("Somebody, probably you, asked for a new password for this mail address."),
        N_("You sign in through your own organisation, with the password that you have there. Ask your own help desk."),
        site.address("/inloggen", language),
    ))  # fmt: skip


def password_changed(session: Session, site: MailSite, to: str, language: str, at: datetime) -> None:
    """Post: your password was changed."""
    send(session, site, to, language, at, N_("Your password was changed"), (
        N_("Your password was changed on %(when)s. Where you were signed in elsewhere, you are not any more."),
        N_("Was it not you? Choose a new password now, and tell the region:"),
        site.address("/wachtwoord-vergeten", language),
    ), when=_written(at, language))  # fmt: skip


def phone_changed(session: Session, site: MailSite, to: str, language: str, at: datetime) -> None:
    """Post: another phone makes your codes now."""
    send(session, site, to, language, at, N_("Another phone was set up"), (
        N_("Since %(when)s another phone makes your codes for signing in. Codes on paper of before work no more."),
        N_("Was it not you? Choose a new password now, and tell the region:"),
        site.address("/wachtwoord-vergeten", language),
    ), when=_written(at, language))  # fmt: skip


def new_recovery_codes(session: Session, site: MailSite, to: str, language: str, at: datetime) -> None:
    """Post: there are new codes on paper."""
    send(session, site, to, language, at, N_("New codes on paper were made"), (
        N_("On %(when)s new codes on paper were made for your account. Those of before work no more."),
        N_("Was it not you? Choose a new password now, and tell the region:"),
        site.address("/wachtwoord-vergeten", language),
    ), when=_written(at, language))  # fmt: skip


def new_second_factor(
    session: Session, site: MailSite, to: str, language: str, code: str, until: datetime, at: datetime
) -> None:
    """Post: set up a new code on your phone."""
    send(session, site, to, language, at, N_("Set up the code on your phone again"), (
        N_("Somebody who manages accounts lets you set up the code on your phone again. The old one works no more."),
        N_("You need your password for it."),
        site.address("/uitnodiging", language, code),
        N_("Does the link not work? Go to %(plain)s and type this code:"),
        for_people(code),
        N_("It works until %(until)s. Did you not ask for this? Tell the region."),
    ), not_after=until, until=_written(until, language), plain=site.address("/uitnodiging", language))  # fmt: skip


def access_ended(session: Session, site: MailSite, to: str, language: str, post_words: str, at: datetime) -> None:
    """Post: your access was ended."""
    send(session, site, to, language, at, N_("Your access was ended"), (
        N_("Your access as %(post)s was ended on %(when)s."),
        N_("Is that not right? Ask whoever manages accounts in your organisation or region."),
    ), post=post_words, when=_written(at, language))  # fmt: skip


def send(
    session: Session,
    site: MailSite,
    to: str,
    language: str,
    at: datetime,
    subject: str,
    paragraphs: tuple[str, ...],
    not_after: datetime | None = None,
    **values: str,
) -> None:
    """Post a mail with a greeting, `paragraphs` and a farewell, in `language`; `values` fill the places of all texts.

    What has no translation, such as an address, stands for itself.
    """
    values["site"] = translate(SITE_NAME, language, region=site.region_name)

    def said(text: str) -> str:
        return translate(text, language, **values) if "%(" in text or " " in text else text

    body = "\n\n".join([said(_GREETING), *(said(part) for part in paragraphs), said(_FAREWELL)])
    title = "".join(character for character in said(subject) if character.isprintable())
    post(session, to, title[:LONGEST_SUBJECT], body + "\n", at, language=language, not_after=not_after)


def _written(moment: datetime, language: str) -> str:
    return format_datetime(moment.astimezone(AMSTERDAM), "d MMMM y, H:mm", locale=language)
