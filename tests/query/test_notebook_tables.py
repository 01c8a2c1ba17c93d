"""Tables for notebooks: what a document says is text, never mark-up."""

from __future__ import annotations

from osce_commitments.query.result import html_table


def test_values_are_escaped() -> None:
    shown = html_table(
        ("citation", "areas", "reading"), [("MC.DEC/9/11", ("arms", "policing"), "<script>alert(1)</script>")], "1 & 1"
    )
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "arms, policing" in shown
    assert shown.endswith("<p>1 &amp; 1</p>")
