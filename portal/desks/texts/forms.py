"""The form in which a provider writes what families read and choose on. Its fields are those of its subject."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from portal.catalogue.codelists import CodeLists
from portal.catalogue.types import SameWorker
from portal.core.languages import gettext
from portal.core.mail.types import mailbox
from portal.desks.texts.facts import facts_sent, facts_typed, read_facts
from portal.desks.texts.types import Entry, Field, Subject, Value

_PHONE = re.compile(r"\+?[0-9][0-9 ()\-.]{4,48}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
YES_NO = {"ja": True, "nee": False}
SAME_WORKER = tuple(SameWorker)
REASON_LONGEST = 2_000
MOST_PEOPLE = 100_000


class Written:
    """What was filled in, field by field: as typed, as it is to be kept, and what is wrong with it."""

    def __init__(self, subject: Subject, sent: MultiDict[str, str], lists: CodeLists, today: date) -> None:
        self.typed: dict[str, str] = {}
        self.values: dict[str, Value] = {}
        self.problems: dict[str, str] = {}
        for field in subject.texts:
            text = _CONTROL.sub("", sent.get(field.name, "").replace("\r\n", "\n")).strip()
            self.typed[field.name] = text
            try:
                self.values[field.name] = _read(field, text)
            except ValueError as error:
                self.problems[field.name] = str(error)
        facts = facts_sent(subject, sent)
        read = read_facts(subject, facts, lists, today)
        self.typed |= facts
        self.values |= read.values
        self.problems |= {field.name: read.problems[field.name] for field in subject.facts
                          if field.name in read.problems}  # fmt: skip


def _read(field: Field, text: str) -> Value:
    """What a text means in this field; None for nothing. Raises ValueError with words for people."""
    if not text:
        if field.is_required:
            raise ValueError(gettext("“%(field)s” cannot stay empty.", field=gettext(field.label)))
        return None
    if len(text) > field.longest:
        raise ValueError(
            gettext("“%(field)s” has %(typed)s characters; %(most)s is the most.", field=gettext(field.label),
                    typed=len(text), most=field.longest)
        )  # fmt: skip
    reader = _READERS.get(field.entry)
    return reader(text) if reader else text


def _line(text: str) -> Value:
    return " ".join(text.split())


def _email(text: str) -> Value:
    try:
        return mailbox(text)
    except ValueError:
        raise ValueError(gettext("This is not a mail address. Write it like this: naam@voorbeeld.nl.")) from None


def _phone(text: str) -> Value:
    if not _PHONE.fullmatch(text):
        raise ValueError(gettext("This is not a phone number. Write it like this: 045-555 01 23."))
    return text


def _address(text: str) -> Value:
    try:
        parts = urlsplit(text)
        is_right = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        is_right = False
    if not is_right or re.search(r"\s", text):
        raise ValueError(gettext("This is not an address of a page. Write it like this: https://www.voorbeeld.nl."))
    return text


def _number(text: str) -> Value:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_PEOPLE):
        raise ValueError(gettext("Write a whole number, such as 12."))
    return int(text)


def _yes_no(text: str) -> Value:
    if text not in YES_NO:
        raise ValueError(gettext("Choose yes or no, or leave it open."))
    return YES_NO[text]


def _same_worker(text: str) -> Value:
    if text not in SAME_WORKER:
        raise ValueError(gettext("Choose one of the list, or leave it open."))
    return text


_READERS = {
    Entry.LINE: _line,
    Entry.EMAIL: _email,
    Entry.PHONE: _phone,
    Entry.ADDRESS: _address,
    Entry.NUMBER: _number,
    Entry.YES_NO: _yes_no,
    Entry.SAME_WORKER: _same_worker,
}


def as_typed(values: Mapping[str, Value], subject: Subject) -> dict[str, str]:
    """What stands in each field where these are the values."""
    texts = {field.name: _typed(values.get(field.name)) for field in subject.texts}
    return texts | facts_typed(subject, values)


def _typed(value: Value) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return "" if value is None else str(value)
