"""From a folder, a zip or a workbook to raw tables.

A package comes from outside and is not trusted: what a file is, is told by its content; sizes, ratios and
names are looked at before anything is unpacked.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from portal.core.messages import N_, Message
from portal.exchange.columns import TABLES
from portal.exchange.problems import Fault, Problem, Problems, UnreadableError, error, warning
from portal.exchange.raw import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    RawPackage,
    RawTable,
    column_name,
    table_name,
    too_many_columns,
    too_many_rows,
)
from portal.exchange.workbooks import is_workbook, read_workbook

MOST_PACKED = 50_000_000
MOST_UNPACKED = 500_000_000
MOST_FILES = 200
MOST_RATIO = 100
RATIO_COUNTS_FROM = 100_000
"""A member smaller than this harms nobody, however well it was packed."""

_IGNORED_FOLDERS = {"__MACOSX"}
_IGNORED_FILES = {".ds_store", "thumbs.db", "desktop.ini"}
_NESTED = re.compile(r"\.(zip|xlsx|xlsm|xls|ods|7z|rar|gz|tar|tgz|bz2|xz)$", re.IGNORECASE)
_SEP_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)
_PIECE = 1_000_000
"""Bytes that are unpacked or decoded at a time where the whole is not kept."""
_HEAD = 50_000
_SEPARATORS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab")}
_LONGEST_LINE = 10_000_000
_LETTER = rb"[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff]"
_NOT_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_OTHER_CODE_PAGE = re.compile(
    rb"(?<=" + _LETTER + rb")[\x82-\x84\x86-\x89\x8b\x8e\x93\x95\x97\x9b\xa2\xa4](?=" + _LETTER + rb")"
    rb"|(?<=[a-z])[\x82\x84\x88\x8e]"
)
"""Signs that windows-1252 never has inside a word: they are letters with accents of DOS (850) or of an old Mac."""
_UTF_8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_KNOWN_COLUMNS = {name for table in TABLES.values() for name in table.by_name}
_OLE = b"\xd0\xcf\x11\xe0"
_SIGNATURES = {b"PK\x03\x04": "zip", b"%PDF": "PDF", _OLE: "xls", b"\x1f\x8b": "gzip", b"\x89PNG": "PNG",
               b"\xff\xd8\xff": "JPEG", b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"{\\rtf": "rtf",
               b"<": "HTML/XML"}  # fmt: skip
_BROKEN_ZIP = (BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, RuntimeError)


class NoPackageError(Exception):
    """There is nothing to read at this path; carries the problem that says why."""

    def __init__(self, fault: Fault, place: str) -> None:
        super().__init__(fault.code)
        self.problem = Problem(fault, place)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent to us, and is nowhere but in memory."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Its fingerprint, as that of a package."""
        return hashlib.sha256(self.content).hexdigest()


@contextmanager
def open_package(path: Path | Upload, problems: Problems) -> Iterator[RawPackage]:
    """The package at `path`, or that was sent; problems of files and sheets are added to `problems` as they are met.

    Raises NoPackageError where the path does not exist or cannot be opened, and UnreadableError where the
    file as a whole must be refused.
    """
    with ExitStack() as held:
        if isinstance(path, Upload):
            yield _file(path.name, io.BytesIO(path.content), held, problems)
            return
        try:
            if path.is_dir():
                package = _folder(path, problems)
            elif path.is_file():
                package = _file(path.name, held.enter_context(path.open("rb")), held, problems)
            else:
                raise NoPackageError(
                    error(
                        "no_such_file",
                        N_("there is no file or folder with this name"),
                        N_("check the name and the folder: %(path)s"),
                        path=path,
                    ),
                    path.name,
                )
        except OSError as failure:
            raise NoPackageError(_cannot_open(failure, path), path.name) from failure
        yield package


