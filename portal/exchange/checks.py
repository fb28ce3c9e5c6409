"""From raw tables to a delivery, with every problem on the way: of headers, of cells, of rows, of references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.catalogue.types import LocationKind, OfferAccess
from portal.core.messages import N_, Message
from portal.core.text import nearest
from portal.exchange.columns import TABLES, Column, Table
from portal.exchange.delivery import (
    ADDRESS_COLUMNS,
    HIDDEN_ADDRESS,
    DeliveredTable,
    Delivery,
    Key,
    Row,
    Values,
    delivered,
    key_of,
)
from portal.exchange.dutch_names import dutch_column
from portal.exchange.problems import LONGEST_VALUE, MOST_KEPT, Fault, Problems, error, note, shortened, warning
from portal.exchange.raw import Cell, RawTable, column_name, letters_of, unknown_table
from portal.exchange.stored import Stored
from portal.exchange.values import BSN, Around, Reader, holds_bsn, is_bsn, reader_for, separated_list
from portal.outcomes.types import Indicator

_PER_CLIENT = re.compile(
    r"bsn|burgerservice|birth|geboorte|geb_?dat|^dob$|voornaam|voorletter|roepnaam|achternaam|tussenvoegsel"
    r"|first_?name|last_?name|surname|given_?name|family_?name|client(?!s$)|patient|jeugdige|dossier|beschikking"
    r"|traject|trajectory|toewijzing|(naam|name)_?(van_)?(het_)?(kind|child|ouder|parent)"
    r"|(kind|child|ouder|parent)_?(naam|name)|casus|case_?(id|number|nummer)|leeftijd_?(kind|client)|iban"
)
_TOTALS = {"totaal", "totalen", "subtotaal", "eindtotaal", "total", "totals", "subtotal", "grand total", "som", "sum",
           "gemiddelde", "gemiddeld", "average"}  # fmt: skip
_MOST_NEAREST = 200
"""Unknown references for which a near one is sought; who has more has the wrong file."""
_MANY_BSNS = 10
"""As many numbers that pass the eleven test are no chance."""
_NOT_OF_THE_CELL = {"length", "most", "lowest", "highest"}
"""What the messages of an address say that is not in the cell itself."""
_NETHERLANDS = ((50.7, 53.7), (3.2, 7.3))


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of a file: where it stands, what it is and how its cells are read."""

    index: int
    column: Column
    read: Reader
    empty: object


def check_tables(
    raw_tables: Iterable[RawTable], around: Around, problems: Problems, progress: Callable[[RawTable], None]
) -> Delivery:
    """Read all raw tables; what is wrong is added to `problems`, what is right is delivered.

    `progress` is called every few hundred rows. References between tables are left to `check_references`.
    """  # fmt: skip
    delivery = Delivery()
    for raw in raw_tables:
        table = TABLES.get(raw.name)
        if table is None:
            problems.put(unknown_table(raw.place))
        elif raw.name in delivery.tables:
            problems.add(
                error("table_twice", N_("this table is in the package twice"), N_("put all rows in one file or sheet")),
                raw.name,
            )
        else:
            delivery.tables[raw.name] = _TableCheck(table, raw, around, problems, delivery).run(progress)
    if not delivery.tables and not problems.errors:
        problems.add(
            error("nothing_in_it", N_("there is no table in this package"),
                  N_("name each file or sheet as its table: %(known)s"), known=", ".join(TABLES))
        )  # fmt: skip
    if delivery.tables and not problems.errors and not any(table.rows for table in delivery.tables.values()):
        problems.add(
            note("no_rows", N_("there are no rows in this package"), N_("fill in the rows below the column names"))
        )
    return delivery


