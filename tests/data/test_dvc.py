"""dvc:// finds content by the MD5 that DVC wrote, in its cache, at any Git revision."""

import hashlib
import json
import subprocess

import pytest

import jupyter_mlops as ml
from jupyter_mlops.errors import EnvironmentProblem


def keep(root, content, layout="files/md5/"):
    md5 = hashlib.md5(content).hexdigest()
    path = root / ".dvc" / "cache" / f"{layout}{md5[:2]}" / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return md5


def track(root, name, md5):
    (root / f"{name}.dvc").write_text(f"outs:\n- md5: {md5}\n  hash: md5\n  path: {name}\n")


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / ".dvc").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("layout", ["files/md5/", ""], ids=["DVC 3", "DVC 2"])
def test_a_tracked_file_is_read_from_the_cache(root, layout):
    md5 = keep(root, b"x\n1\n", layout)
    track(root, "x.csv", md5)
    data = ml.dataset("dvc://x.csv")
    assert (data.version, list(data.frame().x)) == (md5, [1])


def test_an_output_of_a_stage_is_found_in_dvc_lock(root):
    md5 = keep(root, b"x\n2\n")
    (root / "dvc.lock").write_text(
        f"schema: '2.0'\nstages:\n  make:\n    cmd: make\n    outs:\n    - path: out/x.csv\n      hash: md5\n      md5: {md5}\n"
    )
    assert list(ml.dataset("dvc://out/x.csv").frame().x) == [2]


def test_a_tracked_folder_and_a_file_in_it(root):
    listed = [{"md5": keep(root, f"x\n{at}\n".encode()), "relpath": f"in/{at}.csv"} for at in (1, 2)]
    md5 = keep(root, json.dumps(listed).encode())
    path = root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    path.rename(path.with_name(path.name + ".dir"))
    track(root, "raw", md5 + ".dir")
    assert list(ml.dataset("dvc://raw").frame().x) == [1, 2]
    assert list(ml.dataset("dvc://raw/in/2.csv").frame().x) == [2]


def test_a_git_revision_is_read_as_it_was(root):
    def git(*words):
        names = ["-c", "user.name=A", "-c", "user.email=a@b"]
        subprocess.run(["git", *names, *words], cwd=root, check=True, capture_output=True)

    git("init", "-q")
    for at in (1, 2):
        track(root, "x.csv", keep(root, f"x\n{at}\n".encode()))
        git("add", "x.csv.dvc")
        git("commit", "-qm", str(at))
        git("tag", f"v{at}")
    assert list(ml.dataset("dvc://x.csv", version="v1").frame().x) == [1]
    assert list(ml.dataset("dvc://x.csv").frame().x) == [2]
    with pytest.raises(EnvironmentProblem, match=r"^Git knows no revision `--output=y` here"):
        ml.dataset("dvc://x.csv", version="--output=y")


def test_damaged_content_is_refused(root):
    md5 = keep(root, b"x\n1\n")
    track(root, "x.csv", md5)
    (root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]).write_bytes(b"x\n9\n")
    with pytest.raises(ValueError, match=rf"and DVC wrote {md5}: the cache or the remote is damaged$"):
        ml.dataset("dvc://x.csv")


def test_what_is_not_tracked_or_not_there_is_said(root, tmp_path_factory):
    with pytest.raises(FileNotFoundError, match=r"^DVC tracks no `y.csv`: there is no `y.csv.dvc`"):
        ml.dataset("dvc://y.csv")
    track(root, "x.csv", "0" * 32)
    with pytest.raises(FileNotFoundError, match=r"expected after `dvc pull`$"):
        ml.dataset("dvc://x.csv")
    with pytest.raises(EnvironmentProblem, match=r"is in no DVC repository"):
        ml.dataset(f"dvc://{tmp_path_factory.mktemp('bare')}/x.csv")
