"""Managing people: who can do what to whom, what is refused and why, and two who act at the same moment."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.models import MailCode, Membership, Person
from portal.accounts.people import operations
from portal.accounts.people.operations import Acting, Objection, Refused
from portal.accounts.permissions import ASSIGNABLE, GRANTS, Permission, Reach, may, scope_of
from portal.accounts.types import PROFESSIONS, Audience, MembershipStatus, Post, Profession, Role, Scope
from portal.core import clock
from portal.core.actor import Actor, ActorKind
from portal.core.database import Database
from portal.core.mail.models import Mail
from portal.core.trail.models import TrailEntry
from portal.core.trail.verification import verify
from tests.accounts.people import Someone, World
from tests.accounts.test_signing_in import text_of
from tests.inspection import Page

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
COMMAND = Acting(Actor.command("users"))


def held(database: Database, public_id: str) -> Membership:
    with database.sessions() as session:
        return session.scalars(select(Membership).where(Membership.public_id == public_id)).one()


def acting(database: Database, public_id: str, permission: Permission) -> Acting:
    one = held(database, public_id)
    actor = Actor(ActorKind.PERSON, f"person {one.person_id}", one.person_id, one.region_id)
    return Acting(actor, permission, one.id)


@pytest.fixture
def provider(world: World) -> dict[str, str]:
    """A provider's manager and editor, by role."""
    region, provider = world.regions[0], world.providers[0]
    return {
        "manager": world.add("ellen@aanbieder.example", Post(Role.PROVIDER_MANAGER, region, provider), name="Ellen"),
        "editor": world.add("daan@aanbieder.example", Post(Role.PROVIDER_EDITOR, region, provider), name="Daan"),
    }


