"""s3:// over real HTTP: versions, copies by digest, nothing secret shown. lakeFS's gateway is S3 with the ref in the key."""

import hashlib
import io
import json

import pandas as pd
import pytest

import jupyter_mlops as ml
from jupyter_mlops.data.content import folder_of
from jupyter_mlops.errors import EnvironmentProblem

pytest.importorskip("s3fs", reason="S3 is read through s3fs")


def parquet(values):
    buffer = io.BytesIO()
    pd.DataFrame({"x": values}).to_parquet(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def bucket(s3):
    _, client = s3
    client.create_bucket(Bucket="data")
    client.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    versions = [client.put_object(Bucket="data", Key="x.parquet", Body=parquet(values))["VersionId"] for values in ([1], [1, 2])]
    for part in (1, 2):
        client.put_object(Bucket="data", Key=f"parts/{part}.parquet", Body=parquet([part]))
    return client, versions


def test_a_version_is_read_as_it_was(bucket):
    _, (old, new) = bucket
    latest, first = ml.dataset("s3://data/x.parquet"), ml.dataset("s3://data/x.parquet", version=old)
    assert (latest.version, first.version) == (new, old)
    assert (list(latest.frame().x), list(first.frame().x)) == ([1, 2], [1])


def test_the_digest_is_of_the_bytes_and_the_copy_is_kept_by_it(bucket):
    data = ml.dataset("s3://data/x.parquet")
    digest = hashlib.sha256(parquet([1, 2])).hexdigest()
    assert data.digest == f"sha256:{digest}"
    assert data.path() == folder_of(digest) / "x.parquet"
    assert data.path().stat().st_mode & 0o222 == 0


def test_a_copy_that_is_damaged_is_made_again(bucket):
    path = ml.dataset("s3://data/x.parquet").path()
    path.chmod(0o644)
    path.write_bytes(b"rot")
    again = ml.dataset("s3://data/x.parquet")
    assert list(again.frame().x) == [1, 2]


def test_a_copy_is_not_fetched_twice(bucket, monkeypatch):
    from jupyter_mlops.data import content

    first = ml.dataset("s3://data/x.parquet")
    monkeypatch.setattr(content, "_download", lambda *_: pytest.fail("fetched again"))
    assert ml.dataset("s3://data/x.parquet").digest == first.digest


def test_a_prefix_is_a_folder(bucket):
    data = ml.dataset("s3://data/parts")
    assert sorted(data.frame().x) == [1, 2]
    assert sorted(path.name for path in data.path().iterdir()) == ["1.parquet", "2.parquet"]
    assert ml.dataset("s3://data/parts/*.parquet").digest == data.digest


def test_an_object_that_is_not_there_is_named(bucket):
    with pytest.raises(FileNotFoundError, match=r"`s3://data/none.parquet`|data/none.parquet"):
        ml.dataset("s3://data/none.parquet")


def test_a_store_that_does_not_answer_is_a_problem_of_the_environment_without_secrets():
    options = {
        "key": "AKIAEXAMPLE",
        "secret": "do-not-show",
        "endpoint_url": "http://user:hunter2@127.0.0.1:9",
        "config_kwargs": {"retries": {"max_attempts": 1}},
    }
    with pytest.raises(EnvironmentProblem, match=r"`s3://data/x.parquet` cannot be read") as caught:
        ml.dataset("s3://data/x.parquet", storage_options=options)
    assert "hunter2" not in str(caught.value)
    assert "do-not-show" not in str(caught.value)


def test_lakefs_is_read_through_its_gateway_at_a_ref(s3, bucket, monkeypatch):
    address, client = s3
    client.create_bucket(Bucket="repo")
    for ref, values in (("main", [1]), ("v2", [2])):
        client.put_object(Bucket="repo", Key=f"{ref}/x.parquet", Body=parquet(values))
    monkeypatch.setenv("LAKECTL_SERVER_ENDPOINT_URL", f"{address}/api/v1")
    monkeypatch.setenv("LAKECTL_CREDENTIALS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY", "do-not-show")
    data = ml.dataset("lakefs://repo/main/x.parquet")
    assert (data.version, list(data.frame().x)) == ("main", [1])
    assert list(ml.dataset("lakefs://repo/main/x.parquet", version="v2").frame().x) == [2]


def test_lakefs_without_a_server_says_how_to_name_one(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("LAKECTL_SERVER_ENDPOINT_URL", raising=False)
    with pytest.raises(EnvironmentProblem, match=r"LAKECTL_SERVER_ENDPOINT_URL"):
        ml.dataset("lakefs://repo/main/x.parquet")


def test_dvc_reads_from_its_remote_by_md5(bucket, s3, tmp_path):
    address, client = s3
    client.create_bucket(Bucket="dvc")
    body = parquet([7])
    md5 = hashlib.md5(body).hexdigest()
    client.put_object(Bucket="dvc", Key=f"store/files/md5/{md5[:2]}/{md5[2:]}", Body=body)
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").write_text(
        "[core]\n    remote = far\n['remote \"far\"']\n    url = s3://dvc/store\n    endpointurl = " + address
    )
    (tmp_path / "x.parquet.dvc").write_text(f"outs:\n- md5: {md5}\n  size: {len(body)}\n  hash: md5\n  path: x.parquet\n")
    data = ml.dataset(f"dvc://{tmp_path}/x.parquet")
    assert (data.version, list(data.frame().x)) == (md5, [7])
    assert str(tmp_path) not in json.dumps(data.view())
