"""The forms of a moderator."""

from __future__ import annotations

from portal.core.forms import DeskForm, text_field
from portal.reviews.moderating.operations import Blanks
from portal.reviews.questions import TEXTS
from portal.reviews.types import Rule


class DecisionForm(DeskForm):
    """What is decided: `doe` says what."""

    doe = text_field()
    gezien = text_field()
    rule = text_field()
    reason = text_field()
    words = text_field()
    gehandeld = text_field()

    @property
    def chosen_rule(self) -> Rule | None:
        """The house rule that was chosen."""
        return Rule(self.rule.data) if self.rule.data in tuple(Rule) else None

    @property
    def has_acted(self) -> bool:
        """Whether the moderator says that what the region agreed for danger was done."""
        return self.gehandeld.data == "ja"

    def blanks(self, ticked: list[str]) -> Blanks:
        """What to leave out; `ticked` are values such as `story:2`."""
        found = set()
        for one in ticked:
            name, _, number = one.partition(":")
            if name in TEXTS and number.isascii() and number.isdigit():
                found.add((name, int(number)))
        words = [line.strip() for line in (self.words.data or "").splitlines() if line.strip()]
        return Blanks(found, sorted(words, key=len, reverse=True))
