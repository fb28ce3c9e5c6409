"""With which anybody says that something is not right, and the region why it stays."""

from __future__ import annotations

from portal.core.forms import at_most, filled, one_of, text_field
from portal.core.messages import N_
from portal.core.personal_data import PersonalKind
from portal.core.speaking import SpeechForm
from portal.desks.corrections.types import LONGEST_TEXT, Matter

REACHED_BY = frozenset({PersonalKind.PHONE, PersonalKind.MAIL, PersonalKind.LINK})


class CorrectionForm(SpeechForm):
    """What is not right, in a few words; what looks like personal data is asked about before it is kept."""

    matter = text_field(one_of(lambda: dict.fromkeys(Matter), N_("Choose what is not right.")))
    text = text_field(
        filled(N_("Write what is not right, and if you know it what would be.")),
        at_most(LONGEST_TEXT, N_("Say it in %(most)s characters at most.")),
    )

    @property
    def may_tell(self) -> frozenset[PersonalKind]:
        """Where how to reach somebody is not right, what would be is what this form is for."""
        return super().may_tell | (REACHED_BY if self.matter.data == Matter.CONTACT else frozenset())


class StaysForm(SpeechForm):
    """Why nothing is mended."""

    text = text_field(
        filled(N_("Write why it stays as it is: a colleague must understand it later.")),
        at_most(500, N_("Say it in %(most)s characters at most.")),
    )