@pytest.fixture
def region(world: World) -> dict[str, str]:
    """The region's administrator and contract manager, by role."""
    return {
        "administrator": world.add("noor@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]), name="Noor"),
        "contract": world.add("karim@regio.example", Post(Role.CONTRACT_MANAGER, world.regions[0]), name="Karim"),
    }


# --- the table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_what_a_role_is_of_goes_with_its_reach(role: Role) -> None:
    post = Post(
        role, 1, 2 if role.is_of_provider else None, "GM0917" if role.is_of_municipality else "",
        PROFESSIONS[role][0] if role in PROFESSIONS else None,
    )  # fmt: skip
    desk = {
        Audience.REGION: Permission.REGION_DESK,
        Audience.REFERRER: Permission.REFERRER_DESK,
        Audience.PROVIDER: Permission.PROVIDER_DESK,
    }
    for audience, permission in desk.items():
        assert may(role, permission) is (audience is Audience.of(role))
    for permission in Permission:
        scope = scope_of(post, permission)
        assert (scope is not None) is may(role, permission)
        assert scope is None or scope.region_id == 1
        if scope is not None and GRANTS[permission][role] is Reach.PROVIDER:
            assert scope == Scope(1, 2)


def test_nobody_gives_more_than_the_own_desk_allows() -> None:
    assert set(ASSIGNABLE[Permission.MANAGE_PROVIDER_PEOPLE]) == {Role.PROVIDER_MANAGER, Role.PROVIDER_EDITOR}


@pytest.mark.parametrize(
    "post",
    [
        lambda: Post(Role.PROVIDER_MANAGER, 1),
        lambda: Post(Role.MODERATOR, 1, 2),
        lambda: Post(Role.ACCESS_WORKER, 1),
        lambda: Post(Role.REFERRER, 1),
        lambda: Post(Role.REFERRER, 1, profession=Profession.SCHOOL),
        lambda: Post(Role.MODERATOR, 1, profession=Profession.GP),
    ],
)
def test_a_post_that_does_not_fit_together_is_refused(post: object) -> None:
    with pytest.raises(ValueError, match="do not go together"):
        post()  # type: ignore[operator]


# --- the last one ------------------------------------------------------------------------------------------


def test_the_last_administrator_stays(app: Flask, region: dict[str, str]) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    base = f"/werkplek/regio/mensen/{region['administrator']}"
    for path, fields in (
        (f"{base}/beeindigen", {"version": 1, "reason": ""}),
        (f"{base}/rol", {"version": 1, "role": "moderator"}),
    ):
        answer = noor.submit(path, **fields)
        assert answer.status_code == 409
        assert "Dit bent u. Bij uzelf kan dit niet" in text_of(answer)
    for language, words in (
        ("nl", "Dan is er niemand meer die in deze regio de accounts beheert. Maak eerst iemand anders beheerder."),
        ("en", "Nobody would be left who manages accounts in this region. Make somebody else administrator first."),
    ):
        answer = noor.submit(f"/werkplek/account/vertrek?lang={language}", role=region["administrator"])
        assert answer.status_code == 409
        assert words in text_of(answer)


def test_the_last_manager_stays_until_a_colleague_leads(app: Flask, provider: dict[str, str]) -> None:
    ellen = Someone.enter(app, "ellen@aanbieder.example")
    answer = ellen.submit("/werkplek/account/vertrek", role=provider["manager"])
    assert "Maak eerst een collega beheerder, of vraag het de regio." in text_of(answer)
    answer = ellen.submit(f"/werkplek/aanbieder/mensen/{provider['editor']}/rol", version=1, role="provider_manager")
    assert answer.status_code == 302
    ellen = Someone.enter(app, "ellen@aanbieder.example")
    answer = ellen.submit("/werkplek/account/vertrek", role=provider["manager"])
    assert "U hebt uw rol neergelegd." in ellen.client.page(answer.headers["Location"]).text
    assert "uitgenodigd" not in ellen.client.page("/inloggen").text


def test_the_region_can_end_the_last_manager_of_a_provider(
    app: Flask, region: dict[str, str], provider: dict[str, str], world: World
) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    answer = noor.submit(f"/werkplek/regio/mensen/{provider['manager']}/beeindigen", version=1, reason="contract over")
    assert answer.status_code == 302
    assert held(world.database, provider["manager"]).status is MembershipStatus.DISABLED
    with world.database.sessions() as session:
        mail = session.scalars(select(Mail)).one()
    assert "Uw toegang als beheerder van de aanbieder, Zuid-Limburg 1 is beëindigd" in (mail.body or "")
    assert "contract over" not in (mail.body or "")
    assert "contract over" in noor.page("/werkplek/regio/logboek").text


def test_two_managers_who_end_each_other_leave_one(world: World, provider: dict[str, str]) -> None:
    """Fifty times over: whoever is second hears why, and somebody is always left to let people in."""
    second = world.add("tweede@aanbieder.example", Post(Role.PROVIDER_MANAGER, world.regions[0], world.providers[0]))
    pair = (provider["manager"], second)
    outcomes: list[str] = []
    for _ in range(50):
        ready = threading.Barrier(2)
        who = {one: acting(world.database, one, Permission.MANAGE_PROVIDER_PEOPLE) for one in pair}

        def end(mine: str, theirs: str, ready: threading.Barrier = ready, who: dict[str, Acting] = who) -> None:
            version = held(world.database, theirs).version
            ready.wait()
            try:
                with world.database.transaction() as session:
                    operations.disable(session, who[mine], theirs, version, NOW)
                outcomes.append("done")
            except Refused as refused:
                outcomes.append(refused.objection.value)

        threads = [threading.Thread(target=end, args=order) for order in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        active = [one for one in pair if held(world.database, one).is_active]
        assert len(active) == 1
        with world.database.transaction() as session:
            ended = next(one for one in pair if one not in active)
            operations.enable(session, COMMAND, ended, held(world.database, ended).version, NOW)
    assert sorted(set(outcomes)) == ["done", "not_yours_any_more"]
    assert outcomes.count("done") == 50


def test_two_administrators_who_leave_at_once_leave_one(world: World, region: dict[str, str]) -> None:
    second = world.add("tweede@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    pair = (region["administrator"], second)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def go(mine: str) -> None:
        one = acting(world.database, mine, Permission.MANAGE_REGION_PEOPLE)
        ready.wait()
        try:
            with world.database.transaction() as session:
                operations.leave(session, one, one.membership_id or 0, NOW)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.objection.value)

    threads = [threading.Thread(target=go, args=(one,)) for one in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "last_administrator"]


# --- handing over, changing, enabling ----------------------------------------------------------------------


def test_handing_over_changes_roles_and_both_sign_in_anew(app: Flask, provider: dict[str, str], world: World) -> None:
    ellen, daan = Someone.enter(app, "ellen@aanbieder.example"), Someone.enter(app, "daan@aanbieder.example")
    answer = ellen.submit(f"/werkplek/aanbieder/mensen/{provider['editor']}/overdragen", version=1)
    assert answer.headers["Location"] == "/inloggen?gedaan=overgedragen"
    assert held(world.database, provider["manager"]).role is Role.PROVIDER_EDITOR
    assert held(world.database, provider["editor"]).role is Role.PROVIDER_MANAGER
    assert ellen.client.get("/werkplek").headers["Location"].startswith("/inloggen")
    assert daan.client.get("/werkplek").headers["Location"].startswith("/inloggen")
    daan = Someone.enter(app, "daan@aanbieder.example")
    assert daan.page("/werkplek/aanbieder/mensen").h1 == "Collega’s"


def test_the_second_who_changes_somebody_sees_what_the_first_did(
    app: Flask, region: dict[str, str], world: World
) -> None:
    """R9: no change is overwritten unseen; what was chosen stays in the form."""
    world.add("tweede@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    target = region["contract"]
    first, second = Someone.enter(app, "noor@regio.example"), Someone.enter(app, "tweede@regio.example")
    assert first.submit(f"/werkplek/regio/mensen/{target}/rol", version=1, role="data_officer").status_code == 302
    answer = second.submit(f"/werkplek/regio/mensen/{target}/rol", version=1, role="moderator")
    assert answer.status_code == 409
    page = Page(answer.get_data(as_text=True))
    assert "Iemand anders heeft dit net gewijzigd. Er is nog niets gedaan." in page.text
    assert "Nu: gegevensbeheerder, Zuid-Limburg, actief." in page.text
    assert [o["value"] for o in page.all("option") if "selected" in o][:1] == ["moderator"]
    version = next(f["value"] for f in page.all("input") if f.get("name") == "version")
    assert second.submit(f"/werkplek/regio/mensen/{target}/rol", version=version, role="moderator").status_code == 302
    assert held(world.database, target).role is Role.MODERATOR


def test_the_same_form_twenty_times_at_once_does_it_once(app: Flask, region: dict[str, str], world: World) -> None:
    """R8: whoever presses again and again, or whose connection broke, invites one person and sends one mail."""
    fields = {"email": "piet@regio.example", "role": "moderator"}
    answers: list[int] = []

    def send() -> None:
        noor = Someone.enter(app, "noor@regio.example")
        answers.append(noor.submit("/werkplek/regio/mensen/uitnodigen", **fields).status_code)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 20
    with world.database.sessions() as session:
        assert len(session.scalars(select(Person).where(Person.email == "piet@regio.example")).all()) == 1
        assert len(session.scalars(select(Membership).where(Membership.status == MembershipStatus.INVITED)).all()) == 1
        assert len(session.scalars(select(Mail)).all()) == 1
        assert len(session.scalars(select(TrailEntry)).all()) == 1


def test_no_change_is_overwritten_unseen_whatever_the_order(world: World, region: dict[str, str]) -> None:
    """R9: two who look and change in 500 random orders, role and access: who saw an old state changes nothing."""
    chance = random.Random(9)  # noqa: S311 - an order, not a secret
    target = region["contract"]
    second = world.add("tweede@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    editors = [
        acting(world.database, one, Permission.MANAGE_REGION_PEOPLE) for one in (region["administrator"], second)
    ]
    overwritten, refused = 0, 0
    for _ in range(500):
        seen: dict[int, Membership] = {}
        for who in chance.sample([0, 1, 0, 1], 4):
            if who not in seen:
                seen[who] = held(world.database, target)
                continue
            before = held(world.database, target)
            try:
                with world.database.transaction() as session:
                    version = seen[who].version
                    if before.status is MembershipStatus.DISABLED:
                        operations.enable(session, editors[who], target, version, NOW)
                    elif chance.random() < 0.3:
                        operations.disable(session, editors[who], target, version, NOW)
                    else:
                        role = chance.choice([Role.MODERATOR, Role.DATA_OFFICER, Role.CONTRACT_MANAGER])
                        operations.change_post(
                            session, editors[who], target, version, Post(role, world.regions[0]), NOW
                        )
                overwritten += before.version != version
            except Refused as problem:
                assert problem.objection is Objection.CHANGED_MEANWHILE
                refused += 1
    assert overwritten == 0
    assert refused > 100


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "geen adres", "role": "moderator"}, "Dit is geen mailadres. Schrijf het zo: naam@voorbeeld.nl."),
        ({"email": "a@b.nl\r\nBcc: c@d.nl", "role": "moderator"}, "Dit is geen mailadres."),
        ({"email": "a@b.nl", "role": "keizer"}, "Kies een rol uit de lijst."),
        ({"email": "a@b.nl", "role": ""}, "Kies een rol uit de lijst."),
        ({"email": "a@b.nl", "role": "provider_editor"}, "Kies de aanbieder waar deze persoon werkt."),
        ({"email": "a@b.nl", "role": "provider_editor", "provider": "elders-1"}, "Kies de aanbieder waar deze persoon"),
        ({"email": "a@b.nl", "role": "access_worker"}, "Kies de gemeente waarvoor deze persoon werkt."),
        ({"email": "karim@regio.example", "role": "contract_manager"}, "Deze persoon heeft die rol al."),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_and_nothing_typed_is_lost(
    app: Flask, region: dict[str, str], fields: dict[str, str], words: str
) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    answer = noor.submit("/werkplek/regio/mensen/uitnodigen", **fields)
    assert answer.status_code == 422
    page = Page(answer.get_data(as_text=True))
    assert words in page.text
    assert next(f["value"] for f in page.all("input") if f["name"] == "email").split() == fields["email"].split()


def test_a_manager_invites_colleagues_only_and_only_to_the_own_provider(
    app: Flask, provider: dict[str, str], world: World
) -> None:
    ellen = Someone.enter(app, "ellen@aanbieder.example")
    answer = ellen.submit("/werkplek/aanbieder/mensen/uitnodigen", email="x@y.example", role="administrator")
    assert answer.status_code == 422
    fields = {"email": "x@y.example", "role": "provider_editor", "provider": "zuid-limburg-2"}
    assert ellen.submit("/werkplek/aanbieder/mensen/uitnodigen", **fields).status_code == 302
    with world.database.sessions() as session:
        invited = session.scalars(select(Membership).where(Membership.status == MembershipStatus.INVITED)).one()
        assert invited.provider_id == world.providers[0]
        manager = acting(world.database, provider["manager"], Permission.MANAGE_PROVIDER_PEOPLE)
        for post in (
            Post(Role.PROVIDER_EDITOR, world.regions[0], world.providers[1]),
            Post(Role.PROVIDER_EDITOR, world.regions[1], world.providers[2]),
        ):
            with pytest.raises(Refused) as refused:
                operations.invite(session, manager, "z@y.example", post, "nl", NOW)
            assert refused.value.objection is Objection.NOT_THERE


def test_every_change_leaves_a_line_and_the_trail_is_whole(app: Flask, region: dict[str, str], world: World) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    base = f"/werkplek/regio/mensen/{region['contract']}"
    noor.submit(f"{base}/rol", version=1, role="data_officer")
    noor.submit(f"{base}/beeindigen", version=2, reason="met verlof")
    noor.submit(f"{base}/herstellen", version=3)
    noor.submit("/werkplek/regio/mensen/uitnodigen", email="piet@regio.example", role="moderator")
    with world.database.sessions() as session:
        entries = session.scalars(select(TrailEntry).order_by(TrailEntry.number)).all()
        assert [entry.action for entry in entries] == [
            "person.role_changed", "person.disabled", "person.enabled", "person.invited",
        ]  # fmt: skip
        first = entries[0]
        assert first.actor_label == "Noor (beheerder van de regio)"
        assert first.before_values == {"person": "Karim", "role": "contract_manager"}
        assert first.after_values == {"person": "Karim", "role": "data_officer"}
        assert verify(session).ok
    page = noor.page("/werkplek/regio/logboek")
    for words in ("rol gewijzigd", "contractmanager", "gegevensbeheerder", "met verlof", "4 wijzigingen"):
        assert words in page.text
    for query, count in (
        ("?zoek=verlof", "1 wijziging"),
        ("?wat=person.invited", "1 wijziging"),
        (f"?over={region['contract']}", "3 wijzigingen"),
        ("?zoek=bestaat-niet", "0 wijzigingen"),
        ("?van=2020-01-01&tot=2020-12-31", "0 wijzigingen"),
        ("?van=gisteren", "gisteren is geen datum. Schrijf het zo: 27-11-2026."),
    ):
        assert count in noor.page(f"/werkplek/regio/logboek{query}").text, query


def test_who_lost_the_right_a_moment_ago_changes_nothing(world: World, region: dict[str, str]) -> None:
    noor = acting(world.database, region["administrator"], Permission.MANAGE_REGION_PEOPLE)
    world.add("tweede@regio.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    with world.database.transaction() as session:
        operations.disable(session, COMMAND, region["administrator"], 1, NOW)
    with world.database.sessions() as session, pytest.raises(Refused) as refused:
        operations.disable(session, noor, region["contract"], 1, NOW)
    assert refused.value.objection is Objection.NOT_YOURS_ANY_MORE


# --- what reaches further than whoever acts ------------------------------------------------------------------


def test_the_trail_does_not_tell_the_name_of_somebody_of_another_region(
    app: Flask, world: World, region: dict[str, str]
) -> None:
    world.add("vera@elders.example", Post(Role.MODERATOR, world.regions[1]), name="Vera van Elders")
    noor = Someone.enter(app, "noor@regio.example")
    noor.submit("/werkplek/regio/mensen/uitnodigen", email="vera@elders.example", role="moderator")
    for page in ("/werkplek/regio/logboek", "/werkplek/regio/mensen"):
        assert "vera@elders.example" in noor.page(page).text
        assert "Vera van Elders" not in noor.page(page).text
    assert "1 persoon" not in noor.page("/werkplek/regio/mensen?zoek=van+Elders").text


def test_a_phone_of_somebody_who_is_more_is_not_reset_by_half(
    app: Flask, world: World, provider: dict[str, str], region: dict[str, str]
) -> None:
    """A manager of a provider would else take the phone from an administrator."""
    editor = Post(Role.PROVIDER_EDITOR, world.regions[0], world.providers[0])
    both = world.add("vera@regio.example", editor, Post(Role.MODERATOR, world.regions[0]))
    ellen, noor = Someone.enter(app, "ellen@aanbieder.example"), Someone.enter(app, "noor@regio.example")
    answer = ellen.submit(f"/werkplek/aanbieder/mensen/{both}/telefoon")
    assert answer.status_code == 409
    assert "rollen die u niet beheert" in text_of(answer)
    with world.database.sessions() as session:
        assert session.scalars(select(Person).where(Person.email == "vera@regio.example")).one().has_second_factor
    assert noor.submit(f"/werkplek/regio/mensen/{both}/telefoon").status_code == 302
    elsewhere = world.add("wim@elders.example", editor, Post(Role.MODERATOR, world.regions[1]))
    assert noor.submit(f"/werkplek/regio/mensen/{elsewhere}/telefoon").status_code == 409


def test_the_last_manager_is_not_moved_to_another_provider(
    app: Flask, world: World, provider: dict[str, str], region: dict[str, str]
) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    answer = noor.submit(
        f"/werkplek/regio/mensen/{provider['manager']}/rol",
        version=1, role="provider_manager", provider="zuid-limburg-2",
    )  # fmt: skip
    assert answer.status_code == 409
    assert "niemand meer" in text_of(answer)
    assert held(world.database, provider["manager"]).provider_id == world.providers[0]


def test_nobody_is_moved_beyond_the_reach_of_who_acts(world: World, provider: dict[str, str]) -> None:
    """Also where a form would let it through."""
    manager = acting(world.database, provider["manager"], Permission.MANAGE_PROVIDER_PEOPLE)
    for region_id, provider_id in ((world.regions[0], world.providers[1]), (world.regions[1], world.providers[2])):
        post = Post(Role.PROVIDER_EDITOR, region_id, provider_id)
        with pytest.raises(Refused, match="not_there"), world.database.transaction() as session:
            operations.change_post(session, manager, provider["editor"], 1, post, NOW)
    with pytest.raises(Refused, match="not_there"), world.database.transaction() as session:
        operations.change_post(session, COMMAND, provider["editor"], 1, Post(Role.MODERATOR, world.regions[1]), NOW)


def test_whoever_was_invited_anew_is_not_changed_by_a_page_of_before(world: World, provider: dict[str, str]) -> None:
    manager = acting(world.database, provider["manager"], Permission.MANAGE_PROVIDER_PEOPLE)
    post = held(world.database, provider["editor"]).post
    with world.database.transaction() as session:
        operations.disable(session, manager, provider["editor"], 1, NOW)
    with world.database.transaction() as session:
        operations.invite(session, manager, "daan@aanbieder.example", post, "nl", NOW)
    with pytest.raises(Refused, match="changed_meanwhile"), world.database.transaction() as session:
        operations.change_post(
            session, manager, provider["editor"], 2, held(world.database, provider["manager"]).post, NOW
        )


# --- names ---------------------------------------------------------------------------------------------------


def test_another_name_leaves_a_line(app: Flask, world: World, region: dict[str, str]) -> None:
    """Who takes the name of a colleague can be told from them."""
    karim = Someone.enter(app, "karim@regio.example")
    for name in ("Noor", "Noor"):
        assert karim.submit("/werkplek/account/naam", name=name).status_code == 302
    with world.database.sessions() as session:
        line = session.scalars(select(TrailEntry)).one()
        assert (line.action, line.actor_label) == ("person.renamed", "Karim (contractmanager)")
        assert (line.before_values, line.after_values) == ({"person": "Karim"}, {"person": "Noor"})
        assert line.subject_id == region["contract"]
        assert verify(session).ok
    page = Someone.enter(app, "noor@regio.example").page(f"/werkplek/regio/logboek?over={region['contract']}")
    assert "naam gewijzigd" in page.text


def test_a_name_is_what_is_seen(app: Flask, world: World, region: dict[str, str]) -> None:
    """No line ends, and nothing that turns letters round."""
    karim = Someone.enter(app, "karim@regio.example")
    assert karim.submit("/werkplek/account/naam", name="Karim\r\n\u202eHaddad \u200b").status_code == 302
    with world.database.sessions() as session:
        person = session.scalars(select(Person).where(Person.email == "karim@regio.example")).one()
        assert person.name == "Karim Haddad"
    assert karim.submit("/werkplek/account/naam", name="\u202e\u200b").status_code == 422
    answer = karim.submit("/werkplek/account/naam", name="Kijk op https://elders.example/prijs")
    assert answer.status_code == 422 and "Schrijf hier alleen uw naam" in text_of(answer)


def test_who_is_invited_reads_by_whom(app: Flask, world: World, region: dict[str, str]) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    noor.submit("/werkplek/regio/mensen/uitnodigen", email="nieuw@regio.example", role="moderator")
    with world.database.sessions() as session:
        assert "Noor nodigt u uit om te werken met" in (session.scalars(select(Mail.body)).one() or "")
    page = noor.page("/werkplek/regio/mensen?zoek=nieuw")
    assert page.text.count("nieuw@regio.example") == 1


def test_what_is_wrong_is_told_in_the_order_of_the_page(app: Flask, world: World, region: dict[str, str]) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    answer = noor.submit("/werkplek/regio/mensen/uitnodigen", email="x", role="")
    links = [one["href"] for one in Page(answer.get_data(as_text=True)).all("a") if one["href"].startswith("#")]
    assert [one for one in links if one in ("#email", "#role")] == ["#email", "#role"]


@pytest.mark.parametrize("form", ["opnieuw", "telefoon"])
def test_a_button_pressed_many_times_sends_one_mail(
    app: Flask, world: World, region: dict[str, str], form: str
) -> None:
    """Each mail makes the code of the one before useless: of twenty, nineteen would be dead when they arrive."""
    status = MembershipStatus.INVITED if form == "opnieuw" else MembershipStatus.ACTIVE
    target = world.add(
        "doel@regio.example", Post(Role.MODERATOR, world.regions[0]), status=status, is_established=form == "telefoon"
    )
    noor = Someone.enter(app, "noor@regio.example")
    for _ in range(20):
        assert noor.submit(f"/werkplek/regio/mensen/{target}/{form}").status_code == 302
    with world.database.sessions() as session:
        assert len(session.scalars(select(Mail)).all()) == 1
        assert len(session.scalars(select(TrailEntry)).all()) == 1
    with clock.stopped(clock.now() + 2 * operations.REPEATED_WITHIN):
        assert noor.submit(f"/werkplek/regio/mensen/{target}/{form}").status_code == 302
    with world.database.sessions() as session:
        assert len(session.scalars(select(Mail)).all()) == 2


@pytest.mark.parametrize(("profession", "refers"), [(Profession.GP, True), (Profession.SCHOOL, False)])
def test_a_partner_finds_what_partners_get(app: Flask, world: World, profession: Profession, refers: bool) -> None:
    role = Role.REFERRER if refers else Role.PARTNER
    world.add("bas@school.example", Post(role, world.regions[0], profession=profession))
    page = Someone.enter(app, "bas@school.example").page("/werkplek/verwijzer")
    assert ("Cijfers per soort hulp" in page.text) is refers
    assert "Zoeken en lijst" in page.text


def test_whoever_invited_sees_that_time_is_up(app: Flask, world: World, region: dict[str, str]) -> None:
    noor = Someone.enter(app, "noor@regio.example")
    noor.submit("/werkplek/regio/mensen/uitnodigen", email="nieuw@regio.example", role="moderator")
    with world.database.sessions() as session:
        target = session.scalars(select(Membership.public_id).order_by(Membership.id.desc())).first()
    assert "De code werkt tot " in noor.page(f"/werkplek/regio/mensen/{target}").text
    with world.database.transaction() as session:
        session.execute(update(MailCode).values(expires_at=clock.now()))
    assert "Stuur de uitnodiging opnieuw" in noor.page(f"/werkplek/regio/mensen/{target}").text
