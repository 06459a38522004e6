"""An endpoint as a user writes it → the address of a KFP API that answered, or one sentence about what stands in the way.

The first request is made here with the standard library: `kfp.Client` retries for half a minute before it says that nobody answers,
and reads a login page as if it were JSON.
"""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT_SECONDS = 15
_LOGIN = "--token TOKEN or --cookies COOKIES; inside Kubeflow start the notebook server with the PodDefault `access-ml-pipeline`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to reach and enter an endpoint; `ca_file` is a bundle of certificates to trust."""

    endpoint: str
    token: str | None = None
    cookies: str | None = None
    ca_file: str | None = None
    verify: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An API that answered at `url`; `multi_user` means that everything needs a namespace."""

    access: Access
    url: str
    multi_user: bool


def connect(access: Access) -> Connection:
    """Find the API below an endpoint: at its root, or under `/pipeline` as behind Kubeflow's dashboard.

    Raises
    ------
    Nb2PipeError
        For an address where no KFP API answers, or one that wants a login, a certificate or another path.
    """
    problem: Nb2PipeError | None = None
    for url in _candidates(access.endpoint):
        try:
            health = json.loads(_get(access, f"{url}/apis/v2beta1/healthz"))
        except Nb2PipeError as error:
            problem = problem or error
        except ValueError:  # a page for people: a dashboard, or a login that answers 200
            page = Nb2PipeError(
                f"`{url}` answers with a web page, not with the pipelines API: the address is another service's, or wants a login",
                hint=_LOGIN,
            )
            problem = problem or page
        else:
            if isinstance(health, dict):
                return Connection(access=access, url=url, multi_user=bool(health.get("multi_user")))
    assert problem is not None
    raise problem


def read_log(connection: Connection, run: str, pod: str) -> str:
    """Read what a pod printed, while the server still has it; empty when it has not."""
    try:
        text = _get(connection.access, f"{connection.url}/apis/v1alpha1/runs/{run}/nodes/{pod}/log").decode("utf-8", "replace")
    except Nb2PipeError:
        return ""
    return "" if text.startswith('{"error_message"') else text  # the handler says 200 before it knows


def read_artifact(connection: Connection, identifier: str) -> dict[str, Any]:
    """Read what the server knows about an artifact; empty where it has no artifact API."""
    try:
        answer = json.loads(_get(connection.access, f"{connection.url}/apis/v2beta1/artifacts/{quote(identifier, safe='')}"))
    except (Nb2PipeError, ValueError):
        return {}
    return answer if isinstance(answer, dict) else {}


def explain(error: Exception, connection: Connection, namespace: str | None) -> Nb2PipeError:
    """Turn what `kfp.Client` raised into one sentence and what to do."""
    status, body = getattr(error, "status", None), str(getattr(error, "body", "") or "")
    said = _said(body) or str(error).split("\n")[0]
    if status == 401 or body.lstrip().startswith("<"):
        return Nb2PipeError(f"`{connection.url}` wants a login (or the token has expired)", hint=_LOGIN)
    if status == 403:
        where = f" in namespace `{namespace}`" if namespace else ""
        return Nb2PipeError(
            f"the server does not permit this{where}: {said}", hint="--namespace NAME, or ask for the role kubeflow-edit there"
        )
    if status is not None:
        return Nb2PipeError(
            f"the server refused ({status}): {said}",
            hint="nb2pipe check NOTEBOOK" if status == 400 else "try again later, or ask who runs it",
        )
    return Nb2PipeError(f"the connection to `{connection.url}` broke: {said}", hint="try again; uploading twice makes no second version")


def _candidates(endpoint: str) -> Iterator[str]:
    plain = endpoint.rstrip("/")
    if "://" not in plain:
        local = plain.partition(":")[0] in {"localhost", "127.0.0.1"}
        plain = f"{'http' if local else 'https'}://{plain}"
    if urlsplit(plain).scheme not in {"http", "https"} or not urlsplit(plain).hostname:
        raise Nb2PipeError(f"`{endpoint}` is not an address", hint="--endpoint https://HOST[:PORT][/PATH]")
    yield plain
    if not urlsplit(plain).path:
        yield f"{plain}/pipeline"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect of an API call leads to a login page: report it, do not follow it."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Refuse."""


def _get(access: Access, url: str) -> bytes:
    headers = {"Accept": "application/json"}
    if access.token:
        headers["Authorization"] = f"Bearer {access.token}"
    if access.cookies:
        headers["Cookie"] = access.cookies
    try:
        context = ssl.create_default_context(cafile=access.ca_file)
    except OSError as error:
        raise Nb2PipeError(f"the certificates in `{access.ca_file}` cannot be read: {error}", hint="--ca-file FILE.pem") from error
    if not access.verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context), _NoRedirect())
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - http and https only
            content: bytes = response.read()
            return content
    except urllib.error.HTTPError as error:
        with error:
            raise _http_problem(error, url, access) from error
    except urllib.error.URLError as error:
        raise _network_problem(error.reason, url) from error
    except (OSError, http.client.HTTPException) as error:
        raise _network_problem(error, url) from error


def _http_problem(error: urllib.error.HTTPError, url: str, access: Access) -> Nb2PipeError:
    host = urlsplit(url).netloc
    if error.code in {301, 302, 303, 307, 308, 401}:
        given = "refuses the login that was given" if access.token or access.cookies else "wants a login"
        return Nb2PipeError(f"`{host}` {given} ({error.code})", hint=_LOGIN)
    if error.code == 403:
        return Nb2PipeError(
            f"`{host}` does not let this user in (403): {_said(error.read().decode('utf-8', 'replace')) or error.reason}", hint=_LOGIN
        )
    if error.code == 404:
        return Nb2PipeError(
            f"there is no pipelines API at `{url.partition('/apis/')[0]}` (404): wrong host, port or path",
            hint="kubectl port-forward -n kubeflow svc/ml-pipeline 8888:8888, then --endpoint http://localhost:8888",
        )
    return Nb2PipeError(f"`{host}` answers with an error ({error.code} {error.reason})", hint="try again later, or ask who runs it")


def _network_problem(reason: object, url: str) -> Nb2PipeError:
    host = urlsplit(url).netloc
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Nb2PipeError(
            f"the certificate of `{host}` is not trusted: {reason.verify_message}",
            hint="--ca-file FILE.pem with your organisation's certificate",
        )
    if isinstance(reason, ssl.SSLError):
        return Nb2PipeError(f"`{host}` does not speak TLS as expected: {reason.reason or reason}", hint="is it http:// and not https://?")
    return Nb2PipeError(
        f"nobody answers at `{host}`: {reason}",
        hint="kubectl port-forward -n kubeflow svc/ml-pipeline 8888:8888, then --endpoint http://localhost:8888",
    )


def _said(body: str) -> str:
    """The message in the server's JSON error."""
    try:
        message = json.loads(body)
    except ValueError:
        return ""
    said = message.get("message") or message.get("error") or message.get("error_message") if isinstance(message, dict) else ""
    return " ".join(str(said or "").split())[:400]