class _TableCheck:
    """The checking of one table."""

    def __init__(self, table: Table, raw: RawTable, around: Around, problems: Problems, delivery: Delivery) -> None:
        self._table = table
        self._raw = raw
        self._problems = problems
        self._delivery = delivery
        self._around = around
        self._unknown: list[tuple[int, str]] = []
        self._nameless: dict[int, int] = {}
        """Columns without a name, with how many values stand in them."""
        self._numbers: dict[Key, int] = {}
        self._needed: set[str] = set()

    def run(self, progress: Callable[[RawTable], None]) -> DeliveredTable:
        """Read the table to its end."""
        places = self._places()
        table = delivered(self._table.name, (place.column.name for place in places))
        table.header_row = self._raw.header_row
        self._needed = {column.name for column in self._table.columns if column.required} | table.columns
        readable = bool(places)
        known_per_client = {index for index, header in self._unknown if is_per_client(header, self._table)}
        bsn_like = dict.fromkeys((index for index, _ in self._unknown if index not in known_per_client), 0)
        count = 0
        for count, (number, cells) in enumerate(self._raw.rows, start=1):
            if count % 500 == 0:
                progress(self._raw)
            if self._problems.errors > MOST_KEPT:  # the wrong file altogether
                self._add(
                    error("stopped_reading", N_("there are too many errors; the rows from here on were not read"),
                          N_("correct what is listed, and check again")), number
                )  # fmt: skip
                break
            for index in bsn_like:
                bsn_like[index] += index < len(cells) and is_bsn(str(cells[index]))
            for index in self._nameless:
                self._nameless[index] += index < len(cells) and cells[index] not in (None, "")
            if readable:
                self._row(table, places, number, cells)
        progress(self._raw)
        self._add_nameless(table)
        for index, header in self._unknown:
            numbers = bsn_like.get(index, 0)
            if index in known_per_client or numbers * 2 > count or numbers >= _MANY_BSNS:
                self._add_header(per_client_column(header), header)
            else:
                self._add_header(_unknown_column(header, self._table), header)
        return table

    def _add_nameless(self, table: DeliveredTable) -> None:
        missing = [column.name for column in self._table.columns if column.name not in table.columns]
        for index, count in self._nameless.items():
            if count:
                letter = letters_of(index + 1)
                self._add(
                    error("nameless_column", N_("column %(column)s has no name, but %(count)s values"),
                          N_("give it a name or empty it; not there yet are: %(missing)s"),
                          column=letter, count=count, missing=", ".join(missing) or "–"), self._raw.header_row
                )  # fmt: skip

    # --- the header ---

    def _places(self) -> list[_Place]:
        known = self._table.by_name
        found: dict[str, _Place] = {}
        for index, header in enumerate(self._raw.header):
            name = column_name(header)
            column = known.get(name)
            if column is not None and column.name in found:
                self._add_header(
                    error("column_twice", N_("column %(name)s is there twice"), N_("keep one of the two"),
                          name=column.name), header
                )  # fmt: skip
            elif column is not None:
                found[column.name] = _Place(index, column, reader_for(column, self._around), column.empty)
            elif name:
                self._unknown.append((index, header))
            else:
                self._nameless[index] = 0
        if not found:
            # What stands there may be a client: the header is not repeated in the report.
            self._unknown = [(i, header) for i, header in self._unknown if is_per_client(header, self._table)]
            self._nameless.clear()
            self._add_header(
                error("no_header", N_("the first row does not name any column of this table"),
                      N_("put the column names in the first row, or remove the title above them: %(known)s"),
                      known=", ".join(column.name for column in self._table.columns)), ""
            )  # fmt: skip
            return []
        for column in self._table.columns:
            if column.required and column.name in self._table.key and column.name not in found:
                self._add_header(
                    error("column_missing", N_("column %(name)s is missing"), N_("add it; it must always be there"),
                          name=column.name), column.name
                )  # fmt: skip
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if one in found and other not in found:
                self._add_header(
                    error("column_missing", N_("column %(name)s is missing"),
                          N_("add it, or leave out %(other)s too"), name=other, other=one), other
                )  # fmt: skip
        if self._raw.is_sheet:
            letters = {shortened(header): letters_of(index + 1) for index, header in enumerate(self._raw.header)}
            letters |= {name: letters_of(place.index + 1) for name, place in found.items()}
            self._problems.place_columns(self._table.name, letters)
        return list(found.values())

    # --- a row ---

    def _row(self, table: DeliveredTable, places: Sequence[_Place], number: int, cells: Sequence[Cell]) -> None:
        first = next((cell for cell in cells if cell is not None and cell != ""), "")
        if isinstance(first, str) and len(first) < 20 and first.casefold().strip(" :") in _TOTALS:
            self._add(error("totals_row", N_("this looks like a row of totals"), N_("remove the row")), number)
            return
        values: Values = {}
        faults: list[_RowFault] = []
        emptied: list[str] = []
        width = len(cells)
        for place in places:
            column = place.column
            cell = cells[place.index] if place.index < width else None
            value = place.empty
            fault: Fault | None = None
            if cell is not None and cell != "":
                value, fault = place.read(cell)
            elif not column.required:
                emptied.append(column.name)
            if fault is None and column.required and value in (None, "", []):
                fault = _required(column)
            if fault is not None:
                faults.append((column.name, "" if fault is BSN else cell, fault))
            if fault is None or not fault.is_error:
                values[column.name] = value
        is_faulty = any(fault.is_error for _, _, fault in faults)
        if is_faulty and [column_name(str(cell)) for cell in cells] == [column_name(h) for h in self._raw.header]:
            self._add(error("header_twice", N_("this row repeats the header"), N_("remove the row")), number)
            return
        if is_faulty and len(places) > 2 and _is_loose_note(cells):
            self._add(
                error("loose_note", N_("this does not look like a row of %(table)s"),
                      N_("remove the row; notes do not belong in a table"), table=self._table.name), number
            )  # fmt: skip
            return
        says_open = values.get("address_confidential") is False and not any(
            name == "address_confidential" for name, _, _ in faults
        )
        if self._table.name == "locations":
            faults = self._without_secrets(values, faults)
        check, judged = _ROW_CHECKS.get(self._table.name, (None, frozenset()))
        if check is not None and not any(fault.is_error and name in judged for name, _, fault in faults):
            faults.extend((column, values.get(column, ""), fault) for column, fault in check(values))
        if self._table.name == "locations" and not says_open:
            faults = [_without_address(fault) for fault in faults]
        self._keep(table, Row(number, values, frozenset(emptied)), faults)
        for name, delivered_cell, fault in faults:
            self._problems.add(fault, self._table.name, number, name, "" if delivered_cell is None else delivered_cell)

    def _keep(self, table: DeliveredTable, row: Row, faults: list[_RowFault]) -> None:
        number, values = row.number, row.values
        if any(name not in values and name in self._needed for name in self._table.key):
            return  # its key could not be read, and that is said already
        key = key_of(self._table, values)
        earlier = self._numbers.setdefault(key, number)
        if earlier != number:
            name = self._table.key[0]
            twice = error("row_twice", N_("row %(earlier)s has the same %(key)s"), N_("keep one of the two"),
                          earlier=earlier, key=" + ".join(self._table.key))  # fmt: skip
            faults.append((name, values.get(name, ""), twice))
        elif any(fault.is_error for _, _, fault in faults):
            table.faulty[key] = row
        else:
            table.rows[key] = row

    def _without_secrets(self, values: Values, faults: list[_RowFault]) -> list[_RowFault]:
        """Drop the address of a confidential location here already, with all that could be said of it."""
        if "kind" in values and values.get("address_confidential", False) is None:
            values["address_confidential"] = values.get("kind") is LocationKind.FAMILY_HOME
        if not values.get("address_confidential"):
            return faults
        delivered_some = [values[column] for column in ADDRESS_COLUMNS if column in values]
        values |= dict.fromkeys((column for column in ADDRESS_COLUMNS if column in values), None)
        kept = [fault for fault in faults if fault[0] not in ADDRESS_COLUMNS]
        values |= dict.fromkeys((name for name, _, _ in faults if name in ADDRESS_COLUMNS), None)
        self._delivery.addresses_left_out += any(v is not None for v in delivered_some) or len(kept) < len(faults)
        return kept

    def _add(self, fault: Fault, row: int) -> None:
        self._problems.add(fault, self._table.name, row)

    def _add_header(self, fault: Fault, header: str) -> None:
        self._problems.add(
            fault, self._table.name, self._raw.header_row, "" if holds_bsn(header) else shortened(header)
        )


