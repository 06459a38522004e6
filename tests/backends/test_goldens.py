"""Every feature on every backend, compared with a file that is reviewed like code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_feature_on_backend(feature, backend, golden):
    """The files of a feature pipeline are those in the golden folder."""
    bundle = backend.emit(feature)
    [file] = bundle.files
    assert (bundle.backend, bundle.entry) == (backend.name, file.path)
    stem = "odd_names" if " " in feature.name else feature.name
    golden(HERE / "golden" / backend.name / (stem + file.path[file.path.index(".") :]), file.text)


def test_no_golden_without_a_feature(feature_names):
    """A golden whose feature is gone is gone too."""
    for backend, suffix in (("kfp", ".yaml"), ("local", ".pipeline.json")):
        found = {path.name.removesuffix(suffix) for path in (HERE / "golden" / backend).iterdir()}
        assert found == feature_names


def test_same_bytes_in_every_process(python_path):
    """The order of sets and hashes, which differs between processes, does not reach the output."""
    program = (
        "import importlib.util, hashlib\n"
        f"spec = importlib.util.spec_from_file_location('features', {str(HERE / 'conftest.py')!r})\n"
        "features = importlib.util.module_from_spec(spec); spec.loader.exec_module(features)\n"
        "texts = [backend(features.stub_container).emit(each).files[0].text for each in features.FEATURES.values() for backend in (features.Kfp, features.Local)]\n"
        "print(hashlib.sha256(''.join(texts).encode()).hexdigest())\n"
    )
    environments = [os.environ | {"PYTHONPATH": python_path, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    digests = [
        subprocess.run([sys.executable, "-c", program], env=each, capture_output=True, check=True, text=True) for each in environments
    ]
    assert len({each.stdout for each in digests}) == 1


def test_header_names_notebook_and_content(kfp, feature):
    """The file says where it comes from, and a digest tells whether somebody edited it; no date, no path."""
    import hashlib

    first, second, rest = kfp.emit(feature).files[0].text.split("\n", 2)
    assert first == f"# Compiled by nb2pipe from {feature.notebook}: edit the notebook, not this file."
    assert second == f"# Content sha256:{hashlib.sha256(rest.encode()).hexdigest()}"


def test_any_file_name_is_a_comment(kfp, make):
    """A notebook may be called anything: what a comment cannot hold is shown as a question mark."""
    from nb2pipe.record import replace

    named = replace(make.pipeline("p", make.step("s")), notebook="a\nb: \x1b\udcff é.ipynb")
    assert kfp.emit(named).files[0].text.startswith("# Compiled by nb2pipe from a?b: ?? é.ipynb: edit")
