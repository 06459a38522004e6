"""What a call says about the place of its cell in the lifecycle: data, no code that runs libraries.

Paths are full dotted paths after import aliases are resolved; a trailing dot or underscore makes a row a prefix. Methods are names on
objects of any type, unless the type says more. Variable names say nothing here.
"""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    """What a cell does in the lifecycle; the value names a step that does it."""

    LOAD = "load"
    VALIDATE = "validate"
    PREPARE = "prepare"
    FEATURES = "features"
    SPLIT = "split"
    TRAIN = "train"
    TUNE = "tune"
    EVALUATE = "evaluate"
    PREDICT = "predict"
    GATE = "gate"
    DEPLOY = "deploy"
    SAVE = "save"
    MONITOR = "monitor"
    SHOW = "show"


RANK = (
    *(Role.GATE, Role.TUNE, Role.TRAIN, Role.MONITOR, Role.DEPLOY, Role.EVALUATE, Role.PREDICT, Role.VALIDATE, Role.LOAD, Role.SPLIT),
    *(Role.FEATURES, Role.SAVE, Role.PREPARE, Role.SHOW),
)
"""Of several roles in one cell the first here is the cell's."""

MODELLING = frozenset((Role.TRAIN, Role.TUNE, Role.EVALUATE, Role.PREDICT))

PATHS: dict[Role, tuple[str, ...]] = {
    Role.LOAD: tuple(
        "pandas.read_ polars.read_ polars.scan_ geopandas.read_ dask.dataframe.read_ pyarrow.parquet.read_ pyarrow.csv.read_ "
        "sklearn.datasets. numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile seaborn.load_dataset datasets.load_dataset "
        "tensorflow.keras.datasets. keras.datasets. tensorflow_datasets.load torchvision.datasets. torchtext.datasets. "
        "statsmodels.datasets. statsmodels.api.datasets. vega_datasets. nltk.corpus. nltk.download scipy.io. h5py.File builtins.open "
        "requests.get urllib.request. urllib.urlopen urllib2. sqlite3.connect sqlalchemy.create_engine psycopg2.connect "
        "yfinance. pandas_datareader. cv2.imread PIL.Image.open imageio.imread matplotlib.pyplot.imread skimage.io. librosa.load "
        "json.load pickle.load joblib.load csv.reader csv.DictReader torch.load wget.download gdown.download kagglehub. "
        "tensorflow.keras.utils.image_dataset_from_directory tensorflow.keras.preprocessing.image_dataset_from_directory "
        "tensorflow.keras.utils.get_file keras.utils.get_file zipfile.ZipFile tarfile.open patsy.demo_data "
        "rpy2.robjects. xarray.open_ jupyter_mlops.dataset bs4.BeautifulSoup "
        "tensorflow.keras.models.load_model keras.models.load_model".split()
    ),
    Role.VALIDATE: tuple(
        "great_expectations. pandera. jupyter_mlops.validate pydantic.validate deepchecks. tensorflow_data_validation.".split()
    ),
    Role.SPLIT: ("sklearn.model_selection.train_test_split", "torch.utils.data.random_split", "sklearn.model_selection._split."),
    Role.FEATURES: tuple(
        "sklearn.preprocessing. sklearn.feature_extraction. sklearn.feature_selection. sklearn.impute. sklearn.decomposition. "
        "sklearn.random_projection. sklearn.compose. category_encoders. featuretools. tsfresh. imblearn.over_sampling. imblearn.under_sampling. "
        "pandas.get_dummies tensorflow.keras.preprocessing. keras.preprocessing. tensorflow.keras.utils.to_categorical "
        "keras.utils.to_categorical keras.utils.np_utils. transformers.AutoTokenizer. torchvision.transforms. patsy.dmatrices patsy.dmatrix "
        "keras.utils.pad_sequences tensorflow.keras.utils.pad_sequences".split()
    ),
    Role.TUNE: tuple(
        "sklearn.model_selection.GridSearchCV sklearn.model_selection.RandomizedSearchCV sklearn.model_selection.HalvingGridSearchCV "
        "sklearn.model_selection.HalvingRandomSearchCV sklearn.grid_search. optuna. hyperopt. keras_tuner. kerastuner. ray.tune. skopt. "
        "jupyter_mlops.tune".split()
    ),
    Role.TRAIN: tuple(
        "xgboost.train lightgbm.train xgboost.cv lightgbm.cv catboost.train transformers.Trainer pymc.sample pymc3.sample".split()
    ),
    Role.EVALUATE: tuple(
        "sklearn.metrics. sklearn.model_selection.cross_val_ sklearn.model_selection.cross_validate sklearn.cross_validation.cross_val_ "
        "sklearn.model_selection.learning_curve sklearn.model_selection.validation_curve sklearn.inspection. torchmetrics. "
        "tensorflow.keras.metrics. keras.metrics. statsmodels.stats. scikitplot. yellowbrick. shap. lime.".split()
    ),
    Role.GATE: ("jupyter_mlops.gate",),
    Role.DEPLOY: ("jupyter_mlops.deploy", "jupyter_mlops.register", "mlflow.register_model", "bentoml.", "kserve.", "sagemaker."),
    Role.SAVE: tuple(
        "builtins.open_to_write joblib.dump pickle.dump json.dump torch.save numpy.save numpy.savez numpy.savetxt mlflow. "
        "onnx.save skl2onnx. tensorflow.saved_model.save tensorflow.io.write shutil.".split()
    ),
    Role.MONITOR: ("jupyter_mlops.drift", "jupyter_mlops.retrain_when", "evidently.", "alibi_detect.", "nannyml.", "whylogs."),
}