def _folder(folder: Path, problems: Problems) -> RawPackage:
    files = [path for path in sorted(folder.iterdir()) if not _is_ignored(path.name)]
    size = sum(path.stat().st_size for path in files if path.is_file())
    if len(files) > MOST_FILES:
        raise UnreadableError(_too_many_files(len(files)), folder.resolve().name)
    if size > MOST_UNPACKED:
        raise UnreadableError(_too_big(size, MOST_UNPACKED), folder.resolve().name)
    csv_files = [path for path in files if path.is_file() and path.suffix.lower() == ".csv"]
    books = [path.name for path in files if path.suffix.lower() == ".xlsx"]
    if books and not csv_files:
        raise UnreadableError(
            error(
                "workbook_in_folder",
                N_("this folder holds a workbook and no CSV files"),
                N_("give the workbook itself: %(file)s"),
                file=books[0],
            ),
            folder.resolve().name,
        )
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes() if path in csv_files else b""
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
    return RawPackage(
        file_name=folder.resolve().name,
        sha256=digest.hexdigest(),
        size=size,
        tables=_csv_tables([(path.name, path.read_bytes) for path in csv_files], problems),
        table_names=tuple(table_name(path.name) for path in csv_files),
        other_files=tuple(path.name for path in files if path not in csv_files),
    )


def _file(name: str, file: IO[bytes], held: ExitStack, problems: Problems) -> RawPackage:
    start = file.read(4)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise UnreadableError(_empty(), name)
    if size > MOST_PACKED:
        raise UnreadableError(_too_big(size, MOST_PACKED), name)
    content = hashlib.sha256()
    while piece := file.read(_PIECE):
        content.update(piece)
    sha256 = content.hexdigest()
    file.seek(0)
    if start == _OLE:
        raise UnreadableError(_old_or_locked(file.read()), name)
    if start in {b"PK\x03\x04", b"PK\x05\x06"}:
        try:
            archive = held.enter_context(ZipFile(file))
            _check_archive(name, archive)
            if is_workbook(archive):
                return read_workbook(name, sha256, archive, problems)
            return _zip_of_csv(name, sha256, archive, problems)
        except _BROKEN_ZIP as failure:
            raise UnreadableError(_damaged(), name) from failure
    if PurePosixPath(name).suffix.lower() not in {".csv", ".txt", ".tsv"}:
        raise UnreadableError(_wrong_type(start), name)

    def read() -> bytes:
        file.seek(0)
        return file.read()

    return RawPackage(
        file_name=name,
        sha256=sha256,
        size=size,
        tables=_csv_tables([(name, read)], problems),
        table_names=(table_name(name),),
    )


def _zip_of_csv(name: str, sha256: str, archive: ZipFile, problems: Problems) -> RawPackage:
    members = [
        info
        for info in archive.infolist()
        if not info.is_dir()
        and not _is_ignored(PurePosixPath(info.filename).name)
        and not _IGNORED_FOLDERS & set(PurePosixPath(info.filename).parts)
    ]
    for info in members:
        if _NESTED.search(info.filename):
            raise UnreadableError(
                error(
                    "nested_archive",
                    N_("the zip holds another packed file or workbook: %(member)s"),
                    N_("send a workbook by itself, or a zip of CSV files only"),
                    member=info.filename,
                ),
                name,
            )
    folders = {str(PurePosixPath(info.filename).parent) for info in members}
    if len(folders) > 1:
        raise UnreadableError(
            error(
                "several_folders",
                N_("the files of the zip lie in several folders: %(folders)s"),
                N_("put all CSV files of one package together"),
                folders=", ".join(sorted(folders)),
            ),
            name,
        )
    csv_files = [info for info in members if info.filename.lower().endswith(".csv")]

    def opener(info: ZipInfo) -> Callable[[], bytes]:
        return lambda: archive.read(info)

    return RawPackage(
        file_name=name,
        sha256=sha256,
        size=sum(info.file_size for info in csv_files),
        tables=_csv_tables(((PurePosixPath(info.filename).name, opener(info)) for info in csv_files), problems),
        table_names=tuple(table_name(PurePosixPath(info.filename).name) for info in csv_files),
        other_files=tuple(PurePosixPath(info.filename).name for info in members if info not in csv_files),
    )


