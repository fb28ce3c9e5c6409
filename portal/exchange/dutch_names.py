"""What people call the tables and columns in Dutch, so that a refusal can say which one was meant."""

from __future__ import annotations

from collections.abc import Mapping

DUTCH_TABLES: Mapping[str, str] = {
    "aanbieder": "providers", "aanbieders": "providers", "organisaties": "providers", "zorgaanbieders": "providers",
    "consortium": "consortia", "combinaties": "consortia", "samenwerkingen": "consortia",
    "toegang": "access_points", "toegangspunten": "access_points", "wijkteams": "access_points",
    "contactpunten": "access_points",
    "locatie": "locations", "locaties": "locations", "vestigingen": "locations", "adressen": "locations",
    "aanbod": "offers", "diensten": "offers", "hulpaanbod": "offers", "wachttijden": "offers", "zorgaanbod": "offers",
    "contract": "contracts", "contracten": "contracts", "overeenkomsten": "contracts",
    "methode": "methods", "methoden": "methods", "methodes": "methods", "interventies": "methods",
    "uitkomst": "outcomes", "uitkomsten": "outcomes", "resultaten": "outcomes", "effecten": "outcomes",
}  # fmt: skip
"""As `raw.table_name` writes a name."""

_ANYWHERE: Mapping[str, str] = {
    "aanbieder": "provider_id", "aanbieder_id": "provider_id", "aanbiedernummer": "provider_id",
    "naam": "name", "omschrijving": "description", "beschrijving": "description", "toelichting": "explanation",
    "uitleg": "explanation", "telefoon": "phone", "telefoonnummer": "phone", "e_mail": "email", "mail": "email",
    "mailadres": "email", "e_mailadres": "email", "emailadres": "email", "site": "website", "webadres": "website",
    "gemeente": "municipality", "gemeenten": "municipalities", "gemeentes": "municipalities", "soort": "kind",
    "perceel": "lot", "arrangement": "arrangement", "soort_hulp": "arrangement", "hulpvorm": "arrangement",
    "adres": "address", "openingstijden": "opening_hours", "talen": "languages", "bron": "source",
    "kvk": "kvk_number", "kvk_nummer": "kvk_number", "agb": "agb_code", "omvang": "size", "grootte": "size",
    "samenvatting": "summary", "over_ons": "about", "keurmerken": "quality_marks", "teamgrootte": "team_size",
    "kennismaking": "first_meeting", "vaste_hulpverlener": "same_worker", "avond_weekend": "evening_weekend",
    "identiteit": "identity", "klachten": "complaints_url", "contactpersoon": "contact",
    "locatie_id": "location_id", "locaties": "location_ids", "straat": "street", "huisnummer": "house_number",
    "woonplaats": "city", "plaats": "city", "rolstoeltoegankelijk": "wheelchair_accessible",
    "breedtegraad": "latitude", "lengtegraad": "longitude", "geheim_adres": "address_confidential",
    "aanbod_id": "offer_id", "werkwijze": "approach", "aanpak": "approach", "methoden": "methods",
    "methodes": "methods", "thema": "topics", "themas": "topics", "onderwerpen": "topics",
    "leeftijd_min": "age_min", "leeftijd_van": "age_min", "vanaf_leeftijd": "age_min", "minimumleeftijd": "age_min",
    "leeftijd_max": "age_max", "leeftijd_tot": "age_max", "tot_leeftijd": "age_max", "maximumleeftijd": "age_max",
    "waar": "settings", "plek": "settings", "kader": "framework", "niet_geschikt_voor": "not_suitable_for",
    "verwijzing": "access", "toegang": "access", "vorm": "form", "geslacht": "gender", "vrije_plaatsen": "places_free",
    "plaatsen_vrij": "places_free", "ingetrokken_op": "withdrawn_on", "gestopt_op": "withdrawn_on",
    "wachttijd": "waiting_weeks_start", "wachtweken": "waiting_weeks_start", "wachttijd_start": "waiting_weeks_start",
    "wachttijd_intake": "waiting_weeks_intake", "wachttijd_kennismaking": "waiting_weeks_intake",
    "wachttijd_datum": "waiting_reported_on", "wachttijd_gemeld_op": "waiting_reported_on",
    "wachttijd_peildatum": "waiting_reported_on", "peildatum": "waiting_reported_on",
    "clientenstop": "accepting_clients", "neemt_aan": "accepting_clients", "gecontroleerd_op": "checked_on",
    "contract_id": "contract_id", "contractnummer": "contract_id", "opdrachtgever": "purchaser",
    "inkoper": "purchaser", "grondslag": "basis", "maximale_wachttijd": "max_waiting_weeks",
    "begindatum": "start_date", "ingangsdatum": "start_date", "startdatum": "start_date", "einddatum": "end_date",
    "erkenning": "evidence", "onderbouwing": "evidence", "periode": "period", "indicator": "indicator",
    "teller": "numerator", "noemer": "denominator", "gemiddelde": "mean", "aantal": "n",
    "standaarddeviatie": "sd", "uitgenodigd": "invited", "informant": "informant", "vragenlijst": "instrument",
    "instrument": "instrument",
}  # fmt: skip
"""As `raw.column_name` writes a name; a word counts only in a table that has the column."""


def dutch_column(name: str, columns: Mapping[str, object]) -> str | None:
    """The column among `columns` that `name` is the Dutch word for, or None."""
    meant = _ANYWHERE.get(name)
    return meant if meant in columns else None