def _without_address(row_fault: _RowFault) -> _RowFault:
    """What is wrong, without a word of the address itself: it may be a secret one."""
    name, _cell, fault = row_fault
    if name not in ADDRESS_COLUMNS:
        return row_fault
    return name, "", replace(fault, reason=_hushed(fault.reason), remedy=_hushed(fault.remedy))


def _hushed(message: Message) -> Message:
    values = {name: value if name in _NOT_OF_THE_CELL else HIDDEN_ADDRESS for name, value in message.values.items()}
    return Message(message.text, values)


def _is_loose_note(cells: Sequence[Cell]) -> bool:
    """Whether a row is one piece of text of several words and nothing else."""
    filled = [cell for cell in cells if cell not in (None, "")]
    return len(filled) == 1 and isinstance(filled[0], str) and " " in filled[0].strip()


_RowFault = tuple[str, object, Fault]
"""Column, cell and what is wrong."""


def _check_location(values: Values) -> Iterator[tuple[str, Fault]]:
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if not isinstance(latitude, float | int) or not isinstance(longitude, float | int):
        if latitude != longitude:
            empty = "latitude" if latitude is None else "longitude"
            yield (
                empty,
                error("half_a_point", N_("one of latitude and longitude is empty"), N_("fill in both, or none")),
            )
        elif values.get("postcode", "") is None and not values.get("address_confidential"):
            yield (
                "postcode",
                warning("no_postcode", N_("there is no postcode"), N_("add it: without it nobody sees the distance")),
            )
        return
    if _in_the_netherlands(longitude, latitude):
        yield "latitude", error("point_swapped", N_("latitude and longitude have changed places"),
                                N_("write latitude %(longitude)s and longitude %(latitude)s"),
                                latitude=latitude, longitude=longitude)  # fmt: skip
    elif not _in_the_netherlands(latitude, longitude):
        yield "latitude", warning("point_outside",
                                  N_("this point (%(latitude)s, %(longitude)s) is not in the Netherlands"),
                                  N_("check latitude and longitude"),
                                  latitude=latitude, longitude=longitude)  # fmt: skip