def single_file(path: Path, suffixes: tuple[str, ...]) -> tuple[str, bytes]:
    """Name and content of the file at `path`, or of the one file with such a suffix in the zip at `path`.

    Raises NoPackageError where it cannot be opened, and UnreadableError where it must be refused.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            if size > MOST_PACKED:
                raise UnreadableError(_too_big(size, MOST_PACKED), path.name)
            if start != b"PK\x03\x04":
                return path.name, file.read()
            with ZipFile(file) as archive:
                _check_archive(path.name, archive)
                members = [
                    info
                    for info in archive.infolist()
                    if info.filename.lower().endswith(suffixes)
                    and not _is_ignored(PurePosixPath(info.filename).name)
                    and not _IGNORED_FOLDERS & set(PurePosixPath(info.filename).parts)
                    and not PurePosixPath(info.filename).name.lower().startswith("readme")
                ]
                if len(members) != 1:
                    raise UnreadableError(
                        error(
                            "not_one_file",
                            N_("the zip holds %(count)s files that could be meant"),
                            N_("unpack it and load one file: %(suffixes)s"),
                            count=len(members),
                            suffixes=", ".join(suffixes),
                        ),
                        path.name,
                    )
                return PurePosixPath(members[0].filename).name, archive.read(members[0])
    except OSError as failure:
        raise NoPackageError(_cannot_open(failure, path), path.name) from failure
    except _BROKEN_ZIP as failure:
        raise UnreadableError(_damaged(), path.name) from failure


def _check_archive(name: str, archive: ZipFile) -> None:
    """Refuse what must not be unpacked, from the archive's own list of contents."""
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise UnreadableError(_too_many_files(len(members)), name)
    unpacked = sum(info.file_size for info in members)
    if unpacked > MOST_UNPACKED:
        raise UnreadableError(_too_big(unpacked, MOST_UNPACKED), name)
    packed = sum(info.compress_size for info in members)
    suspects = [*((info.filename, info.file_size, info.compress_size) for info in members),
                (name, unpacked, packed)]  # fmt: skip
    for member, size, packed_size in suspects:
        if size > RATIO_COUNTS_FROM and size > MOST_RATIO * packed_size:
            raise UnreadableError(
                error(
                    "bomb",
                    N_("%(member)s unpacks to more than %(ratio)s times its size; that is not a normal file"),
                    N_("make the file again and leave out empty rows and columns"),
                    member=member,
                    ratio=MOST_RATIO,
                ),
                name,
            )
    seen: set[str] = set()
    end = 0
    for info in sorted(members, key=lambda info: info.header_offset):
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if info.filename.startswith(("/", "\\")) or ".." in parts or ":" in info.filename or "\0" in info.orig_filename:
            raise UnreadableError(_bad_member("outside_name", N_("a name that points outside the zip"), info), name)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnreadableError(_bad_member("link_in_zip", N_("a link instead of a file"), info), name)
        if info.flag_bits & 0x1:
            raise UnreadableError(_locked(), name)
        if info.filename.casefold() in seen:
            raise UnreadableError(_bad_member("twice_in_zip", N_("the same name twice"), info), name)
        if info.header_offset < end or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise UnreadableError(_damaged(), name)
        seen.add(info.filename.casefold())
        end = info.header_offset + 30 + info.compress_size
    if not all(_is_as_long_as_it_says(archive, info) for info in members):
        raise UnreadableError(_damaged(), name)


def _is_as_long_as_it_says(archive: ZipFile, info: ZipInfo) -> bool:
    """Whether the member unpacks to the size of the list of contents. It is never held whole here.

    `ZipFile.read` unpacks all there is and only then cuts off what is too much (CPython, `zipfile`).
    """
    probe = copy(info)
    probe.file_size = info.file_size + 1
    with archive.open(probe) as stream:
        return sum(map(len, iter(lambda: stream.read(_PIECE), b""))) == info.file_size


def _csv_tables(files: Iterable[tuple[str, Callable[[], bytes]]], problems: Problems) -> Iterator[RawTable]:
    for name, read in files:
        try:
            yield csv_table(name, read(), problems)
        except UnreadableError as refusal:
            problems.put(refusal.problem)
        except _BROKEN_ZIP:
            problems.add(_damaged(), table_name(name))


