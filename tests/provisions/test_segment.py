# ruff: noqa: RUF001 - the texts hold dashes as they are printed
from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from osce_commitments import documents
from osce_commitments.config import Limits
from osce_commitments.ids import provision_id
from osce_commitments.labels import DocumentType, Role
from osce_commitments.provisions import segment
from osce_commitments.schema import PageSpan
from tests.support.growing import PATTERNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Provision

    Make = Callable[..., Document]


class Case(NamedTuple):
    """A document in the marks of conftest, and a line "role | number | lead-in | text" for each provision."""

    phenomenon: str
    document: str
    expected: str
    type: DocumentType = DocumentType.DECISION


CASES = [
    Case(
        "sentences of a numbered paragraph",
        "1. States will guard bridges. They will report, e.g. to the Council.",
        """
        operative | 1 | | States will guard bridges.
        operative | 1 | | They will report, e.g. to the Council.
        """,
    ),
    Case(
        "two levels under a stem, letters and Roman numerals",
        "3. Requests the Secretariat to report:\n\n(a) to the Council;\n\n(b) to the Forum, on:\n\n(i) threats;\n\n"
        "(ii) gaps;\n\n(c) to States.\n\n4. States will help.",
        """
        operative | 3 (a) | Requests the Secretariat to report: | to the Council;
        operative | 3 (b) (i) | Requests the Secretariat to report: to the Forum, on: | threats;
        operative | 3 (b) (ii) | Requests the Secretariat to report: to the Forum, on: | gaps;
        operative | 3 (c) | Requests the Secretariat to report: | to States.
        operative | 4 | | States will help.
        """,
    ),
    Case(
        "what somebody needs to do is a sentence of its own, a need is not",
        "1. The Board will:\n\n(a) light lamps. The guards of all bridges need to rest;\n\n(b) mend lamps. Report this need to the Council.",
        """
        operative | 1 (a) | The Board will: | light lamps.
        operative | 1 (a) | | The guards of all bridges need to rest;
        operative | 1 (b) | The Board will: | mend lamps.
        operative | 1 (b) | The Board will: | Report this need to the Council.
        """,
    ),
    Case(
        "numbers with a letter",
        "(3) They agree to:\n\n(3a) light bridges;\n\n(3b) close tunnels.\n\n(4) They will report.",
        """
        operative | (3) (3a) | They agree to: | light bridges;
        operative | (3) (3b) | They agree to: | close tunnels.
        operative | (4) | | They will report.
        """,
    ),
    Case(
        "the new wording of a paragraph in quotation marks",
        "Decides that the paragraph will read:\n\n“14. Lamps must be clean. They should have:\n\n(14.1) oil;\n\n15. Guards wake.”",
        """
        operative | 14 | Decides that the paragraph will read: | Lamps must be clean.
        operative | (14.1) | They should have: | oil;
        operative | 15 | Decides that the paragraph will read: | Guards wake.”
        """,
    ),
    Case(
        "a number behind items below a lone letter is outside",
        "(b) the use of lamps, as follows:\n\n(a) by night;\n\n(b) in storms.\n\n52. Urges guards to rest.\n\n53. Thanks them.",
        """
        operative | (b) (a) | the use of lamps, as follows: | by night;
        operative | (b) (b) | the use of lamps, as follows: | in storms.
        operative | 52 | | Urges guards to rest.
        operative | 53 | | Thanks them.
        """,
    ),
    Case(
        "a sentence without a blank before it",
        "1. States will light bridges by 2091.We will count the lamps.They are old, e.g.Those of Ghent.",
        """
        operative | 1 | | States will light bridges by 2091.
        operative | 1 | | We will count the lamps.
        operative | 1 | | They are old, e.g.Those of Ghent.
        """,
    ),
    Case(
        "a task behind a phrase below its name",
        "1. Decides on these tasks:\n\n(a) Bridges\n\nIn support of the guards, to light all bridges;\n\n(b) Tunnels\n\nTo close all tunnels.",
        """
        operative | 1 (a) | Decides on these tasks: Bridges | In support of the guards, to light all bridges;
        operative | 1 (b) | Decides on these tasks: Tunnels | To close all tunnels.
        """,
    ),
    Case(
        "headings at the ends of paragraphs",
        "1. We will:\n\n(a) light bridges;\n\n(b) close tunnels. Lamps and oil\n\n2. We will count them. Care of the old\n\n"
        "3. We will rest. Objective 2. Peace of mind\n\n4. We will sleep.",
        """
        operative | 1 (a) | We will: | light bridges;
        operative | 1 (b) | We will: | close tunnels.
        operative | 2 | | We will count them.
        operative | 3 | | We will rest.
        operative | 4 | | We will sleep.
        """,
    ),
    Case(
        "a single end without a stop is an act",
        "1. We will light bridges. Close all tunnels\n\n2. We will count them.",
        """
        operative | 1 | | We will light bridges.
        operative | 1 | | Close all tunnels
        operative | 2 | | We will count them.
        """,
    ),
    Case(
        "letters inside the stem of a list with letters",
        "5. Asks the Board to write about (a) lamps and (b) bridges, as follows:\n\n(a) their age;\n\n(b) their keepers.\n\n"
        "6. Asks it to write about (a) oil of old lamps and (b) the following:\n\n(i) boats;\n\n(ii) nets.",
        """
        operative | 5 (a) | Asks the Board to write about (a) lamps and (b) bridges, as follows: | their age;
        operative | 5 (b) | Asks the Board to write about (a) lamps and (b) bridges, as follows: | their keepers.
        operative | 6 (a) | Asks it to write about | oil of old lamps and
        operative | 6 (b) (i) | Asks it to write about the following: | boats;
        operative | 6 (b) (ii) | Asks it to write about the following: | nets.
        """,
    ),
    Case(
        "(i) behind (h) is a letter",
        "1. States will:\n\n(g) look;\n\n(h) listen;\n\n(i) learn;\n\n(j) report.",
        """
        operative | 1 (g) | States will: | look;
        operative | 1 (h) | States will: | listen;
        operative | 1 (i) | States will: | learn;
        operative | 1 (j) | States will: | report.
        """,
    ),
    Case(
        "(i) behind (h) that waits for items is a Roman numeral",
        "1. States will:\n\n(g) look;\n\n(h) listen to:\n\n(i) guards;\n\n(ii) drivers.",
        """
        operative | 1 (g) | States will: | look;
        operative | 1 (h) (i) | States will: listen to: | guards;
        operative | 1 (h) (ii) | States will: listen to: | drivers.
        """,
    ),
    Case(
        "sentences before the stem sentence stand alone",
        "2. Bridges are at risk. States will therefore:\n\n(a) guard them;\n\n(b) mend them. Repairs will be quick.",
        """
        operative | 2 | | Bridges are at risk.
        operative | 2 (a) | States will therefore: | guard them;
        operative | 2 (b) | States will therefore: | mend them.
        operative | 2 (b) | | Repairs will be quick.
        """,
    ),
    Case(
        "a stem without a colon",
        "5. Encourages States to protect bridges, including by\n\n- guarding them;\n\n- lighting them.",
        """
        operative | 5 | Encourages States to protect bridges, including by | guarding them;
        operative | 5 | Encourages States to protect bridges, including by | lighting them.
        """,
    ),
    Case(
        "a whole sentence is no stem of its items",
        "1. States will act.\n\n(a) They will look.\n\n2. States will report.",
        """
        operative | 1 | | States will act.
        operative | 1 (a) | | They will look.
        operative | 2 | | States will report.
        """,
    ),
    Case(
        "bullets of another sign below bullets",
        "States will:\n\n– guard:\n\n• bridges;\n\n• tunnels;\n\n– report.",
        """
        operative | | States will: guard: | bridges;
        operative | | States will: guard: | tunnels;
        operative | | States will: | report.
        """,
    ),
    Case(
        "bullets of one sign at two indents",
        "States will:\n\n  - guard:\n\n      - bridges;\n\n      - tunnels;\n\n  - report.",
        """
        operative | | States will: guard: | bridges;
        operative | | States will: guard: | tunnels;
        operative | | States will: | report.
        """,
    ),
    Case(
        "unnumbered items behind a stem",
        "4. The Council asks States to:\n\nstrengthen the network,\n\ndraw up a list; and\n\ninform the Forum.\n\nStates agree.",
        """
        operative | 4 | The Council asks States to: | strengthen the network,
        operative | 4 | The Council asks States to: | draw up a list; and
        operative | 4 | The Council asks States to: | inform the Forum.
        operative | | | States agree.
        """,
    ),
    Case(
        "unnumbered items told by their indent",
        "The Council asks for:\n\n    Closer work of guards.\n\n    Better lists.\n\nStates agree.",
        """
        operative | | The Council asks for: | Closer work of guards.
        operative | | The Council asks for: | Better lists.
        operative | | | States agree.
        """,
    ),
    Case(
        "a paragraph behind a colon that is no item",
        "The following was agreed:\n\nStates will guard bridges.\n\nThey will report.",
        """
        operative | | | The following was agreed:
        operative | | | States will guard bridges.
        operative | | | They will report.
        """,
    ),
    Case(
        "a tail in lower case belongs to the stem",
        "6. Calls upon States to:\n\n(a) guard bridges;\n\n(b) report;\n\nas appropriate.\n\n7. States agree.",
        """
        operative | 6 (a) | Calls upon States to: | guard bridges;
        operative | 6 (b) | Calls upon States to: | report;
        operative | 7 | | States agree.
        """,
    ),
    Case(
        "a list inside a paragraph and what follows it",
        "2. Calls upon States to (a) share data on bridges; (b) name a contact; and (c) report yearly. Others may join.",
        """
        operative | 2 (a) | Calls upon States to | share data on bridges;
        operative | 2 (b) | Calls upon States to | name a contact; and
        operative | 2 (c) | Calls upon States to | report yearly.
        operative | 2 | | Others may join.
        """,
    ),
    Case(
        "references to items are no list",
        "2. States will act under subparagraphs (a) and (b) of paragraph 5 (c) and items (d) and (e) of that list.",
        """
        operative | 2 | | States will act under subparagraphs (a) and (b) of paragraph 5 (c) and items (d) and (e) of that list.
        """,
    ),
    Case(
        "bullets inside a paragraph",
        "States will:\n\n- guard bridges; - light tunnels; and - report.",
        """
        operative | | States will: | guard bridges;
        operative | | States will: | light tunnels; and
        operative | | States will: | report.
        """,
    ),
    Case(
        "dashes in prose are no bullets",
        "The three aims – peace, order and calm – are shared by States.",
        """
        operative | | | The three aims – peace, order and calm – are shared by States.
        """,
    ),
    Case(
        "items glued into one paragraph with their first label",
        "1. States will:\n\n(a) guard bridges and tunnels; (b) light all bridges; (c) report each year.",
        """
        operative | 1 (a) | States will: | guard bridges and tunnels;
        operative | 1 (b) | States will: | light all bridges;
        operative | 1 (c) | States will: | report each year.
        """,
    ),
    Case(
        "numbered paragraphs glued together",
        "4. Urges States to guard bridges; 5. Urges States to report by 6 May at the latest;\n\n6. Thanks all.",
        """
        operative | 4 | | Urges States to guard bridges;
        operative | 5 | | Urges States to report by 6 May at the latest;
        operative | 6 | | Thanks all.
        """,
    ),
    Case(
        "a label in a block of its own",
        "1.\n\nStates will act.\n\n2.\n\nStates will report.",
        """
        operative | 1 | | States will act.
        operative | 2 | | States will report.
        """,
    ),
    Case(
        "capitals below numbers, other punctuation, no space",
        "1. States shall hold:\n\nA) 400 boats;\n\nB) 300 rafts.\n\n2.States agree that:\n\na.in that case, they act;\n\nb.they report.",
        """
        operative | 1 A) | States shall hold: | 400 boats;
        operative | 1 B) | States shall hold: | 300 rafts.
        operative | 2 (a) | States agree that: | in that case, they act;
        operative | 2 (b) | States agree that: | they report.
        """,
    ),
    Case(
        "numbers through several levels",
        "1. States will act.\n\n1.1 They will look.\n\n1.2 They will listen.\n\n2. They will report.",
        """
        operative | 1 | | States will act.
        operative | 1.1 | | They will look.
        operative | 1.2 | | They will listen.
        operative | 2 | | They will report.
        """,
    ),
    Case(
        "an initial at the start is no label",
        "States will act.\n\nJ. Doe signed the list.",
        """
        operative | | | States will act.
        operative | | | J. Doe signed the list.
        """,
    ),
    Case(
        "recitals between the enacting line and the first operative paragraph",
        "The Permanent Council,\n\nRecalling PC.DEC/9012,\n\nDeeply concerned by attacks. They grow,\n\n"
        "Acting under its mandate,\n\n1. Decides to act. It will report.",
        """
        other | | | The Permanent Council,
        preamble | | | Recalling PC.DEC/9012,
        preamble | | | Deeply concerned by attacks. They grow,
        preamble | | | Acting under its mandate,
        operative | 1 | | Decides to act.
        operative | 1 | | It will report.
        """,
    ),
    Case(
        "a participle opens recitals that no list names",
        "The Permanent Council,\n\nCherishing old bridges,\n\nDecides to act.",
        """
        other | | | The Permanent Council,
        preamble | | | Cherishing old bridges,
        operative | | | Decides to act.
        """,
    ),
    Case(
        "enacting line, recitals and decision in one paragraph",
        "The Permanent Council, Recalling PC.DEC/9012, Noting that attacks grow; Also stressing calm, Decides to act.",
        """
        other | | | The Permanent Council,
        preamble | | | Recalling PC.DEC/9012,
        preamble | | | Noting that attacks grow;
        preamble | | | Also stressing calm,
        operative | | | Decides to act.
        """,
    ),
    Case(
        "proper names in a recital do not part it",
        "The Security Council,\n\nNoting the work of the States, United Nations bodies, Working Group 7 and the Council,\n\n1. Acts.",
        """
        other | | | The Security Council,
        preamble | | | Noting the work of the States, United Nations bodies, Working Group 7 and the Council,
        operative | 1 | | Acts.
        """,
    ),
    Case(
        "a stem that opens all numbered paragraphs",
        "The Ministerial Council,\n\nNoting the risks,\n\nDecides:\n\n1. To meet in 2099;\n\n2. To ask States to:\n\n- help;\n\n- report.",
        """
        other | | | The Ministerial Council,
        preamble | | | Noting the risks,
        operative | 1 | Decides: | To meet in 2099;
        operative | 2 | Decides: To ask States to: | help;
        operative | 2 | Decides: To ask States to: | report.
        """,
    ),
    Case(
        "a treaty: place and date, recitals, formula, articles",
        "Ruritania, 5.V.2099 The member States of the Bridge Union and the other Signatories hereto,\n\n"
        "Considering the risks;\n\nWishing to act; Have agreed as follows:\n\n@heading Article 1\n\n@heading Aim\n\n"
        "1 Each Party shall act.\n\n2 No Party shall:\n\na blow up bridges;\n\nb help others to do so.\n\n"
        "@heading Article 2\n\n@heading Scope\n\n1 Parties may join.\n\nDone at Ruritania, in one copy.",
        """
        other | | | Ruritania, 5.V.2099 The member States of the Bridge Union and the other Signatories hereto,
        preamble | | | Considering the risks;
        preamble | | | Wishing to act;
        other | | | Have agreed as follows:
        operative | 1 | | Each Party shall act.
        operative | 2 (a) | No Party shall: | blow up bridges;
        operative | 2 (b) | No Party shall: | help others to do so.
        operative | 1 | | Parties may join.
        other | | | Done at Ruritania, in one copy.
        """,
        DocumentType.TREATY,
    ),
    Case(
        "text before the first recital is no operative text",
        "Ruritania, 5 May 2099. The Republic of A and the Republic of B.\n\nFulfilling their duty,\n\n"
        "Having met in Ruritania, Have adopted the following:\n\n1. States will act.",
        """
        other | | | Ruritania, 5 May 2099.
        other | | | The Republic of A and the Republic of B.
        preamble | | | Fulfilling their duty,
        preamble | | | Having met in Ruritania,
        other | | | Have adopted the following:
        operative | 1 | | States will act.
        """,
    ),
    Case(
        "a declaration that mixes recitals and acts",
        "We, the members of the Ministerial Council of the OSCE, have met in Ruritania. We will guard bridges.\n\n"
        "Recalling the Code of 2098,\n\nReaffirming our duty, we will report.\n\nStates will help.",
        """
        operative | | | We, the members of the Ministerial Council of the OSCE, have met in Ruritania.
        operative | | | We will guard bridges.
        preamble | | | Recalling the Code of 2098,
        operative | | | Reaffirming our duty, we will report.
        operative | | | States will help.
        """,
        DocumentType.DECLARATION,
    ),
    Case(
        "an enacting line in the first person",
        "We, the Foreign Ministers of the participating States,\n\nAware of the risks. They grow,\n\nWe will act.",
        """
        other | | | We, the Foreign Ministers of the participating States,
        preamble | | | Aware of the risks. They grow,
        operative | | | We will act.
        """,
        DocumentType.DECLARATION,
    ),
    Case(
        "no preamble at all",
        "@title CODE OF BRIDGES\n\nThe participating States will guard bridges.\n\nEnsuring calm is a task of all States.",
        """
        title | | | CODE OF BRIDGES
        operative | | | The participating States will guard bridges.
        operative | | | Ensuring calm is a task of all States.
        """,
    ),
    Case(
        "annex and attachment",
        "1. Adopts the annexed Code.\n\nAnnex to MC.DEC/91/07\n\n@heading CODE OF BRIDGES\n\n1. States will act.\n\n"
        "@heading Attachment to MC.DEC/91/07\n\nBy the delegation of Ruritania:\n\n1. We will do nothing.\n\n"
        "Annex 2\n\nStates will report.",
        """
        operative | 1 | | Adopts the annexed Code.
        title | | | CODE OF BRIDGES
        annex | 1 | | States will act.
        attachment | | | By the delegation of Ruritania:
        attachment | 1 | | We will do nothing.
        annex | | | States will report.
        """,
    ),
    Case(
        "recitals of an annexed instrument",
        "1. Adopts the annexed Code.\n\nANNEX\n\nThe 30 States Parties to the Code, Have agreed as follows:\n\n1. They shall act.",
        """
        operative | 1 | | Adopts the annexed Code.
        other | | | The 30 States Parties to the Code,
        other | | | Have agreed as follows:
        annex | 1 | | They shall act.
        """,
    ),
    Case(
        "an annex marker glued to the last paragraph",
        "1. The Council will report. Annex IV\n\nStates will act.",
        """
        operative | 1 | | The Council will report.
        annex | | | States will act.
        """,
    ),
    Case(
        "sentences that speak of annexes open none",
        "Annex II contains the list of experts.\n\nThe annex to this Decision is binding.",
        """
        operative | | | Annex II contains the list of experts.
        operative | | | The annex to this Decision is binding.
        """,
    ),
    Case(
        "an interpretative statement",
        "1. Decides to act.\n\n@heading INTERPRETATIVE STATEMENT UNDER PARAGRAPH IV.1(A)6 OF THE RULES OF PROCEDURE\n\nRuritania will not act.",
        """
        operative | 1 | | Decides to act.
        title | | | INTERPRETATIVE STATEMENT UNDER PARAGRAPH IV.1(A)6 OF THE RULES OF PROCEDURE
        attachment | | | Ruritania will not act.
        """,
    ),
    Case(
        "frame and furniture",
        "@header MC.DEC/91/07\n\n@title ON BRIDGES\n\n@contents 1. Aims 3\n\n1. States will:\n\n(a) act;\n\n"
        "@furniture - 2 -\n\n@footnote 1 See PC.DEC/9012.\n\n(b) report.\n\n@signature For Ruritania: X.\n\n"
        "Adopted unanimously at the 9999th meeting.",
        """
        title | | | ON BRIDGES
        other | | | 1. Aims
        operative | 1 (a) | States will: | act;
        other | | | See PC.DEC/9012.
        operative | 1 (b) | States will: | report.
        other | | | For Ruritania: X.
        other | | | Adopted unanimously at the 9999th meeting.
        """,
    ),
    Case(
        "narrative is no operative text",
        "@title On Bridges\n\nThe Permanent Council,\n\nStates should:\n\n- act.",
        """
        title | | | On Bridges
        other | | | The Permanent Council,
        other | | States should: | act.
        """,
        DocumentType.ARTICLE,
    ),
    Case(
        "a delegation speaks for itself",
        "We will guard bridges.",
        "other | | | We will guard bridges.",
        DocumentType.DELEGATION_STATEMENT,
    ),
    Case(
        "a heading that is an act",
        "@heading Action 7. We will guard bridges.\n\n12. Bridges are at risk. We decide to:\n\n(a) Guard them.",
        """
        operative | Action 7 | | We will guard bridges.
        operative | 12 | | Bridges are at risk.
        operative | 12 (a) | We decide to: | Guard them.
        """,
    ),
    Case(
        "numbered paragraphs go on behind text that opened a list",
        "1. We met.\n\nWe will work to:\n\n- guard bridges;\n\n- light tunnels.\n\n2. We will report.\n\n3. We agree.",
        """
        operative | 1 | | We met.
        operative | 1 | We will work to: | guard bridges;
        operative | 1 | We will work to: | light tunnels.
        operative | 2 | | We will report.
        operative | 3 | | We agree.
        """,
    ),
    Case(
        "misread labels stay in their list",
        "4. All States shall:\n\n(a) look;\n\n(6) listen;\n\n(c) report;\n\n5. All States shall:\n\n(2) act.",
        """
        operative | 4 (a) | All States shall: | look;
        operative | 4 (6) | All States shall: | listen;
        operative | 4 (c) | All States shall: | report;
        operative | 5 (2) | All States shall: | act.
        """,
    ),
    Case(
        "subjects that end in -ing and sentences behind a participle",
        "The Permanent Council,\n\nNoting the risks,\n\nParticipating States will guard bridges.\n\nBuilding bridges is dear.",
        """
        other | | | The Permanent Council,
        preamble | | | Noting the risks,
        operative | | | Participating States will guard bridges.
        operative | | | Building bridges is dear.
        """,
    ),
    Case(
        "a sentence that opens like a recital and acts",
        "The participating States,\n\nNoting the risks,\n\nAware of them, the participating States will act.",
        """
        other | | | The participating States,
        preamble | | | Noting the risks,
        operative | | | Aware of them, the participating States will act.
        """,
    ),
    Case(
        "a stem that opens like an enacting line",
        "The participating States will, in their territory,\n\n- guard bridges,\n\n- light tunnels.",
        """
        operative | | The participating States will, in their territory, | guard bridges,
        operative | | The participating States will, in their territory, | light tunnels.
        """,
    ),
    Case(
        "cells of a table",
        "1. States will:\n\n(a) act;\n\n@table 3. States will guard all bridges.\n\n@table 1,200 euros\n\n(b) report.",
        """
        operative | 1 (a) | States will: | act;
        operative | 3 | | States will guard all bridges.
        other | | | 1,200 euros
        operative | 1 (b) | States will: | report.
        """,
    ),
    Case(
        "a count that runs on below text that opens a list",
        "10. We met.\n\nWe pledge to:\n\n11. Guard bridges.\n\n12. Light tunnels.\n\nWe agree.\n\n13. We will report.",
        """
        operative | 10 | | We met.
        operative | 11 | We pledge to: | Guard bridges.
        operative | 12 | We pledge to: | Light tunnels.
        operative | | | We agree.
        operative | 13 | | We will report.
        """,
    ),
    Case(
        "a title of several blocks, the number of the decision among them",
        "@header MC.DEC/91/07\n\n@title DECISION No. 91/07\n\n@title GUARDING BRIDGES\n\nThe Ministerial Council,\n\n1. Decides to act.",
        """
        title | | | DECISION No. 91/07 GUARDING BRIDGES
        other | | | The Ministerial Council,
        operative | 1 | | Decides to act.
        """,
    ),
    Case(
        "titles with a header line between them stay apart",
        "@title Guarding bridges\n\n@header 5 May 2099\n\n@title Statement by the guards\n\nWe will act.",
        """
        title | | | Guarding bridges
        title | | | Statement by the guards
        operative | | | We will act.
        """,
    ),
    Case(
        "a note on the copy behind the operative text",
        "1. States will act.\n\nPrinted in Ruritania; not for sale.",
        """
        operative | 1 | | States will act.
        other | | | Printed in Ruritania; not for sale.
        """,
    ),
    Case(
        "a bracketed note in the middle is no closing note, one at the end is",
        "States will act.\n\n(This paragraph has effect from May.)\n\nThey will report.\n\n[Text as adopted on 5 May 2099]",
        """
        operative | | | States will act.
        operative | | | (This paragraph has effect from May.)
        operative | | | They will report.
        other | | | [Text as adopted on 5 May 2099]
        """,
    ),
    Case(
        "a last short act is no closing note",
        "1. States will act.\n\nThanks the keepers of the bridges.",
        """
        operative | 1 | | States will act.
        operative | | | Thanks the keepers of the bridges.
        """,
    ),
    Case(
        "recitals and acts numbered through",
        "1. Recalling PC.DEC/9012,\n\n2. Alarmed by attacks,\n\nThe OSCE Parliamentary Assembly:\n\n3. Urges States to:\n\n"
        "(a) act;\n\n4. Calls for calm.",
        """
        preamble | 1 | | Recalling PC.DEC/9012,
        preamble | 2 | | Alarmed by attacks,
        other | | | The OSCE Parliamentary Assembly:
        operative | 3 (a) | Urges States to: | act;
        operative | 4 | | Calls for calm.
        """,
        DocumentType.RESOLUTION,
    ),
    Case(
        "a participle in a count that runs already is no recital",
        "1. States will act.\n\n2. Recognizing the risk, they will report,\n\n3. Recalling PC.DEC/9012,",
        """
        operative | 1 | | States will act.
        operative | 2 | | Recognizing the risk, they will report,
        operative | 3 | | Recalling PC.DEC/9012,
        """,
    ),
    Case(
        "the body speaks again between numbered paragraphs",
        "Decides that:\n\n1. States will act;\n\n2. Guards shall report;\n\nThe Ministerial Council further:\n\n3. Calls for calm;\n\n"
        "4. Urges States to help.",
        """
        operative | 1 | Decides that: | States will act;
        operative | 2 | Decides that: | Guards shall report;
        operative | 3 | The Ministerial Council further: | Calls for calm;
        operative | 4 | The Ministerial Council further: | Urges States to help.
        """,
    ),
    Case(
        "a stem whose opener returns acts itself",
        "6. The Secretary General is tasked with holding a meeting of guards, and with:\n\n(a) Drawing a map;\n\n(b) Reporting.",
        """
        operative | 6 | | The Secretary General is tasked with holding a meeting of guards, and with:
        operative | 6 (a) | The Secretary General is tasked with holding a meeting of guards, and with: | Drawing a map;
        operative | 6 (b) | The Secretary General is tasked with holding a meeting of guards, and with: | Reporting.
        """,
    ),
    Case(
        "a stem with a decision before the verb that opens its items",
        "1. Establishes a fund for bridges and requests the Secretariat to:\n\n(a) manage it;\n\n2. Decides to guard bridges, and to this end:\n\n"
        "(a) to hire guards.",
        """
        operative | 1 | | Establishes a fund for bridges and requests the Secretariat to:
        operative | 1 (a) | Establishes a fund for bridges and requests the Secretariat to: | manage it;
        operative | 2 | | Decides to guard bridges, and to this end:
        operative | 2 (a) | Decides to guard bridges, and to this end: | to hire guards.
        """,
    ),
    Case(
        "a stem that welcomes something first is a provision too",
        "1. Welcomes the study and urges States to:\n\n(a) read it;\n\n2. Calls upon and urges States to:\n\n(a) act.",
        """
        operative | 1 | | Welcomes the study and urges States to:
        operative | 1 (a) | Welcomes the study and urges States to: | read it;
        operative | 2 (a) | Calls upon and urges States to: | act.
        """,
    ),
    Case(
        "an enacting formula with its subject and purpose, over two blocks",
        "They recall the Bridge Charter.\n\nIn order to guard bridges, the participating States\n\nhave agreed as follows:\n\nThey will act.",
        """
        preamble | | | They recall the Bridge Charter.
        other | | | In order to guard bridges, the participating States have agreed as follows:
        operative | | | They will act.
        """,
        DocumentType.CHARTER,
    ),
    Case(
        "a recital before the subject of the formula",
        "Having looked at bridges, the Ministers declare the following:\n\n1. Bridges will be guarded.",
        """
        preamble | | | Having looked at bridges,
        other | | | the Ministers declare the following:
        operative | 1 | | Bridges will be guarded.
        """,
        DocumentType.STATEMENT,
    ),
    Case(
        "the title of an annex, printed as a paragraph, is a heading",
        "1. States will act.\n\nAnnex A:\n\nList of the bridges that guards look after\n\nThe States Parties, in fear of storms,\n\n"
        "Have agreed as follows:\n\n1. Guards shall act.",
        """
        operative | 1 | | States will act.
        title | | | List of the bridges that guards look after
        other | | | The States Parties, in fear of storms,
        other | | | Have agreed as follows:
        annex | 1 | | Guards shall act.
        """,
    ),
    Case(
        "a delegation speaks in an annex",
        "1. States will act.\n\nAnnex 1\n\n1. Guards shall act.\n\nThe delegation of Ruritania made the following statement:\n\n"
        "Ruritania will act alone.\n\nAnnex 2\n\n1. Guards shall report.",
        """
        operative | 1 | | States will act.
        annex | 1 | | Guards shall act.
        attachment | | | The delegation of Ruritania made the following statement:
        attachment | | | Ruritania will act alone.
        annex | 1 | | Guards shall report.
        """,
    ),
    Case(
        "text further out than unnumbered items ends their list",
        "Decides to:\n\n    Set up a fund;\n\n    Invite:\n\n        guards of bridges;\n\n        keepers of tunnels;\n\n"
        "Calls upon States to help by:\n\n    naming guards;\n\nThe names should be sent soon.",
        """
        operative | | Decides to: | Set up a fund;
        operative | | Decides to: Invite: | guards of bridges;
        operative | | Decides to: Invite: | keepers of tunnels;
        operative | | Calls upon States to help by: | naming guards;
        operative | | | The names should be sent soon.
        """,
    ),
    Case(
        "in particular: at the end of a stem, and of a recital",
        "The Permanent Council,\n\nNoting the work of keepers in particular,\n\nAware of storms,\n\n1. Asks guards to help, and in particular\n\n"
        "(a) to act.",
        """
        other | | | The Permanent Council,
        preamble | | | Noting the work of keepers in particular,
        preamble | | | Aware of storms,
        operative | 1 (a) | Asks guards to help, and in particular | to act.
        """,
    ),
    Case("no text at all", "@header MC.DEC/91/07\n\n@furniture - 1 -", ""),
    Case(
        "(i) behind (b) is a Roman numeral, whatever the end of (b)",
        "1. States will, as regards\n\n(a) bridges, light them;\n\n(b) tunnels,\n\n(i) paint them,\n\n(ii) close them.",
        """
        operative | 1 (a) | States will, as regards | bridges, light them;
        operative | 1 (b) (i) | States will, as regards tunnels, | paint them,
        operative | 1 (b) (ii) | States will, as regards tunnels, | close them.
        """,
    ),
    Case(
        "a stem taken up again",
        "Agrees:\n\n1. to light bridges;\n\nand further to:\n\n2. paint them.\n\nStates will help.",
        """
        operative | 1 | Agrees: | to light bridges;
        operative | 2 | and further to: | paint them.
        operative | | | States will help.
        """,
    ),
    Case(
        "numbers below words that wait for them",
        "The Parties shall name experts who\n\n1. know lamps;\n\n2. know bridges.",
        """
        operative | 1 | The Parties shall name experts who | know lamps;
        operative | 2 | The Parties shall name experts who | know bridges.
        """,
    ),
    Case(
        "lines without stops below a colon",
        "1. A lamp should have:\n\nA wick\n\nA lid of glass\n\nThe lid should be clean.",
        """
        operative | 1 | A lamp should have: | A wick
        operative | 1 | A lamp should have: | A lid of glass
        operative | | | The lid should be clean.
        """,
    ),
    Case(
        "other bullets below a conjunction, none below a sentence",
        "1. Lamps are lit by:\n\n• guards;\n\n• keepers, if\n\n- they wake; or\n\n- they read.\n\n2. Guards sleep.",
        """
        operative | 1 | Lamps are lit by: | guards;
        operative | 1 | Lamps are lit by: keepers, if | they wake; or
        operative | 1 | Lamps are lit by: keepers, if | they read.
        operative | 2 | | Guards sleep.
        """,
    ),
    Case(
        "short items inside a paragraph behind a colon",
        "1. We will: (a) light lamps; (b) paint bridges; and (c) sleep. This is all.\n\n2. Guards (a) wake, (b) sleep and rest.",
        """
        operative | 1 (a) | We will: | light lamps;
        operative | 1 (b) | We will: | paint bridges; and
        operative | 1 (c) | We will: | sleep.
        operative | 1 | | This is all.
        operative | 2 | | Guards (a) wake, (b) sleep and rest.
        """,
    ),
    Case(
        "a subject above what it does",
        "The participating States, mindful of storms,\n\nwill light their bridges;\n\nwill close their tunnels.\n\nGuards sleep.",
        """
        operative | | The participating States, mindful of storms, | will light their bridges;
        operative | | The participating States, mindful of storms, | will close their tunnels.
        operative | | | Guards sleep.
        """,
        DocumentType.CHARTER,
    ),
    Case(
        "a subject above recitals",
        "The participating States, meeting in Ghent,\n\nRecalling the storms,\n\nAgree to light their bridges.",
        """
        preamble | | | Recalling the storms,
        operative | | The participating States, meeting in Ghent, | Agree to light their bridges.
        """,
        DocumentType.CHARTER,
    ),
    Case(
        "infinitives without labels below a comma, and the tail of the list",
        "Calls on States, with care,\n\n    to light bridges;\n\n    to close tunnels,\n\nunless guards sleep.\n\nThanks the guards.",
        """
        operative | | Calls on States, with care, | to light bridges;
        operative | | Calls on States, with care, | to close tunnels,
        operative | | | Thanks the guards.
        """,
    ),
    Case(
        "lines without labels at two levels",
        "They agree that\n\n    ships carry lights;\n\n    no ship sails\n\n        in storms;\n\n        by night;\n\n    rules are printed.",
        """
        operative | | They agree that | ships carry lights;
        operative | | They agree that no ship sails | in storms;
        operative | | They agree that no ship sails | by night;
        operative | | They agree that | rules are printed.
        """,
    ),
    Case(
        "the mark of a footnote behind a stem and behind a sentence",
        "1. Asks States, in all weathers, and to this end, to: 1/\n\n• light bridges.\n\n2. Guards wake. 2/\n\n• They sleep.",
        """
        operative | 1 | | Asks States, in all weathers, and to this end, to: 1/
        operative | 1 | Asks States, in all weathers, and to this end, to: 1/ | light bridges.
        operative | 2 | | Guards wake. 2/
        operative | 2 | | They sleep.
        """,
    ),
]


