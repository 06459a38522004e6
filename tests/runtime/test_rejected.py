"""A verb's verdict that stops a step is reported as a verdict, not as a crash."""

import pytest

from jupyter_mlops.errors import Rejected
from jupyter_mlops.runtime.tracebacks import headline


def test_a_rejected_verdict_is_nb804_with_its_place():
    try:
        exec(
            compile("raise Rejected('the challenger is worse', None)", "churn.ipynb › cell 5 (step check)", "exec"), {"Rejected": Rejected}
        )
    except Rejected as error:
        found = str(headline(error, "churn.ipynb", gate=False))
    assert found == "error[NB804] gate-rejected: Rejected: the challenger is worse at churn.ipynb › cell 5 (step check), line 1"


def test_a_gate_does_not_quote_the_call_of_a_verb_as_its_assertion():
    code = compile("raise Rejected('the challenger is worse', None)", "churn.ipynb › cell 5 (step check)", "exec")
    with pytest.raises(Rejected) as caught:
        exec(code, {"Rejected": Rejected})
    assert str(headline(caught.value, "churn.ipynb", gate=True)).startswith(
        "error[NB804] gate-rejected: Rejected: the challenger is worse at"
    )
