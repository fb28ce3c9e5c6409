"""The data package in one place: every table, every column, and what may stand in it.

Import, export, template and documentation all read this; the names are an outside interface
(`docs/formats.md`) and do not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from portal.catalogue.types import (
    AccessPointKind,
    ContractBasis,
    Form,
    Framework,
    Gender,
    LocationKind,
    OfferAccess,
    ProviderSize,
    SameWorker,
    Setting,
)
from portal.core.messages import N_
from portal.outcomes.types import Indicator, Informant, MeasuredFramework

EXPLANATION_SHEET = "uitleg"
PICK_LIST_SHEET = "keuzelijsten"
OWN_SHEETS = frozenset({EXPLANATION_SHEET, PICK_LIST_SHEET})
"""Sheets of the portal's own template that carry no data; a reader skips them."""

SEPARATOR = ";"
"""Stands between several values in one cell."""
WHOLE_REGION = "*"
"""In `contracts.municipalities`: every municipality of the region."""


class Kind(Enum):
    """What a cell holds, and so how it is read and written."""

    IDENTIFIER = auto()
    REFERENCE = auto()
    """The identifier of a row of the table that `Column.refers_to` names."""
    REFERENCES = auto()
    NAME = auto()
    """Text on one line."""
    TEXT = auto()
    """Text that may have line breaks."""
    TEXTS = auto()
    """Several short texts, separated by `;`."""
    TOPICS = auto()
    """Words for what help is about; the topic list knows many, and any other is kept."""
    EIGHT_DIGITS = auto()
    """A KvK number or AGB code."""
    POSTCODE = auto()
    PHONE = auto()
    EMAIL = auto()
    URL = auto()
    WHOLE = auto()
    DECIMAL = auto()
    DATE = auto()
    PERIOD = auto()
    """A year, `2025`, or a half of it, `2025-H1`."""
    YES_NO = auto()
    CHOICE = auto()
    CHOICES = auto()
    LANGUAGES = auto()
    ARRANGEMENT = auto()
    MUNICIPALITY = auto()
    MUNICIPALITIES = auto()

    @property
    def is_list(self) -> bool:
        """Whether a cell may hold several values."""
        return self in _LISTS

    @property
    def is_ticked(self) -> bool:
        """Whether these are values of a list that can be shown whole; then their order says nothing."""
        return self in _TICKED


_LISTS = {
    Kind.REFERENCES, Kind.TEXTS, Kind.TOPICS, Kind.CHOICES, Kind.LANGUAGES, Kind.MUNICIPALITIES,
}  # fmt: skip
_TICKED = {Kind.CHOICES, Kind.MUNICIPALITIES, Kind.REFERENCES, Kind.LANGUAGES}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, within which bounds, and one sentence that explains it."""

    name: str
    kind: Kind
    help: str
    """English; said in another language with `translate`."""
    example: str
    required: bool = False
    max_length: int | None = None
    lowest: float | None = None
    highest: float | None = None
    choices: type[StrEnum] | None = None
    default: object = None
    """What an empty cell means, where that is not simply nothing."""
    refers_to: str | None = None
    aliases: tuple[str, ...] = ()
    not_in_future: bool = False
    whole_region_allowed: bool = False
    is_code: bool = False
    """Whether it holds codes such as `12-3`, of which a spreadsheet program may make a date or a number."""

    @property
    def empty(self) -> object:
        """The value that an empty cell stands for."""
        return [] if self.kind.is_list else self.default


@dataclass(frozen=True, slots=True)
class Table:
    """One file or sheet: its columns and the columns that tell its rows apart."""

    name: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their name and by every other name that is understood."""
        return {name: column for column in self.columns for name in (column.name, *column.aliases)}


