"""What the corpus of coded commitments has to hold, and the tables of its data sheet."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from corpora.commitments.corpus import PARTS, hard_cases, near_duplicates
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Role
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.metrics import alpha_ordinal, kappa_quadratic, macro_f1

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora.commitments.corpus import Row

DOCUMENTS, PROVISIONS, LEVEL, AREA, CASE, VERBS = 160, 5000, 450, 250, 40, 35
MAX_NEAR_DUPLICATES = 0.01
MAX_LEXICON_F1 = 0.70
# A naive lexicon, frozen so that its figure stays comparable: words of each level above "none", the weakest first.
_LEXICON = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"may|might|could|can|voluntar\w*",
        "should|encourages?|invites?|recommends?",
        "urges?|calls? (?:up)?on|appeals?",
        "will|commit|undertakes?|pledge|agrees?",
        "shall|must|decides?|demands?|requests?|tasks?|adopts?",
    )
)
_UNRELATED = (0.15, 0.40)  # share of documents outside transnational threats: about a quarter


def shortfalls(rows: list[Row]) -> list[str]:
    """Floors that these rows miss, one line each."""
    levels, areas, cases = _counts(rows)
    found = [
        *_below("documents", len({row.document for row in rows}), DOCUMENTS),
        *_below("provisions", len(rows), PROVISIONS),
        *_below("operative verbs", len(operative_verbs(rows)), VERBS),
    ]
    for level in STRENGTHS:
        found += _below(f"level {level.value}", levels[level.level], LEVEL)
    for area in THREAT_AREAS:
        found += _below(f"area {area.value}", areas[area.value], AREA)
    for case in hard_cases():
        found += _below(f"hard case {case}", cases[case], CASE)
    if (share := copies(rows)) > MAX_NEAR_DUPLICATES:
        found.append(f"near-duplicates: {share:.2%} of the provisions, at most {MAX_NEAR_DUPLICATES:.0%}")
    if (score := lexicon_f1(rows)) > MAX_LEXICON_F1:
        found.append(f"too easy: the modal lexicon reaches macro-F1 {score:.3f}, at most {MAX_LEXICON_F1}")
    if not _UNRELATED[0] <= (share := unrelated(rows)) <= _UNRELATED[1]:
        found.append(f"{share:.0%} of the documents are outside transnational threats; about a quarter should be")
    return found


def _below(what: str, number: int, floor: int) -> list[str]:
    return [f"{what}: {number}, at least {floor} wanted"] if number < floor else []


def _counts(rows: Iterable[Row]) -> tuple[Counter[int], Counter[str], Counter[str]]:
    rows = list(rows)
    return (
        Counter(row.final.strength for row in rows),
        Counter(area for row in rows for area in row.final.areas),
        Counter(case for row in rows for case in row.first.cases),
    )


def copies(rows: list[Row]) -> float:
    """Share of provisions that are a near-duplicate of an earlier one."""
    return len({later for _, later in near_duplicates(rows)}) / len(rows)


def unrelated(rows: list[Row]) -> float:
    """Share of documents with an area on fewer than one provision in four."""
    documents: dict[str, list[bool]] = {}
    for row in rows:
        documents.setdefault(row.document, []).append(bool(row.final.areas))
    return float(np.mean([np.mean(has) < 1 / 4 for has in documents.values()]))


def modal_level(text: str) -> int:
    """The strongest level with a word of the naive lexicon in a text; 0 without any."""
    return max((level for level, words in enumerate(_LEXICON, 1) if words.search(text)), default=0)


def lexicon_f1(rows: list[Row]) -> float:
    """Macro-F1 of strength that a ten-line modal lexicon reaches."""
    guess = np.array([modal_level(f"{labelled(row).lead_in} {labelled(row).text}") for row in rows])
    return macro_f1(np.array([row.final.strength for row in rows]), guess, len(STRENGTHS))


def labelled(row: Row) -> LabelledRow:
    """The row as an evaluation reads it."""
    values = row.as_json()
    return LabelledRow(
        id=row.id,
        document=row.document,
        title=row.title,
        role=Role(row.role),
        heading=tuple(filter(None, row.heading.split(" / "))),
        lead_in=row.lead_in,
        number=row.number,
        text=row.text,
        strength=STRENGTHS[row.final.strength],
        threat_areas=frozenset(area for area in THREAT_AREAS if area.value in values["threat_areas"]),
    )


def operative_verbs(rows: list[Row]) -> set[str]:
    """Lemmas of the action tags of operative provisions of level 1 and more, in text or lead-in."""
    from osce_commitments.labels import TagKind
    from osce_commitments.tag import load_tagger

    chosen = [labelled(row).provision(index) for index, row in enumerate(rows) if row.final.strength]
    tagged = load_tagger().tag(chosen)
    return {tag.ref for one in tagged for tag in one.tags if tag.kind is TagKind.ACTION and tag.ref}


def agreement(rows: list[Row]) -> tuple[float, float, dict[str, float]]:
    """Krippendorff's alpha of the strength (ordinal), share of equal levels, Cohen's kappa of every area."""
    coded = [(row.first, row.second) for row in rows if row.second]
    first, second = (np.array([pair[side].strength for pair in coded], dtype=np.int64) for side in (0, 1))

    def has(side: int, area: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([area in pair[side].areas for pair in coded], dtype=np.int64)

    areas = {area.value: kappa_quadratic(has(0, area.value), has(1, area.value), 2) for area in THREAT_AREAS}
    units = np.stack([first, second], axis=1).tolist()
    return alpha_ordinal(units, len(STRENGTHS)), float((first == second).mean()), areas


def datasheet_tables(rows: list[Row], part_of: dict[str, str]) -> str:
    """Counts and agreement as Markdown."""
    parts = {part: [row for row in rows if part_of[row.document] == part] for part in PARTS}
    counted = {part: _counts(some) for part, some in parts.items()}
    alpha, equal, kappas = agreement(rows)
    whole = _counts(rows)

    def line(name: str, number: int, kind: int, key: object) -> str:
        cells = [counted[part][kind][key] for part in parts]  # type: ignore[index]
        return f"| {name} | {number} | {' | '.join(map(str, cells))} |"

    documents = [len({row.document for row in some}) for some in parts.values()]
    lines = [
        f"| | all | {' | '.join(parts)} |",
        f"|---|---|{'---|' * len(parts)}",
        f"| documents | {sum(documents)} | {' | '.join(map(str, documents))} |",
        f"| provisions | {len(rows)} | {' | '.join(str(len(some)) for some in parts.values())} |",
        *(line(level.value, whole[0][level.level], 0, level.level) for level in STRENGTHS),
        *(line(area.value, whole[1][area.value], 1, area.value) for area in THREAT_AREAS),
        "",
        f"Agreement of the two coders before adjudication: Krippendorff's alpha {alpha:.3f} on strength (ordinal), the same",
        f"level on {equal:.1%} of the provisions. Cohen's kappa of the areas: "
        + ", ".join(f"{area} {value:.2f}" for area, value in kappas.items())
        + ".",
        f"Settled by adjudication: {sum(row.adjudicated is not None for row in rows)} provisions.",
        "",
        f"Near-duplicates (Jaccard of word 3-grams 0.6 or more): {copies(rows):.2%}. The ten-line modal lexicon reaches",
        f"macro-F1 {lexicon_f1(rows):.3f} on strength. Operative verbs: {len(operative_verbs(rows))}. Documents outside",
        f"transnational threats: {unrelated(rows):.0%}.",
        "",
        "| hard case | what | provisions |",
        "|---|---|---|",
        *(f"| `{name}` | {case['case']} | {whole[2][name]} |" for name, case in hard_cases().items()),
    ]
    return "\n".join(lines) + "\n"
