"""The language of full-text queries."""

from __future__ import annotations

import pickle

import pytest

from osce_commitments.query.search.language import (
    Both,
    Either,
    QueryError,
    QueryWords,
    Without,
    broaden,
    compile_query,
    concepts,
    is_plain,
    parse_query,
    plain_words,
    spelling_variants,
    terms_of_documents,
)
from osce_commitments.resources import load_yaml

A, B, C = (QueryWords((letter,)) for letter in "abc")


def shape(text: str) -> object:
    return _bare(parse_query(text))


def _bare(node: object) -> object:
    if isinstance(node, QueryWords):
        return QueryWords(node.words, node.field, node.is_beginning)
    if isinstance(node, Without):
        return Without(_bare(node.part))  # type: ignore[arg-type]
    if isinstance(node, Both | Either):
        return type(node)(tuple(_bare(part) for part in node.parts))  # type: ignore[arg-type]
    return node


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  \t", None),
        ("a", A),
        ("a b", Both((A, B))),
        ("a AND b", Both((A, B))),
        ("a OR b c", Either((A, Both((B, C))))),
        ("(a OR b) c", Both((Either((A, B)), C))),
        ("a NOT b", Both((A, Without(B)))),
        ("a AND NOT b", Both((A, Without(B)))),
        ("a -b", Both((A, Without(B)))),
        ("co-operate", QueryWords(("co-operate",))),
        ("a and b", Both((A, QueryWords(("and",)), B))),
        ('"a b"', QueryWords(("a", "b"))),
        ("\u201ca b\u201d", QueryWords(("a", "b"))),
        ("a*", QueryWords(("a",), is_beginning=True)),
        ('"a b*"', QueryWords(("a", "b"), is_beginning=True)),
        ("title:a", QueryWords(("a",), "title")),
        ("Lead_In: a", QueryWords(("a",), "lead_in")),
        ('text:"a b" c', Both((QueryWords(("a", "b"), "text"), C))),
        ("title:(a OR text:b)", Either((QueryWords(("a",), "title"), QueryWords(("b",), "text")))),
        ("Note: a", Both((QueryWords(("Note",)), A))),
        ("12:30", QueryWords(("12", "30"))),
        ("a \u2013 & b", Both((A, B))),
        ("a, b.", Both((A, B))),
        ("a NOT (b OR c)", Both((A, Without(Either((B, C)))))),
    ],
)
def test_trees(text: str, tree: object) -> None:
    assert shape(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("(a", 0, r"opening bracket has no closing one \(at character 1: \(a\)\. Close it with \)"),
        ("a)", 1, r"closing bracket has no opening one \(at character 2"),
        ('a "b c', 2, r"phrase has no closing quotation mark \(at character 3: \"b c\)\. Close it with \""),
        ('""', 0, "phrase has no word"),
        ("a AND", 5, r"word is missing \(at its end\)"),
        ("OR a", 0, r"word is missing \(at character 1: OR a\)"),
        ("a OR OR b", 5, r"word is missing \(at character 6"),
        ("()", 1, "word is missing"),
        (
            "titel:a",
            0,
            r"unknown field 'titel' \(at character 1: titel:a\)\. Choose from: title, heading, lead_in, text",
        ),
        ("reading:a", 0, "unknown field 'reading'"),
        ("title:-a", 6, "field title has no word"),
        ("*a", 0, r"\* is not at the end"),
        ("a *", 2, r"\* has no letters before it"),
        ("\u2013 ?", 0, "no letter or digit"),
        ("(" * 30 + "a", 21, "are nested"),
        ("NOT " * 30 + "a", 84, "are nested"),
        ("a " * 101, 0, "more than 100 words"),
        ("a" * 2001, 2000, "longer than 2,000 characters"),
    ],
)
def test_mistakes_name_the_place_and_the_remedy(text: str, position: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        parse_query(text)
    assert caught.value.position == position
    assert "\n" not in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).position == position  # noqa: S301 - our own


@pytest.mark.parametrize("text", ["a OR NOT b", "a OR (NOT b)", "NOT (NOT a)"])
def test_not_needs_something_to_leave_out_of(text: str) -> None:
    node = parse_query(text)
    assert node is not None
    with pytest.raises(QueryError, match="NOT has nothing to exclude from"):
        compile_query(node, list)


def test_beginnings_are_spelt_out_and_bounded() -> None:
    node = parse_query("terror*")
    assert node is not None
    assert '"terrorism" OR "terrorist"' in compile_query(node, lambda _: ["terrorism", "terrorist"]).match
    assert "\ue000" in compile_query(node, lambda _: []).match
    with pytest.raises(QueryError, match=r"terror\* matches 500 words"):
        compile_query(node, lambda _: [f"terror{n}" for n in range(500)])


def test_spellings() -> None:
    assert load_yaml("search")["match"]
    for asked, wanted in load_yaml("search")["match"]:
        assert wanted.replace("-", " ") in spelling_variants(asked), asked
    for asked, other in load_yaml("search")["differ"]:
        assert other.replace("-", " ") not in spelling_variants(asked), asked


