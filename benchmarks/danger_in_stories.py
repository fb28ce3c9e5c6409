"""How much danger is heard in stories of families that hearing it was not made with (checks I12).

    .venv/bin/python -m benchmarks.danger_in_stories

Reads `tests/reviews/danger_held_out.txt`: sentences in two parts, "held" and, written last, "fresh". A story is read
before others where danger is heard in it, or something that worries; and its writer is shown whom to call where danger
is heard. Every story is read by a human, whatever is heard. Prints recall and precision of both, and how many whole
stories of the demonstration, in which nobody is in danger, stand before others too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.region import loaded_region
from portal.demo.experiences import WHOLE_STORIES
from portal.reviews.danger import urgency_of
from portal.reviews.danger_notice import danger_notice_for

FILE = Path(__file__).parents[1] / "tests" / "reviews" / "danger_held_out.txt"
PARTS = ("held", "fresh")


def parts() -> Mapping[str, Sequence[tuple[bool, str]]]:
    """The stories of each part, with whether somebody may be in danger."""
    found: dict[str, list[tuple[bool, str]]] = {part: [] for part in PARTS}
    part = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line in PARTS:
            part = line
        elif line[:2] in ("! ", "- "):
            found[part].append((line[0] == "!", line[2:]))
    return found


def told(stories: Sequence[tuple[bool, str]], heard: Mapping[str, bool]) -> str:
    """Recall and precision in words."""
    right = sum(heard[story] for is_danger, story in stories if is_danger)
    wrong = sum(heard[story] for is_danger, story in stories if not is_danger)
    dangerous = sum(is_danger for is_danger, _ in stories)
    recall, precision = right / dangerous, right / max(1, right + wrong)
    harmless = len(stories) - dangerous
    return (
        f"{right} of {dangerous} heard (recall {recall:.2f}), {wrong} of {harmless} harmless too "
        f"(precision {precision:.2f})"
    )


def main() -> None:
    with loaded_region() as (app, _), app.app_context():
        for part, stories in parts().items():
            urgency = {story: urgency_of(story, {}) for _, story in stories}
            first = {story: bool(found) for story, found in urgency.items()}
            called = {story: danger_notice_for(found) is not None for story, found in urgency.items()}
            print(f"{part}, {len(stories)} sentences, read first: {told(stories, first)}")
            print(f"{part}, {len(stories)} sentences, shown whom to call: {told(stories, called)}")
        harmless = WHOLE_STORIES[1::2]  # sentences of the others are among the examples
        alarms = sum(bool(urgency_of(story, {})) for story in harmless)
        print(f"{alarms} of {len(harmless)} whole harmless stories read first")


if __name__ == "__main__":
    main()
