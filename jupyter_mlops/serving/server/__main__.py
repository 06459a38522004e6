"""``python -m jupyter_mlops.serving.server --home FOLDER``: the local model server, as a process of its own."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse options, run until a signal."""
    parser = argparse.ArgumentParser(
        prog="python -m jupyter_mlops.serving.server", description="A model server that speaks TF Serving's REST and gRPC."
    )
    parser.add_argument("--home", type=Path, help="folder with serving/serving.db (default: $NB2PIPE_HOME, or the nearest .nb2pipe)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--rest-port", type=int, default=8501, help="0 is any free port")
    parser.add_argument(
        "--grpc-port", type=int, default=8500, help="0 is any free port, -1 is no gRPC (and no TensorFlow without a SavedModel)"
    )
    parser.add_argument("--threads", type=int, default=8, help="how many requests are answered at once")
    parser.add_argument(
        "--model", action="append", default=[], metavar="NAME=BASE_PATH", help="serve the newest numbered folder under BASE_PATH"
    )
    parser.add_argument("--max-batch-size", type=int, help="switches batching on: rows in a batch")
    parser.add_argument("--batch-timeout-micros", type=int, default=1000)
    parser.add_argument("--num-batch-threads", type=int, default=2)
    parser.add_argument("--max-enqueued-batches", type=int, default=64)
    parser.add_argument("--allowed-batch-sizes", type=_sizes, default=(), metavar="N,N")
    parser.add_argument("--log-rate", type=float, default=1.0, help="share of requests whose predictions are logged; 0 is none")
    parser.add_argument("--log-exclude", action="append", default=[], metavar="COLUMN", help="an input or output that must not be logged")
    parser.add_argument("--log-flush-seconds", type=float, default=2.0)
    given = parser.parse_args(arguments)
    try:
        _run(given)
    except EnvironmentProblem as error:
        print(error, file=sys.stderr)  # noqa: T201 - a program talks to standard error
        return 2
    except ValueError as error:
        parser.error(str(error))
    return 0


def _run(given: argparse.Namespace) -> None:
    from jupyter_mlops.place import home
    from jupyter_mlops.serving.server.batching import Batching
    from jupyter_mlops.serving.server.configuration import ModelConfig
    from jupyter_mlops.serving.server.prediction_log import Logging
    from jupyter_mlops.serving.server.process import ModelServer, Options

    folder = (given.home or home()).absolute()
    os.environ["NB2PIPE_HOME"] = str(folder)  # lineage of what is served goes there too
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    models = []
    for each in given.model:
        name, equals, path = each.partition("=")
        if not equals or not name or not path:
            raise ValueError(f"`--model` is NAME=BASE_PATH; found `{each}`")
        models.append((name, ModelConfig(str(Path(path).absolute()))))
    batching = None
    if given.max_batch_size is not None:
        batching = Batching(
            given.max_batch_size, given.batch_timeout_micros, given.max_enqueued_batches, given.num_batch_threads, given.allowed_batch_sizes
        ).check()
    logging = Logging(given.log_rate, frozenset(given.log_exclude), given.log_flush_seconds).check()
    grpc_port = None if given.grpc_port < 0 else given.grpc_port
    options = Options(folder, given.rest_port, grpc_port, given.host, given.threads, batching, logging, tuple(models))
    ModelServer(options).run()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    raise SystemExit(main())
