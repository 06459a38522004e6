"""Functions of libraries and builtins by dotted path."""

MUTATES_ARGUMENT = {
    "builtins.setattr": 0,
    "builtins.delattr": 0,
    "builtins.next": 0,
    "torch.nn.utils.clip_grad_norm_": 0,
}
"""Which positional argument they change."""

HOLDS_ARGUMENTS = frozenset(
    "builtins.list builtins.tuple builtins.set builtins.dict builtins.frozenset builtins.sorted builtins.reversed builtins.zip "
    "builtins.enumerate builtins.iter builtins.map builtins.filter itertools.chain itertools.cycle itertools.islice "
    "itertools.product collections.OrderedDict collections.deque collections.defaultdict collections.Counter "
    "functools.partial types.SimpleNamespace sklearn.pipeline.make_pipeline sklearn.pipeline.make_union "
    "sklearn.compose.make_column_transformer weakref.ref contextlib.closing builtins.memoryview".split()
)
"""Their result holds the arguments or their elements. Classes (capitalised names) always do."""

RETURNS_ARGUMENT = frozenset("torch.from_numpy torch.as_tensor builtins.iter builtins.getattr builtins.next builtins.vars".split())
"""They may return (part of) their first argument."""

EVALUATES_STRING = frozenset("builtins.eval builtins.exec pandas.eval numexpr.evaluate pandas.core.computation.eval.eval".split())
"""Their first argument is Python, run on the notebook's names."""

ALL_NAMES = frozenset(("builtins.globals", "builtins.locals", "builtins.vars"))
"""Without arguments they hand out every name of the notebook."""

RETURNS_SHALLOW_COPY = frozenset("copy.copy copy.replace dataclasses.replace".split())
"""They return a new object that holds the parts of their first argument."""

RETURNS_COPY = frozenset("copy.deepcopy sklearn.base.clone".split())
"""They return a deep copy of their first argument."""

RUNS_NOTHING = frozenset(
    "functools.wraps functools.partial functools.update_wrapper functools.lru_cache functools.cache functools.singledispatch "
    "functools.cached_property functools.total_ordering builtins.staticmethod builtins.classmethod builtins.property "
    "builtins.isinstance builtins.issubclass builtins.type builtins.id builtins.hasattr builtins.callable inspect.getsource "
    "inspect.signature typing.cast".split()
)
"""They look at a function or an object without running any of its code."""

SETTINGS = (
    "matplotlib.pyplot.style.use matplotlib.style.use matplotlib.pyplot.rc matplotlib.rc matplotlib.use matplotlib.pyplot.switch_backend "
    "matplotlib.rcParams.update matplotlib.pyplot.rcParams.update matplotlib.pyplot.rcdefaults matplotlib.pyplot.set_cmap "
    "pandas.set_option pandas.reset_option pandas.options pandas.plotting.register_matplotlib_converters "
    "numpy.set_printoptions numpy.seterr numpy.random.seed random.seed seaborn.set seaborn.set_theme seaborn.set_style "
    "seaborn.set_context seaborn.set_palette seaborn.reset_orig warnings.filterwarnings warnings.simplefilter logging.basicConfig "
    "logging.disable tensorflow.random.set_seed tensorflow.keras.utils.set_random_seed keras.utils.set_random_seed "
    "tensorflow.config tensorflow.get_logger tensorflow.keras.mixed_precision.set_global_policy tensorflow.keras.backend.set_floatx "
    "torch.manual_seed torch.cuda.manual_seed torch.cuda.manual_seed_all torch.set_default_dtype torch.set_default_device "
    "torch.set_num_threads torch.use_deterministic_algorithms torch.backends polars.Config sklearn.set_config sys.setrecursionlimit "
    "locale.setlocale logging.getLogger().setLevel logging.getLogger().addHandler logging.getLogger().addFilter decimal.getcontext() plotly.io.templates plotly.offline.init_notebook_mode cufflinks.go_offline sympy.init_printing "
    "jupyter_mlops.problem os.environ.setdefault os.environ.update os.putenv os.chdir sys.path.append sys.path.insert tqdm.tqdm.pandas".split()
)
"""Calls that change library-wide or process-wide state and nothing else; a row also covers what stands below its path."""

RETURNS_STATE = frozenset("decimal.getcontext logging.getLogger warnings.catch_warnings".split())
"""Their result stands for state of the library: changing it is a setting."""

WITHOUT_EFFECTS = (
    *("builtins.", "functools.", "itertools.", "operator.", "collections.", "typing.", "types.", "math.", "abc.", "dataclasses.", "enum."),
    *(
        "inspect.",
        "re.",
        "copy.",
        "numpy.vectorize",
        "numpy.frompyfunc",
        "tensorflow.function",
        "torch.jit",
        "numba.",
        "jax.",
        "contextlib.",
    ),
)
"""Calling these only returns a value…"""

WITH_EFFECTS = frozenset(f"builtins.{name}" for name in "print open input exec eval compile __import__ breakpoint".split())
"""… but these do more."""

STATE_OF_OTHERS = {
    "pylab": ("matplotlib",),
    "mpl_toolkits": ("matplotlib",),
    "seaborn": ("matplotlib", "numpy"),
    "pandas": ("numpy", "matplotlib"),
    "sklearn": ("numpy",),
    "scipy": ("numpy",),
    "statsmodels": ("numpy",),
    "keras": ("tensorflow", "numpy"),
    "tensorflow": ("keras",),
}
"""Libraries whose use is also a use of other libraries' state: their random generators and their settings."""

