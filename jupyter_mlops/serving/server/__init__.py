"""A local model server: TF Serving's REST and gRPC, traffic by the shares of a rollout, evidence and predictions written down."""

from jupyter_mlops.serving.server.local import LocalServer, local_server, start

__all__ = ["LocalServer", "local_server", "start"]