def _in_the_netherlands(latitude: float, longitude: float) -> bool:
    (south, north), (west, east) = _NETHERLANDS
    return south <= latitude <= north and west <= longitude <= east


def _check_offer(values: Values) -> Iterator[tuple[str, Fault]]:
    yield from _ages_in_order(values.get("age_min"), values.get("age_max"))
    says_when = values.get("waiting_reported_on", "unknown")
    says_weeks = [values.get(name) for name in ("waiting_weeks_intake", "waiting_weeks_start")]
    if says_when is None and any(weeks is not None for weeks in says_weeks):
        yield "waiting_reported_on", warning(
            "waiting_without_date", N_("there is a waiting time, but not since when it holds"),
            N_("fill in waiting_reported_on; without it the waiting time counts as old"),
        )  # fmt: skip


def _ages_in_order(lowest: object, highest: object) -> Iterator[tuple[str, Fault]]:
    if isinstance(lowest, int) and isinstance(highest, int) and lowest > highest:
        yield "age_min", error("ages_swapped", N_("age_min %(lowest)s is more than age_max %(highest)s"),
                               N_("check the two ages"), lowest=lowest, highest=highest)  # fmt: skip


def _check_contract(values: Values) -> Iterator[tuple[str, Fault]]:
    yield from _period_in_order(values.get("start_date"), values.get("end_date"))


def _period_in_order(start: object, end: object) -> Iterator[tuple[str, Fault]]:
    if isinstance(start, date) and isinstance(end, date) and end < start:
        yield "end_date", error("period_swapped", N_("end_date %(end)s is before start_date %(start)s"),
                                N_("check the two dates"), start=start, end=end)  # fmt: skip


def _check_outcome(values: Values) -> Iterator[tuple[str, Fault]]:
    """A share or a mean, whole in itself; what belongs to the other becomes empty."""
    numerator, denominator = values.get("numerator"), values.get("denominator")
    mean, answers = values.get("mean"), values.get("n")
    is_share = numerator is not None or denominator is not None
    if is_share and mean is not None:
        yield "mean", error("share_and_mean", N_("this row has a share and a mean"), N_("use a row for each"))
    elif is_share and (numerator is None or denominator is None):
        empty = "numerator" if numerator is None else "denominator"
        yield empty, error("half_a_share", N_("a share needs numerator and denominator"), N_("fill in both"))
    elif isinstance(numerator, int) and isinstance(denominator, int) and numerator > denominator:
        yield "numerator", error("more_than_all",
                                 N_("numerator %(numerator)s is more than denominator %(denominator)s"),
                                 N_("check the two counts"), numerator=numerator, denominator=denominator)  # fmt: skip
    elif mean is not None and values.get("indicator") is not Indicator.SATISFACTION:
        yield "mean", error("mean_not_possible", N_("this indicator is a share; only satisfaction can be a mean"),
                            N_("fill in numerator and denominator"))  # fmt: skip
    elif mean is not None and answers is None:
        yield "n", error("mean_without_n", N_("a mean needs n"), N_("fill in how many gave a mark"))
    elif not is_share and mean is None:
        yield "numerator", _no_count()
    counted, invited = denominator if is_share else answers, values.get("invited")
    if isinstance(counted, int) and isinstance(invited, int) and invited < counted:
        yield "invited", warning("more_than_invited", N_("%(counted)s answers, but only %(invited)s were asked"),
                                 N_("check the counts"), counted=counted, invited=invited)  # fmt: skip
    unused = ("mean", "sd", "n") if is_share else ("numerator", "denominator")
    values |= dict.fromkeys(unused, None)