LABELS: Mapping[str, str] = {
    "provider_id": N_("Code of the provider"),
    "name": N_("Name"),
    "kvk_number": N_("KvK number"),
    "agb_code": N_("AGB code"),
    "summary": N_("In one or two sentences"),
    "about": N_("About the provider"),
    "website": N_("Website"),
    "phone": N_("Phone number"),
    "email": N_("Mail address"),
    "size": N_("Size"),
    "languages": N_("Languages"),
    "quality_marks": N_("Quality marks"),
    "team_size": N_("How many people work there"),
    "first_meeting": N_("Getting acquainted without obligation"),
    "same_worker": N_("The same worker"),
    "evening_weekend": N_("Evening or weekend"),
    "identity": N_("Faith or philosophy"),
    "complaints_url": N_("Page about complaints"),
    "consortium_id": N_("Code of the combination"),
    "provider_ids": N_("Who takes part"),
    "explanation": N_("Explanation"),
    "contact": N_("How to reach it"),
    "municipality": N_("Municipality"),
    "kind": N_("Kind"),
    "address": N_("Address"),
    "opening_hours": N_("Opening hours"),
    "location_id": N_("Code of the place"),
    "street": N_("Street"),
    "house_number": N_("House number"),
    "postcode": N_("Postcode"),
    "city": N_("Town or village"),
    "wheelchair_accessible": N_("Accessible with a wheelchair"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "address_confidential": N_("Secret address"),
    "offer_id": N_("Code of the offer"),
    "arrangement": N_("Kind of help"),
    "description": N_("What happens"),
    "approach": N_("How they go about it"),
    "methods": N_("Methods"),
    "topics": N_("What it is about"),
    "age_min": N_("From age"),
    "age_max": N_("Up to and including age"),
    "settings": N_("Where the help is"),
    "framework": N_("Voluntary or imposed"),
    "not_suitable_for": N_("For whom this is not the right help"),
    "municipalities": N_("Municipalities"),
    "location_ids": N_("Places"),
    "access": N_("Referral"),
    "form": N_("Alone or in a group"),
    "gender": N_("For whom"),
    "places_free": N_("Free places"),
    "continues_until_age": N_("One may stay until age"),
    "withdrawn_on": N_("Stops on"),
    "waiting_weeks_intake": N_("Weeks until the first talk"),
    "waiting_weeks_start": N_("Weeks until the help begins"),
    "waiting_reported_on": N_("Day on which the wait was true"),
    "accepting_clients": N_("Takes new families"),
    "checked_on": N_("Day on which the row was checked"),
    "contract_id": N_("Code of the contract"),
    "lot": N_("Lot"),
    "purchaser": N_("Who signed"),
    "basis": N_("Contract or subsidy"),
    "max_waiting_weeks": N_("Agreed longest wait, in weeks"),
    "start_date": N_("First day"),
    "end_date": N_("Last day"),
    "evidence": N_("Level of recognition"),
    "source": N_("Source"),
    "period": N_("Period"),
    "indicator": N_("What was counted"),
    "numerator": N_("How many it was true of"),
    "denominator": N_("Of how many"),
    "mean": N_("Mean mark"),
    "n": N_("How many gave a mark"),
    "sd": N_("Standard deviation"),
    "invited": N_("How many were asked"),
    "informant": N_("Who said so"),
    "instrument": N_("Questionnaire"),
}
"""What people call each column, by its name: in forms, in reports and in the explanation of the template."""


def _identifier(name: str, explanation: str, example: str) -> Column:
    return Column(name, Kind.IDENTIFIER, explanation, example, required=True, max_length=100)


def _provider(explanation: str = N_("The provider: its provider_id in the providers table.")) -> Column:
    return Column(
        "provider_id", Kind.REFERENCE, explanation, "A001",
        required=True, max_length=100, refers_to="providers",
    )  # fmt: skip


def _arrangement(explanation: str) -> Column:
    return Column("arrangement", Kind.ARRANGEMENT, explanation, "begeleiding", required=True, max_length=50)


PROVIDERS = Table(
    "providers",
    N_("Who gives help: one row for each provider, with how it works."),
    (
        _identifier("provider_id", N_("Your own code for this provider; it never changes."), "A001"),
        Column("name", Kind.NAME, N_("The name as families know it."), "De Klaproos Jeugdhulp",
               required=True, max_length=200),
        Column("kvk_number", Kind.EIGHT_DIGITS, N_("Number in the trade register (KvK): 8 digits."),
               "90000001"),
        Column("agb_code", Kind.EIGHT_DIGITS, N_("AGB code: 8 digits."), "99000001"),
        Column("summary", Kind.TEXT, N_("Who you are in one or two sentences; at most 300 characters."),
               "Wij helpen kinderen die niet meer naar school durven.", max_length=300),
        Column("about", Kind.TEXT, N_("More about the provider, in plain words."),
               "Wij zijn een klein team in Heerlen.", max_length=20_000),
        Column("website", Kind.URL, N_("Address of the website."), "https://www.klaproos.example",
               max_length=500),
        Column("phone", Kind.PHONE, N_("Telephone number for families."), "045-555 01 23", max_length=50),
        Column("email", Kind.EMAIL, N_("E-mail address for families."), "info@klaproos.example",
               max_length=254),
        Column("size", Kind.CHOICE, N_("How big the provider is."), "small", choices=ProviderSize),
        Column("languages", Kind.LANGUAGES, N_("Languages in which you can help: ISO 639 codes."), "nl;ar"),
        Column("quality_marks", Kind.TEXTS, N_("Quality marks, separated by a semicolon."), "SKJ;HKZ",
               max_length=200),
        Column("team_size", Kind.WHOLE, N_("How many people work here."), "6", lowest=0, highest=100_000),
        Column("first_meeting", Kind.YES_NO, N_("Can a family get acquainted without obligation?"), "yes"),
        Column("same_worker", Kind.CHOICE, N_("Does a family keep the same worker?"), "usually",
               choices=SameWorker),
        Column("evening_weekend", Kind.YES_NO, N_("Is there help in the evening or at the weekend?"), "no"),
        Column("identity", Kind.TEXT, N_("Faith or philosophy of the provider, if it has one."),
               "christelijk", max_length=2_000),
        Column("complaints_url", Kind.URL, N_("Page where a family can complain."),
               "https://www.klaproos.example/klachten", max_length=500),
    ),
    key=("provider_id",),
)  # fmt: skip

CONSORTIA = Table(
    "consortia",
    N_("Providers that work together behind one door."),
    (
        _identifier("consortium_id", N_("Your own code for this combination; it never changes."), "C01"),
        Column("name", Kind.NAME, N_("The name of the combination."), "Samen Thuis", required=True,
               max_length=200),
        Column("provider_ids", Kind.REFERENCES, N_("All providers that take part: their provider_id."),
               "A001;A002", required=True, max_length=100, refers_to="providers"),
        Column("explanation", Kind.TEXT, N_("What they do together."), "Een plan voor het hele gezin.",
               max_length=20_000),
        Column("contact", Kind.TEXT, N_("How to reach the combination."), "045-555 02 00", max_length=2_000),
    ),
    key=("consortium_id",),
)  # fmt: skip

ACCESS_POINTS = Table(
    "access_points",
    N_(
        "Who helps a family of a municipality. For each municipality and kind in your file, "
        "your rows replace all earlier ones."
    ),
    (
        Column("municipality", Kind.MUNICIPALITY, N_("Name or CBS code of the municipality."), "Heerlen",
               required=True),
        Column("kind", Kind.CHOICE, N_("What one finds there."), "access_team", required=True,
               choices=AccessPointKind),
        Column("name", Kind.NAME, N_("The local name."), "Team Jeugd Heerlen", required=True, max_length=200),
        Column("phone", Kind.PHONE, N_("Telephone number."), "14 045", max_length=50),
        Column("email", Kind.EMAIL, N_("E-mail address."), "jeugd@gemeente.example", max_length=254),
        Column("website", Kind.URL, N_("Address of the website."), "https://www.gemeente.example/jeugd",
               max_length=500),
        Column("address", Kind.TEXT, N_("Where one can walk in."), "Raadhuisplein 1, Heerlen",
               max_length=2_000),
        Column("opening_hours", Kind.TEXT, N_("When it is open."), "ma-vr 9.00-17.00 uur", max_length=2_000),
        Column("explanation", Kind.TEXT, N_("What a family can come here for."),
               "Voor vragen over opvoeden en opgroeien.", max_length=20_000),
    ),
    key=("municipality", "kind", "name"),
)  # fmt: skip

LOCATIONS = Table(
    "locations",
    N_("Where a provider works. Of a confidential address we keep the municipality only."),
    (
        _identifier("location_id", N_("Your own code for this place; it never changes."), "A001-L1"),
        _provider(),
        Column("name", Kind.NAME, N_("The name of the place."), "Praktijk Heerlen", max_length=200),
        Column("kind", Kind.CHOICE, N_("What the place is used for."), "office", required=True,
               choices=LocationKind),
        Column("street", Kind.NAME, N_("Street."), "Verzonnenstraat", max_length=200),
        Column("house_number", Kind.NAME, N_("House number with what belongs to it."), "12a", max_length=20,
               is_code=True),
        Column("postcode", Kind.POSTCODE, N_("Postcode: 4 digits and 2 letters."), "6411 XX", max_length=20),
        Column("city", Kind.NAME, N_("Town or village."), "Heerlen", max_length=100),
        Column("municipality", Kind.MUNICIPALITY, N_("Name or CBS code of the municipality."), "Heerlen",
               required=True),
        Column("wheelchair_accessible", Kind.YES_NO, N_("Can one get in with a wheelchair?"), "yes"),
        Column("latitude", Kind.DECIMAL, N_("Latitude in degrees (WGS 84)."), "50.888",
               lowest=-90, highest=90),
        Column("longitude", Kind.DECIMAL, N_("Longitude in degrees (WGS 84)."), "5.979",
               lowest=-180, highest=180),
        Column("address_confidential", Kind.YES_NO,
               N_("Must the address stay secret? For a family home an empty cell means yes."), "no"),
    ),
    key=("location_id",),
)  # fmt: skip

OFFERS = Table(
    "offers",
    N_("What a provider does for whom: one row for each kind of help."),
    (
        _identifier("offer_id", N_("Your own code for this offer; it never changes."), "A001-1"),
        _provider(),
        Column("name", Kind.NAME, N_("The name as families understand it."),
               "Hulp om weer naar school te gaan", required=True, max_length=200),
        _arrangement(N_("The kind of help, from the list.")),
        Column("description", Kind.TEXT, N_("What happens, for whom, and what it leads to."),
               "Samen met uw kind en de school maken wij een plan.", required=True, max_length=20_000),
        Column("approach", Kind.TEXT, N_("How you work."), "Wij komen eerst bij u thuis.", max_length=20_000),
        Column("methods", Kind.TEXTS, N_("Methods by name, separated by a semicolon."), "Geweldloos Verzet",
               max_length=200),
        Column("topics", Kind.TOPICS, N_("What the help is about, separated by a semicolon."),
               "schoolweigering;angst", max_length=200),
        Column("age_min", Kind.WHOLE, N_("From which age."), "4", lowest=0, highest=27),
        Column("age_max", Kind.WHOLE, N_("Up to and including which age."), "18", lowest=0, highest=27),
        Column("settings", Kind.CHOICES, N_("Where the help takes place, separated by a semicolon."),
               "home;school", choices=Setting),
        Column("framework", Kind.CHOICE, N_("Voluntary, imposed by a court, or both; empty means voluntary."),
               "voluntary", choices=Framework, default=Framework.VOLUNTARY),
        Column("not_suitable_for", Kind.TEXT, N_("For whom this is not the right help."),
               "Niet bij acuut gevaar.", max_length=20_000),
        Column("municipalities", Kind.MUNICIPALITIES,
               N_("Only in these municipalities; empty means: as the contract says."), "Heerlen;Kerkrade"),
        Column("location_ids", Kind.REFERENCES, N_("The places: their location_id."), "A001-L1",
               max_length=100, refers_to="locations"),
        Column("access", Kind.CHOICE, N_("Is a referral needed? Empty means referral."), "referral",
               choices=OfferAccess, default=OfferAccess.REFERRAL),
        Column("form", Kind.CHOICE, N_("Alone or in a group."), "individual", choices=Form),
        Column("gender", Kind.CHOICE, N_("Whom it is for; empty means all."), "all", choices=Gender,
               default=Gender.ALL),
        Column("places_free", Kind.WHOLE, N_("How many places are free."), "2", lowest=0, highest=10_000),
        Column("continues_until_age", Kind.WHOLE, N_("Until which age may a young person stay, after 18?"),
               "21", lowest=18, highest=99),
        Column("withdrawn_on", Kind.DATE, N_("From which day it is no longer offered."), "2026-12-31"),
        Column("waiting_weeks_intake", Kind.WHOLE, N_("Weeks until the first talk."), "2",
               lowest=0, highest=520),
        Column("waiting_weeks_start", Kind.WHOLE, N_("Weeks until the help begins."), "6",
               lowest=0, highest=520, aliases=("waiting_weeks",)),
        Column("waiting_reported_on", Kind.DATE, N_("The day on which the waiting time was true."),
               "2026-01-31", not_in_future=True),
        Column("accepting_clients", Kind.YES_NO, N_("Can a family apply now? Empty means yes."), "yes",
               default=True),
        Column("checked_on", Kind.DATE, N_("The day on which you last checked this row."), "2026-01-31",
               not_in_future=True),
    ),
    key=("offer_id",),
)  # fmt: skip

CONTRACTS = Table(
    "contracts",
    N_("Which provider may give which help, where and from when."),
    (
        _identifier("contract_id", N_("Your own code for this contract; it never changes."), "K001"),
        _provider(),
        _arrangement(N_("The kind of help that is contracted, from the list.")),
        Column("municipalities", Kind.MUNICIPALITIES, N_("Names or CBS codes, or * for the whole region."),
               "*", required=True, whole_region_allowed=True),
        Column("lot", Kind.NAME, N_("The lot of the tender."), "Perceel 2", max_length=200, is_code=True),
        Column("purchaser", Kind.NAME, N_("Who signed the contract."), "Jeugdregio Zuid-Limburg",
               max_length=200),
        Column("basis", Kind.CHOICE, N_("Contract or subsidy."), "contract", choices=ContractBasis),
        Column("max_waiting_weeks", Kind.WHOLE, N_("The agreed longest waiting time in weeks."), "8",
               lowest=0, highest=520),
        Column("start_date", Kind.DATE, N_("First day of the contract."), "2026-01-01", required=True),
        Column("end_date", Kind.DATE, N_("Last day of the contract; empty means: no end agreed."),
               "2029-12-31"),
    ),
    key=("contract_id",),
)  # fmt: skip

METHODS = Table(
    "methods",
    N_("The methods that offers name, with how well they are recognised."),
    (
        Column("name", Kind.NAME, N_("The name of the method."), "Geweldloos Verzet", required=True,
               max_length=200),
        Column("evidence", Kind.NAME, N_("Level of recognition."), "Goed onderbouwd", max_length=200),
        Column("source", Kind.NAME, N_("Who recognised it."), "Databank Effectieve Jeugdinterventies",
               max_length=500),
        Column("explanation", Kind.TEXT, N_("What it is, in plain words."),
               "Ouders leren rustig en duidelijk te blijven.", max_length=20_000),
    ),
    key=("name",),
)  # fmt: skip

OUTCOMES = Table(
    "outcomes",
    N_("Counted results of a provider. Counts only: never a row about one child."),
    (
        _provider(),
        _arrangement(N_("The kind of help that was counted, from the list.")),
        Column("period", Kind.PERIOD, N_("A year, or a half of it."), "2025-H1", required=True, max_length=7),
        Column("framework", Kind.CHOICE, N_("Voluntary and imposed help are counted apart."), "voluntary",
               required=True, choices=MeasuredFramework),
        Column("indicator", Kind.CHOICE, N_("What was counted, from the list."), "goals_reached",
               required=True, choices=Indicator),
        Column("numerator", Kind.WHOLE, N_("For a share: how many it was true of."), "41",
               lowest=0, highest=10_000_000),
        Column("denominator", Kind.WHOLE, N_("For a share: of how many."), "50",
               lowest=1, highest=10_000_000),
        Column("mean", Kind.DECIMAL, N_("For a mean: the mean mark, from 1 to 10."), "",
               lowest=1, highest=10),
        Column("n", Kind.WHOLE, N_("For a mean: how many gave a mark."), "", lowest=1, highest=10_000_000),
        Column("sd", Kind.DECIMAL, N_("For a mean: the standard deviation, if known."), "",
               lowest=0, highest=9),
        Column("invited", Kind.WHOLE, N_("How many were asked."), "80", lowest=0, highest=10_000_000),
        Column("informant", Kind.CHOICE, N_("Who said so."), "client", choices=Informant),
        Column("instrument", Kind.NAME, N_("The questionnaire that was used."), "Exitvragenlijst Jeugdhulp",
               max_length=200, default=""),
        Column("source", Kind.NAME, N_("Where the counts come from."), "Eigen registratie 2025",
               required=True, max_length=300),
        Column("municipality", Kind.MUNICIPALITY,
               N_("Only for this municipality; empty means the whole region."), "Heerlen", default=""),
    ),
    key=("provider_id", "arrangement", "period", "framework", "indicator", "municipality", "informant",
         "instrument", "source"),
)  # fmt: skip

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        PROVIDERS, CONSORTIA, ACCESS_POINTS, LOCATIONS, OFFERS, CONTRACTS, METHODS, OUTCOMES,
    )
}  # fmt: skip
"""All tables, in the order in which they are read and stored: nothing refers to a later one."""