METHODS: dict[Role, frozenset[str]] = {
    Role.LOAD: frozenset("load_data load_dataset read_sql fetchall flow_from_directory".split()),
    Role.SPLIT: frozenset("random_split".split()),
    Role.FEATURES: frozenset("fit_transform fit_resample texts_to_sequences fit_on_texts".split()),
    Role.PREPARE: frozenset(
        "dropna fillna drop drop_duplicates rename merge join replace astype apply applymap groupby pivot pivot_table melt resample rolling "
        "interpolate set_index reset_index assign query sort_values shuffle batch prefetch with_columns".split()
    ),
    Role.TRAIN: frozenset(
        "fit fit_generator partial_fit train train_on_batch fit_one_cycle fit_predict fine_tune learn backward apply_gradients minimize "
        "fit_regularized fit_constrained".split()
    ),
    Role.TUNE: frozenset("optimize search".split()),
    Role.EVALUATE: frozenset("score evaluate evaluate_generator".split()),
    Role.PREDICT: frozenset(
        "predict predict_proba predict_classes predict_generator decision_function forecast get_forecast get_prediction".split()
    ),
    Role.SAVE: frozenset(
        "to_csv to_parquet to_excel to_json to_pickle to_feather to_hdf to_sql save save_model save_pretrained save_weights export "
        "push_to_hub log_model write_csv write_parquet writerow writerows".split()
    ),
}

FEATURE_TYPES = PATHS[Role.FEATURES]
"""`fit` on one of these makes features, not a model."""

TUNE_TYPES = PATHS[Role.TUNE]
"""`fit` on one of these, and only on them `search` and `optimize`, is a search."""

DATA_TYPES = ("pandas.", "numpy.", "polars.", "scipy.sparse", "str", "list", "dict", "int", "float", "io.", "builtins.")
"""A method with the name of a model's (`score`, `search`, `save`) on one of these is no step of the lifecycle."""

DATA_LIBRARIES = ("pandas.", "numpy.", "polars.", "scipy.", "dask.", "geopandas.", "xarray.")
"""What they compute from data is preparation, unless a row above says more."""

HARMLESS = tuple(
    "pandas. numpy. polars. scipy. dask. geopandas. xarray. matplotlib. pylab. mpl_toolkits. seaborn. plotly. altair. bokeh. folium. "
    "wordcloud. missingno. ydata_profiling. pandas_profiling. sweetviz. IPython. ipywidgets. tqdm. math. cmath. statistics. collections. "
    "itertools. functools. operator. datetime. dateutil. time. calendar. re. string. textwrap. copy. decimal. fractions. random. typing. "
    "types. sys. platform. inspect. pprint. json.loads json.dumps graphviz. networkx. sympy. tabulate. warnings. sklearn. statsmodels. patsy. "
    "builtins. os.path. os.getcwd os.listdir glob. pathlib. dataclasses. enum. abc. contextlib. heapq. bisect. array. timeit. "
    "tensorflow. keras. torch. torchvision. nltk. xgboost. lightgbm. psutil. yellowbrick. skimage. cv2. PIL. pkg_resources.".split()
)
"""Calls below these only compute and show, unless a row of `PATHS` for saving, deploying or monitoring, or `ACTING`, says more."""

ACTING = frozenset(
    "builtins.input builtins.exec builtins.eval builtins.breakpoint builtins.__import__ sys.exit builtins.exit builtins.quit".split()
)

ACTING_METHODS = frozenset(
    (
        *METHODS[Role.SAVE],
        *"write writelines write_text write_bytes mkdir unlink touch execute executemany commit post send publish upload".split(),
        *"upload_file upload_blob download download_file submit deploy invoke log_metric log_param log_metrics log_params log_artifact".split(),
        *"extractall savefig write_html write_image system imsave imwrite makedirs".split(),
    )
)
"""Calls of these names leave something behind, so that their cell is never left out."""

ACTING_ON_UNKNOWN = frozenset("run start stop create register log put patch delete".split())
"""So do these on an object of which nothing is known."""

PEEKS = frozenset(
    "head tail info describe sample shape columns dtypes dtype index nunique unique value_counts isnull isna notnull sum any all count "
    "len type size ndim memory_usage display print keys values mean median min max std corr summary help dir id list sorted round to_string "
    "tolist duplicated get_ipython pinfo nbytes items".split()
)
"""What a look at data is made of: a cell of nothing else is no result."""

BIG_LIBRARIES = ("torch", "tensorflow", "keras", "jax", "transformers", "cudf", "cuml", "cupy", "lightning", "pytorch_lightning", "fastai")
"""Work done with these asks for resources of its own."""
