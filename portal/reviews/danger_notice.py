"""What a family reads where its text speaks of danger: whom to call, calmly, whatever happens with the text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from portal.core.languages import gettext
from portal.core.pages import Link, Notice, Tone
from portal.reviews.danger import felt_unsafe, sounds_like_danger
from portal.reviews.types import Voice


def danger_notice_for(
    danger: str, voice: Voice = Voice.PARENT, answers: Mapping[str, str] = MappingProxyType({})
) -> Notice | None:
    """Whom to call, for who tells with this voice.

    None where no danger was heard, or only words that worry, unless the `answers` say that it is not safe.
    """
    if not (sounds_like_danger(danger) or felt_unsafe(answers)):
        return None
    home = Link(gettext("Call Veilig Thuis: 0800-2000"), "tel:08002000")
    talk = Link(gettext("Talk to 113: 0800-0113"), "tel:08000113")
    emergency = Link(gettext("Call 112"), "tel:112")
    title = gettext("Is somebody not safe now? Do not wait for us")
    if voice is Voice.YOUNG_PERSON:
        text = gettext(
            "We read what you write, but not at once. Here somebody listens to you now. It is free, and you need not "
            "say your name. At night call 113 or Veilig Thuis. In immediate danger call 112."
        )
        children = Link(gettext("Talk to the Kindertelefoon: 0800-0432"), "tel:08000432")
        return Notice(Tone.DANGER, title, text, (talk, children, home, emergency))
    text = gettext(
        "We read what you write, but not at once. Day and night, free and without your name, there is somebody here "
        "who listens. In immediate danger call 112."
    )
    links = (talk, emergency, home) if danger in ("suicide", "self_harm") else (home, talk, emergency)
    return Notice(Tone.DANGER, title, text, links)
