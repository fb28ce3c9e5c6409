"""Providers are asked once a month, the region hears of silence, and nobody is mailed twice."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.mail.models import Mail
from portal.desks.reminders.models import Reminder
from portal.desks.reminders.types import ReminderKind
from tests.desks.conftest import NOW, Desk

STALE = "/werkplek/regio/actueel"


def daily(desk: Desk, days: int = 0) -> str:
    with clock.stopped(NOW + timedelta(days=days)):
        result = desk.app.test_cli_runner().invoke(args=["daily"])
    assert result.exit_code == 0, result.output
    return result.output


def mails(desk: Desk, after: int = 0) -> list[tuple[str, str, str]]:
    """To whom, about what, and what it says: of the mails that wait and were posted after the mail `after`."""
    with desk.database.sessions() as session:
        return [
            (mail.recipient or "", mail.subject or "", mail.body or "")
            for mail in session.scalars(select(Mail).where(Mail.id > after).order_by(Mail.id))
        ]


def newest(desk: Desk) -> int:
    with desk.database.sessions() as session:
        return session.scalar(select(func.max(Mail.id))) or 0


def of_waiting(desk: Desk) -> list[str]:
    return [to for to, subject, _ in mails(desk) if subject == "Kloppen uw wachttijden nog?"]


def checked(desk: Desk) -> None:
    for identifier in ("A1", "A2", "B1"):
        desk.change(identifier, checked_on=date(2026, 11, 1))


def test_everybody_at_the_provider_is_asked_and_running_twice_asks_once(desk: Desk) -> None:
    checked(desk)
    assert "reminders: 2 providers asked" in daily(desk)
    assert "reminders: 0 providers asked" in daily(desk)
    assert of_waiting(desk) == ["ellen@voorbeeld.example", "daan@voorbeeld.example", "elders@voorbeeld.example"]
    body = mails(desk)[0][2]
    assert "Samen naar school" in body and "Praten helpt" in body and "Elders" not in body


def test_the_mail_leads_to_a_page_where_one_press_is_enough(desk: Desk) -> None:
    checked(desk)
    daily(desk)
    client = desk.app.test_client()
    path = re.findall(r"http://[^/\s]+(/nog-juist/\S+)", mails(desk)[0][2])[0]
    version = next(field["value"] for field in client.page(path).all("input") if field.get("name") == "version")  # type: ignore[attr-defined]
    assert client.submit(path, {"version": version, "confirmed": "ja"}).status_code == 302  # type: ignore[attr-defined]
    assert desk.offer("A1").waiting_reported_on == NOW.date() or desk.offer("A2").waiting_reported_on == NOW.date()


def test_it_is_asked_again_after_a_month_and_the_third_time_the_region_hears_of_it(desk: Desk) -> None:
    checked(desk)
    asked, escalations = [], []
    for days in (0, 27, 28, 56, 84):
        before = newest(desk)
        daily(desk, days)
        new = mails(desk, before)
        asked.append(sum(to.startswith("daan") for to, _, _ in new))
        escalations += [(days, to, body) for to, subject, body in new if "bevestigen" in subject]
    assert asked == [1, 0, 1, 1, 1]
    ((days, to, body),) = escalations
    assert (days, to) == (56, "karim@voorbeeld.example")
    assert "Zuid-Limburg 1" in body and "Zuid-Limburg 2" in body


def test_who_answered_is_not_asked_and_counts_from_the_start(desk: Desk) -> None:
    checked(desk)
    daily(desk)
    for identifier in ("A1", "A2"):
        desk.change(identifier, waiting_reported_on=NOW.date())
    daily(desk, 1)
    with desk.database.sessions() as session:
        left = session.scalars(select(Reminder.provider_id).where(Reminder.kind == ReminderKind.WAITING)).all()
    assert left == [desk.world.providers[1]]


def test_one_may_refuse_the_mails_but_not_the_last_one(desk: Desk) -> None:
    checked(desk)
    daan, ellen = desk.enter("daan"), desk.enter("ellen")
    assert daan.submit("/werkplek/aanbieder/wachttijden/mails").status_code == 302
    ellen.submit("/werkplek/aanbieder/wachttijden/mails")
    assert "U bent de enige" in ellen.page("/werkplek/aanbieder/wachttijden").text
    daily(desk)
    assert [to for to in of_waiting(desk) if not to.startswith("elders")] == ["ellen@voorbeeld.example"]
    daan.submit("/werkplek/aanbieder/wachttijden/mails")
    daily(desk, 28)
    assert "daan@voorbeeld.example" in of_waiting(desk)


def test_a_withdrawn_offer_is_not_asked_about(desk: Desk) -> None:
    checked(desk)
    for identifier in ("A1", "A2"):
        desk.change(identifier, withdrawn_on=NOW.date())
    daily(desk)
    assert of_waiting(desk) == ["elders@voorbeeld.example"]


def test_a_page_that_nobody_looked_at_for_a_year_is_asked_about_once(desk: Desk) -> None:
    for identifier in ("A1", "A2", "B1"):
        desk.change(identifier, waiting_reported_on=NOW.date(), checked_on=date(2025, 11, 1))
    daily(desk)
    daily(desk)
    assert len([subject for _, subject, _ in mails(desk) if "over u lezen" in subject]) == 3


def test_the_region_sees_who_is_silent_and_whether_they_were_mailed(desk: Desk) -> None:
    checked(desk)
    karim = desk.enter("karim")
    text = karim.page(STALE).text
    assert "2 aanbieders hebben een wachttijd die ouder is dan een maand" in text
    assert "Nog niet gemaild" in text and "045-555 01 02" in text
    daily(desk)
    assert "1 mail, de laatste op 29 november aan 2 mensen" in karim.page(STALE).text
    for identifier in ("A1", "A2", "B1"):
        desk.change(identifier, waiting_reported_on=NOW.date())
    assert "Alle wachttijden zijn in de laatste maand bevestigd" in karim.page(STALE).text
