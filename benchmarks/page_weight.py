"""What a first visit costs: every file of a page, compressed as it travels, on the fictional region.

python -m benchmarks.page_weight
"""

from __future__ import annotations

import gzip
import re

from benchmarks.region import loaded_region

LIMIT_KB = 60
SEARCH_KB = 15
"""What a page of results itself may weigh."""
SEARCH = "/zoeken?q=durft+niet+naar+school&gemeente=Heerlen"
LIST = "aanbod=B001-2&aanbod=B001-1&aanbod=B002-1&aanbod=B003-1&gemeente=Heerlen&telt.snel=2&telt.dichtbij=1"
PAGES = (
    "/", "/zoeken", SEARCH, f"/vergelijken?{LIST}", f"/mijn-lijst?{LIST}", "/keuzehulp",
    "/keuzehulp/uitkomst?q=durft+niet+naar+school&gemeente=Heerlen&telt.snel=2&telt.dichtbij=1",
)  # fmt: skip
FILES = r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+\.(?:css|js|svg|png|woff2)[^"]*)"'


def main() -> None:
    with loaded_region() as (app, _):
        client = app.test_client()
        sitemap = client.get("/sitemap.xml").get_data(as_text=True)
        providers = re.findall(r"<loc>[^<]*?(/aanbieders/[^<]+)</loc>", sitemap)

        def weight(path: str) -> int:
            """Bytes of the page and each file that it names, compressed."""
            page = client.get(path, headers={"Accept-Encoding": "gzip"})
            files = set(re.findall(FILES, gzip.decompress(page.get_data()).decode()))
            sizes = [len(client.get(file, headers={"Accept-Encoding": "gzip"}).get_data()) for file in files]
            return len(page.get_data()) + sum(sizes)

        pages = {path: weight(path) for path in PAGES}
        heaviest = max(providers, key=weight)
        pages[f"heaviest provider page ({heaviest})"] = weight(heaviest)
        for path, size in pages.items():
            print(f"{size / 1000:7.1f} kB  {path}   {'within' if size <= LIMIT_KB * 1000 else 'OVER'} {LIMIT_KB} kB")
        alone = len(client.get(SEARCH, headers={"Accept-Encoding": "gzip"}).get_data())
        within = "within" if alone <= SEARCH_KB * 1000 else "OVER"
        print(f"{alone / 1000:7.1f} kB  {SEARCH}, the page alone   {within} {SEARCH_KB} kB")


if __name__ == "__main__":
    main()
