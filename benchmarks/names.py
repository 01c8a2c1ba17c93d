"""Names of the catalogue in text: our own finder, next to spaCy's ``PhraseMatcher`` with the same names.

It prints what an import of spaCy costs, and for each way the seconds of processor time and the names found. The matcher
gets a blank English pipeline, so that only its tokenizer runs, and all names in lower case; the rules on letter case and
joined words that our finder applies are not added to it, so its own time is a lower limit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from osce_commitments.catalogue import load_catalogue
from osce_commitments.tag.name_finder import NameFinder
from osce_commitments.texts.normalise import plain

CORPUS = Path(__file__).resolve().parents[1] / "corpora" / "commitments" / "validation.jsonl"


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    names = sorted({name for actor in load_catalogue().actors for name in actor.names})
    texts = [plain(json.loads(line)["text"]) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    print(
        f"import spacy: {min(_import_seconds() for _ in range(rounds)):.2f} CPU-s; {len(names)} names, {len(texts)} texts"
    )
    finder = NameFinder((name, name, False) for name in names)
    nlp, matcher = _matcher(names)
    ways: dict[str, Callable[[str], Iterable[object]]] = {
        "our finder": finder.find,
        "spaCy, tokens only": nlp.make_doc,
        "spaCy PhraseMatcher": lambda text: matcher(nlp.make_doc(text)),
    }
    for label, find in ways.items():
        times, found = zip(*(_timed(find, texts) for _ in range(rounds)), strict=True)
        print(f"{label:22} {min(times) / len(texts) * 1e6:7.1f} microseconds a text   {found[0]:7} found")


def _import_seconds() -> float:
    code = "import time; begin = time.process_time(); import spacy; print(time.process_time() - begin)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    return float(done.stdout)


def _matcher(names: Iterable[str]) -> tuple[Any, Any]:
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("name", list(nlp.pipe(names)))
    return nlp, matcher


def _timed(find: Callable[[str], Iterable[object]], texts: Iterable[str]) -> tuple[float, int]:
    begin = time.process_time()
    count = sum(len(list(find(text))) for text in texts)
    return time.process_time() - begin, count


if __name__ == "__main__":
    main()
