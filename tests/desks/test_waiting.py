"""A provider keeps its waiting times right in moments, and nobody's word is lost."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.catalogue.types import Origin
from portal.core import clock
from portal.core.actor import Actor, ActorKind
from portal.core.database import keys_of
from portal.core.trail.models import TrailEntry
from portal.desks.waiting.links import WaitingLink, path
from portal.desks.waiting.operations import ChangedMeanwhile, tell
from portal.desks.waiting.types import Told, version_of
from tests.desks.conftest import NOW, TODAY, Desk

LIST = "/werkplek/aanbieder/wachttijden"
FIELDS = {"accepting": "ja", "intake": "1", "start": "3"}


def told(desk: Desk, identifier: str = "A1") -> tuple[int | None, int | None, bool, date | None]:
    offer = desk.offer(identifier)
    return (
        offer.waiting_weeks_intake, offer.waiting_weeks_start, offer.accepting_clients, offer.waiting_reported_on,
    )  # fmt: skip


def link_of(desk: Desk, name: str = "daan", identifier: str = "A1") -> str:
    with desk.database.sessions() as session:
        link = WaitingLink(desk.offer(identifier).id, desk.membership(name))
        return path(keys_of(session), link, TODAY)


def trail(desk: Desk) -> list[TrailEntry]:
    with desk.database.sessions() as session:
        return list(session.scalars(select(TrailEntry).order_by(TrailEntry.number)))


def test_a_change_is_seen_by_families_at_once_and_stands_in_the_trail(desk: Desk) -> None:
    daan = desk.enter("daan")
    answer = daan.submit(f"{LIST}/A1", version=version_of(desk.offer()), **FIELDS)
    assert answer.status_code == 302
    assert told(desk) == (1, 3, True, TODAY)
    assert desk.offer().waiting_origin is Origin.DESK
    public = desk.app.test_client().get("/aanbieders/zuid-limburg-1/aanbod/A1").get_data(as_text=True)
    assert "Over ongeveer 3 weken" in public
    (entry,) = trail(desk)
    assert entry.action == "waiting.told" and entry.before_values["weeks_to_start"] == 6
    assert entry.after_values["weeks_to_start"] == 3 and entry.actor_label == "Daan (redacteur van de aanbieder)"


def test_a_waiting_time_that_nobody_told_is_asked_for_and_cannot_be_confirmed(desk: Desk) -> None:
    untold = {"waiting_weeks_intake": None, "waiting_weeks_start": None}
    desk.change("A1", waiting_reported_on=TODAY, **untold)
    desk.change("A2", waiting_reported_on=TODAY)
    daan = desk.enter("daan")
    page = daan.page(LIST)
    assert "Van 1 soort hulp heeft u niet doorgegeven hoelang gezinnen wachten." in page.text
    assert "Nog niet doorgegeven (1)" in page.text and "Alles is in de laatste maand bevestigd" not in page.text
    assert "U heeft niet doorgegeven hoelang gezinnen wachten." in page.text and "De aanbieder heeft" not in page.text
    assert len([one for one in page.all("button") if one.get("name") == "klopt"]) == 1
    page = daan.page(f"{LIST}/A1")
    assert not [one for one in page.all("button") if one.get("name") == "confirmed"]
    desk.change("A1", accepting_clients=False)
    assert "Nog niet doorgegeven" not in daan.page(LIST).text, "a stop is told, and needs no weeks"


def test_a_stop_leaves_no_waiting_time_beside_it(desk: Desk) -> None:
    desk.change("A1", accepting_clients=False)
    desk.change("A2", accepting_clients=False)
    text = desk.enter("daan").page(LIST).text
    assert "Eerste gesprek: over" not in text and "lezen gezinnen geen wachttijd" in text


def test_the_thanks_say_what_changed_from_what_to_what_and_since_when(desk: Desk) -> None:
    daan = desk.enter("daan")
    answer = daan.submit(f"{LIST}/A1", version=version_of(desk.offer()), accepting="nee", intake="", start="3")
    page = daan.page(answer.headers["Location"])
    assert "Dank u wel: Samen naar school" in page.text and "U neemt nu geen nieuwe gezinnen aan." in page.text
    assert "Eerste gesprek: was over ongeveer 2 weken, is nu niet opgegeven." in page.text
    assert "Begin van de hulp: was over ongeveer 6 weken, is nu over ongeveer 3 weken." in page.text
    assert "Gezinnen lezen dit sinds vandaag, 10:00." in page.text
    link, client = link_of(desk), desk.app.test_client()
    client.submit(link, {"version": version_of(desk.offer()), "confirmed": "ja"})  # type: ignore[attr-defined]
    page = client.page(f"{link}?gedaan=ja")  # type: ignore[attr-defined]
    assert "Het is bevestigd: verder veranderde er niets." in page.text
    assert "Dank u wel" not in daan.page(f"{LIST}?gedaan=B1").text, "of another provider"


def test_still_right_takes_one_press_and_changes_only_the_day(desk: Desk) -> None:
    daan = desk.enter("daan")
    offer = desk.offer()
    answer = daan.submit(LIST, klopt=f"{offer.id}:{version_of(offer)}")
    assert answer.status_code == 200 and "1 wachttijd bevestigd" in answer.get_data(as_text=True)
    assert told(desk) == (2, 6, True, TODAY)
    assert told(desk, "A2")[3] == date(2026, 9, 1)
    assert "klopt" not in {field.get("name") for field in daan.page(LIST).all("input")}, "one has its own button"
    assert [entry.action for entry in trail(desk)] == ["waiting.confirmed"]


def test_all_that_are_old_are_confirmed_with_one_press(desk: Desk) -> None:
    daan = desk.enter("daan")
    fields = [field["value"] for field in daan.page(LIST).all("input") if field.get("name") == "klopt"]
    assert len(fields) == 2
    daan.submit(LIST, klopt=fields)
    assert told(desk)[3] == told(desk, "A2")[3] == TODAY
    assert "Alles is in de laatste maand bevestigd" in daan.page(LIST).text


def test_a_stop_needs_no_weeks(desk: Desk) -> None:
    daan = desk.enter("daan")
    answer = daan.submit(f"{LIST}/A1", version=version_of(desk.offer()), accepting="nee", intake="", start="")
    assert answer.status_code == 302
    assert told(desk) == (None, None, False, TODAY)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"start": "ca. 6"}, "start", "Schrijf een heel aantal weken"),
        ({"start": "6,5"}, "start", "Schrijf een heel aantal weken"),
        ({"start": "-1"}, "start", "Schrijf een heel aantal weken"),
        ({"intake": "\u0663"}, "intake", "Schrijf een heel aantal weken"),
        ({"start": "9999"}, "start", "520"),
        ({"start": ""}, "start", "Vul in na hoeveel weken"),
        ({"intake": "8", "start": "3"}, "start", "het eerste gesprek"),
        ({"accepting": "misschien"}, "accepting", "Kies of u nu nieuwe gezinnen"),
        ({"start": "x" * 5_000}, "start", "Schrijf een heel aantal weken"),
    ],
)
def test_what_cannot_be_right_is_told_with_what_would_be_and_stays_in_its_field(
    desk: Desk, typed: dict[str, str], field: str, said: str
) -> None:
    daan = desk.enter("daan")
    answer = daan.submit(f"{LIST}/A1", version=version_of(desk.offer()), **{**FIELDS, **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in text and f'id="{field}-fout"' in text
    if field != "accepting":
        assert f'value="{typed[field][:40]}"' in text
    assert told(desk) == (2, 6, True, date(2026, 9, 1))


@pytest.mark.parametrize("weeks", ["3", " 3 ", "3 weken", "3 week", "3wk", "03"])
def test_weeks_may_be_written_as_people_do(desk: Desk, weeks: str) -> None:
    daan = desk.enter("daan")
    daan.submit(f"{LIST}/A1", version=version_of(desk.offer()), **{**FIELDS, "start": weeks})
    assert told(desk)[1] == 3


def test_nobody_overwrites_what_a_colleague_told_meanwhile(desk: Desk) -> None:
    daan, ellen = desk.enter("daan"), desk.enter("ellen")
    shown = version_of(desk.offer())
    assert ellen.submit(f"{LIST}/A1", version=shown, **{**FIELDS, "start": "9"}).status_code == 302
    answer = daan.submit(f"{LIST}/A1", version=shown, **{**FIELDS, "start": "4"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "over ongeveer 9 weken" in text and 'value="4"' in text  # theirs, and what was typed
    assert told(desk)[1] == 9
    assert daan.submit(LIST, klopt=f"{desk.offer().id}:{shown}").status_code == 200
    assert [entry.action for entry in trail(desk)] == ["waiting.told"]


@pytest.mark.parametrize("rounds", [25, pytest.param(500, marks=pytest.mark.long)])
def test_interleavings_of_two_editors_overwrite_nothing(desk: Desk, rounds: int) -> None:
    rolls = random.Random(9)  # noqa: S311
    actor = Actor.system("test")
    offer_id = desk.offer().id
    for _ in range(rounds):
        seen = {"daan": desk.offer(), "ellen": desk.offer()}
        for _ in range(rolls.randint(1, 6)):
            who = rolls.choice(("daan", "ellen"))
            if rolls.random() < 0.3:
                seen[who] = desk.offer()
                continue
            before = desk.offer()
            word = rolls.choice((None, Told(rolls.randint(0, 3), rolls.randint(3, 9), rolls.random() < 0.8)))
            try:
                with desk.database.transaction() as session:
                    tell(session, offer_id, word, version_of(seen[who]), actor, TODAY, NOW)
            except ChangedMeanwhile:
                assert Told.of(desk.offer()) == Told.of(before)
                continue
            is_repeat = Told.of(before) == (word or Told.of(before)) and before.waiting_reported_on == TODAY
            assert version_of(before) == version_of(seen[who]) or is_repeat
            assert Told.of(desk.offer()) == (word or Told.of(before))
            seen[who] = desk.offer()


def test_the_same_form_sent_twice_is_one_change(desk: Desk) -> None:
    daan = desk.enter("daan")
    shown = version_of(desk.offer())
    for _ in range(2):
        assert daan.submit(f"{LIST}/A1", version=shown, **FIELDS).status_code == 302
    assert len(trail(desk)) == 1


def test_who_works_elsewhere_reaches_nothing(desk: Desk) -> None:
    stranger = desk.enter("elders")
    version = version_of(desk.offer())
    for path_ in (f"{LIST}/A1", f"{LIST}/bestaat-niet"):
        assert stranger.client.get(path_).status_code == 404
        assert stranger.submit(path_, version=version, **FIELDS).status_code == 404
    stranger.submit(LIST, klopt=f"{desk.offer().id}:{version}")
    assert told(desk) == (2, 6, True, date(2026, 9, 1)) and trail(desk) == []


@pytest.mark.parametrize("junk", ["", "x", "1", ":", "99999999999999999999:", "-1:2", "\u0661:"])
def test_junk_confirms_nothing(desk: Desk, junk: str) -> None:
    assert desk.enter("daan").submit(LIST, klopt=junk).status_code == 200
    assert trail(desk) == []


# --- the link of a mail --------------------------------------------------------------------------------------


def test_the_link_shows_and_only_a_press_keeps(desk: Desk) -> None:
    link, client = link_of(desk), desk.app.test_client()
    page = client.get(link)
    assert page.status_code == 200 and "Samen naar school" in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in page.headers
    assert trail(desk) == []
    answer = client.submit(link, {"version": version_of(desk.offer()), **FIELDS})  # type: ignore[attr-defined]
    assert answer.status_code == 302
    assert told(desk) == (1, 3, True, TODAY)
    (entry,) = trail(desk)
    assert entry.actor_kind is ActorKind.MAIL_LINK and entry.actor_label == "Daan (link in een mail)"


def test_the_link_is_good_for_one_offer_and_signs_nobody_in(desk: Desk) -> None:
    client = desk.app.test_client()
    client.submit(  # type: ignore[attr-defined]
        link_of(desk), {"version": version_of(desk.offer("A2")), "offer": "A2", "confirmed": "ja"}
    )
    assert told(desk, "A2")[3] == date(2026, 9, 1)
    assert client.get(LIST).status_code == 302


def test_the_link_ends_with_its_days_with_the_colleague_and_with_the_offer(desk: Desk) -> None:
    link, client = link_of(desk), desk.app.test_client()
    with clock.stopped(NOW + timedelta(days=40)):
        assert client.get(link).status_code == 200
    with clock.stopped(NOW + timedelta(days=41)):
        late = client.get(link)
        assert late.status_code == 410 and "Deze link werkt niet meer" in late.get_data(as_text=True)
    desk.change(withdrawn_on=TODAY)
    assert client.get(link).status_code == 410
    desk.change(withdrawn_on=None)
    ellen = desk.enter("ellen")
    with desk.database.sessions() as session:
        public_id = session.get_one(Membership, desk.membership("daan")).public_id
    answer = ellen.submit(f"/werkplek/aanbieder/mensen/{public_id}/beeindigen", version="1", reason="")
    assert answer.status_code == 302
    assert client.get(link).status_code == 410
    assert client.submit(link, {"confirmed": "ja"}).status_code == 410  # type: ignore[attr-defined]


def test_a_link_that_was_tampered_with_leads_nowhere(desk: Desk) -> None:
    link, client = link_of(desk), desk.app.test_client()
    token = link.rpartition("/")[2]
    for other in (token[:-1], token[1:], token + "A", "x", token.swapcase(), "." + token, "A" * 5_000):
        assert client.get(f"/nog-juist/{other}").status_code == 410, other


def test_a_form_of_another_site_keeps_nothing(desk: Desk) -> None:
    client = desk.app.test_client()
    answer = client.post(
        link_of(desk), data={"confirmed": "ja", "version": version_of(desk.offer())},
        headers={"Origin": "https://elders.example", "Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    assert answer.status_code == 403 and trail(desk) == []


def test_what_is_old_comes_first_and_the_rest_by_kind_of_help(desk: Desk) -> None:
    desk.change("A1", arrangement="begeleiding", waiting_reported_on=NOW.date())
    daan = desk.enter("daan")
    html = daan.client.get(LIST).get_data(as_text=True)
    assert html.index("Ouder dan een maand (1)") < html.index("Praten helpt") < html.index("Samen naar school")
    assert html.index(">Begeleiding") < html.index("Samen naar school")
    change = f"{LIST}/A1"
    version = next(f["value"] for f in daan.page(change).all("input") if f.get("name") == "version")
    done = daan.submit(change, version=version, accepting="nee", intake="", start="")
    page = daan.page(done.headers["Location"])
    anchor = next(link["href"] for link in page.all("a") if link["href"].startswith("#hulp-"))
    assert [item for item in page.all("li") if f"#{item.get('id')}" == anchor]
