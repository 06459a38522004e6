"""TF Serving's REST interface: paths, bodies, status codes and messages as its source writes them."""

from __future__ import annotations

import httpx
import pytest


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server.rest) as opened:
        yield opened


V1 = "/v1/models/scale/versions/1"


def test_rows_are_answered_in_rows_and_with_tf_serving_s_line_breaks(client):
    answer = client.post(f"{V1}:predict", json={"instances": [1.0, 2.5, 0.1]})
    assert (answer.status_code, answer.text) == (200, '{\n    "predictions": [1.0, 2.5, 0.1\n    ]\n}')


def test_columns_are_answered_in_columns(client):
    answer = client.post(f"{V1}:predict", json={"inputs": {"x": [1, 2]}})
    assert answer.text == '{\n    "outputs": [\n        1.0,\n        2.0\n    ]\n}'


def test_a_signature_is_called_by_name_and_bytes_travel_as_base64(client):
    rows = [{"x": 2, "name": {"b64": "aGk="}}, {"x": 3, "name": "ho"}]
    answer = client.post("/v1/models/scale/versions/2:predict", json={"signature_name": "two", "instances": rows})
    assert answer.json() == {
        "predictions": [{"name": "hi", "name_bytes": {"b64": "aGk="}, "y": 4.0}, {"name": "ho", "name_bytes": {"b64": "aG8="}, "y": 6.0}]
    }


def test_classify_and_regress_take_examples(client):
    classified = client.post(f"{V1}:classify", json={"signature_name": "classify", "examples": [{"x": 0.25}, {"x": 1.0}]})
    assert classified.json() == {"results": [[["low", 0.75], ["high", 0.25]], [["low", 0.0], ["high", 1.0]]]}
    body = {"signature_name": "regress", "context": {"x": 2.0}, "examples": [{}, {"x": 3.0}]}
    assert client.post(f"{V1}:regress", json=body).json() == {"results": [2.0, 3.0]}


def test_a_label_leads_to_its_version(client):
    answers = [client.post(f"/v1/models/scale/labels/{label}:predict", json={"instances": [1]}) for label in ("stable", "canary")]
    assert [(each.json()["predictions"], each.headers["x-model-version"]) for each in answers] == [([1.0], "1"), ([2.0], "2")]


def test_status_is_tf_serving_s(client):
    answer = client.get(f"{V1}")
    assert answer.text == (
        '{\n "model_version_status": [\n  {\n   "version": "1",\n   "state": "AVAILABLE",\n   "status": {\n    "error_code": "OK",\n'
        '    "error_message": ""\n   }\n  }\n ]\n}\n'
    )
    both = client.get("/v1/models/scale").json()["model_version_status"]
    assert [each["version"] for each in both] == ["2", "1"]


def test_metadata_names_inputs_types_and_shapes(client):
    answer = client.get(f"{V1}/metadata").json()
    assert answer["model_spec"] == {"name": "scale", "signature_name": "", "version": "1"}
    inputs = answer["metadata"]["signature_def"]["signature_def"]["serving_default"]["inputs"]
    assert inputs["x"]["dtype"] == "DT_FLOAT"
    assert inputs["x"]["tensor_shape"] == {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False}