def test_a_broader_query_wants_any_word_or_a_term_of_the_documents_and_keeps_what_is_left_out() -> None:
    node = parse_query('"b c" title:x NOT y')
    assert node is not None
    assert _bare(broaden(node)) == Both((Either((B, C, QueryWords(("x",), "title"))), Without(QueryWords(("y",)))))
    assert plain_words(node) == ("b", "c", "x")
    question = parse_query("What is to be done about identity papers?")
    assert question is not None
    found = shape_of_terms(broaden(question))
    assert {"identity", "papers", "travel document", "passport"} <= set(found)
    assert "what" not in found
    phrase = parse_query("Do they go to jail?")
    assert phrase is not None
    assert {"go", "jail", "prosecute"} <= set(shape_of_terms(broaden(phrase)))
    assert "to" not in shape_of_terms(broaden(phrase))
    only_function_words = parse_query("what to do")
    assert only_function_words is not None
    assert shape_of_terms(broaden(only_function_words)) == ["what", "to", "do"]


def shape_of_terms(node: object) -> list[str]:
    if isinstance(node, QueryWords):
        return [" ".join(node.words)]
    assert isinstance(node, Both | Either)
    return [one for part in node.parts for one in shape_of_terms(part)]


def test_terms_of_documents_for_what_people_say() -> None:
    examples = load_yaml("search")
    assert examples["match_terms"]
    for asked, wanted in examples["match_terms"]:
        assert wanted in terms_of_documents(parse_query(asked)), asked
    for asked, other in examples["differ_terms"]:
        assert other not in terms_of_documents(parse_query(asked)), asked
    assert terms_of_documents(parse_query("gun smuggling"), 1) == ("weapon", "trafficking")
    assert terms_of_documents(None) == ()


def test_what_people_say_has_the_terms_of_its_entry() -> None:
    """Else an entry that says the same wins in silence; and a word that YAML reads as no or off would be lost."""
    resource = load_yaml("search")
    for many, terms in resource["terms_of_documents"].items():
        for said in many.split(", "):
            node = parse_query(said)
            assert node is not None
            assert [one.terms for one in concepts(node)] == [tuple(terms)], said
            assert all(isinstance(one, str) for one in terms), said
    assert all(isinstance(one, str) for one in (*resource["function_words"], *resource["words_that_say_little"]))


@pytest.mark.parametrize(
    "query", ["stolen identity papers", "What must States do about passports?", "follow-up: drugs"]
)
def test_words_alone_are_plain(query: str) -> None:
    assert is_plain(query)


@pytest.mark.parametrize(
    "query", ["arms OR drugs", '"travel document"', "traffick*", "title:border", "-visa", "(arms)"]
)
def test_operators_are_not_plain(query: str) -> None:
    assert not is_plain(query)


def _concepts(question: str) -> list[tuple[str, float]]:
    node = parse_query(question)
    assert node is not None
    return [(" ".join(word.words[0] for word in one.words), one.weight) for one in concepts(node)]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who must report stolen identity papers?", [("report", 1), ("stolen", 1), ("identity papers", 1)]),
        ("Are countries told about hacking?", [("countries", 0.25), ("told", 0.25), ("hacking", 1)]),
        ("the guards' anti-terror training", [("guards", 1), ("anti-terror", 1), ("training", 1)]),
        ("drugs, drugs and a drug", [("drugs", 1)]),
        ("Which documents stop drugs?", [("documents", 0.25), ("stop", 0.25), ("drugs", 1)]),
        ("international commitments on drugs", [("international", 0.25), ("commitments", 0.25), ("drugs", 1)]),
        ("prevention of drug use in schools", [("prevention", 0.25), ("drug", 1), ("use", 0.25), ("schools", 1)]),
        ("what to do", [("what", 1), ("to", 1), ("do", 1)]),
    ],
)
def test_concepts_are_the_matters_of_a_question(question: str, found: list[tuple[str, float]]) -> None:
    assert _concepts(question) == found


def test_endings_of_plurals_and_verbs_do_not_matter() -> None:
    node, same = parse_query("human smugglers"), parse_query("human smuggler")
    assert terms_of_documents(node) == terms_of_documents(same) != ()
    assert terms_of_documents(parse_query("hacked")) == terms_of_documents(parse_query("hacking")) != ()
    assert terms_of_documents(parse_query("newspapers")) != terms_of_documents(parse_query("papers"))


@pytest.mark.parametrize(
    ("form", "usual"), [("caught", "catch"), ("thieves", "thief"), ("stole", "steal"), ("hid", "hide")]
)
def test_irregular_forms_have_the_terms_of_the_usual_one(form: str, usual: str) -> None:
    assert terms_of_documents(parse_query(form)) == terms_of_documents(parse_query(usual)) != ()


def test_a_list_has_each_irregular_form_under_a_form_that_is_not_irregular_itself() -> None:
    forms = load_yaml("search")["irregular_forms"]
    assert not forms.keys() & set(forms.values())
