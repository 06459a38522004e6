"""The table of routes → Tornado handlers: authenticated, checked against the schema, answered in a thread."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from jupyter_mlops.server.context import Context, Refused, Text
from jupyter_mlops.server.routes import ROUTES, Route

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

PREFIX = "jupyter-mlops"
MOST_BYTES = 32 * 2**20
"""A larger body is refused: no notebook's source is that long, outputs are not sent."""

SCHEMA = Path(__file__).with_name("schemas") / "api.json"


def add_handlers(server: ServerApp) -> None:
    """Register every route of the table with a server."""
    context = Context(root=Path(server.root_dir).resolve())
    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    base = server.web_app.settings["base_url"]
    server.web_app.add_handlers(  # type: ignore[no-untyped-call]
        ".*$",
        [
            (
                url_path_join(base, PREFIX, re.sub(r"\\?{(\w+)\\?}", r"(?P<\1>[^/]+)", re.escape(path))),
                Handler,
                {"routes": routes, "context": context},
            )
            for path, routes in by_path.items()
        ],
    )


class Handler(APIHandler):
    """Answers one path."""

    def initialize(self, routes: dict[str, Route], context: Context) -> None:
        """Remember what the table says."""
        super().initialize()
        self._routes, self._context = routes, context

    @authenticated
    async def get(self, **parts: str) -> None:
        """Answer a GET: the query's words are keywords."""
        words = {name: values[-1].decode("utf-8", "replace") for name, values in self.request.query_arguments.items() if name != "token"}
        await self._answer(self._routes.get("GET"), {**words, **parts})

    @authenticated
    async def post(self, **parts: str) -> None:
        """Answer a POST: the body is JSON that the schema allows."""
        route = self._routes.get("POST")
        try:
            body = self._body(route) if route else None
        except Refused as refused:
            self._refuse(refused)
            return
        await self._answer(route, {**parts, "body": body})

    def _body(self, route: Route) -> Any:
        if len(self.request.body) > MOST_BYTES:
            raise Refused(413, f"the request has {len(self.request.body)} bytes; {MOST_BYTES} are taken")
        try:
            body = json.loads(self.request.body or b"null")
        except (ValueError, RecursionError):
            raise Refused(400, "the request is no JSON") from None
        error = next(validator(route.takes or "").iter_errors(body), None)
        if error is not None:
            raise Refused(400, f"the request is not a `{route.takes}`: {error.json_path}: {error.message[:200]}")
        return body

    async def _answer(self, route: Route | None, words: dict[str, Any]) -> None:
        if route is None:
            self._refuse(Refused(405, f"{self.request.method} is nothing that can be asked here"))
            return
        from nb2pipe.errors import Nb2PipeError

        module, _, name = route.answer.partition(":")
        function = getattr(import_module(module), name)
        try:
            if inspect.iscoroutinefunction(function):  # one that waits for something to happen, and must not keep a thread meanwhile
                answer = await function(self._context, **words)
            else:
                answer = await asyncio.get_running_loop().run_in_executor(None, functools.partial(function, self._context, **words))
        except Refused as refused:
            self._refuse(refused)
        except Nb2PipeError as error:
            self._refuse(Refused(400, str(error), error.hint or ""))
        except TypeError as error:
            if "keyword argument" not in str(error):
                raise
            self._refuse(Refused(400, "the query has a word that is not known here"))
        else:
            self._send(answer)

    def _send(self, answer: Any) -> None:
        if isinstance(answer, Text):
            # A page is the output of somebody's code: without scripts of this origin, and nobody may sniff it into something else.
            self.set_header("Content-Type", f"{answer.media_type}; charset=utf-8")
            self.set_header("Content-Security-Policy", "sandbox allow-scripts")
            self.set_header("X-Content-Type-Options", "nosniff")
            self.finish(answer.content)
            return
        self.finish(json.dumps(answer, ensure_ascii=False, allow_nan=False))

    def _refuse(self, refused: Refused) -> None:
        self.set_status(refused.status)
        self.finish(json.dumps({"message": refused.message, "hint": refused.hint}))


@functools.cache
def validator(definition: str) -> Any:
    """Return what checks one definition of the schema."""
    from jsonschema import Draft202012Validator

    document = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": document["$defs"]})
