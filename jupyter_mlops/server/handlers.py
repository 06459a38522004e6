"""The table of routes → Tornado handlers: authenticated, authorized, checked against the schema, answered in a thread."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import re
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, authenticated

from jupyter_mlops.server.bodies import read_body
from jupyter_mlops.server.context import Context, Refused, Text
from jupyter_mlops.server.routes import ROUTES, Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_server.serverapp import ServerApp

PREFIX = "jupyter-mlops"
RESOURCE = "jupyter-mlops"
"""What an authorizer of the server calls these routes."""

THREADS = 4
"""Answers that are made at once: more would only take the processor from the server itself."""


def add_handlers(server: ServerApp) -> None:
    """Register every route of the table with a server, and an answer for every path below that is none."""
    context = Context(root=Path(server.root_dir).resolve())
    threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix=PREFIX)
    by_path: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    base = server.web_app.settings["base_url"]
    handlers: list[tuple[str, type, dict[str, Any]]] = [
        (
            url_path_join(base, PREFIX, re.sub(r"\\?{(\w+)\\?}", r"(?P<\1>[^/]+)", re.escape(path))),
            Handler,
            {"routes": routes, "context": context, "threads": threads},
        )
        for path, routes in by_path.items()
    ]
    handlers.append((url_path_join(base, PREFIX, ".*"), Handler, {"routes": {}, "context": context, "threads": threads}))
    server.web_app.add_handlers(".*$", handlers)  # type: ignore[no-untyped-call]


class Handler(APIHandler):
    """Answers one path."""

    def initialize(self, routes: dict[str, Route], context: Context, threads: ThreadPoolExecutor) -> None:
        """Remember what the table says."""
        super().initialize()
        self._routes, self._context, self._threads = routes, context, threads
        self._is_gone = False

    @authenticated
    async def get(self, **parts: str) -> None:
        """Answer a GET: the query's words are keywords."""
        said = {name: values[-1].decode("utf-8", "replace") for name, values in self.request.query_arguments.items()}
        # JupyterLab adds the time as a word of digits, so that no cache answers.
        words = {name: word for name, word in said.items() if not name.isdigit() and name not in {"token", "_xsrf"}}
        await self._answer("GET", {**words, **parts})

    @authenticated
    async def post(self, **parts: str) -> None:
        """Answer a POST: the body is JSON that the schema allows."""
        await self._answer("POST", parts)

    def on_connection_close(self) -> None:
        """Notice that nobody waits for the answer any more, as when the notebook was edited again."""
        self._is_gone = True
        super().on_connection_close()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say as a `Problem` what Jupyter Server refuses itself: no token, a wrong XSRF header, a method that there is not."""
        error = kwargs.get("exc_info", (None, None))[1]
        told = HTTPStatus(status_code).phrase.lower()
        if isinstance(error, HTTPError) and error.log_message:
            told = error.log_message % error.args if error.args else error.log_message
        self._refuse(Refused(status_code, told, "log in to this server again" if status_code in {401, 403} else ""))

    async def _answer(self, method: str, words: dict[str, Any]) -> None:
        try:
            self._send(await self._made(method, words))
        except Refused as refused:
            self._refuse(refused)
        except HTTPError:
            raise
        except Exception:
            self.log.exception("%s %s cannot be answered", method, self.request.path)
            self._refuse(Refused(500, "the server failed to answer; this is a bug of jupyter-mlops", "the server's log has the details"))

    async def _made(self, method: str, words: dict[str, Any]) -> Any:
        from nb2pipe.errors import Nb2PipeError

        if not self._routes:
            raise Refused(404, "there is nothing at this address")
        route = self._routes.get(method)
        if route is None:
            raise Refused(405, f"`{method}` is nothing that can be asked here")
        if not await ensure_async(self.authorizer.is_authorized(self, self.current_user, route.action, RESOURCE)):
            raise Refused(403, f"you may not {route.action} here", "ask whoever runs this server")
        if route.takes is not None:
            words = {**words, "body": read_body(self.request.body, route.takes)}
        module, _, name = route.answer.partition(":")
        function = getattr(import_module(module), name)
        try:
            inspect.signature(function).bind(self._context, **words)
        except TypeError:
            raise Refused(400, "the query has a word that is not known here, or lacks one") from None
        try:
            if inspect.iscoroutinefunction(function):  # one that waits for something to happen, and must not keep a thread meanwhile
                return await function(self._context, **words)
            call = functools.partial(self._unless_gone, function, words)
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except Nb2PipeError as error:
            raise Refused(400, str(error), error.hint or "") from error

    def _unless_gone(self, function: Callable[..., Any], words: dict[str, Any]) -> Any:
        """Make an answer in a thread, unless whoever asked has left while the threads were busy."""
        if self._is_gone:
            raise Refused(408, "nobody waits for this answer any more")
        return function(self._context, **words)

    def _send(self, answer: Any) -> None:
        if isinstance(answer, Text):
            # A page is the output of somebody's code: without scripts of this origin, and nobody may sniff it into something else.
            self.set_header("Content-Security-Policy", "sandbox allow-scripts")
            self.set_header("X-Content-Type-Options", "nosniff")
            self.finish(answer.content.encode("utf-8", "replace"), set_content_type=f"{answer.media_type}; charset=utf-8")
            return
        self.finish(json.dumps(answer, allow_nan=False))

    def _refuse(self, refused: Refused) -> None:
        self.clear()
        self.set_status(refused.status)
        self.finish(json.dumps({"message": refused.message, "hint": refused.hint}))
