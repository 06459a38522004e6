"""A retraining policy → the facts that its widget draws: the policy, what it says now, what has been decided and done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.feedback.overview import moment
from jupyter_mlops.feedback.wording import write_condition

if TYPE_CHECKING:
    from jupyter_mlops.feedback.audit import Entry
    from jupyter_mlops.feedback.retraining import RetrainingPolicy

MOST_ENTRIES = 60


def trail(policy: RetrainingPolicy) -> dict[str, Any]:
    """Give the view of a policy, as of the end of the newest window: no clock is read."""
    entries = policy.audit.entries()
    windows = policy.monitor.history.windows()
    now = max([entries[-1].at if entries else 0.0, windows[-1].end if windows else 0.0])
    decision = policy.decide(now)
    found = policy.influence()
    return {
        "title": f"Retraining of {policy.monitor.model}",
        "model": policy.monitor.model,
        "policy": str(policy.policy),
        "triggers": [[write_condition(each) for each in trigger.conditions] for trigger in policy.policy.triggers],
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "causes": [{"key": cause.key, "evidence": cause.evidence} for cause in decision.causes],
        "cost": policy.cost,
        "influence": {
            "rows": found.rows,
            "share": found.share,
            "exploration": found.exploration,
            "warning": found.warning(policy.most_influenced),
        },
        "broken": policy.audit.verify(),
        "entries": [_entry(entry) for entry in entries[-MOST_ENTRIES:]],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": moment(entry.at),
        "kind": entry.kind,
        "who": entry.who,
        "told": _told(entry),
        "digest": entry.digest[:12],
    }


def _told(entry: Entry) -> str:
    body = entry.body
    match entry.kind:
        case "decision":
            return f"{body['outcome']}: {body['reason']}"
        case "start":
            return f"retraining starts for {', '.join(body['causes'])}"
        case "approval":
            return f"{entry.who} approves a retraining for {', '.join(body['causes'])}"
        case "end":
            return f"{body['outcome']}{': version ' + str(body['version']) if 'version' in body else ''}; {body.get('reason', '')}"
    return str(body.get("text", ""))
