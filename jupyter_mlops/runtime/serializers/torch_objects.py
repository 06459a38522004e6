"""PyTorch tensors and dicts of tensors ↔ weights-only files; modules ↔ torch's own pickle, sealed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write a tensor or a module."""
    import torch

    if isinstance(value, torch.nn.Module):
        torch.save(value, path + ".pt")
        return "torch"
    if isinstance(value, torch.Tensor) and type(value).__module__ != "__main__":
        torch.save(value, path + ".pt")
        return "torch-weights"
    return None


def load(encoding: str, path: str) -> Any:
    """Read; a tensor made on a GPU comes to the processor where there is none."""
    import torch

    place = None if torch.cuda.is_available() else "cpu"
    return torch.load(path + ".pt", map_location=place, weights_only=encoding == "torch-weights")
