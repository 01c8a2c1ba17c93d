"""What a model reads of a provision, and what it leaves out where there is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.classify.encoder.inputs import Composer, ContextField, InputSettings, length_sorted, pad
from osce_commitments.ids import document_id, provision_id
from osce_commitments.labels import Role
from osce_commitments.schema import Provision

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def words() -> Tokenizer:
    """A tokenizer that knows a few words, each one token."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    known = "[PAD] [UNK] [CLS] [SEP] | / operative title heading one two three four five stem near text a b c d".split()  # noqa: SIM905
    vocabulary = {word: at for at, word in enumerate(known)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_truncation(5)
    return tokenizer


def provision(text: str, lead_in: str = "", title: str = "", heading: tuple[str, ...] = ()) -> Provision:
    document = document_id("0" * 64, 1)
    return Provision(
        id=provision_id(document, 0, len(text), text),
        document=document,
        index=0,
        start=0,
        end=len(text),
        text=text,
        role=Role.OPERATIVE,
        title=title,
        heading=heading,
        lead_in=lead_in,
    )


def read(one: Provision, **settings: object) -> tuple[str, int]:
    """The tokens of an input, and how many of them are context."""
    tokenizer = words()
    encoded = Composer(tokenizer, InputSettings.model_validate(settings)).encode(one)
    assert len(encoded.ids) == len(encoded.segments)
    tokens = " ".join(str(tokenizer.id_to_token(number)) for number in encoded.ids)
    return tokens, encoded.segments.count(0)


def test_context_and_text_are_a_pair_in_the_configured_order() -> None:
    one = provision("text a", lead_in="stem near", title="title one", heading=("heading two", "heading three"))
    tokens, context = read(one)
    assert tokens == ("[CLS] operative | title one | heading two / heading three | stem near [SEP] text a [SEP]")
    assert context == len(
        [
            "[CLS]",
            "operative",
            "|",
            "title",
            "one",
            "|",
            "heading",
            "two",
            "/",
            "heading",
            "three",
            "|",
            "stem",
            "near",
            "[SEP]",
        ]
    )
    tokens, _ = read(one, context=["lead_in", "role"])
    assert tokens == "[CLS] stem near | operative [SEP] text a [SEP]"


def test_empty_parts_leave_no_separator_and_no_context_is_allowed() -> None:
    assert read(provision("text a"))[0] == "[CLS] operative [SEP] text a [SEP]"
    assert read(provision("text a"), context=[]) == ("[CLS] [SEP] text a [SEP]", 2)


def test_the_title_gives_way_first_and_from_its_end() -> None:
    one = provision("text a b", lead_in="stem near", title="title one two three four five", heading=("heading two",))
    tokens, _ = read(one, max_length=16)
    assert tokens == "[CLS] operative | title one | heading two | stem near [SEP] text a b [SEP]"
    tokens, _ = read(
        provision("a b c d a b", lead_in="stem near", title="title one", heading=("heading two",)), max_length=16
    )
    assert tokens == "[CLS] operative | heading two | stem near [SEP] a b c d a b [SEP]"


def test_of_a_long_lead_in_what_is_nearest_to_the_text_stays() -> None:
    one = provision("text " * 20, lead_in="one two three four five stem near")
    tokens, _ = read(one, max_length=16, lead_in_tokens=2)
    assert tokens == "[CLS] stem near [SEP] " + "text " * 11 + "[SEP]"


def test_a_long_text_is_cut_where_it_ends_and_never_passes_the_limit() -> None:
    tokens, _ = read(provision("text a " + "b " * 600), max_length=32)
    assert tokens.startswith("[CLS] [SEP] text a b b")
    assert len(tokens.split()) == 32


def test_padding_has_no_attention_and_batches_are_of_like_length() -> None:
    composer = Composer(words(), InputSettings(context=(ContextField.LEAD_IN,)))
    inputs = [composer.encode(provision("a " * size)) for size in (5, 1, 4, 2)]
    assert list(length_sorted(inputs, 2)) == [[1, 3], [2, 0]]
    arrays = pad([inputs[1], inputs[3]])
    assert arrays["input_ids"].shape == (2, 5)
    assert arrays["attention_mask"].tolist() == [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
