"""Two hundred hostile questions: how long each takes and whether any breaks the page.

    python -m benchmarks.hostile_queries

Wildcards, brackets, operators, endless words and the like, each asked of the whole page on the fictional region.
The bar is 300 ms a question and no answer of 500 or above.
"""

from __future__ import annotations

import re
import resource
import time
from urllib.parse import quote

from benchmarks.region import loaded_region

LIMIT_MS = 300


def questions() -> list[str]:
    pieces = [
        *("*a* ", "* ", "?* ", "[a TO z] ", "NOT ", "( ", ") ", '"', "AND OR NOT ", "a^1e308 ", "name:x ", "~2 "),
        *("' OR 1=1 -- ", "% _ ", "\\ ", "<script> ", "{{7*7}} ", "${x} ", "\u202e", "e\u0301", "𝔞", "🙈 ", "ß", "\t"),
        *("a", "ab ", "angst ", "schoolweigering ", "gezinsbegeleidingsovereenkomst", "niet ", "12 jaar "),
        *("in Heerlen ", "zzzzqx ", "aeiou", "-", "é "),
    ]
    return [piece * times for piece in pieces for times in (1, 30, 100, 250, 500, 1000)][:204]


def main() -> None:
    with loaded_region() as (app, _):
        client = app.test_client()
        client.get("/zoeken?q=warm")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answers: list[tuple[float, str, int]] = []
        for question in questions():
            began = time.perf_counter()
            status = client.get(f"/zoeken?q={quote(question)[:3900]}").status_code
            answers.append(((time.perf_counter() - began) * 1000, re.sub(r"\s+", " ", question[:30]), status))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        broken = sum(status >= 500 for _, _, status in answers)
        over = sum(milliseconds > LIMIT_MS for milliseconds, _, _ in answers)
        print(f"{len(answers)} questions; broken {broken}; over {LIMIT_MS} ms {over}; memory grown {grown:.0f} MB")
        for milliseconds, question, status in sorted(answers, reverse=True)[:5]:
            print(f"  {milliseconds:6.1f} ms  {status}  {question!r}")


if __name__ == "__main__":
    main()
