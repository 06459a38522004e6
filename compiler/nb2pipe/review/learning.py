"""What a notebook's learning code handles: rows of data and their parts, things that are fitted, and the table of names that decides.

Names of scikit-learn, imbalanced-learn, Keras and their family are known by their last word; the words are specific enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.record import field, record

if TYPE_CHECKING:
    from nb2pipe.source import Span

LEARNERS = frozenset(
    """StandardScaler MinMaxScaler MaxAbsScaler RobustScaler PowerTransformer QuantileTransformer KBinsDiscretizer SplineTransformer
    SimpleImputer Imputer KNNImputer IterativeImputer OneHotEncoder OrdinalEncoder TargetEncoder TfidfVectorizer TfidfTransformer
    PCA KernelPCA IncrementalPCA TruncatedSVD FastICA NMF FactorAnalysis LinearDiscriminantAnalysis
    SelectKBest SelectPercentile SelectFdr SelectFpr SelectFromModel RFE RFECV SequentialFeatureSelector VarianceThreshold
    SMOTE SMOTENC SMOTETomek SMOTEENN BorderlineSMOTE ADASYN RandomOverSampler RandomUnderSampler NearMiss TomekLinks""".split()
)
"""What a transformer of one of these does to a row depends on the other rows that it was fitted on."""

LEARNING_FUNCTIONS = frozenset("scale minmax_scale maxabs_scale robust_scale power_transform quantile_transform".split())
UNSUPERVISED = frozenset(
    """KMeans MiniBatchKMeans DBSCAN AgglomerativeClustering MeanShift SpectralClustering GaussianMixture BayesianGaussianMixture KernelDensity
    IsolationForest OneClassSVM LocalOutlierFactor LatentDirichletAllocation TSNE LabelEncoder LabelBinarizer MultiLabelBinarizer
    CountVectorizer Tokenizer PolynomialFeatures Normalizer Binarizer FunctionTransformer Prophet""".split()
)
"""Fitted too, but a score on the same rows is what one wants of them, or they learn nothing that leaks."""

MODEL_ENDS = ("Classifier", "Regressor", "Regression", "SVC", "SVR", "NB", "CV", "Lasso", "Ridge", "ElasticNet", "Perceptron", "Pipeline")
PIPELINES = frozenset("Pipeline make_pipeline ColumnTransformer make_column_transformer".split())
SEARCHES = frozenset("GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV".split())
FOLDS = frozenset("KFold StratifiedKFold RepeatedKFold RepeatedStratifiedKFold ShuffleSplit StratifiedShuffleSplit LeaveOneOut".split())
CROSS = frozenset("cross_val_score cross_validate cross_val_predict learning_curve validation_curve".split())
METRIC_ENDS = ("_score", "_error", "_loss", "_report", "_deviance")
METRICS = frozenset("accuracy_score confusion_matrix classification_report roc_auc_score log_loss".split())
SAME_ROWS = frozenset(
    """copy drop fillna astype assign replace rename reset_index set_index sort_values sort_index to_numpy as_matrix reshape apply applymap
    map join interpolate ffill bfill clip round dropna drop_duplicates toarray todense transpose to_frame ravel flatten squeeze
    values get pop select_dtypes filter where mask tolist pipe set_axis to_list infer_objects abs pct_change diff shift rolling""".split()
)
"""Methods whose result is about the same rows."""

FUNCTIONS = frozenset(
    """array asarray DataFrame Series get_dummies log log1p exp sqrt abs ravel reshape hstack column_stack c_ concatenate concat stack
    to_numeric expand_dims squeeze nan_to_num csr_matrix list vstack astype to_categorical cut qcut""".split()
)
"""Functions whose result is about the rows of their arguments."""

STATISTICS = frozenset("mean median mode std var min max quantile".split())
SAVERS = frozenset("dump save save_model log_model dumps save_pretrained to_disk".split())


@record(frozen=False)
class Rows:
    """A table as it was loaded or made: what is known of all data that comes from it. `time` is where a time column shows."""

    time: Span | None = None


@record()
class Fit:
    """A call that learned from data; `label` is how it is written."""

    label: str
    span: Span
    maker: Fitted | None = None


@record(kw_only=True)
class Data:
    """Values about some rows; `part` is ``""`` for all of them, ``"train"`` or ``"test"`` of a split, ``"some"`` for a choice."""

    rows: Rows
    part: str = ""
    split: int = -1
    fits: tuple[Fit, ...] = ()  # what learned from all rows of the table on the way
    made: tuple[Fit, ...] = ()  # what changed the values in notebook code, with numbers that a model does not keep

    def same_rows(self, other: Data) -> bool:
        """Tell whether two are about exactly the same rows."""
        return self.rows is other.rows and self.part == other.part and self.split == other.split and self.part != "some"

    def holds(self, other: Data) -> bool:
        """Tell whether all rows of another are among these."""
        return self.same_rows(other) or (self.rows is other.rows and not self.part)


@record(frozen=False)
class Evaluation:
    """A score: where, of what, and whether the model had seen the rows. `named` is the name that it gets."""

    label: str
    span: Span
    seen: bool
    fitted: Span
    named: str = ""


@record(frozen=False)
class Fitted:
    """A transformer, model, pipeline or network of the notebook."""

    kind: str  # the class's name, empty when unknown
    data: Data | None = None
    span: Span | None = None
    supervised: bool = False
    validated: bool = False  # it was scored on rows that it had not seen, by whatever means
    evaluations: list[Evaluation] = field(default_factory=list)
    ordered: bool = False  # its folds follow time

    @property
    def learns_rows(self) -> bool:
        """Tell whether its transformation depends on the rows that it saw."""
        return self.kind in LEARNERS


@record()
class Predicted:
    """What a model said about data."""

    model: Fitted
    data: Data


@record()
class Index:
    """The row numbers of one part, from a fold."""

    part: str
    split: int
