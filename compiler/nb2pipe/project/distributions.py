"""Imports and installer lines of a notebook → the requirements of the project, pinned where the notebook says which version it used."""

from __future__ import annotations

import ast
import os
import sys
from typing import TYPE_CHECKING

from nb2pipe.frontend.installs import locked_versions, normal_name, requirements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.ir.notebook import Notebook

DISTRIBUTIONS: Mapping[str, str] = {
    "attr": "attrs", "bs4": "beautifulsoup4", "Crypto": "pycryptodome", "cv2": "opencv-python", "dateutil": "python-dateutil",
    "docx": "python-docx", "dotenv": "python-dotenv", "fitz": "PyMuPDF", "git": "GitPython", "great_expectations": "great-expectations",
    "imblearn": "imbalanced-learn", "IPython": "ipython", "jose": "python-jose", "jwt": "PyJWT", "Levenshtein": "levenshtein",
    "magic": "python-magic", "mpl_toolkits": "matplotlib", "MySQLdb": "mysqlclient", "OpenSSL": "pyOpenSSL", "PIL": "pillow",
    "pptx": "python-pptx", "psycopg2": "psycopg2-binary", "pylab": "matplotlib", "pkg_resources": "setuptools", "serial": "pyserial",
    "skimage": "scikit-image", "sklearn": "scikit-learn", "slugify": "python-slugify", "talib": "TA-Lib", "umap": "umap-learn",
    "yaml": "PyYAML", "zmq": "pyzmq",
}  # fmt: skip
"""Modules whose distribution has another name."""


def requirements_of(notebook: Notebook, trees: Iterable[ast.AST], types: Iterable[str]) -> list[str]:
    """List the requirements: what the notebook installs, and what it imports that this does not give."""
    found: dict[str, str] = {}
    versions = locked_versions(os.path.dirname(notebook.path))  # noqa: PTH120 - pathlib costs start-up
    for cell in notebook.cells:
        versions |= dict(cell.installed)
    folder = os.path.dirname(notebook.path)  # noqa: PTH120
    for cell in notebook.cells:
        for text in requirements(cell.source):
            found[normal_name(_project(text))] = text
    modules = {module for tree in trees for module in _imported(tree)} | {dotted.partition(".")[0] for dotted in types if "." in dotted}
    for module in sorted(modules - sys.stdlib_module_names):
        if not _is_here(folder, module):
            name = DISTRIBUTIONS.get(module, module.replace("_", "-"))
            found.setdefault(normal_name(name), name)
    return [
        text if text != _project(text) or not versions.get(name) else f"{text}=={versions[name]}" for name, text in sorted(found.items())
    ]


def local_modules(notebook: Notebook, trees: Iterable[ast.AST]) -> list[str]:
    """List the modules that are files beside the notebook."""
    folder = os.path.dirname(notebook.path)  # noqa: PTH120 - pathlib costs start-up
    return sorted(
        {module for tree in trees for module in _imported(tree) if module not in sys.stdlib_module_names and _is_here(folder, module)}
    )


def _imported(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _is_here(folder: str, module: str) -> bool:
    path = os.path.join(folder, module)  # noqa: PTH118 - pathlib costs start-up
    return os.path.isfile(path + ".py") or os.path.isfile(os.path.join(path, "__init__.py"))  # noqa: PTH113, PTH118


def _project(requirement: str) -> str:
    """Return the name that a requirement begins with."""
    end = next((index for index, character in enumerate(requirement) if not (character.isalnum() or character in "._-")), len(requirement))
    return requirement[:end]
