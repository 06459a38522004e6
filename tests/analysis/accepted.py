"""Where the analysis is held to less than what was measured, each call with its reason."""

MISSED: dict[str, str] = {}
"""Calls whose change is not seen."""

FALSE_ALARMS = {
    r"sklearn\.pipeline\.Pipeline\.set_output\(.*": "it changes the steps that transform, and what is a step only predicts",
    r"river\.compose\.Pipeline\.(predict_one|predict_proba_one|transform_one)\(.*": "the scaler in it makes room for features; the model does not",
}
"""Calls, as patterns, that are taken to change what they do not."""
