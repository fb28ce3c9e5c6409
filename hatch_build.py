"""Build hook: compiles the translations, so that a wheel carries them ready for use."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    """Writes `messages.mo` beside each `messages.po`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling calls it so
        """Compile every catalogue and have the results packed although git ignores them."""
        for po_path in sorted(Path(self.root, "translations").glob("*/LC_MESSAGES/*.po")):
            mo_path = po_path.with_suffix(".mo")
            with po_path.open("rb") as source, mo_path.open("wb") as target:
                write_mo(target, read_po(source, locale=po_path.parts[-3]))
            build_data["artifacts"].append(str(mo_path.relative_to(self.root)))