def _line(provision: Provision) -> str:
    words = " ".join(provision.text.split())
    return f"{provision.role} | {provision.number} | {provision.lead_in} | {words}".replace("|  |", "| |")


@pytest.mark.parametrize("case", CASES, ids=[case.phenomenon for case in CASES])
def test_provisions_of(case: Case, make_document: Make) -> None:
    found = [
        _line(provision).replace("|  |", "| |") for provision in segment(make_document(case.document, type=case.type))
    ]
    assert found == [line.strip() for line in case.expected.strip().splitlines()], case.phenomenon


def test_number_of_cases() -> None:
    assert len(CASES) == len({case.phenomenon for case in CASES})


def test_headings_are_a_path(make_document: Make) -> None:
    marked = (
        "@heading1 Part II\n\n@heading1 Bridges\n\n@heading2 Guards\n\nA is B.\n\n@heading2 Lights\n\nC is D.\n\n"
        "@heading1 Tunnels\n\nE is F.\n\nAnnex 1\n\n@heading1 List\n\n@heading1 Boats\n\nG is H."
    )
    assert [provision.heading for provision in segment(make_document(marked))] == [
        ("Part II – Bridges", "Guards"),
        ("Part II – Bridges", "Lights"),
        ("Tunnels",),
        ("Annex 1",),
        ("Annex 1 – List", "Boats"),
    ]