def csv_table(file_name: str, data: bytes, problems: Problems) -> RawTable:
    """The table in `data`, whose problems are added to `problems` as its rows are read.

    Raises UnreadableError where it cannot be a table of text.
    """
    name = table_name(file_name)
    encoding = _encoding_of(data, name)
    stream = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    head = stream.read(_HEAD)
    stream.seek(0)
    separator_line = _SEP_LINE.match(head)
    if separator_line:
        stream.readline()
    delimiter = separator_line[1] if separator_line else _delimiter_of(head)
    ends_cleanly = data[-2:].strip(b"\0").endswith((b"\n", b"\r"))
    records = _records(name, _lines(stream), delimiter)
    header_row, header = next(records, (1, []))
    if any(map(_holds_a_row, header)):
        raise UnreadableError(_row_in_one_cell(), name, header_row)
    table = RawTable(
        name=name,
        place=file_name,
        header=[cell.strip() for cell in header],
        rows=iter(()),
        header_row=header_row,
        position=lambda: stream.buffer.tell(),
    )
    table.rows = _csv_rows(table, records, delimiter, ends_cleanly, problems)
    return table


def _holds_a_row(cell: str) -> bool:
    """Whether a cell of the header holds several columns, or ends in separators of another kind.

    That comes of opening a file with commas in a spreadsheet program that expects semicolons, and saving it again.
    """
    parts = [part.strip(' "') for part in re.split("[,;\t]", cell)]
    known = sum(column_name(part) in _KNOWN_COLUMNS for part in parts)
    return known > 1 or (known == 1 and len(parts) > 1 and sum(map(bool, parts)) == 1)


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    """The lines of the file; one that is longer than any real row is not held whole."""
    while line := stream.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise csv.Error("field larger than a line can be")
        yield line