RESULT_TYPES = {
    "pandas.DataFrame": "pandas.DataFrame",
    "pandas.Series": "pandas.Series",
    "pandas.concat": "pandas.DataFrame",
    "pandas.merge": "pandas.DataFrame",
    "pandas.get_dummies": "pandas.DataFrame",
    "pandas.json_normalize": "pandas.DataFrame",
    "pandas.crosstab": "pandas.DataFrame",
    "pandas.pivot_table": "pandas.DataFrame",
    "pandas.melt": "pandas.DataFrame",
    "pandas.date_range": "pandas.DatetimeIndex",
    **{f"jupyter_mlops.{verb}": "jupyter_mlops.Report" for verb in "validate tune gate register deploy drift monitor lineage".split()},
    "jupyter_mlops.profile": "jupyter_mlops.Profile",
    "polars.DataFrame": "polars.DataFrame",
    "polars.concat": "polars.DataFrame",
    "sqlite3.connect": "sqlite3.Connection",
    "builtins.open": "io.TextIOWrapper",
    "builtins.len": "int",
    "builtins.int": "int",
    "builtins.float": "float",
    "builtins.str": "str",
    "builtins.bool": "bool",
    "builtins.round": "float",
    "builtins.sum": "float",
    "builtins.list": "list",
    "builtins.sorted": "list",
    "builtins.dict": "dict",
    "builtins.tuple": "tuple",
    "builtins.set": "set",
    "builtins.all": "bool",
    "builtins.any": "bool",
    "builtins.isinstance": "bool",
    "builtins.range": "range",
    "builtins.repr": "str",
}
"""Types of results, where the path itself is not the type. Paths ending in a capitalised name are their own type."""

RESULT_TYPE_PREFIXES = (
    ("pandas.read_", "pandas.DataFrame"),
    ("polars.read_", "polars.DataFrame"),
    ("polars.scan_", "polars.LazyFrame"),
    ("pyarrow.parquet.read_", "pyarrow.Table"),
    ("sklearn.metrics.", "float"),
    ("sklearn.model_selection.cross_val_score", "numpy.ndarray"),
    ("sklearn.model_selection.train_test_split", "list"),
    ("sklearn.datasets.", "sklearn.utils.Bunch"),
    ("sklearn.pipeline.make_", "sklearn.pipeline.Pipeline"),
    ("sklearn.compose.make_", "sklearn.compose.ColumnTransformer"),
    ("numpy.random.default_rng", "numpy.random.Generator"),
    ("numpy.", "numpy.ndarray"),
    ("tensorflow.keras.models.load_model", "keras.Model"),
    ("keras.models.load_model", "keras.Model"),
)

ATTRIBUTE_TYPES = {
    ("pandas.DataFrame", "values"): ("numpy.ndarray",),
    ("pandas.Series", "values"): ("numpy.ndarray",),
    ("pandas.DataFrame", "columns"): ("pandas.Index",),
    ("pandas.DataFrame", "index"): ("pandas.Index",),
    ("pandas.DataFrame", "T"): ("pandas.DataFrame",),
    ("sklearn.utils.Bunch", "data"): ("numpy.ndarray", "pandas.DataFrame"),
    ("sklearn.utils.Bunch", "target"): ("numpy.ndarray", "pandas.Series"),
    ("sklearn.utils.Bunch", "frame"): ("pandas.DataFrame",),
    ("sklearn.utils.Bunch", "images"): ("numpy.ndarray",),
}
"""Types that an attribute of an object may have."""

SPLITS_ARGUMENTS = frozenset(("sklearn.model_selection.train_test_split",))
"""Each argument comes back as two parts of its own type, in order."""

FRAME_METHODS = {
    "pandas.DataFrame": frozenset(
        "copy drop dropna fillna rename assign head tail sample sort_values sort_index reset_index set_index merge join astype query "
        "describe select_dtypes drop_duplicates replace apply applymap map pivot_table melt transform agg aggregate round clip "
        "interpolate eval nlargest nsmallest append_ where mask isna isnull notna notnull corr stack unstack filter".split()
    ),
    "numpy.ndarray": frozenset("copy astype reshape ravel flatten transpose squeeze clip round repeat take dot cumsum argsort".split()),
    "pandas.Series": frozenset("copy astype dropna fillna rename head tail sort_values map apply replace round clip where mask".split()),
    "polars.DataFrame": frozenset(
        "with_columns select filter sort head tail sample drop rename join group_by_ unique fill_null drop_nulls clone collect cast".split()
    ),
}
"""Methods whose result has the type of the receiver."""

UNPICKLABLE_TYPES = {
    "io.TextIOWrapper": "an open file belongs to one process",
    "sqlite3.Connection": "a database connection belongs to one process",
    "sqlite3.Cursor": "a database connection belongs to one process",
    "generator": "a generator cannot be stored; make it a list, or a function that makes the generator",
    "threading.Lock": "a lock belongs to one process",
    "threading.Thread": "a thread belongs to one process",
    "subprocess.Popen": "a process handle belongs to one process",
    "socket.socket": "a socket belongs to one process",
}
"""Types that no serializer can carry, and why."""
