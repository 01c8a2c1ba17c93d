"""Build the corpus of coded commitments from its sources.

``python -m corpora.commitments.build`` writes the rows of every part, ``splits.json``, the tables of the data sheet and the
texts that the offsets count in (``documents/``, which git ignores); ``--check`` writes nothing, says what is out of date
and which floor is missed; ``--lint FILE...`` checks sources while they are written; ``--coding FILE`` writes what a second
coder reads.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.commitments.checks import datasheet_tables, shortfalls
from corpora.commitments.corpus import AREAS, FOLDER, PARTS, Corpus, hard_cases, near_duplicates, read_corpus

if TYPE_CHECKING:
    from corpora.commitments.corpus import Row

DOCUMENTS = FOLDER / "documents"
DATASHEET = FOLDER / "DATASHEET.md"
SHARES = {"train": 0.7, "validation": 0.1, "test": 0.2}
_BEGIN, _END = "<!-- counts: written by corpora/commitments/build.py -->", "<!-- end of counts -->"


def lint(paths: list[Path]) -> int:
    """Print what is wrong with these sources and how much they hold; 1 if something is wrong."""
    corpus = read_corpus(paths)
    sys.stdout.writelines(f"{problem}\n" for problem in corpus.problems)
    rows = corpus.rows
    levels = Counter(row.first.strength for row in rows)
    areas = Counter(area for row in rows for area in row.first.areas)
    cases = Counter(case for row in rows for case in row.first.cases)
    genres = Counter({row.document: row.genre for row in rows}.values())
    copies = {(rows[a].id, rows[b].id) for a, b in near_duplicates(rows)}
    lines = [
        f"{len(corpus.texts)} documents, {len(rows)} provisions; near-duplicates: {sorted(copies)[:20]}",
        "levels: " + ", ".join(f"{level} {levels[level]}" for level in range(6)),
        "areas: " + ", ".join(f"{code} {areas[name]}" for code, name in AREAS.items()),
        "hard cases: " + ", ".join(f"{name} {cases[name]}" for name in hard_cases()),
        "genres: " + ", ".join(f"{name} {number}" for name, number in sorted(genres.items())),
    ]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if corpus.problems else 0


def clusters(rows: list[Row]) -> dict[str, str]:
    """Cluster of every document: documents that declare the same one or share a near-duplicate are never split."""
    parent = {row.cluster: row.cluster for row in rows}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for one, other in near_duplicates(rows):
        a, b = sorted((root(rows[one].cluster), root(rows[other].cluster)))
        parent[b] = a
    return {row.document: root(row.cluster) for row in rows}


def splits(rows: list[Row], known: dict[str, str]) -> dict[str, str]:
    """Part of every document: what was assigned (``known``) stays, with what has joined its cluster.

    New clusters go where their labels are most wanted.

    Raises:
        ValueError: If documents of two parts have come into one cluster.
    """
    groups: dict[str, list[Row]] = {}
    of_document = clusters(rows)
    for row in rows:
        groups.setdefault(of_document[row.document], []).append(row)
    labels = {name: _labels(group) for name, group in groups.items()}
    total = sum(labels.values(), Counter())
    held: dict[str, Counter[str]] = {part: Counter() for part in PARTS}
    chosen = {}
    for name, group in groups.items():
        assigned = {row.document: known[row.document] for row in group if row.document in known}
        if len(set(assigned.values())) > 1:
            told = ", ".join(f"{document} ({part})" for document, part in sorted(assigned.items()))
            msg = f"{told}: documents of two parts restate one another; reword what is alike"
            raise ValueError(msg)
        if assigned:
            chosen[name] = next(iter(assigned.values()))
            held[chosen[name]] += labels[name]

    def order(name: str) -> tuple[int, str]:
        return -len(groups[name]), hashlib.sha256(name.encode()).hexdigest()

    for name in sorted(groups.keys() - chosen.keys(), key=order):
        part = max(SHARES, key=lambda part: _want(labels[name], held[part], total, SHARES[part]))
        chosen[name] = part
        held[part] += labels[name]
    return {document: chosen[cluster] for document, cluster in sorted(of_document.items())}


def _labels(rows: list[Row]) -> Counter[str]:
    counts = Counter(f"level {row.final.strength}" for row in rows)
    counts.update(area for row in rows for area in row.final.areas)
    counts.update(f"genre {row.genre}" for row in rows[:1] for _ in rows)
    return counts


def _want(labels: Counter[str], held: Counter[str], total: Counter[str], share: float) -> float:
    """How much a part still lacks of these labels, in shares of what it should hold."""
    return sum(number / total[label] * (1 - held[label] / (share * total[label])) for label, number in labels.items())


def built(corpus: Corpus) -> dict[Path, str]:
    """Content of every generated file that git keeps."""
    path = FOLDER / "splits.json"
    known = json.loads(path.read_text(encoding="utf-8"))["documents"] if path.exists() else {}
    of_document = clusters(corpus.rows)
    part_of = splits(corpus.rows, known)
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    for row in corpus.rows:
        record = row.as_json() | {"cluster": of_document[row.document]}
        parts[part_of[row.document]].append(json.dumps(record, ensure_ascii=False) + "\n")
    assigned = {of_document[name]: part for name, part in part_of.items()}
    files = {FOLDER / f"{part}.jsonl": "".join(lines) for part, lines in parts.items()}
    files[path] = json.dumps({"clusters": assigned, "documents": part_of}, indent=1, sort_keys=True) + "\n"
    if DATASHEET.exists():
        before, _, rest = DATASHEET.read_text(encoding="utf-8").partition(_BEGIN)
        after = rest.partition(_END)[2]
        tables = datasheet_tables(corpus.rows, part_of)
        files[DATASHEET] = f"{before}{_BEGIN}\n\n{tables}\n{_END}{after}"
    return files


def check(corpus: Corpus) -> int:
    """Print what is out of date and which floors are missed; 1 if there is anything."""
    problems = [*corpus.problems, *shortfalls(corpus.rows)]
    files = built(corpus)
    for path, content in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            problems.append(f"out of date: {path.relative_to(FOLDER)}")
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    if not problems:
        sys.stdout.write(f"{len(corpus.texts)} documents, {len(corpus.rows)} provisions: all floors are reached\n")
    return 1 if problems else 0


def write(corpus: Corpus) -> int:
    """Write the generated files; 1 if the sources have problems."""
    sys.stdout.writelines(f"{problem}\n" for problem in corpus.problems)
    DOCUMENTS.mkdir(exist_ok=True)
    texts = {DOCUMENTS / name: text for name, text in corpus.texts.items()}
    for path, content in (built(corpus) | texts).items():
        path.write_text(content, encoding="utf-8")
    sys.stdout.write(f"{len(corpus.texts)} documents, {len(corpus.rows)} provisions written\n")
    return 1 if corpus.problems else 0


def coding(corpus: Corpus, path: Path) -> int:
    """Write what a coder reads, without any code: one line per provision, grouped by document."""
    lines, document = [], ""
    for row in corpus.rows:
        if row.document != document:
            document = row.document
            lines.append(f"\n=== {row.genre}, {row.date}: {row.title}")
        above = [f"heading: {row.heading}"] * bool(row.heading) + [f"lead-in: {row.lead_in}"] * bool(row.lead_in)
        context = f" <{'; '.join(above)}>" if above else ""
        lines.append(f"{row.id}\t{row.check}\t{row.role} {row.number}{context}: {row.text}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def main() -> int:
    """Run what the options ask for; returns the exit status."""
    parser = argparse.ArgumentParser(description="Build the corpus of coded commitments.")
    parser.add_argument("--check", action="store_true", help="write nothing; say what is out of date or missing")
    parser.add_argument("--lint", nargs="+", type=Path, metavar="FILE", help="check these sources only")
    parser.add_argument("--coding", type=Path, metavar="FILE", help="write what a second coder reads")
    options = parser.parse_args()
    if missing := [str(path) for path in options.lint or () if not path.is_file()]:
        parser.error(f"no file: {', '.join(missing)}")
    if options.lint:
        return lint(options.lint)
    corpus = read_corpus()
    if options.coding:
        return coding(corpus, options.coding)
    try:
        return check(corpus) if options.check else write(corpus)
    except ValueError as error:
        sys.stdout.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
