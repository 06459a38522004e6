"""A verb's verdict that stops a step is reported as a verdict, not as a crash."""

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
