"""A `ModelServerConfig` of TF Serving → this server's configuration, with TF Serving's order and refusals.

A label moves only to a version that answers already, except a label that is new (as with `allow_version_labels_for_unavailable_models`).
The call returns when the wanted versions are loaded, or could not be.

Source
------
TF Serving, model_servers/server_core.cc, `ReloadConfig`, `UpdateModelVersionLabelMap`
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.server.configuration import ModelConfig
from jupyter_mlops.serving.server.status import Code, Refused, wrong

if TYPE_CHECKING:
    from jupyter_mlops.serving.server.configuration import Configuration
    from jupyter_mlops.serving.server.core import Core
    from jupyter_mlops.serving.server.follow import Follower


def reload(config: Any, core: Core, configuration: Configuration, follower: Follower) -> None:
    """Replace the configuration.

    Raises
    ------
    Refused
        If it is no list of models, names one twice, has a relative path, or moves a label to a version that does not answer.
    """
    if config.WhichOneof("config") != "model_config_list":
        raise wrong("ServerModelConfig type not supported by HandleReloadConfigRequest. Only ModelConfigList is currently supported")
    wanted: dict[str, ModelConfig] = {}
    for each in config.model_config_list.config:
        if each.name in wanted:
            raise wrong(f"Illegal to list model {each.name} multiple times in config list")
        if not Path(each.base_path).is_absolute():
            raise wrong(f"Expected model {each.name} to have an absolute path or URI; got base_path()={each.base_path}")
        wanted[each.name] = _read(each)
    for model, entry in wanted.items():
        _check_labels(core, model, entry)
    configuration.replace(wanted)
    for loading in follower.apply():
        loading.result()
    follower.apply()
    _check_loaded(core, configuration)


def _read(config: Any) -> ModelConfig:
    policy = config.model_version_policy
    which = policy.WhichOneof("policy_choice") or "latest"
    return ModelConfig(
        config.base_path,
        which,
        max(policy.latest.num_versions, 1),
        tuple(policy.specific.versions),
        dict(sorted(config.version_labels.items())),
    )


def _check_labels(core: Core, model: str, config: ModelConfig) -> None:
    available = core.versions.available(model)
    table = core.tables.get(model)
    for label, version in config.labels.items():
        moves = table is not None and table.labels.get(label, version) != version
        if moves and version not in available:
            message = f"Request to assign label to version {version} of model {model}, which is not currently available for inference"
            raise Refused(Code.FAILED_PRECONDITION, message)


def _check_loaded(core: Core, configuration: Configuration) -> None:
    broken = [
        f"{{name: {entry.model} version: {entry.version}}} due to error: {entry.code.name}: {entry.message}"
        for model in configuration.models()
        for entry in core.versions.status(model)
        if entry.state == "END" and entry.code is not Code.OK and entry.version in configuration.versions(model)
    ]
    if broken:
        message = f"{len(broken)} servable(s) did not become available: {{{', '.join(broken)}}}"
        raise Refused(Code.UNKNOWN, message)
