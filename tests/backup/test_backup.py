"""A backup holds everything and is put back whole; what was over does not live again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import MailCode, Membership, Person, RecoveryCode, SignIn
from portal.accounts.people.operations import Acting, change_post, withdraw_invitation
from portal.accounts.signing_in.operations import check_password, new_recovery_codes
from portal.accounts.types import CodePurpose, MembershipStatus, Post, Role
from portal.catalogue import codelists
from portal.catalogue.models import Location, Provider, Region
from portal.core import clock
from portal.core.mail.models import Mail
from portal.core.mail.operations import post
from portal.core.settings import Settings
from portal.exchange.importing import import_package, writing
from portal.exchange.models import ImportUndo
from portal.exchange.undoing import undo
from portal.outcomes.types import DEFAULT_RULES
from portal.reviews.models import Experience
from portal.reviews.operations import graves_of, move, withdraw
from portal.reviews.tombstones import NAME, Tombstones
from portal.reviews.types import Status
from tests.accounts.people import CHEAP, PASSWORD, Someone, World
from tests.conftest import make_app
from tests.exchange.packages import Tables, as_text, sound, write_folder
from tests.inspection import InspectingClient
from tests.reviews.families import ACTOR, make_codes, tell

Cli = Callable[..., Result]


@pytest.fixture
def world(app: Flask) -> World:
    return World.make(app.extensions["portal.database"])


def stories(world: World) -> Sequence[str]:
    with world.database.sessions() as session:
        return sorted(session.scalars(select(Experience.story)))


def a_story(world: World, text: str, status: Status = Status.READY) -> str:
    code = make_codes(world.database, world.regions[0], world.providers[0])[0]
    told, _ = tell(world.database, code, story=text)
    with world.database.transaction() as session:
        if status is not Status.RECEIVED:
            move(session, ACTOR, session.get_one(Experience, told), Status.READY, clock.today())
    return told


def take_back(world: World, data_dir: Path, told: str) -> None:
    with world.database.transaction() as session:
        Tombstones(data_dir).add(graves_of(session, told)[:1])
        withdraw(session, session.get_one(Experience, told))


def test_what_is_there_comes_back_and_what_was_taken_back_does_not(
    app: Flask, world: World, cli: Cli, tmp_path: Path
) -> None:
    a_story(world, "Blijft.")
    gone = a_story(world, "Wordt ingetrokken.")
    data_dir = app.extensions["portal.settings"].data_dir
    (data_dir / "boundaries").mkdir()
    (data_dir / "boundaries" / "municipalities.geojson").write_text('{"features": []}')
    copy = tmp_path / "copies" / "monday"
    assert cli("backup", str(copy)).exit_code == 0
    assert cli("backup", str(copy)).exit_code == 1, "never over another"
    assert not (copy / NAME).exists() and not (copy / "trail").exists()
    assert copy.stat().st_mode & 0o077 == 0
    take_back(world, data_dir, gone)
    a_story(world, "Kwam later.")
    (data_dir / "boundaries" / "municipalities.geojson").write_text("{}")
    (data_dir / "downloads").mkdir()
    assert stories(world) == ["Blijft.", "Kwam later."]
    (copy / "boundaries" / "planted.geojson").write_text("{}")
    (copy / "boundaries" / "linked.geojson").symlink_to("/etc/hostname")
    world.database.engine.dispose()
    assert "--replace" in cli("restore", str(copy)).output
    done = cli("restore", str(copy), "--replace")
    assert done.exit_code == 0, done.output
    assert "deleted again: 1" in done.output
    assert stories(world) == ["Blijft."]
    assert (data_dir / "boundaries" / "municipalities.geojson").read_text() == '{"features": []}'
    assert [file.name for file in (data_dir / "boundaries").iterdir()] == ["municipalities.geojson"]
    assert not (data_dir / "downloads").exists()
    doctor = cli("doctor").output
    assert "ok       trail" in doctor and "index: holds" in doctor, doctor


def secret_package() -> Tables:
    tables = sound()
    tables["locations"][0]["address_confidential"] = "yes"
    return tables


def home_package() -> Tables:
    """A practice that became a family home, which wants its address known to those who refer."""
    tables = sound()
    tables["locations"][0]["kind"] = "family_home"
    return tables


@pytest.mark.parametrize("became", [secret_package, home_package])
def test_an_address_that_became_secret_is_not_published_again(
    app: Flask, cli: Cli, tmp_path: Path, became: Callable[[], Tables]
) -> None:
    database, lists = app.extensions["portal.database"], codelists.load()
    data_dir = app.extensions["portal.settings"].data_dir

    def bring_in(tables: Tables, name: str) -> None:
        folder = write_folder(tmp_path / name, tables)
        assert import_package(database, lists, folder, "Zuid-Limburg", today=clock.today()).ok

    bring_in(sound(), "one")
    changed = sound()
    changed["locations"][0]["house_number"] = "14"
    bring_in(changed, "two")  # what it replaced is kept, with an address
    assert cli("backup", str(tmp_path / "open")).exit_code == 0
    bring_in(became(), "three")
    database.engine.dispose()
    with clock.stopped(clock.now() + timedelta(days=2)):
        assert cli("backup", str(tmp_path / "later")).exit_code == 0
        done = cli("restore", str(tmp_path / "open"), "--replace")
        assert done.exit_code == 0, done.output
    assert "hidden again: 1" in done.output
    assert "Verzonnenstraat" not in as_text(database)
    with database.sessions() as session:
        place = session.scalars(select(Location).where(Location.identifier == "A001-L1")).one()
        assert place.address_confidential and place.latitude is None
        assert session.scalars(select(ImportUndo)).all() == []
    assert "Verzonnenstraat" not in app.test_client().get("/aanbieders/de-klaproos-jeugdhulp").get_data(as_text=True)
    files = [file for file in data_dir.glob("**/*") if file.is_file() and tmp_path / "open" not in file.parents]
    files = [file for file in files if file.suffix != ".csv" and "later" not in file.parts]
    if database.engine.dialect.name == "sqlite":
        database.sweep()
        files.append(Path(str(database.engine.url.database)))
    assert not any(b"Verzonnenstraat" in file.read_bytes() for file in files)
    assert (data_dir / "secret-addresses").stat().st_mode & 0o077 == 0
    database.engine.dispose()
    assert "hidden again: 0" in cli("restore", str(tmp_path / "later"), "--replace").output, "it was known then"


def test_an_address_that_an_import_opened_by_mistake_stays_secret_once_that_was_undone(
    app: Flask, cli: Cli, tmp_path: Path
) -> None:
    database, lists = app.extensions["portal.database"], codelists.load()
    for name, tables in (("one", secret_package()), ("two", sound())):
        folder = write_folder(tmp_path / name, tables)
        assert import_package(database, lists, folder, "Zuid-Limburg", today=clock.today()).ok
    assert "Verzonnenstraat" in as_text(database)
    assert cli("backup", str(tmp_path / "open")).exit_code == 0
    with writing(database) as session:
        undo(session, session.scalars(select(Region.id)).one(), 2, ACTOR, DEFAULT_RULES, clock.now())
    database.engine.dispose()
    assert cli("restore", str(tmp_path / "open"), "--replace").exit_code == 0
    assert "Verzonnenstraat" not in as_text(database)


def test_sign_ins_and_waiting_mail_of_then_are_over(app: Flask, world: World, cli: Cli, tmp_path: Path) -> None:
    world.add("lezer@voorbeeld.example", Post(Role.MODERATOR, world.regions[0]))
    Someone.enter(app, "lezer@voorbeeld.example")
    with world.database.transaction() as session:
        post(session, "iemand@voorbeeld.example", "Vraag", "Klopt het nog?", clock.now(), language="nl")
    assert cli("backup", str(tmp_path / "copy")).exit_code == 0
    world.database.engine.dispose()
    assert cli("restore", str(tmp_path / "copy"), "--replace").exit_code == 0
    with world.database.sessions() as session:
        assert session.scalars(select(SignIn)).all() == []
        (mail,) = session.scalars(select(Mail))
        assert (mail.state, mail.body) == ("uncertain", None)


def test_who_lost_access_does_not_get_it_back(app: Flask, world: World, cli: Cli, tmp_path: Path) -> None:
    region, names = world.regions[0], ("baas", "weg", "lager", "uitgenodigd", "blijft")
    address = {name: f"{name}@voorbeeld.example" for name in names}
    for name in names:
        role = Role.ADMINISTRATOR if name in ("baas", "lager") else Role.MODERATOR
        world.add(address[name], Post(role, region), is_established=name != "uitgenodigd",
                  status=MembershipStatus.INVITED if name == "uitgenodigd" else MembershipStatus.ACTIVE)  # fmt: skip

    def status() -> dict[str, MembershipStatus]:
        with world.database.sessions() as session:
            return {held.person.email.partition("@")[0]: held.status for held in session.scalars(select(Membership))}

    assert cli("backup", str(tmp_path / "copy")).exit_code == 0
    acting = Acting(ACTOR)
    with world.database.transaction() as session:
        held = {one.person.email: (one.public_id, one.version) for one in session.scalars(select(Membership))}
        change_post(session, acting, *held[address["lager"]], Post(Role.MODERATOR, region), clock.now())
        withdraw_invitation(session, acting, held[address["uitgenodigd"]][0], clock.now())
    assert cli("users", "disable", address["weg"]).exit_code == 0
    world.database.engine.dispose()
    done = cli("restore", str(tmp_path / "copy"), "--replace")
    assert done.exit_code == 0 and "ended again: 3" in done.output, done.output
    assert status() == {
        "baas": MembershipStatus.ACTIVE, "blijft": MembershipStatus.ACTIVE, "weg": MembershipStatus.DISABLED,
        "lager": MembershipStatus.DISABLED, "uitgenodigd": MembershipStatus.LEFT,
    }  # fmt: skip


def test_a_password_of_then_opens_nothing_until_mail_gave_a_new_one(
    client: InspectingClient, world: World, cli: Cli, tmp_path: Path
) -> None:
    world.add("baas@voorbeeld.example", Post(Role.ADMINISTRATOR, world.regions[0]))
    with world.database.transaction() as session:
        papers = new_recovery_codes(session, session.scalars(select(Person)).one())
    assert opens(world) and papers
    assert cli("backup", str(tmp_path / "copy")).exit_code == 0
    world.database.engine.dispose()
    assert "by mail" in cli("restore", str(tmp_path / "copy"), "--replace").output
    assert not opens(world)
    client.submit("/wachtwoord-vergeten", {"email": "baas@voorbeeld.example"})
    with world.database.sessions() as session:
        assert session.scalars(select(RecoveryCode)).all() == []
        assert session.scalars(select(MailCode.purpose)).all() == [CodePurpose.PASSWORD]
    assert "/uitnodiging" in cli("users", "reset", "baas@voorbeeld.example").output


def opens(world: World) -> bool:
    with world.database.sessions() as session:
        return check_password(session, CHEAP, "baas@voorbeeld.example", PASSWORD).is_right


def test_nothing_remembered_of_before_passes_for_something_of_now(
    app: Flask, world: World, cli: Cli, tmp_path: Path
) -> None:
    """Two states of the catalogue never have one number: pages, index and downloads are known by it."""
    from portal.catalogue.operations import touch
    from portal.catalogue.queries import catalogue_revision

    assert cli("backup", str(tmp_path / "copy")).exit_code == 0
    with world.database.transaction() as session:
        session.scalars(select(Provider)).first().name = "Anders"  # type: ignore[union-attr]
        for _ in range(5):
            touch(session)
    before = catalogue_revision(world.database.engine)
    world.database.engine.dispose()
    assert cli("restore", str(tmp_path / "copy"), "--replace").exit_code == 0
    assert catalogue_revision(world.database.engine) > before


def _damage(copy: Path, _settings: Settings) -> None:
    file = next(copy.glob("database.*"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _forge(copy: Path, _settings: Settings) -> None:
    contents = json.loads((copy / "backup.json").read_text())
    contents["made_at"] = "2020-01-01T00:00:00+00:00"
    (copy / "backup.json").write_text(json.dumps(contents))


def _empty(copy: Path, _settings: Settings) -> None:
    (copy / "backup.json").write_text("[]")


def _link(copy: Path, _settings: Settings) -> None:
    file = next(copy.glob("database.*"))
    file.symlink_to(file.rename(copy.with_name("elsewhere")))


def _serve(_copy: Path, settings: Settings) -> None:
    (settings.data_dir / "index").mkdir(exist_ok=True)
    (settings.data_dir / "index" / "followed").touch()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_damage, "damaged"),
        (_link, "damaged"),
        (_forge, "PORTAL_SECRET_KEY"),
        (_empty, "is no backup"),
        (_serve, "is running"),
    ],
)
def test_what_cannot_be_put_back_is_said_and_nothing_changes(
    app: Flask, world: World, cli: Cli, tmp_path: Path, spoil: Callable[[Path, Settings], None], says: str
) -> None:
    a_story(world, "Staat er.")
    copy = tmp_path / "copy"
    assert cli("backup", str(copy)).exit_code == 0
    spoil(copy, app.extensions["portal.settings"])
    a_story(world, "Kwam later.")
    world.database.engine.dispose()
    done = cli("restore", str(copy), "--replace")
    assert done.exit_code == 1 and says in done.output
    assert stories(world) == ["Kwam later.", "Staat er."]


def test_a_backup_fits_the_key_and_the_kind_of_database_it_was_made_with(
    app: Flask, world: World, cli: Cli, tmp_path: Path, backend: str
) -> None:
    copy = tmp_path / "copy"
    assert cli("backup", str(copy)).exit_code == 0
    settings: Settings = app.extensions["portal.settings"]
    other = make_app(settings.database_url, tmp_path / "other", secret_key="een andere sleutel")
    says = other.test_cli_runner().invoke(args=["restore", str(copy), "--replace"]).output
    assert "another PORTAL_SECRET_KEY" in says
    other.extensions["portal.database"].engine.dispose()
    if backend == "postgresql":
        lite = make_app("", tmp_path / "lite")
        assert "backup of postgresql" in lite.test_cli_runner().invoke(args=["restore", str(copy)]).output


def test_a_machine_that_lost_everything_gets_it_back(
    world: World, cli: Cli, tmp_path: Path, new_database_url: Callable[[], str]
) -> None:
    a_story(world, "Staat er.")
    copy = tmp_path / "copy"
    assert cli("backup", str(copy)).exit_code == 0
    fresh = make_app(new_database_url(), tmp_path / "new")
    database = fresh.extensions["portal.database"]
    if database.engine.dialect.name == "sqlite":
        database.engine.dispose()
        Path(str(database.engine.url.database)).unlink()
        arguments = ["restore", str(copy)]
    else:
        arguments = ["restore", str(copy), "--replace"]
    done = fresh.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.output
    with database.sessions() as session:
        assert session.scalars(select(Experience.story)).all() == ["Staat er."]
    database.engine.dispose()


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    cli: Cli, tmp_path: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if backend != "postgresql":
        pytest.skip("SQLite needs no program")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = cli("backup", str(tmp_path / "copy"))
    assert done.exit_code == 1 and "postgresql-client" in done.output
    assert list(tmp_path.glob("*copy*")) == []


def test_a_story_is_gone_for_good_within_a_minute(app: Flask, world: World, cli: Cli, tmp_path: Path) -> None:
    """Page, API, search, downloads; after the index was rebuilt; after yesterday's backup came back (P7)."""
    from portal.outcomes.types import DEFAULT_RULES
    from portal.reviews.publishing.operations import keep_up
    from portal.reviews.questions import load_sets
    from tests.reviews.families import Family

    data_dir = app.extensions["portal.settings"].data_dir
    codes = make_codes(world.database, world.regions[0], world.providers[0])
    told = [tell(world.database, code, story=f"Kanarieverhaal {code[:5]} over ons gezin.") for code in codes[:3]]
    with world.database.transaction() as session:
        for one, _ in told:
            move(session, ACTOR, session.get_one(Experience, one), Status.READY, clock.today())
        keep_up(session, world.regions[0], load_sets(), DEFAULT_RULES, 90, clock.today())
    addresses = ("/aanbieders/zuid-limburg-1", "/api/v1/experiences", "/zoeken?q=zuid-limburg",
                 "/api/v1/providers?q=zuid-limburg", "/hulp-krijgen", "/sitemap.xml", "/data")  # fmt: skip

    def found(needle: str) -> list[str]:
        client = app.test_client()
        return [address for address in addresses if needle in client.get(address).get_data(as_text=True)]

    cli("search", "rebuild")
    needle = f"Kanarieverhaal {codes[0][:5]}"
    assert set(found(needle)) >= {"/aanbieders/zuid-limburg-1", "/api/v1/experiences"}
    assert cli("backup", str(tmp_path / "yesterday")).exit_code == 0
    Family.at(app).post("/ervaring/terug/intrekken", {"woorden": told[0][1]})
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        assert found(needle) == []
    cli("search", "rebuild")
    assert found(needle) == []
    export = tmp_path / "export"
    cli("export", str(export), "--as", "csv")
    world.database.engine.dispose()
    assert cli("restore", str(tmp_path / "yesterday"), "--replace").exit_code == 0
    assert found(needle) == []
    assert set(found(f"Kanarieverhaal {codes[1][:5]}")) >= {"/aanbieders/zuid-limburg-1"}
    assert cli("daily").exit_code == 0
    files = [file for folder in (data_dir, export) for file in folder.rglob("*") if file.is_file()]
    files = [file for file in files if "yesterday" not in file.parts]
    if world.database.engine.dialect.name == "sqlite":
        world.database.sweep()
        files.append(Path(str(world.database.engine.url.database)))
    assert not any(needle.encode() in file.read_bytes() for file in files)