def _records(name: str, lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as failure:
            reason = (
                N_("a piece of text here is longer than a cell can be")
                if "field larger" in str(failure)
                else N_("the quotation marks do not match")
            )
            raise UnreadableError(
                error(
                    "broken_csv",
                    reason,
                    N_('put text with line breaks or " in quotation marks, and double each "'),
                ),
                name,
                number + 1,
            ) from failure
        number += 1
        if any(cell and not cell.isspace() for cell in record):
            yield number, record


def _csv_rows(
    table: RawTable, records: Iterator[tuple[int, list[str]]], delimiter: str, ends_cleanly: bool, problems: Problems
) -> Iterator[tuple[int, Sequence[Cell]]]:
    width = len(table.header)
    if width > MOST_COLUMNS:
        problems.add(too_many_columns(), table.name)
        return
    last_is_short = None
    try:
        for count, (number, record) in enumerate(records, start=1):
            if count > MOST_ROWS:
                problems.add(too_many_rows(), table.name, number)
                return
            # Also where the surplus is empty: an unquoted decimal comma may have pushed the cells aside.
            if len(record) > width:
                problems.add(
                    error(
                        "too_many_cells",
                        N_("this row has %(cells)s cells, the header has %(width)s"),
                        N_("put text and numbers that hold a %(separator)s between quotation marks"),
                        cells=len(record),
                        width=width,
                        separator=Message(_SEPARATORS[delimiter]) if delimiter in _SEPARATORS else delimiter,
                    ),
                    table.name,
                    number,
                )
            last_is_short = number if len(record) < width else None
            if last_is_short:
                problems.add(
                    warning(
                        "too_few_cells",
                        N_("this row has %(cells)s cells, the header has %(width)s"),
                        N_("check the row; the cells that are missing were read as empty"),
                        cells=len(record),
                        width=width,
                    ),
                    table.name,
                    number,
                )
            yield number, record[:width]
    except UnreadableError as refusal:
        problems.put(refusal.problem)
        return
    if last_is_short and not ends_cleanly:
        problems.add(
            error(
                "cut_off",
                N_("the last row breaks off; the file is probably not complete"),
                N_("save or send the file again"),
            ),
            table.name,
            last_is_short,
        )


def _encoding_of(data: bytes, name: str) -> str:
    """The character set of the whole file; raises UnreadableError where there is none, or more than one."""
    if not data:
        raise UnreadableError(_empty(), name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        if not _decodes(data, "utf-16"):
            raise UnreadableError(_unknown_encoding(), name)
        return "utf-16"
    found = next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), None)
    if found or b"\0" in data[:10_000]:
        raise UnreadableError(_wrong_type(data[:4]), name)
    if _decodes(data, "utf-8-sig"):
        return "utf-8-sig"
    strange = _NOT_IN_1252.search(data) or _OTHER_CODE_PAGE.search(data)
    if strange:
        raise UnreadableError(_unknown_encoding(), name, data.count(b"\n", 0, strange.start()) + 1)
    mixed = _UTF_8_LETTER.search(data)
    if mixed:
        # Only the letter itself: what stands around it may be an address that is secret.
        raise UnreadableError(
            error(
                "mixed_encoding",
                N_("the file mixes two character sets (%(example)s)"),
                N_("save the file again as CSV UTF-8"),
                example=mixed[0].decode("cp1252"),
            ),
            name,
            data.count(b"\n", 0, mixed.start()) + 1,
        )
    return "cp1252"


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether all of `data` is in this character set; looked at piece by piece, since text needs more room."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter_of(head: str) -> str:
    """The separator by which the header gives most known columns, then most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            header = next((row for row in csv.reader(io.StringIO(head, newline=""),
                                                     delimiter=delimiter) if any(row)), [])  # fmt: skip
        except csv.Error:
            return 0, 0
        return sum(column_name(cell) in _KNOWN_COLUMNS for cell in header), len(header)

    return max(",;\t", key=score)


def _is_ignored(name: str) -> bool:
    return name.lower() in _IGNORED_FILES or name.startswith(("._", "~$")) or name in _IGNORED_FOLDERS


def _cannot_open(failure: OSError, path: Path) -> Fault:
    return error(
        "cannot_open",
        N_("this file cannot be opened (%(why)s)"),
        N_("close it in other programs and check that you may read it: %(path)s"),
        why=failure.strerror or type(failure).__name__,
        path=path,
    )


def _too_many_files(count: int) -> Fault:
    return error(
        "too_many_files",
        N_("this package holds %(count)s files; %(most)s is the most"),
        N_("send the tables of the data package only"),
        count=count,
        most=MOST_FILES,
    )


def _too_big(size: int, most: int) -> Fault:
    return error(
        "too_big",
        N_("this is %(size)s MB; %(most)s MB is the most"),
        N_("send the package in parts"),
        size=-(-size // 1_000_000),
        most=most // 1_000_000,
    )


def _bad_member(code: str, what: str, info: ZipInfo) -> Fault:
    return error(
        code,
        N_("the zip holds %(what)s: %(member)s"),
        N_("make the zip again from the CSV files alone"),
        what=Message(what),
        member=info.filename,
    )


def _row_in_one_cell() -> Fault:
    return error(
        "row_in_one_cell",
        N_("whole rows stand in one cell: this file was opened with another separator than it has, and saved again"),
        N_("take the original again and send that, or send a workbook (.xlsx); to look into a CSV file with Excel, "
           "choose Data, From text"),
    )  # fmt: skip


def _empty() -> Fault:
    return error("empty_file", N_("this file is empty (0 bytes)"), N_("save or send the file again"))


def _damaged() -> Fault:
    return error("damaged", N_("this file is damaged or was made in an unusual way"), N_("save or send the file again"))


def _locked() -> Fault:
    return error(
        "password",
        N_("this file is locked with a password"),
        N_("save it without a password and send it again"),
    )


def _old_or_locked(data: bytes) -> Fault:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _locked()
    return error(
        "old_workbook",
        N_("this is a workbook of an old kind (.xls)"),
        N_("save it as .xlsx and send it again"),
    )


def _wrong_type(start: bytes) -> Fault:
    kind = next((kind for signature, kind in _SIGNATURES.items() if start.startswith(signature)), None)
    return error(
        "wrong_type",
        N_("this is not a data package but another kind of file (%(kind)s)")
        if kind
        else N_("this is not a data package but another kind of file"),
        N_("send a folder or zip of CSV files, or one .xlsx workbook"),
        kind=kind,
    )


def _unknown_encoding() -> Fault:
    return error(
        "unknown_encoding",
        N_("the characters of this file cannot be read"),
        N_("save the file again as CSV UTF-8"),
    )
