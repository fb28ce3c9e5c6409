"""What a first visit costs: every file of a page, compressed as it travels, on the fictional region.

python benchmarks/page_weight.py
"""

from __future__ import annotations

import gzip
import re
import tempfile
from pathlib import Path

from portal.exchange.importing import import_package

from portal.app import create_app
from portal.catalogue import codelists
from portal.core import clock, migrations
from portal.core.settings import Settings
from portal.demo.package import write_package

LIMIT_KB = 60
FILES = r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+\.(?:css|js|svg|png|woff2)[^"]*)"'


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(Settings(data_dir=folder, demonstration=True, log_level="ERROR"))
        database = app.extensions["portal.database"]
        migrations.upgrade(database.engine)
        write_package(folder / "package", clock.today())
        import_package(database, codelists.load(), folder / "package", "Zuid-Limburg", today=clock.today())
        client = app.test_client()
        providers = re.findall(
            r"<loc>[^<]*?(/aanbieders/[^<]+)</loc>", client.get("/sitemap.xml").get_data(as_text=True)
        )

        def weight(path: str) -> int:
            """Bytes of the page and each file that it names, compressed."""
            page = client.get(path, headers={"Accept-Encoding": "gzip"})
            html = gzip.decompress(page.get_data()).decode()
            files = set(
                re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+\.(?:css|js|svg|png|woff2)[^"]*)"', html)
            )
            sizes = [len(client.get(file, headers={"Accept-Encoding": "gzip"}).get_data()) for file in files]
            return len(page.get_data()) + sum(sizes)

        pages = {
            "/": weight("/"),
            "/zoeken": weight("/zoeken"),
            "/zoeken?gemeente=Heerlen": weight("/zoeken?gemeente=Heerlen"),
        }
        heaviest = max(providers, key=weight)
        pages[f"heaviest provider page ({heaviest})"] = weight(heaviest)
        for path, size in pages.items():
            print(f"{size / 1000:7.1f} kB  {path}   {'within' if size <= LIMIT_KB * 1000 else 'OVER'} {LIMIT_KB} kB")
        database.engine.dispose()


if __name__ == "__main__":
    main()
