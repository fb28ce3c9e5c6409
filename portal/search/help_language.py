"""Which language somebody asks for: "Poolse psycholoog", "english speaking therapist", "hulp in het Arabisch"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from portal.catalogue.codelists import DEFAULT_LANGUAGE, CodeLists
from portal.core.text import fold

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("engelstalig", "engelse"), "de": ("duitstalig", "duitse", "deutsch", "duuts"), "fr": ("franse", "francais"),
    "ar": ("arabische", "syrisch", "syrische"), "ary": ("marokkaans", "marokkaanse", "darija"), "rif": ("berbers",),
    "tr": ("turkse", "turkce"), "ku": ("koerdische",), "pl": ("poolse", "polski"), "ro": ("roemeense",),
    "bg": ("bulgaarse",), "hu": ("hongaarse",), "uk": ("oekraiense", "ukrainian"), "ru": ("russische",),
    "es": ("spaanse", "espanol"), "pt": ("portugese", "portugees", "braziliaans"), "it": ("italiaanse",),
    "el": ("griekse",), "pap": ("papiamentu",), "srn": ("surinaams", "surinaamse", "sranan"), "ti": ("tigrinia",),
    "so": ("somalische", "somali"), "fa": ("farsi", "perzisch", "perzische", "iraans"), "zh": ("chinese", "mandarijn"),
    "id": ("indonesische",), "dse": ("gebarentaal", "gebaren", "gebarentolk", "ngt"), "vi": ("vietnamese",),
    "fy": ("friese", "frysk"), "li": ("limburgse", "limburgs", "plat"), "sq": ("albanese",), "hr": ("kroatische",),
    "sr": ("servische",), "bs": ("bosnische",), "am": ("amharic",), "ur": ("pakistaans",), "hi": ("hindoestaans",),
}  # fmt: skip
"""What the languages are called besides their labels."""
_DIALECTS = frozenset({"li", "fy"})
"""Who talks "in het Limburgs" does not ask for help in it."""
_ALONE = ("gebarentaal", "gebarentolk", "ngt")
"""Asked for by the name alone."""
_HELPER = (
    r"(?:\w*hulpverle\w+|\w*psycholo\w+|\w*therap\w+|\w*begeleid\w+|tolk\w*|hulp|coach\w*|psychiater|maatschappelijk"
    r"|counsell?or|help|support|psychologist|therapist|gezinscoach|pedagoog|orthopedagoog|arts|dokter|groep)"
)
_SPEAKS = r"(?:spre?ekt?|spreken|sprekende?|praat|praten|speaks?|speaking|kan alleen|alleen|only)"


_ONLY = re.compile(r"\b(?:alleen|maar|only)\b")


def _is_spoken(said: str) -> bool:
    """Whether that is what a family speaks, and not all that it speaks: it may well want help in Dutch."""
    return re.match(_SPEAKS, said) is not None and _ONLY.search(said) is None


class HelpLanguages:
    """Knows what languages are called."""

    def __init__(self, code_lists: CodeLists) -> None:
        self._code_of = {name: code for code in code_lists.languages for name in _OTHER_NAMES.get(code, ())}
        for code in code_lists.languages:
            for language in (DEFAULT_LANGUAGE, "en"):
                label = fold(code_lists.label("languages", code, language).label)
                if label.isalpha():
                    self._code_of[label] = code
        names = "|".join(sorted(map(re.escape, {*self._code_of, *_ALONE}), key=len, reverse=True))
        self._is_named = re.compile(rf"\b(?:{names})")
        name = "(" + "|".join(sorted(map(re.escape, self._code_of), key=len, reverse=True)) + ")"
        self._asked = re.compile(
            rf"\b{name}\s?-?(?:sprekende?|spreekt|talige?|speaking)\b"
            rf"|\b{name}\s+{_HELPER}\b"
            rf"|\b{_HELPER}\s+(?:in\s+(?:het\s+)?|die\s+)?{name}\b"
            rf"|\b{_SPEAKS}\s+(?:goed\s+|alleen\s+|maar\s+|only\s+)?{name}\b"
            rf"|\b(?:in\s+het|in|op\s+zijn)\s+{name}\b"
            rf"|\b({'|'.join(_ALONE)})\b"
        )

    def asked_in(self, text: str) -> str | None:
        """The code of the language in which `text` asks for help; None where it names none, or Dutch."""
        plain = fold(text)
        if not self._is_named.search(plain):
            return None  # as nearly always, and much sooner
        found = (
            (self._code_of[next(filter(None, one.groups()))], one[0])
            for one in self._asked.finditer(plain)
            if not _is_spoken(one[0])
        )
        codes = (code for code, said in found if not (code in _DIALECTS and said.startswith(("in ", "op zijn "))))
        return next((code for code in codes if code != DEFAULT_LANGUAGE), None)
