"""NB116 setting-unusable."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class SettingUnusable(Violation):
    """A setting in the notebook's metadata cannot be used."""

    code = "NB116"
    slug = "setting-unusable"
    severity = Severity.ERROR
    since = "0.1"
    message = "the setting `{setting}` cannot be used: expected {expected}"
    why = "settings stand in the `nb2pipe` metadata of a cell or of the notebook, where a misspelt one would silently do nothing"
    fix = "correct it in the metadata editor; `compiler/docs/tags.md` lists all settings"

    setting: str
    expected: str