def _no_count() -> Fault:
    return error("no_count", N_("this row has neither a share nor a mean"),
                 N_("fill in numerator and denominator, or mean and n"))  # fmt: skip


_ROW_CHECKS: Mapping[str, tuple[Callable[[Values], Iterator[tuple[str, Fault]]], frozenset[str]]] = {
    "locations": (_check_location, frozenset({"latitude", "longitude", "postcode"})),
    "offers": (_check_offer, frozenset({"waiting_reported_on"})),
    "contracts": (_check_contract, frozenset()),
    "outcomes": (_check_outcome, frozenset({"numerator", "denominator", "mean", "n", "indicator", "invited"})),
}
"""What looks at several cells of a row at once, and the columns without which it cannot judge."""


# --- what goes over rows and tables ---


def check_references(delivery: Delivery, stored: Stored, problems: Problems) -> None:
    """Check what rows say of each other, in the package or among what is stored already."""
    for table in delivery.tables.values():
        _check_new_rows_are_whole(table, stored, problems)
        for column in table.table.columns:
            if column.refers_to is not None and column.name in table.columns:
                _check_column_references(table, column, column.refers_to, delivery, stored, problems)
    _check_with_stored(delivery, stored, problems)
    _check_mergers(delivery, stored, problems)
    _check_contracts_of_offers(delivery, stored, problems)


def _check_new_rows_are_whole(table: DeliveredTable, stored: Stored, problems: Problems) -> None:
    """A row that is known needs its key and what changes; a new one needs all that is required."""
    missing = [column.name for column in table.table.columns if column.required and column.name not in table.columns]
    if not missing or not set(table.table.key) & table.columns:
        return
    earlier = stored.rows(table.table.name)
    new = [row.number for key, row in (*table.rows.items(), *table.faulty.items()) if key not in earlier]
    for name in missing if new else ():
        problems.add(
            error("column_missing", N_("column %(name)s is missing, and %(count)s rows are new; see row %(row)s"),
                  N_("add the column; only for rows that we know already it may be left out"),
                  name=name, count=len(new), row=min(new)),
            table.table.name, table.header_row, name,
        )  # fmt: skip


def _check_column_references(
    table: DeliveredTable, column: Column, target: str, delivery: Delivery, stored: Stored, problems: Problems
) -> None:
    known = {key[0] for key in stored.rows(target)}
    if target in delivery.tables:
        known |= {key[0] for key in (*delivery.tables[target].rows, *delivery.tables[target].faulty)}
    nearest_known: dict[str, str | None] = {}
    for row in table.read:
        value = row.values.get(column.name, [])  # a cell that could not be read is told already
        for identifier in map(str, value if isinstance(value, list) else [value]):
            if identifier in known:
                continue
            if identifier not in nearest_known and len(nearest_known) < _MOST_NEAREST:
                nearest_known[identifier] = nearest(identifier, (str(name) for name in known), cutoff=0.75)
            near = nearest_known.get(identifier)
            separated = separated_list(identifier, lambda part: part if part in known else None)
            several = separated if column.kind.is_list else None
            problems.add(
                error("unknown_reference", N_("%(value)s is not in %(table)s"),
                      N_("write %(separated)s") if several
                      else N_("did you mean %(near)s?") if near else N_("add it to %(table)s, or correct it here"),
                      value=shortened(identifier), table=target, near=near, separated=several),
                table.table.name, row.number, column.name, identifier,
            )  # fmt: skip


def _check_with_stored(delivery: Delivery, stored: Stored, problems: Problems) -> None:
    """Where half of a pair was delivered, the stored other half must go with it."""
    pairs: tuple[tuple[str, str, str, Callable[[object, object], Iterator[tuple[str, Fault]]]], ...] = (
        ("offers", "age_min", "age_max", _ages_in_order),
        ("contracts", "start_date", "end_date", _period_in_order),
    )
    for name, first, second, check in pairs:
        table = delivery.tables.get(name)
        if table is None or (first in table.columns) == (second in table.columns):
            continue
        earlier = stored.rows(name)
        for key, row in table.rows.items():
            if key in earlier:
                whole = earlier[key].values | row.values
                for column, fault in check(whole[first], whole[second]):
                    problems.add(fault, name, row.number, column, whole[column])


