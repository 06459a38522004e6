"""One call or one literal → what is wrong with it when it runs in a step."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nb2pipe.ir.notebook import CellKind
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Collection

    from nb2pipe.diagnostics.model import Violation
    from nb2pipe.ir.notebook import Cell, Notebook

Checked = tuple["Violation | None", ast.AST]

READERS = frozenset(
    """open read_csv read_table read_parquet read_excel read_json read_pickle read_feather read_hdf read_fwf read_sas read_stata read_spss
    read_orc read_xml read_ipc read_avro read_ndjson scan_csv scan_parquet scan_ipc scan_ndjson read_file loadtxt genfromtxt fromfile
    imread memmap load load_model listdir scandir glob iglob connect ZipFile load_dataset load_data read_image""".split()
)
"""Functions whose first argument is a file or folder, when it is a literal that looks like one."""

READ_METHODS = frozenset("read_text read_bytes iterdir glob rglob open".split())
WRITERS = frozenset(
    """to_csv to_parquet to_excel to_json to_pickle to_feather to_hdf savefig save savetxt savez savez_compressed dump imwrite write_csv
    write_parquet write_html write_image write_text write_bytes save_model export makedirs mkdir""".split()
)
WRITES = r"open|save|write|dump|makedirs|mkdir|to_\w+\(|export"
FILE = r"[^\n<>|*?\"{}]*(?:\.[A-Za-z][A-Za-z0-9]{0,9}|/)(?:\.(?:gz|bz2|xz|zst|zip))?|[\w./-]*/[\w.*-]*\*[\w.*-]*"
NO_FILE_LIBRARIES = frozenset("json yaml pickle tomllib ast".split())
"""`json.load("x")` takes no path, so a text there is something else."""

MACHINE = r"/(?:home|Users|Volumes|mnt|media|root|content|kaggle|workspace|private|data|srv)/|~/|[A-Za-z]:[\\/]|\\\\\w"

SEEDED = frozenset(
    """train_test_split KMeans MiniBatchKMeans RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor
    GradientBoostingClassifier GradientBoostingRegressor HistGradientBoostingClassifier HistGradientBoostingRegressor BaggingClassifier
    BaggingRegressor AdaBoostClassifier AdaBoostRegressor MLPClassifier MLPRegressor SGDClassifier SGDRegressor RandomizedSearchCV
    ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit IsolationForest TSNE RandomizedPCA make_classification make_regression
    make_blobs make_moons make_circles RandomOverSampler RandomUnderSampler SMOTE GaussianMixture""".split()
)
"""scikit-learn and its family: random without `random_state`."""

SHUFFLED = frozenset("KFold StratifiedKFold".split())
SEEDS = ("random_state", "seed", "random_seed", "rng", "generator")
"""Keywords that take a seed or a generator."""

NUMPY_RANDOM = frozenset(
    """rand randn randint random random_sample choice shuffle permutation normal uniform binomial poisson beta gamma exponential
    multivariate_normal standard_normal""".split()
)
RANDOM = frozenset("random randint randrange choice choices shuffle sample uniform gauss normalvariate getrandbits".split())
SEEDERS = (
    r"\b(?:np|numpy)\.random\.seed\(|\brandom\.seed\(|set_random_seed\(|random\.set_seed\(|manual_seed\(|seed_everything\(|(?<![\w.])seed\("
)
CLOCKS = frozenset(
    """datetime.now datetime.today datetime.utcnow datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow date.today
    datetime.date.today pd.Timestamp.now pd.Timestamp.today pandas.Timestamp.now Timestamp.now pd.to_datetime.now""".split()
)
DYNAMIC = frozenset("eval exec globals locals vars __import__".split())


@record()
class Seen:
    """What the notebook says elsewhere: folders that volumes mount, whether random numbers are seeded, the step of each cell."""

    mounts: tuple[str, ...]
    seeded: bool
    steps: dict[str, str | None]

    @classmethod
    def of(cls, notebook: Notebook) -> Seen:
        """Look through a notebook once."""
        mounts: list[str] = []
        seeded = False
        steps: dict[str, str | None] = {}
        step: str | None = None
        for cell in notebook.cells:
            if cell.kind is not CellKind.CODE:
                continue
            for tag in cell.tags:
                step = tag.argument if tag.verb == "step" else step
                if tag.verb == "volume":
                    mounts += tag.argument.split(":")[1:2]
            steps[cell.id] = step
            if "seed" in cell.source and re.search(SEEDERS, cell.source):
                seeded = True  # and is set again in every later step that uses its library
        return cls(tuple(mounts), seeded, steps)


def files_written(tree: ast.Module) -> frozenset[str]:
    """List the literal paths that a cell writes itself."""
    paths: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (_last(node.func) in WRITERS or (_last(node.func) == "open" and not _reads(node))):
            paths.update(text for argument in node.args if (text := _literal(argument)))
    return frozenset(paths)


def check_call(call: ast.Call, cell: Cell, seen: Seen, written: Collection[str]) -> Checked:
    """Check one call by every rule about calls; return the first violation and the node that it is about."""
    name = _last(call.func)
    dotted = _dotted(call.func)
    path = _path_read(call, name, dotted)
    if path and not any(tag.verb == "parameters" for tag in cell.tags):
        text = path.value if isinstance(path.value, str) else ""
        if text not in written and not re.match(MACHINE, text) and not _mounted(text, seen):
            from nb2pipe.rules.nb301 import LocalFile

            return LocalFile(path=text), path
    if dotted in DYNAMIC and (dotted != "vars" or not call.args):
        from nb2pipe.rules.nb209 import DynamicNames

        return DynamicNames(construct=f"{dotted}()"), call.func
    if dotted in {"importlib.import_module", "import_module"} and not (call.args and _literal(call.args[0])):
        from nb2pipe.rules.nb209 import DynamicNames

        return DynamicNames(construct=f"{dotted}()"), call.func
    if (dotted in CLOCKS or dotted == "time.time") and not _measures(cell.source, dotted):
        from nb2pipe.rules.nb304 import WallClock

        return WallClock(call=f"{dotted}()"), call.func
    if _unseeded(call, name, dotted) and not seen.seeded:
        from nb2pipe.rules.nb303 import UnseededRandomness

        return UnseededRandomness(call=f"{dotted or name}()"), call.func
    return None, call


def _measures(source: str, clock: str) -> bool:
    """Tell whether a clock is read to measure how long something takes: twice in one cell, or in a difference."""
    call = re.escape(clock) + r"\([^()]*\)"
    code = re.sub(r"#[^\n]*", "", source)
    return len(re.findall(call, code)) > 1 or re.search(rf"{call}\s*-|-\s*{call}", code) is not None


def check_path(text: str, cell: Cell, seen: Seen) -> Violation | None:
    """Report a literal that names a place of this machine; parameters may have such a default."""
    if len(text) > 260 or not re.match(MACHINE, text) or "\n" in text or len(text) < 5 or _mounted(text, seen):
        return None
    if any(tag.verb == "parameters" for tag in cell.tags):
        return None
    from nb2pipe.rules.nb302 import AbsolutePath

    return AbsolutePath(path=text)


def _mounted(text: str, seen: Seen) -> bool:
    return any(text == mount or text.startswith(mount.rstrip("/") + "/") for mount in seen.mounts)


def _path_read(call: ast.Call, name: str, dotted: str) -> ast.Constant | None:
    """Return the literal that names the file which a call reads."""
    argument: ast.expr | None = call.args[0] if call.args else None
    if name in READ_METHODS and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        inner = call.func.value
        if _last(inner.func) in {"Path", "PurePath", "PosixPath"} and _reads(call, method=True):
            argument = inner.args[0] if inner.args else None
            return _file(argument)
    if name not in READERS or dotted.partition(".")[0] in NO_FILE_LIBRARIES or (name == "open" and not _reads(call)):
        return None
    if argument is None:
        keywords = ("filepath_or_buffer", "path", "io", "file", "fname", "source", "filepath", "path_or_buf")
        argument = next((keyword.value for keyword in call.keywords if keyword.arg in keywords), None)
    return _file(argument)


def _file(node: ast.expr | None) -> ast.Constant | None:
    text = _literal(node)
    looks = text and "://" not in text and len(text) <= 260 and text != "/" and re.fullmatch(FILE, text)
    return node if looks and isinstance(node, ast.Constant) else None


def _reads(call: ast.Call, *, method: bool = False) -> bool:
    """Tell whether `open` opens for reading."""
    place = 0 if method else 1
    mode = call.args[place] if len(call.args) > place else next((keyword.value for keyword in call.keywords if keyword.arg == "mode"), None)
    text = _literal(mode)
    return text is None or not set(text) & set("wax")


def _unseeded(call: ast.Call, name: str, dotted: str) -> bool:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in keywords:  # **options may hold the seed
        return False
    given = next((keywords[each] for each in SEEDS if each in keywords), None)
    seeded = given is not None and not (isinstance(given, ast.Constant) and given.value is None)
    if name in SEEDED:
        return not seeded
    if name in SHUFFLED:
        shuffle = keywords.get("shuffle")
        return isinstance(shuffle, ast.Constant) and shuffle.value is True and not seeded
    head, _, rest = dotted.rpartition(".")
    if head in {"np.random", "numpy.random"}:
        return rest in NUMPY_RANDOM or (rest in {"default_rng", "RandomState"} and not call.args and not seeded)
    if head == "random":
        return rest in RANDOM
    if name == "sample" and isinstance(call.func, ast.Attribute) and head != "random":
        return not seeded and (bool(keywords.keys() & {"n", "frac"}) or len(call.args) == 1) and not keywords.keys() & {"k"}
    return False


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _dotted(node: ast.expr) -> str:
    """Write a chain of names, such as ``np.random.rand``; empty when it is no such chain."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(parts)))
