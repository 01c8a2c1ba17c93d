"""The rules that gave a provision its role, lead-in, tags and labels."""

from __future__ import annotations

from osce_commitments.query.reader import Reader
from osce_commitments.schema import Row

PERSON = "person"  # in the place of a rule: somebody corrected the label


def explain(reader: Reader, provision: str) -> list[Row]:
    """All results for a provision, each with its rule, as rows.

    ``what`` is "role", "lead-in", the kind of a tag, "strength" or "threat area"; ``value`` the result; ``words`` what it rests
    on; ``rule`` the id for ``rules show``. The rule is empty where a model or an exact name of the catalogue decided, ``mark-up``
    where that of the source did, ``person`` where somebody corrected the label.

    Raises:
        DatasetError: If no provision or several match.
    """
    row = reader.provision(provision)
    by_person = {label: PERSON if label in row["corrected"] else "" for label in ("role", "strength", "threat_areas")}
    results = [("role", row["role"], "", by_person["role"] or row["role_rule"])]
    if row["lead_in"]:
        results.append(("lead-in", row["lead_in"], "", row["lead_in_rule"]))
    results += [(tag["kind"], tag["ref"] or tag["note"], tag["text"], tag["rule"]) for tag in row["tags"]]
    cue = row["strength_cue"] or {"text": "", "rule": by_person["strength"]}
    results.append(("strength", row["strength"], cue["text"], cue["rule"]))
    cues = {cue["area"]: cue for cue in row["area_cues"]}
    for area in row["threat_areas"]:
        cue = cues.get(area, {"text": "", "rule": by_person["threat_areas"]})
        results.append(("threat area", area, cue["text"], cue["rule"]))
    return [dict(zip(("what", "value", "words", "rule"), result, strict=True)) for result in results]
