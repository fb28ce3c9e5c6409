"""What a family reads where its text speaks of danger: whom to call, calmly, whatever happens with the text."""

from __future__ import annotations

from portal.core.languages import gettext
from portal.core.pages import Link, Notice, Tone
from portal.reviews.worries import WORRY


def danger_notice_for(danger: str) -> Notice | None:
    """Whom to call; None where no danger was heard, or only words that worry."""
    if danger in ("", WORRY):
        return None
    links = (
        Link(gettext("Call Veilig Thuis: 0800-2000"), "tel:08002000"),
        Link(gettext("Talk to 113: 0800-0113"), "tel:08000113"),
        Link(gettext("Call 112"), "tel:112"),
    )
    if danger in ("suicide", "self_harm"):
        links = (links[1], links[2], links[0])
    return Notice(
        Tone.DANGER,
        gettext("Is somebody not safe now? Do not wait for us"),
        gettext(
            "We read what you write, but not at once. Day and night, free and without your name, there is somebody "
            "here who listens. In immediate danger call 112."
        ),
        links,
    )