def _check_mergers(delivery: Delivery, stored: Stored, problems: Problems) -> None:
    """Warn of a row that would go to a provider that merged into another: no family would find it there."""
    providers = stored.rows("providers")
    names: dict[object, str] = {row.id: str(key[0]) for key, row in providers.items()}
    merged = {
        str(key[0]): names[row.more["successor_id"]] for key, row in providers.items() if row.more["successor_id"]
    }
    for name in ("locations", "offers", "contracts") if merged else ():
        earlier = stored.rows(name)
        for key, row in delivery.tables[name].rows.items() if name in delivery.tables else ():
            owner = str(row.values.get("provider_id"))
            if owner in merged and (key not in earlier or earlier[key].values["provider_id"] != owner):
                problems.add(
                    warning("merged_provider", N_("%(provider)s merged into %(into)s; no family would find this row"),
                            N_("write %(into)s"), provider=owner, into=merged[owner]),
                    name, row.number, "provider_id", owner,
                )  # fmt: skip


def _check_contracts_of_offers(delivery: Delivery, stored: Stored, problems: Problems) -> None:
    """Warn of an offer for whose arrangement its provider has no contract: no family can choose it."""
    offers = delivery.tables.get("offers")
    if offers is None:
        return
    contracts = {key: row.values for key, row in stored.rows("contracts").items()}
    if "contracts" in delivery.tables:
        if delivery.tables["contracts"].faulty:
            return  # a contract that could not be read may be the one
        for key, row in delivery.tables["contracts"].rows.items():
            contracts[key] = contracts.get(key, {}) | row.values
    earlier = stored.rows("offers")
    in_need = []
    for key, row in offers.rows.items():
        whole = (earlier[key].values if key in earlier else {}) | row.values
        is_over = whole.get("withdrawn_on") is not None  # then it is no news that nobody can choose it
        if whole.get("access") is not OfferAccess.FREE and not is_over:
            in_need.append((row.number, (whole.get("provider_id"), whole.get("arrangement"))))
    if in_need and not contracts:
        problems.add(
            warning("no_contracts", N_("there are no contracts in the package, and none were stored before"),
                    N_("add them; without them families see that the contract is unknown")), "contracts"
        )  # fmt: skip
        return
    contracted = {(values.get("provider_id"), values.get("arrangement")) for values in contracts.values()}
    for number, wanted in in_need:
        if wanted[1] is not None and wanted not in contracted:
            problems.add(
                warning("no_contract", N_("%(provider)s has no contract for %(arrangement)s"),
                        N_("add the contract; without it no family can choose this offer"),
                        provider=wanted[0], arrangement=wanted[1]),
                "offers", number, "arrangement", wanted[1],
            )  # fmt: skip


# --- columns that should not be there ---


def is_per_client(header: str, table: Table) -> bool:
    """Whether a column of this name would hold something of one client."""
    name = column_name(header)
    if name in table.by_name or len(header) > LONGEST_VALUE:
        return False  # a whole sentence is no name of a column
    return bool(_PER_CLIENT.search(name)) or (table.name == "outcomes" and name in {"naam", "name", "id", "nummer"})


def per_client_column(header: str) -> Fault:
    """The fault of a column that holds something of one client."""
    return error("per_client_column", N_("column %(name)s holds data of single clients"),
                 N_("remove this column everywhere; nothing of the file was kept"),
                 name="…" if holds_bsn(header) else shortened(header))  # fmt: skip


def _unknown_column(header: str, table: Table) -> Fault:
    asked = column_name(header)
    near = dutch_column(asked, table.by_name) or nearest(asked, table.by_name)
    known = ", ".join(column.name for column in table.columns)
    return error("unknown_column", N_("column %(name)s is not known"),
                 N_("did you mean %(near)s? Then call it %(near)s; if it does not belong here, remove it")
                 if near
                 else N_("remove it; known are: %(known)s"),
                 name="…" if holds_bsn(header) else shortened(header), near=near, known=known)  # fmt: skip


def _required(column: Column) -> Fault:
    return error("empty", N_("%(name)s is empty, but required"), N_("fill it in; for example: %(example)s"),
                 name=column.name, example=column.example)  # fmt: skip
