"""What the words of search cost a process: memory, time to learn them, time to understand a question.

    python -m benchmarks.understanding

Times are those of the processor, so that what else the machine does counts for little. The Dutch dictionary is read
with the modules already (0.3 s, 6 MB) and comes on top. The questions are those of the development set of eight to
twelve words, and all of them after each other in pieces of 500 letters.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.relevance import read
from portal.catalogue import codelists
from portal.search import vocabulary
from portal.search.question import read_question
from portal.search.understanding import Understander

REGION = "JZ41"


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def main() -> None:
    lists = codelists.load()
    own = [municipality.code for municipality in lists.municipalities_of(REGION)]
    before, start = resident_mb(), time.process_time()
    understander = Understander(vocabulary.load(lists))
    learned = time.process_time() - start
    print(f"learned in {learned:.1f} s, {resident_mb() - before:.0f} MB")
    questions = [str(question["query"]) for question in read("development")]
    everything = " ".join(questions)
    pieces = [everything[at : at + 500] for at in range(0, len(everything) - 500, 500)]
    for label, asked in (
        ("8 to 12 words", [q for q in questions if 8 <= len(q.split()) <= 12]),
        ("500 letters", pieces),
    ):
        times = []
        for question in asked:
            start = time.process_time()
            read_question(question, understander, lists, own)
            times.append((time.process_time() - start) * 1000)
        print(f"{label}: median {statistics.median(times):.2f} ms, longest {max(times):.2f} ms, of {len(times)}")


if __name__ == "__main__":
    main()
