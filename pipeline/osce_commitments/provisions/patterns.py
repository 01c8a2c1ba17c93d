"""The patterns of ``resources/provisions.yaml`` and ``resources/abbreviations.yaml``, compiled once."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from osce_commitments.resources import load_yaml


@dataclass(frozen=True, slots=True)
class Patterns:
    """What opens, frames and divides the parts of an instrument.

    Attributes:
        opener: Opening words of a recital, at the position where it is tried.
        recital_boundary: End of a recital inside a paragraph: the next match starts the next recital or act.
        operative: An operative verb that follows recitals.
        enacting: The adopting body before its recitals.
        formula: "Have agreed as follows:" between recitals and operative text.
        formula_opening: What may stand before the subject of a formula.
        annex, attachment: Markers of the parts behind the operative text.
        closing, speaker: Paragraphs that only frame the text.
        closing_note: A last paragraph that says something of the copy.
        voice, voice_in_title, voice_in_text: Words of an attachment behind which the speaker is named.
        first_person: Words of somebody who speaks for a delegation.
        between_names, unknown_name: What parts the names of speakers; a name that no list holds.
        of_decision, numbered_decision: Words that tie a statement to a decision; a decision by its number.
        note_mark: The mark at the start of a footnote, in the group mark.
        mark_behind: The mark of a footnote at the end of a paragraph, with the blanks before it.
        designator: A heading that needs the one below it.
        sentence_heading: The number of a heading that states an act.
        labels: Labels of list items, tried in order.
        bare_labels: Labels without punctuation, used in treaties only.
        reference: Words before "(a)" that make it a reference, up to its position.
        opens_list, is_complete, goes_on: How the words of a paragraph end, before or inside a list.
        inline_label, inline_dash, between_items: Where items may stand inside a paragraph.
        own_act: A stem that does something itself before it opens its items.
        third_person: A verb by which the adopting body acts or speaks, at the start of a paragraph.
        acts: The adopting body or States act, behind whatever opening.
        bare_marker: The marker of an annex or attachment that bears no title.
        numbered_heading: A heading that belongs to a count, so that it is no title.
        place_and_day: A line that only says where and when.
        testimonium: What stands before the signatures.
        signatory: A line that names for whom somebody signs.
        enacting_recital: A subject with its recital before a formula, all one sentence.
        verb_line: The verb of the body as a line of its own, between recitals and acts.
        recital_form: How a recital of unknown words opens.
        adopts, adopted_text: An act that adopts a text; the name of such a text.
        body_acts: A paragraph in which the adopting body acts, behind paragraphs without it.
        collective_act: A paragraph in which the States together agree or promise.
        main_clause: What States do, behind an opening participle.
        participle_acts: A body that acts behind an opening participle, to open a list.
        predicate: What the States named above do, at the start of a paragraph.
        report_title, narrator: A title that says "report"; somebody who speaks as "I".
        annex_in_header: A line of the header block that makes the whole text an annex.
        attitude: A sentence of a declaration that recites ("We recall", "They are aware").
        speaking: A sentence of a declaration that reaffirms or welcomes.
        acting_body: A sentence in which the adopting body acts in its own name.
        speaking_body: A sentence in which it only reaffirms or welcomes.
        subject_behind: The subject of the acts, behind the recitals.
        second_act: An act behind such words ("…, and call upon").
        acting_subject: A sentence that acts if it does not recite.
        finite: A word that no list of States or dates holds.
        meeting_story: A sentence that tells how a meeting went.
        row_number, act_column: First cell of a table row; head of the column of acts.
        leaders: Dots and page behind a line of a table of contents.
        place_and_date: What may stand before the enacting line in its paragraph.
    """

    opener: re.Pattern[str]
    recital_boundary: re.Pattern[str]
    operative: re.Pattern[str]
    enacting: re.Pattern[str]
    formula: re.Pattern[str]
    formula_opening: re.Pattern[str]
    annex: re.Pattern[str]
    attachment: re.Pattern[str]
    closing: re.Pattern[str]
    closing_note: re.Pattern[str]
    voice: re.Pattern[str]
    voice_in_title: re.Pattern[str]
    voice_in_text: re.Pattern[str]
    first_person: re.Pattern[str]
    between_names: re.Pattern[str]
    unknown_name: re.Pattern[str]
    of_decision: re.Pattern[str]
    numbered_decision: re.Pattern[str]
    note_mark: re.Pattern[str]
    mark_behind: re.Pattern[str]
    speaker: re.Pattern[str]
    designator: re.Pattern[str]
    sentence_heading: re.Pattern[str]
    labels: tuple[re.Pattern[str], ...]
    bare_labels: tuple[re.Pattern[str], ...]
    reference: re.Pattern[str]
    opens_list: re.Pattern[str]
    is_complete: re.Pattern[str]
    goes_on: re.Pattern[str]
    inline_label: re.Pattern[str]
    inline_dash: re.Pattern[str]
    between_items: re.Pattern[str]
    own_act: re.Pattern[str]
    third_person: re.Pattern[str]
    acts: re.Pattern[str]
    place_and_date: re.Pattern[str]
    bare_marker: re.Pattern[str]
    numbered_heading: re.Pattern[str]
    place_and_day: re.Pattern[str]
    testimonium: re.Pattern[str]
    signatory: re.Pattern[str]
    enacting_recital: re.Pattern[str]
    verb_line: re.Pattern[str]
    recital_form: re.Pattern[str]
    adopts: re.Pattern[str]
    adopted_text: re.Pattern[str]
    body_acts: re.Pattern[str]
    collective_act: re.Pattern[str]
    main_clause: re.Pattern[str]
    participle_acts: re.Pattern[str]
    predicate: re.Pattern[str]
    report_title: re.Pattern[str]
    narrator: re.Pattern[str]
    annex_in_header: re.Pattern[str]
    attitude: re.Pattern[str]
    speaking: re.Pattern[str]
    acting_body: re.Pattern[str]
    speaking_body: re.Pattern[str]
    subject_behind: re.Pattern[str]
    second_act: re.Pattern[str]
    acting_subject: re.Pattern[str]
    finite: re.Pattern[str]
    meeting_story: re.Pattern[str]
    row_number: re.Pattern[str]
    act_column: re.Pattern[str]
    leaders: re.Pattern[str]


@functools.cache
def patterns() -> Patterns:
    """The compiled patterns."""
    data = load_yaml("provisions")
    opener = _opener(data["recital_adverbs"], data["recital_openers"])
    subject = data["opening_patterns"]["subject_behind"]["pattern"]
    operative = rf"(?:{_words(data['operative_openers'])})\b"
    return Patterns(
        opener=re.compile(opener),
        recital_boundary=re.compile(rf"[,;]\s+(?={opener}|{operative})|,\s+(?={subject}$)"),
        operative=re.compile(operative),
        enacting=_any(data["enacting"]),
        formula=_any(data["formulas"]),
        formula_opening=_any(data["formula_openings"]),
        annex=_any(data["annex"]),
        attachment=_any(data["attachment"]),
        closing=_any(data["closings"]),
        closing_note=_any(data["closing_notes"]),
        speaker=_any(data["speakers"]),
        designator=_any(data["designators"]),
        sentence_heading=_any(data["sentence_headings"]),
        labels=tuple(re.compile(entry["pattern"]) for entry in data["labels"]),
        bare_labels=tuple(re.compile(entry["pattern"]) for entry in data["bare_labels"]),
        reference=re.compile(data["reference_before_label"]["pattern"]),
        **{
            name: re.compile(entry["pattern"])
            for group in ("list_patterns", "part_patterns", "opening_patterns", "table_patterns", "voice_patterns")
            for name, entry in data[group].items()
        },
        third_person=re.compile(
            rf"(?:{_words([*data['acting_verbs'], *data['speaking_verbs'], *data['operative_openers']])})\b"
        ),
        own_act=re.compile(
            f"{_any(data['own_acts']).pattern}|{_two_acts(data['acting_verbs'], data['speaking_verbs'])}"
            f"|{_two_attitudes(opener, data['recital_openers'])}"
        ),
        acts=re.compile(data["acts"]["pattern"]),
        place_and_date=re.compile(data["place_and_date"]["pattern"]),
    )


def _any(entries: Iterable[dict[str, Any]]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{entry['pattern']})" for entry in entries))


def _opener(adverbs: list[str], openers: list[str]) -> str:
    lowered = [word[0].lower() + word[1:] for word in openers]
    after_adverb = rf"(?:{_words(adverbs)})(?:,? [a-z]+ly)?,? (?:{_words([*openers, *lowered])})\b"
    return rf"(?:(?:{_words(openers)})\b|{after_adverb})"


def _two_acts(verbs: list[str], speaking: list[str]) -> str:
    """A verb with its object, and another verb that opens the items: "Establishes a fund and requests States to:"."""
    plain = [re.sub(r"(?<=sh|ss)es\b|s\b", "", verb) for verb in (*verbs, *speaking)]
    first = (
        rf"(?:{_words([*verbs, *speaking])}|(?:We|The \w+ States|The Ministers) (?:{_words(map(str.lower, plain))}))"
    )
    second = _words(verb.lower() for verb in (*verbs, *speaking, *plain))
    clause = r"(?:(?!\b(?:that|to|who|which|whose)\b).)*?"
    promise = rf"(?:We|They|The \w+ States|The Ministers|The Parties) (?:{_words(map(str.lower, plain))})\b"
    promise = rf"{promise} (?!and\b)\S+ {clause},? and (?:[a-z]+ )?(?:will|shall)(?:, [^,;:]+,)?[:,]?$"
    adverb = r"(?:(?:[a-z]+ly|again|also|further|furthermore|hereby|it|moreover|now|once more|then|therefore|they|thus|we) )?"
    acts = rf"(?!{_unfinished(second)}){first} (?!and\b|or\b|,)\S+ \S+.*?(?:[,;]|\band) {adverb}(?:{second})\b"
    return f"{acts}|{promise}"


def _two_attitudes(opener: str, openers: list[str]) -> str:
    """A recital that is complete before another one opens the items: "Noting the report, and mindful of the fact that"."""
    second = _words(word[0].lower() + word[1:] for word in openers)
    return rf"{opener} (?!and\b|or\b|,)\S+ \S+.*?,? and (?:[a-z]+ly |also |further )?(?:{second})\b"


def _unfinished(second: str) -> str:
    """A first verb that waits for the items as well: "Invites States and urges their delegations to:"."""
    asks = "Asks|Authorizes|Charges|Directs|Instructs|Invites|Mandates|Requests|Tasks|Urges"
    states = r"(?:Encourages|Calls (?:up)?on)(?= (?:all )?(?:the )?(?:participating |member )?States)"
    states = rf"{states}|Recommends to(?= (?:all )?(?:the )?(?:participating |member )?States)"
    that = r"Recommends that (?:[a-z]+ )*States(?= and\b)"
    return rf"(?:{asks}|{states}|{that})(?:(?! to\b| that\b| with\b(?!,)).)*?(?:,|\band) (?:[a-z]+ )?(?:{second})\b"


def _words(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