REFUSED = {
    "unknown model": ("/v1/models/none:predict", {"instances": [1]}, 404, "Servable not found for request: Latest(none)"),
    "unknown version": ("/v1/models/scale/versions/7:predict", {"instances": [1]}, 404, "Servable not found for request: Specific(scale, 7)"),
    "unknown label": ("/v1/models/scale/labels/x:predict", {"instances": [1]}, 400, "Unrecognized servable version label: x"),
    "unknown method": (f"{V1}:explain", {"instances": [1]}, 400, f"Malformed request: POST {V1}:explain"),
    "unknown signature": (
        f"{V1}:predict", {"signature_name": "s", "instances": [1]}, 400, 'Serving signature name: "s" not found in signature def'
    ),
    "no rows key": (f"{V1}:predict", {}, 400, "Missing 'inputs' or 'instances' key"),
    "no row": (f"{V1}:predict", {"instances": []}, 400, "JSON Value: {\"instances\": []} No values in 'instances' array"),
    "text": (
        f"{V1}:predict", {"instances": [1, "a"]}, 400,
        "Failed to process element: 1 of 'instances' list. Error: INVALID_ARGUMENT: JSON Value: \"a\" Type: String is not of expected type: float",
    ),
    "ragged": (
        f"{V1}:predict", {"instances": [[1], [1, 2]]}, 400,
        "Failed to process element: 1 of 'instances' list. Error: INVALID_ARGUMENT: Expecting tensor size: 1 but got: 2",
    ),
    "plain list for two inputs": (
        f"{V1}:predict", {"signature_name": "two", "instances": [1]}, 400,
        "instances is a plain list, but expecting list of objects as multiple input tensors required as per tensorinfo_map",
    ),
    "an input is missing": (
        f"{V1}:predict", {"signature_name": "two", "inputs": {"x": [1]}}, 400, "Missing named input: name in 'inputs' object."
    ),
    "no examples": (f"{V1}:classify", {}, 400, "JSON Value: {} When method is classify, key 'examples' is expected and was not found"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_is_refused_in_tf_serving_s_words(client, case):
    path, body, status, message = REFUSED[case]
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()) == (status, {"error": message})


def test_a_status_that_is_not_there_is_not_found(client):
    assert client.get("/v1/models/none").json() == {"error": "Could not find any versions of model none"}
    answer = client.get("/v1/models/scale/versions/9")
    assert (answer.status_code, answer.json()) == (404, {"error": "Could not find version 9 of model scale"})


def test_a_body_that_is_no_json_is_refused(client):
    answer = client.post(f"{V1}:predict", content=b"{")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("JSON Parse error: ")


def test_what_the_model_raises_is_the_answer_s_error(client):
    answer = client.post(f"{V1}:predict", json={"instances": [2e6]})
    assert answer.status_code == 400
    assert "too large for this model" in answer.json()["error"]


def test_a_corrupt_model_ends_with_an_error_and_is_never_served(client):
    status = client.get("/v1/models/broken").json()["model_version_status"][0]
    assert status["state"] == "END"
    assert status["status"]["error_code"] != "OK"
    assert status["status"]["error_message"]
    assert client.post("/v1/models/broken:predict", json={"instances": [1]}).status_code == 404


def test_a_model_whose_files_changed_since_it_was_registered_is_never_served(client):
    status = client.get("/v1/models/resealed").json()["model_version_status"][0]
    assert (status["state"], status["status"]["error_code"]) == ("END", "DATA_LOSS")


def test_unversioned_requests_are_shared_exactly(client):
    answers = [client.post("/v1/models/scale:predict", json={"instances": [1]}) for _ in range(100)]
    versions = [each.headers["x-model-version"] for each in answers]
    assert (versions.count("1"), versions.count("2")) == (90, 10)
    assert all(each.json()["predictions"] == [float(version)] for each, version in zip(answers, versions, strict=True))


def test_a_key_stays_with_its_version(client):
    def version(key):
        headers = {"X-Affinity-Key": key}
        return client.post("/v1/models/scale:predict", json={"instances": [1]}, headers=headers).headers["x-model-version"]

    first = {f"user {number}": version(f"user {number}") for number in range(40)}
    assert set(first.values()) == {"1", "2"}
    assert {key: version(key) for key in first} == first


def test_every_logged_prediction_names_its_version_and_leaves_out_what_is_excluded(client, server, monkeypatch):
    from jupyter_mlops.serving.predictions import read_predictions, who_answered

    monkeypatch.setenv("NB2PIPE_HOME", str(server.home))
    body = {"signature_name": "two", "instances": [{"x": 5, "name": "a secret"}, {"x": 6, "name": "another"}]}
    client.post("/v1/models/scale/versions/2:predict", json=body, headers={"X-Request-Id": "logged"})
    _until(lambda: _logged("scale") and who_answered("scale", "logged/1") == 2)
    kept = [row for row in read_predictions("scale").to_pylist() if row["request_id"] == "logged"]
    assert [(row["prediction_id"], row["input.x"], row["output.y"]) for row in kept] == [("logged/0", 5.0, 10.0), ("logged/1", 6.0, 12.0)]
    assert not any("secret" in str(value) for row in kept for name, value in row.items() if name != "output.name_bytes")


def _logged(model):
    from jupyter_mlops.serving.predictions import files_of

    return bool(files_of(model))


def _until(condition, seconds=30):
    import time

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
