"""`ml.retrain_when`: a policy → decisions with their evidence in an audit trail, and a recurring pipeline that carries them out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.feedback.audit import Audit, Entry
from jupyter_mlops.feedback.decision import Cause, Decision, Outcome, decide
from jupyter_mlops.feedback.evidence import State
from jupyter_mlops.feedback.influence import MOST, Influence, influence
from jupyter_mlops.feedback.policy import Alarm, Drop, Level, Policy, read_policy
from jupyter_mlops.feedback.watch import Monitor
from jupyter_mlops.place import home
from jupyter_mlops.report import Report, Verdict, deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.submit.events import RunResult

MEASURED = ("accuracy", "error_rate", "mae")


@dataclass(frozen=True, kw_only=True, repr=False)
class RetrainingPolicy(Report):
    """A policy, what it watches, and the notebook that it runs. Its memory is the audit trail alone."""

    kind: ClassVar[str] = "policy"

    policy: Policy
    monitor: Monitor
    notebook: str | None = None
    cost: float = 0.0
    trained_at: float | None = None
    accepted: Mapping[str, float] = field(default_factory=dict)
    approve: Callable[[Decision], str | None] | None = None
    other_rows: int = 0
    most_influenced: float = MOST
    settle_seconds: float = 7200.0

    @property
    def audit(self) -> Audit:
        """The trail."""
        return Audit(self.monitor.model)

    def decide(self, now: float | None = None) -> Decision:
        """Say what the policy says for the windows judged so far; writes nothing."""
        return self._decide(self.audit.entries(), time.time() if now is None else now)

    def begin(self, now: float | None = None) -> Decision:
        """Judge new windows, decide, write the decision down, and if it is to retrain, start an attempt.

        Called again for the time of an attempt that is going on (a pipeline that was interrupted), it gives that attempt's decision again.
        """
        at = now or time.time()
        self.monitor.run(at)
        entries = self.audit.entries()
        going = _running(entries)
        if going is not None and going.at == at:
            causes = tuple(Cause(key, "of the attempt that is going on") for key in going.body["causes"])
            return Decision(outcome=Outcome.RETRAIN, reason="an interrupted retraining goes on", at=at, causes=causes)
        decision = self._decide(entries, at)
        if decision.outcome is Outcome.APPROVAL and self.approve is not None:
            person = self.approve(decision)
            if person:
                self._approve(person, decision, at)
                decision = self._decide(self.audit.entries(), at)
        self._write(decision)
        if decision.fires:
            body = {"causes": list(decision.keys), "cost": self.cost, "influence": _counts(self.influence(at))}
            if self.audit.append("start", body, at=at, unless=lambda known: _running(known) is not None) is None:
                return Decision(outcome=Outcome.DUPLICATE, reason="another process has just started it", at=at, causes=decision.causes)
        return decision

    def settle(self, now: float | None = None, *, failed: str = "") -> str:
        """Write the outcome of the attempt that is going on: what the rollout came to, or that there was none; gives it.

        `failed` says what stopped the pipeline before anything was deployed.
        """
        from jupyter_mlops.feedback.settling import outcome_of

        del now  # the rollout's own times count
        going = _running(self.audit.entries())
        if going is None:
            return "nothing was retrained"
        outcome, evidence = outcome_of(self.monitor.model, going.at, failed=failed, most_seconds=self.settle_seconds)
        if outcome != "running":
            self.audit.append("end", {"outcome": outcome, **evidence}, at=time.time(), unless=lambda known: _running(known) is None)
        return outcome

    def approve_by(self, person: str, *, now: float | None = None) -> None:
        """Consent, as `person`, to one retraining for the causes that ask for it now.

        Raises
        ------
        ValueError
            If no name is given, or nothing waits for approval.
        """
        if not person.strip():
            raise ValueError("an approval needs the name of the person who gives it")
        at = time.time() if now is None else now
        decision = self.decide(at)
        if decision.outcome is not Outcome.APPROVAL:
            raise ValueError(f"nothing waits for approval: the policy says `{decision.outcome.value}` ({decision.reason})")
        self._approve(person, decision, at)

    def influence(self, now: float = float("inf")) -> Influence:
        """Count how much of what a retraining would learn from the model itself decided."""
        return influence(self.monitor.history.errors(until=now, seen=now), other_rows=self.other_rows)

    def compile(self, target: Path | None = None) -> Path:
        """Write the recurring notebook beside the notebook; ``nb2pipe submit --schedule`` makes it a recurring run on Kubeflow."""
        from jupyter_mlops.feedback.recurring import write_recurring

        return write_recurring(self._notebook(), self.definition(), str(self.policy), target)

    def run_once(self, now: float | None = None) -> Decision:
        """Do one turn of the loop here: judge, decide, and if the policy says so run the recurring pipeline to its end."""
        from jupyter_mlops.feedback.recurring import recurring_path
        from jupyter_mlops.feedback.settling import run_pipeline

        at = time.time() if now is None else now
        going = _running(self.audit.entries())
        decision = self.begin(going.at if going is not None and self.notebook is not None else at)
        if decision.fires and self.notebook is not None:
            own = home() / "retraining"
            own.mkdir(parents=True, exist_ok=True)
            written = self.compile(own / recurring_path(self.notebook).name)
            result: RunResult = run_pipeline(written, decision.at, directory=Path(self.notebook).resolve().parent)
            if result.exit != 0:
                self.audit.append("note", {"text": _stopped(result)}, at=time.time())
            self.settle(failed="" if result.exit == 0 else _stopped(result))
        return decision

    def definition(self) -> str:
        """Give the expression that makes this policy, of literals only."""
        watched = ", ".join([repr(self.monitor.model), *(f"{k}={v!r}" for k, v in self.monitor.definition().items() if k != "model")])
        more = {
            "cost": self.cost or None,
            "trained_at": self.trained_at,
            "accepted": dict(self.accepted) or None,
            "other_rows": self.other_rows or None,
        }
        rest = "".join(f",\n    {name}={value!r}" for name, value in more.items() if value is not None)
        return f"return ml.retrain_when(\n    {str(self.policy)!r},\n    monitor=ml.monitor({watched}){rest},\n)"

    def view(self) -> dict[str, Any]:
        """Give the policy, what it says now, and its trail."""
        from jupyter_mlops.feedback.trail import trail

        return trail(self)

    def _decide(self, entries: tuple[Entry, ...], now: float) -> Decision:
        from jupyter_mlops.feedback.audit import fold
        from jupyter_mlops.framing import LOWER

        lower = dict.fromkeys((*LOWER, "mae", "error_rate"), False)
        start = State(trained_at=self.trained_at, accepted=self.accepted, higher_is_better=lower, cost=self.cost)
        return decide(self.policy, self.monitor.windows(now), fold(entries, start), now)

    def _write(self, decision: Decision) -> None:
        """A decision that says the same as the last one adds nothing: the trail is for people."""
        body = {
            "outcome": decision.outcome.value,
            "reason": decision.reason,
            "causes": [{"key": cause.key, "evidence": cause.evidence} for cause in decision.causes],
        }

        def known(entries: tuple[Entry, ...]) -> bool:
            last = next((entry for entry in reversed(entries) if entry.kind in {"decision", "start"}), None)
            same = last is not None and last.kind == "decision" and last.body["outcome"] == body["outcome"]
            return decision.outcome is Outcome.QUIET or (
                same and last is not None and [c["key"] for c in last.body["causes"]] == list(decision.keys)
            )

        self.audit.append("decision", body, at=decision.at, unless=known)
        from jupyter_mlops.provenance import Entity, record

        if decision.outcome is not Outcome.QUIET:
            record("retrain_when", inputs=(Entity("model", self.monitor.model),), facets={"retraining": body})

    def _approve(self, person: str, decision: Decision, at: float) -> None:
        self.audit.append("approval", {"causes": list(decision.keys), "cost": self.cost}, at=at, who=person)

    def _notebook(self) -> Path:
        if self.notebook is None:
            raise ValueError("the policy has no `notebook`; expected the path of the notebook whose pipeline retrains the model")
        return Path(self.notebook)


def retrain_when(
    policy: str | Mapping[str, Any] | Policy,
    *,
    monitor: Monitor,
    notebook: str | Path | None = None,
    budget: float | None = None,
    cost: float = 0.0,
    trained_at: float | None = None,
    accepted: Mapping[str, float] | None = None,
    approve: Callable[[Decision], str | None] | None = None,
    other_rows: int = 0,
    most_influenced: float = MOST,
) -> RetrainingPolicy:
    """Say when a model is retrained, and let it happen: detect → retrain → gate against champion → canary → promote or roll back.

    Parameters
    ----------
    policy : str, mapping or Policy
        Such as ``"PSI > 0.2 on any top-10 feature for 3 windows, or ADWIN on error; at most once a day"``; the grammar is in `language.py`.
    monitor : Monitor
        What it watches.
    notebook : path, optional
        Its pipeline retrains, gates and deploys. Without one the policy only decides.
    budget : float, optional
        What the policy's text means by "above budget" where it gives no number.
    cost : float
        What one retraining is expected to cost, in the unit of the budget.
    trained_at : float, optional
        When the model in service was trained, in seconds since 1970: what "age" counts from, until the trail knows better.
    accepted : mapping, optional
        Metrics of the model in service when it was accepted, by name: what "drops by" counts from.
    approve : callable, optional
        Gets a decision that needs approval; gives the name of the person who approves, or None.
    other_rows : int
        Rows of the training data that no model had a hand in, for the feedback-loop check.
    most_influenced : float
        Share of rows that the model itself decided, above which the report warns.

    Returns
    -------
    RetrainingPolicy
        `run_once` does one turn here, `compile` writes the recurring notebook for Kubeflow.

    Raises
    ------
    PolicyError
        If the policy cannot be read.
    ValueError
        If it asks for a metric that nobody measures.
    """
    read = read_policy(policy, budget=budget)
    if not isinstance(monitor, Monitor):
        raise TypeError(f"`monitor` is a `{type(monitor).__name__}`; expected what `ml.monitor` gives")
    for condition in (each for trigger in read.triggers for each in trigger.conditions):
        if isinstance(condition, Level | Drop):
            known = ("accuracy",) if condition.estimated else MEASURED
            if condition.metric not in known:
                raise ValueError(
                    f"the policy asks for `{condition.metric}`; the monitor measures {', '.join(f'`{each}`' for each in known)}"
                )
    asked = [each.detector for trigger in read.triggers for each in trigger.conditions if isinstance(each, Alarm)]
    made = RetrainingPolicy(
        policy=read,
        monitor=replace(monitor, detectors=tuple(dict.fromkeys([*monitor.detectors, *asked]))),
        notebook=None if notebook is None else str(notebook),
        cost=cost,
        trained_at=trained_at,
        accepted=dict(accepted or {}),
        approve=approve,
        other_rows=other_rows,
        most_influenced=most_influenced,
    )
    return deliver(made, Verdict.PASS)


def _running(entries: tuple[Entry, ...]) -> Entry | None:
    """Give the start of the attempt that has not ended."""
    last = next((entry for entry in reversed(entries) if entry.kind in {"start", "end"}), None)
    return last if last is not None and last.kind == "start" else None


def _counts(found: Influence) -> dict[str, Any]:
    return {"rows": found.rows, "decided": found.decided, "explored": found.explored}


def _stopped(result: RunResult) -> str:
    step = next((each for each in result.steps if each.state.value == "failed"), None)
    return f"the pipeline stopped in `{step.step}`: {step.headline}" if step is not None else "the pipeline was stopped"
