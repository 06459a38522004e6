"""The lifecycle verbs and the Jupyter hooks. Importing this package imports nothing: a verb's module is loaded when the verb is first used.

No package below is named as a verb: importing a submodule binds its name here, and would hide the verb (ADR 13).
"""

__version__ = "0.1.0"

_VERBS = {
    "problem": "jupyter_mlops.framing:problem",
    "dataset": "jupyter_mlops.data:dataset",
    "validate": "jupyter_mlops.data:validate",
    "propose_suite": "jupyter_mlops.data:propose_suite",
    "track": "jupyter_mlops.training:track",
    "tune": "jupyter_mlops.training:tune",
    "gate": "jupyter_mlops.evaluation:gate",
    "register": "jupyter_mlops.serving:register",
    "deploy": "jupyter_mlops.serving:deploy",
    "profile": "jupyter_mlops.monitoring:profile",
    "drift": "jupyter_mlops.monitoring:drift",
    "monitor": "jupyter_mlops.feedback:monitor",
    "retrain_when": "jupyter_mlops.feedback:retrain_when",
    "lineage": "jupyter_mlops.provenance:lineage",
}

__all__ = list(_VERBS)


def __getattr__(name: str) -> object:
    """Load the module of a verb when the verb is first used."""
    if name not in _VERBS:
        raise AttributeError(f"module `jupyter_mlops` has no verb `{name}`")
    from importlib import import_module

    module, _, function = _VERBS[name].partition(":")
    verb: object = getattr(import_module(module), function)
    globals()[name] = verb
    return verb


def __dir__() -> list[str]:
    """Name the verbs too, loaded or not."""
    return sorted([*globals(), *_VERBS])


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Say where JupyterLab finds the built extension (`jupyter labextension develop`)."""
    return [{"src": "_labextension", "dest": "jupyter-mlops"}]
