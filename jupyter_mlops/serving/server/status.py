"""What goes wrong with a request → TF Serving's status: a canonical code and a message, which REST and gRPC each write in their own way."""

from __future__ import annotations

from enum import Enum


class Code(Enum):
    """The canonical codes that this server uses: (gRPC's number, HTTP's status).

    Source
    ------
    google/rpc/code.proto; TF Serving, model_servers/http_server.cc, `ToHTTPStatusCode`
    """

    OK = (0, 200)
    UNKNOWN = (2, 500)
    INVALID_ARGUMENT = (3, 400)
    DEADLINE_EXCEEDED = (4, 504)
    NOT_FOUND = (5, 404)
    RESOURCE_EXHAUSTED = (8, 429)
    FAILED_PRECONDITION = (9, 400)
    OUT_OF_RANGE = (11, 400)
    UNIMPLEMENTED = (12, 501)
    INTERNAL = (13, 500)
    UNAVAILABLE = (14, 503)
    DATA_LOSS = (15, 500)

    @property
    def number(self) -> int:
        """GRPC's number."""
        return self.value[0]

    @property
    def http(self) -> int:
        """HTTP's status."""
        return self.value[1]


BY_NUMBER = {code.number: code for code in Code}


class Refused(Exception):
    """A request that gets no prediction. `model_failed` says that the model is at fault and not who asked: rollouts count those."""

    def __init__(self, code: Code, message: str, *, model_failed: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.model_failed = model_failed


def wrong(message: str) -> Refused:
    """Make the error of a request that cannot be answered as it is: INVALID_ARGUMENT, HTTP 400."""
    return Refused(Code.INVALID_ARGUMENT, message)
