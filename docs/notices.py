"""Writes NOTICES.txt: the crates that the binary may contain, and the texts of their licences, each text once.

    python3 docs/notices.py

`tests/notices.rs` holds the file in step with Cargo.lock.
"""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = re.compile(r"(?i)(licen[cs]e|copying|copyright|notice|unlicense)")
# Longer texts in the folders of C libraries are of licences that the library need not be taken under.
MOST_OF_PART = 6_000
# Texts that crates name and do not have.
COMMON = {"MIT": "LICENSE-MIT", "LGPL-3.0-only": "docs/licences/LGPL-3.0.txt"}
GPL = "docs/licences/GPL-3.0.txt"


def texts_of(package):
    """The texts that come with a crate; of those to choose from the MIT licence."""
    folder = Path(package["manifest_path"]).parent
    own = [file for file in sorted(folder.iterdir()) if file.is_file() and NAMES.match(file.name)]
    chosen = [file for file in own if "MIT" in file.name.upper()]
    if chosen and " OR " in (package["license"] or "").replace("/", " OR ") and " AND " not in package["license"]:
        own = chosen
    if package["license_file"] and folder / package["license_file"] not in own:
        own.append(folder / package["license_file"])
    parts = [file for file in sorted(folder.glob("*/*")) if file.is_file() and NAMES.match(file.name)]
    own += [file for file in parts if file not in own and file.suffix != ".rs" and file.stat().st_size <= MOST_OF_PART]
    texts = [file.read_text(errors="replace").strip() for file in own]
    if not own and package["license"] in COMMON:
        # Who holds the rights is beside the crate's name.
        texts = [re.sub(r"Copyright .* stitch .*\n\n", "", (ROOT / COMMON[package["license"]]).read_text()).strip()]
    return texts


def main():
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    packages = [package for package in metadata["packages"] if package["source"]]
    packages.sort(key=lambda package: (package["name"], package["version"]))
    rows, texts = [], {}
    for package in packages:
        licence = package["license"] or "see its text"
        authors = "; ".join(re.sub(r" *<[^>]*>", "", author) for author in package["authors"])
        title = f"{package['name']} {package['version']}"
        rows.append(f"{title}: {licence}" + (f" ({authors})" if authors else ""))
        for text in texts_of(package):
            texts.setdefault(re.sub(r"\s+", " ", text), (text, []))[1].append(title)
    gpl = (ROOT / GPL).read_text().strip()
    texts[gpl] = (gpl, ["what the GNU Lesser General Public License above refers to"])
    with open(ROOT / "NOTICES.txt", "w") as out:
        out.write("Crates that stitch is built with, their licences and their authors.\n\n")
        out.writelines(f"{row}\n" for row in rows)
        for text, titles in texts.values():
            out.write(f"\n{'=' * 80}\n{', '.join(dict.fromkeys(titles))}\n{'=' * 80}\n\n{text}\n")


if __name__ == "__main__":
    main()
