"""Whom to call first where a question speaks of danger: calmly, and each number to be tapped."""

from __future__ import annotations

from portal.core.languages import gettext
from portal.core.messages import N_
from portal.core.pages import Link, Notice, Tone
from portal.search.danger import Danger

_CALL_112 = (N_("Call 112"), "tel:112")
_CALL_113 = (N_("Call 0800-0113"), "tel:08000113")
_KINDERTELEFOON = (N_("Call the Kindertelefoon"), "tel:08000432")
_CHAT_113 = (N_("Chat on 113.nl"), "https://www.113.nl")

_NOTICES: dict[Danger, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    Danger.MEDICAL: (
        N_("Is somebody in danger now? Call 112 at once."),
        N_(
            "For instance after poison or pills, with trouble breathing, after fainting, or when a baby was shaken. "
            "Not sure? Call your GP, or in the evening and at weekends the out-of-hours GP."
        ),
        (_CALL_112,),
    ),
    Danger.SUICIDE: (
        N_("Is somebody thinking of suicide? Talk about it now."),
        N_(
            "In immediate danger, or after taking pills: call 112. "
            "To talk, also at night and without a name: 113 or 0800-0113 (free)."
        ),
        (_CALL_113, _CHAT_113, _CALL_112),
    ),
    Danger.SELF_HARM: (
        N_("Is somebody hurting themselves? You are not the only one."),
        N_("You can talk about it now, without giving your name. Does a wound not stop bleeding? Call 112."),
        (_CALL_113, _CHAT_113, _KINDERTELEFOON, _CALL_112),
    ),
    Danger.VIOLENCE: (
        N_("Is somebody not safe?"),
        N_(
            "Veilig Thuis helps you think it through: 0800-2000, day and night, free. In immediate danger call 112. "
            "Is it about you, and are you young? The Kindertelefoon listens: 0800-0432, free, "
            "you need not say who you are."
        ),
        (
            (N_("Call Veilig Thuis"), "tel:08002000"),
            _KINDERTELEFOON,
            _CALL_112,
            (N_("More about Veilig Thuis"), "https://www.veiligthuis.nl"),
        ),
    ),
    Danger.MISSING: (
        N_("Is a child missing now? Call the police."),
        N_(
            "Are you worried that something happens to the child? Call 112. Else call 0900-8844. "
            "Did you run away yourself? Nobody is angry with you here. The Kindertelefoon helps you think: 0800-0432."
        ),
        (_CALL_112, (N_("Call the police: 0900-8844"), "tel:09008844"), _KINDERTELEFOON),
    ),
}


def danger_notice(danger: Danger) -> Notice:
    """Whom to call first in this danger."""
    title, text, links = _NOTICES[danger]
    return Notice(
        Tone.DANGER,
        gettext(title),
        gettext(text),
        tuple(Link(gettext(label), address) for label, address in links),
    )
