"""Methods by name, for receivers whose class is not the notebook's own."""

SHALLOW_MUTATORS = frozenset(
    # containers
    "append appendleft extend extendleft insert pop popleft popitem remove discard clear sort reverse rotate update setdefault add "
    "difference_update intersection_update symmetric_difference_update move_to_end subtract put put_nowait "
    # arrays and frames
    "fill itemset resize partition setflags sort_index_inplace set_flags_inplace "
    # files, buffers, connections, cursors, randomness
    "write writelines truncate seek read readline readlines execute executemany commit shuffle seed manual_seed bit_generator "
    "random rand randn randint integers normal uniform choice permutation permuted standard_normal poisson binomial beta gamma "
    "exponential multivariate_normal "
    # objects that collect
    "register subscribe set_weights set_config load_weights load_state_dict add_module register_buffer register_forward_hook "
    "add_node add_nodes_from add_edge add_edges_from add_weighted_edges_from remove_node remove_edge add_trace add_traces update_layout "
    "update_traces update_xaxes update_yaxes add_hline add_vline add_shape add_annotation add_feature add_layer add_child add_to "
    "set_value set_trainable set_title set_xlabel set_ylabel".split()
)
"""They change the receiver itself."""

DEEP_MUTATORS = frozenset(
    "set_params fit fit_transform fit_predict fit_resample partial_fit compile build train train_on_batch train_step step zero_grad backward "
    "eval requires_grad_ to_ half_ apply_gradients minimize adapt learn learn_one learn_many tune fit_generator finalize optimize "
    "reset_states reset reset_parameters calibrate warm_up".split()
)
"""They change the receiver and what it holds: the scaler inside a pipeline, the parameters inside an optimizer."""

COMPOSITE_TYPES = (
    *("sklearn.pipeline.", "imblearn.pipeline.", "torch.", "keras.", "tensorflow.", "matplotlib.", "plotly."),
    *("list", "tuple", "dict", "set"),
)
"""Types whose deep mutators change what they hold; others (a grid search, a statistical model) copy it or only read it."""

DATA_TYPES = ("pandas.", "numpy.", "polars.", "pyarrow.", "scipy.sparse", "str", "range")
"""Types that a deep mutator reads and never changes."""

RETURNS_SELF = frozenset("fit partial_fit set_params train eval adapt compile_ cuda cpu float half double learn_one".split())
"""They return the receiver."""

FIT_RETURNS_RESULT = ("statsmodels.", "keras.", "tensorflow.", "pandas.", "polars.", "numpy.")
"""Types whose methods of these names return something else than the receiver."""

RETURNS_PART = frozenset(
    "get values items keys view reshape ravel swapaxes transpose squeeze diagonal parameters "
    "named_parameters modules children state_dict get_layer add_subplot subplots add_axes gca twinx twiny cursor iterrows itertuples "
    "iteritems setdefault pop popitem popleft __getitem__ numpy detach xs get_group as_matrix".split()
)
"""They return a part of the receiver, or something that changes with it."""

ADDS_ARGUMENTS = frozenset("append appendleft add insert put put_nowait setdefault register subscribe add_module add_layer".split())
"""The receiver holds their arguments from then on."""

ADDS_ELEMENTS = frozenset("extend extendleft update".split())
"""The receiver holds the elements of their arguments from then on."""

CALLS_NAMES_IN_STRING = frozenset("query eval".split())
"""Their string argument may name notebook variables as `@name` (pandas)."""

UNCHANGEABLE_TYPES = (
    "seaborn.objects.",
    "sympy.",
    "altair.",
    "polars.",
    "pyspark.",
    "dask.",
    "datetime.",
    "pathlib.",
    "decimal.",
    "fractions.",
    "jax.",
)
"""No method of an object of these libraries changes it, whatever the method's name; a new object is returned."""

SELF_CHANGING_TYPES = (
    "matplotlib.",
    "plotly.graph_objs",
    "plotly.graph_objects",
    "bokeh.",
    "folium.",
    "sqlite3.",
    "pandas.HDFStore",
    "pandas.ExcelFile",
    "h5py.",
)
"""Any method of an object of these libraries may change it…"""

SHOWING = frozenset("savefig show to_json to_html to_dict to_plotly_json write_html write_image write_json fetchone fetchall".split())
"""… but these, and those that begin with ``get``."""
