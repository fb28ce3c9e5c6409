"""Settings: read once from the environment, typed, and documented in `docs/settings.md`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import cast, get_type_hints

from dotenv import dotenv_values
from flask import current_app

from portal.core.keys import Keys
from portal.core.mail.types import MailServer, mailbox

PREFIX = "PORTAL_"
LEAST = {
    "white_spot_sightings": 5, "white_spot_days": 2, "outcome_smallest_cell": 5, "outcome_shown_from": 10,
    "outcome_compared_from": 30, "outcome_compared_with": 5,
}  # fmt: skip
"""What keeps families unknown, and figures honest, can be made stricter, never looser."""
MOST = {
    "outcome_tail_per_mille": 25, "outcome_equal_points": 10, "outcome_equal_tenths": 5,
    "outcome_rankable_percent": 100,
}  # fmt: skip
"""The same the other way round."""
KEPT = (
    "waiting_reminder_days", "profile_reminder_days", "trail_years", "security_log_days", "mail_days", "draft_days",
    "code_days", "refused_days", "dispute_days", "undo_days", "correction_days",
    "correction_wait_days",
)  # fmt: skip
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the variable and what would be right."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set. Each field is the variable `PORTAL_<FIELD NAME IN CAPITALS>`."""

    data_dir: Path = field(default_factory=lambda: Path("instance"))
    """Folder for the SQLite database and whatever else must be kept."""
    database_url: str = ""
    """SQLAlchemy address; empty means SQLite in the data folder."""
    secret_key: str = ""
    """Key that signs what leaves the server; required for `portal serve` outside the demonstration."""
    former_secret_keys: tuple[str, ...] = ()
    """Secret keys of before, newest first: what was signed with them is still recognised."""
    base_url: str = "http://127.0.0.1:8000"
    """The public address, without a slash at the end; absolute links are made from it alone."""
    region_name: str = "Zuid-Limburg"
    """Region whose package `portal import` reads when `--region` is not given, and the name on the pages."""
    theme: Path | None = None
    """A stylesheet with the region's own design tokens, served after ours."""
    code_lists_dir: Path | None = None
    """Folder with a region's own rows for the code lists; a row with a known code replaces ours."""
    contact_email: str = ""
    """Where visitors write about the site, its accessibility and their privacy."""
    contact_phone: str = ""
    """Where visitors call about the same."""
    controller: str = ""
    """Who is responsible for the data (verwerkingsverantwoordelijke), as named on the privacy page."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names that are answered; empty means any."""
    proxies: int = 0
    """How many reverse proxies stand in front and set `X-Forwarded-*`."""
    organisations: Path | None = None
    """A file with the organisations whose people sign in there."""
    mail_url: str = ""
    """The mail server: `smtps://user:password@host` or `smtp://…`; empty means that mail waits."""
    mail_sender: str = ""
    """From whom mail comes: an address, or a name with an address."""
    workers: int = 2
    """Web processes of `portal serve`."""
    question_limits: bool = True
    """Whether what one network may ask in a short time has a limit."""
    stale_after_days: int = 180
    """A profile that nobody confirmed for longer than this carries a banner."""
    stale_waiting_after_days: int = 60
    """A waiting time older than this is marked as old."""
    waiting_reminder_days: int = 30
    """A provider is mailed about a waiting time that nobody confirmed for longer than this."""
    profile_reminder_days: int = 365
    """And about the rest of its page."""
    white_spot_sightings: int = 5
    """A word that search does not know is written down only when it was met so often in a month; 5 or more."""
    white_spot_days: int = 2
    """And on so many days; 2 or more."""
    white_spot_months: int = 24
    """So long the region can look back at what families could not find."""
    outcome_smallest_cell: int = 5
    """Fewer families than this are told by no figure, nor can they be calculated; 5 or more."""
    outcome_shown_from: int = 10
    """A figure is shown from so many families; 10 or more."""
    outcome_compared_from: int = 30
    """And compared with the average from so many; 30 or more."""
    outcome_compared_with: int = 5
    """An average needs so many providers; 5 or more."""
    outcome_equal_points: int = 5
    """"About equal": the whole interval of a share within so many hundredths of the average; 10 or fewer."""
    outcome_equal_tenths: int = 2
    """The same of a mean mark, in tenths; 5 or fewer."""
    outcome_tail_per_mille: int = 1
    """A difference is called one where chance alone makes it less often than this, of a thousand; 1 to 25."""
    outcome_rankable_percent: int = 50
    """Groups are drawn only where so much of the differences is no chance; 1 to 100."""
    outcome_look_days: int = 14
    """So many days a provider can look at its figures, and object, before others see them."""
    draft_days: int = 7
    """So long a family can go on with a questionnaire that it began."""
    code_days: int = 365
    """So long a family can use its code."""
    refused_days: int = 90
    """So long the text of an experience that was not published is kept, for a second look."""
    dispute_days: int = 21
    """So long an author can answer when a provider disputes a fact."""
    undo_days: int = 14
    """So long the last import of a region can be undone."""
    correction_days: int = 90
    """So long after the decision the text is kept with which somebody said that something is not right."""
    correction_wait_days: int = 180
    """So long that text is kept where nobody decided."""
    trail_years: int = 7
    """So long the trail keeps who changed what."""
    security_log_days: int = 90
    """So long the portal keeps who signed in and what was refused."""
    mail_days: int = 30
    """So long mail that cannot be delivered waits, and so long is known that other mail was sent."""
    demonstration: bool = False
    """True for a trial installation: no secret key is needed."""
    log_level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from `environment` (default: a `.env` file, overruled by the process's own).

        Raises SettingsError where a value cannot be read or a variable with our prefix is unknown.
        """
        if environment is None:
            from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
            environment = {**from_file, **os.environ}
        known = {PREFIX + item.name.upper(): item.name for item in fields(cls)}
        kinds = get_type_hints(cls)
        given: dict[str, object] = {}
        for variable, text in environment.items():
            if variable.startswith(PREFIX) and not variable.startswith(PREFIX + "TEST_"):
                if variable not in known:
                    raise SettingsError(f"{variable} is not a setting; known are: {', '.join(sorted(known))}")
                if text.strip():
                    given[known[variable]] = _convert(variable, kinds[known[variable]], text.strip())
        settings = cls(**given)  # type: ignore[arg-type]
        if settings.base_url.endswith("/"):
            raise SettingsError("PORTAL_BASE_URL must not end with a slash")
        if not settings.base_url.startswith(("http://", "https://")):
            raise SettingsError("PORTAL_BASE_URL must begin with http:// or https://")
        for variable, least in LEAST.items():
            if getattr(settings, variable) < least:
                raise SettingsError(f"{PREFIX}{variable.upper()} must be {least} or more: one family must not be known")
        for variable, most in MOST.items():
            if not 1 <= getattr(settings, variable) <= most:
                raise SettingsError(f"{PREFIX}{variable.upper()} must be 1 to {most}: figures must stay honest")
        for variable in KEPT:
            if getattr(settings, variable) < 1:
                raise SettingsError(f"{PREFIX}{variable.upper()} must be 1 or more")
        try:
            settings.mail_server  # noqa: B018 - asked for its refusal
        except ValueError as error:
            raise SettingsError(f"PORTAL_MAIL_URL: {error}") from None
        if settings.mail_url or settings.mail_sender:
            _check_sender(settings.mail_sender)
        if settings.log_level not in LOG_LEVELS:
            raise SettingsError(f"PORTAL_LOG_LEVEL: {settings.log_level!r} is not one of {', '.join(LOG_LEVELS)}")
        return settings

    @property
    def keys(self) -> Keys:
        """What the secret key opens."""
        return Keys(self.secret_key, self.former_secret_keys)

    @property
    def mail_server(self) -> MailServer | None:
        """The server that takes our mail; None where none is set.

        Raises ValueError where the address of it cannot be used.
        """
        return MailServer.from_url(self.mail_url) if self.mail_url else None

    @property
    def mail_folder(self) -> Path | None:
        """Where mail lands instead, in a demonstration without a mail server."""
        return self.data_dir / "mail" if self.demonstration and not self.mail_url else None

    @property
    def resolved_database_url(self) -> str:
        """The address of the database, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'portal.sqlite3'}"


def current_settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.extensions["portal.settings"])


def _check_sender(sender: str) -> None:
    """Raise SettingsError where mail cannot come from `sender`."""
    try:
        mailbox(parseaddr(sender)[1])
    except ValueError:
        raise SettingsError(
            f"PORTAL_MAIL_SENDER: {sender!r} is not an address; write for example "
            "Jeugdhulp kiezen <niet-antwoorden@jeugdhulp.example>"
        ) from None


_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def _convert(variable: str, kind: object, text: str) -> object:
    """`text` as the type that the field was declared with."""
    if kind in (Path, Path | None):
        return Path(text)
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is int:
        try:
            number = int(text)
        except ValueError:
            raise SettingsError(f"{variable}: {text!r} is not a whole number") from None
        if number < 0:
            raise SettingsError(f"{variable}: {text!r} must not be negative")
        return number
    if kind is bool:
        if text.lower() not in _TRUE | _FALSE:
            raise SettingsError(f"{variable}: {text!r} is neither yes nor no")
        return text.lower() in _TRUE
    return text
