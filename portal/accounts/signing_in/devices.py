"""Which browser it is, roughly: enough for its owner to recognise, and for nobody to tell two of a kind apart."""

from __future__ import annotations

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("SamsungBrowser", "Samsung Internet"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
"""What a browser calls itself, the telling name first: most say Chrome and Safari too."""
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> str:
    """For example "Firefox, Windows"; empty where nothing is recognised."""
    names = (_BROWSERS, _SYSTEMS)
    found = (next((name for mark, name in known if mark in user_agent), "") for known in names)
    return ", ".join(name for name in found if name)