def test_the_title_of_an_annex_joins_its_marker(make_document: Make) -> None:
    document = make_document(
        "Annex A:\n\nList of bridges\n\n@heading2 Part I\n\nA is B.\n\nAnnex B:\n\nBridges are guarded."
    )
    assert [(provision.heading, provision.role) for provision in segment(document)] == [
        (("Annex A:",), Role.TITLE),
        (("Annex A \u2013 List of bridges", "Part I"), Role.ANNEX),
        (("Annex B:",), Role.ANNEX),
    ]


def test_context_is_kept(make_document: Make) -> None:
    facts: dict[str, Any] = {"title": "On Bridges", "date": dt.date(2099, 5, 5)}
    document = make_document("1. Act on it.\n\n2. Report it.", pages=(PageSpan(1, 0, 13), PageSpan(2, 13, 40)), **facts)
    first, second = segment(document)
    assert (first.page, second.page) == (1, 2)
    assert (first.title, first.date, first.document) == ("On Bridges", dt.date(2099, 5, 5), document.id)
    assert (first.index, second.index) == (0, 1)
    assert second.id == provision_id(document.id, second.start, second.end, second.text) != first.id


def test_lead_in_spans_point_to_the_stems(make_document: Make) -> None:
    document = make_document("1. We met. States will:\n\n(a) inform:\n\n- the Council.")
    last = segment(document)[-1]
    assert [document.text[start:end] for start, end in last.lead_in_spans] == ["States will:", "inform:"]
    assert last.lead_in == "States will: inform:"


@pytest.mark.parametrize(("words", "lead_in"), [(200, 1), (2000, 0)])
def test_a_stem_that_is_longer_than_any_sentence_is_no_lead_in(make_document: Make, words: int, lead_in: int) -> None:
    stem = f"The States decide with {'lamps ' * words}to:"
    *_, last = segment(make_document(f"{stem}\n\n(a) inform the Council."))
    assert last.lead_in == stem * lead_in


def test_importing_the_stage_loads_no_spacy() -> None:
    code = "import sys, osce_commitments.provisions as stage; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_roles_are_closed(make_document: Make) -> None:
    found = {provision.role for case in CASES for provision in segment(make_document(case.document, type=case.type))}
    assert found == set(Role)


def test_lead_ins_in_each_other_are_bounded() -> None:
    parsed, _ = documents.parse(PATTERNS["rows '\\u201cWe will,\\n\\n'"](1_000), limits=Limits())
    depths = [len(one.lead_in_spans) for one in segment(parsed[0])]
    assert 6 < max(depths) <= 20
