"""The words of a link that changed: the act verb on a matter, the dates, and whether anything but numbers did."""

from __future__ import annotations

import pytest

from osce_commitments.lineage.changes import new_act, new_date, same_words


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Urges States to train 12 guards by 3 May 2092;", "Again urges States to train 14 guards by 1 June 2095.", True),
        ("Urges States to train guards;", "Urges States to train guards by 1 June 2095;", True),
        ("Recalls MC.DEC/9/92 on the training of guards", "Recalls MC.DEC/7/93 on the training of guards", True),
        ("Calls on States to train guards", "Further calls upon States to train guards", True),
        ("Requests a report at its ninth session", "Requests a report at its tenth session", True),
        ("States are encouraged to train guards", "States are urged to train guards", False),
        ("Encourages States to train guards", "Requests States to train guards", False),
        ("Welcomes the training of guards", "Takes note of the training of guards", False),
        ("Urges States to train guards or pilots", "Urges States to train guards and pilots", False),
        ("Decides that guards shall leave the port", "Decides that guards shall not leave the port", False),
        ("Condemns the sale of arms", "Strongly condemns the sale of arms", False),
        ("Recognizes the work of guards", "Recognises the work of guards", True),
    ],
)  # fmt: skip
def test_verbatim_is_the_same_words_apart_from_numbers_dates_and_symbols(
    one: str, other: str, *, is_same: bool
) -> None:
    assert same_words(one, other) is is_same


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ("Encourages States to train guards at sea", "Requests States to train guards at sea", "encourages > requests"),
        ("Urges States to train guards", "Again urges States to train guards", ""),
        ("Recognises the work of guards", "Also recognizes the work of guards", ""),
        ("Welcomes the training of guards", "Takes note of the training of guards", "welcomes > takes note"),
        ("Thanks the ports for the training of guards", "Commends the ports for the training of guards", "thanks > commends"),
        # The act of the clause that matches, not the first one of the provision.
        (
            "Welcomes the handbook on lakes and encourages States to train guards at sea",
            "Recalls the study on rivers, and requests States to train guards at sea",
            "encourages > requests",
        ),
        ("Encourages States to train guards at sea", "Welcomes the new lighthouse and encourages States to train guards at sea", ""),
        ("Notes the training of guards", "Notes the training of guards, and urges States to seize weapons", ""),
        # A modal belongs to the act above it; alone it is compared like one.
        ("Urges ports to train guards at sea", "Decides that ports shall train guards at sea", "urges > decides"),
        ("Decides that ports shall train guards at sea", "Reaffirms that ports shall train guards at sea", "decides > reaffirms"),
        ("Decides that ports should train guards at sea", "Decides that ports shall train guards at sea", "should > shall"),
        ("Ports will train guards at sea", "Urges ports to train guards at sea", "will > urges"),
        ("Ports should train guards at sea", "Ports may train guards at sea", "should > may"),
        ("States may train guards at sea", "States are encouraged to train guards at sea", "may > encouraged"),
        ("Requests and urges ports to train guards at sea", "Urges ports to train guards at sea", ""),
        ("Encourages ports to train guards at sea", "Requests banks to freeze assets of charities", ""),
    ],
)  # fmt: skip
def test_the_new_act_on_a_matter(one: str, other: str, named: str) -> None:
    assert new_act(one, other) == named


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ("Trains guards by 30 June 2092", "Trains guards by 1 May 2095", "2092-06-30 > 2095-05-01"),
        ("Trains guards by 30 June 2092", "Trains guards until 2092-06-30", ""),
        ("Trains guards", "Trains guards from 1 May to 3 June 2095", "> 2095-05-01/2095-06-03"),
        ("Trains guards by 30 June 2092", "Trains guards", ""),
        ("Trains guards by the end of 2031", "Trains guards by the end of 2033", "2031 > 2033"),
        ("Trains guards as of 1 May 2092", "Trains guards as of 1 May 2093", "2092-05-01 > 2093-05-01"),
        # The date of a text or of a meeting that is cited, and a year in a name, say nothing of the act.
        ("Recalls MC.DEC/9/92 of 3 May 2092 on guards", "Recalls MC.DEC/7/93 of 1 May 2093 on guards", ""),
        ("Recalls the plan adopted on 3 May 2092", "Recalls the plan adopted in Ghent on 1 May 2093", ""),
        ("Supports the 2030 Agenda", "Supports the 2040 Agenda", ""),
    ],
)
def test_the_new_date(one: str, other: str, named: str) -> None:
    assert new_date(one, other) == named
