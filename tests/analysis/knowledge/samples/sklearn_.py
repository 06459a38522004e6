"""Estimators, pipelines, searches, splitters, and functions of scikit-learn."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

DATA = """
import numpy as np
import pandas as pd
X = np.array([[0.0, 3.0], [1.0, 1.0], [2.0, 5.0], [3.0, 2.0], [4.0, 4.0], [5.0, 0.0], [6.0, 6.0], [7.0, 8.0]])
y = np.array([0, 1, 0, 1, 1, 0, 1, 0])
target = np.array([0.0, 1.5, 2.0, 3.5, 4.0, 5.5, 6.0, 7.5])
names = ['p', 'q']
score = np.array([0.1, 0.9, 0.4, 0.6, 0.7, 0.2, 0.8, 0.3])
"""
CALLS = """
    fit partial_fit fit_predict score: X, y
    fit: X, y
    fit_transform: X, y | X
    partial_fit: X, y, np.array([0, 1]) | X, y
    transform inverse_transform predict predict_proba predict_log_proba decision_function apply score_samples kneighbors staged_predict: X
    score: X, y | X
    set_params: verbose=1 | memory=None | fit_intercept=False | max_depth=3 | n_components=1 | n_neighbors=2 | method='sigmoid' | max_features=1 | model__alpha=2 | estimator__alpha=2 | regressor__alpha=2 | scale__with_std=False
    get_params get_feature_names_out get_support sparsify densify get_depth get_n_leaves:
    decision_path kneighbors_graph staged_predict_proba: X
    bic aic: X
    sample:
    set_output: transform='default'
    cost_complexity_pruning_path path: X, y
    split: X, y
    get_n_splits: X, y
"""


def estimator(path: str, arguments: str = "", *, fitted: bool = False, setup: str = "", y: str = "y") -> Sample:
    """Describe an estimator; `fitted` ones are asked what unfitted ones cannot be."""
    module, _, name = path.rpartition(".")
    made = f"{name}({arguments})"
    calls = CALLS.replace("X, y", f"X, {y}")
    return Sample(
        owner=path,
        setup=f"{DATA}from {module} import {name}\n{setup}",
        make=f"{made}.fit(X, {y})" if fitted else made,
        calls=table(calls),
        only=True,
    )


SINGLE = (
    *("linear_model.LinearRegression", "linear_model.LogisticRegression", "linear_model.Ridge", "linear_model.SGDClassifier"),
    *("tree.DecisionTreeClassifier", "tree.DecisionTreeRegressor", "neighbors.KNeighborsClassifier", "svm.SVC", "svm.LinearSVC"),
    *("naive_bayes.GaussianNB", "preprocessing.StandardScaler", "preprocessing.MinMaxScaler", "preprocessing.PolynomialFeatures"),
    *("preprocessing.OneHotEncoder", "preprocessing.LabelEncoder", "decomposition.PCA", "cluster.KMeans", "impute.SimpleImputer"),
)
SMALL = (
    ("ensemble.RandomForestClassifier", "n_estimators=2"),
    ("ensemble.GradientBoostingClassifier", "n_estimators=2"),
    ("ensemble.AdaBoostClassifier", "n_estimators=2"),
    ("neural_network.MLPClassifier", "max_iter=2"),
    ("mixture.GaussianMixture", "n_components=1"),
    ("feature_selection.SelectKBest", "k=1"),
    ("manifold.TSNE", "perplexity=2, max_iter=250"),
)
INNER = "from sklearn.preprocessing import StandardScaler\nfrom sklearn.linear_model import Ridge, RidgeClassifier\n"
INNER += "scaler = StandardScaler()\nmodel = RidgeClassifier()\nregressor = Ridge()\nsteps = [('scale', scaler), ('model', model)]\n"
COMPOSITE = (
    ("pipeline.Pipeline", "steps"),
    ("pipeline.FeatureUnion", "[('scale', scaler)]"),
    ("compose.ColumnTransformer", "[('scale', scaler, [0])]"),
    ("compose.TransformedTargetRegressor", "regressor"),
    ("model_selection.GridSearchCV", "model, {'alpha': [1, 2]}, cv=2"),
    ("model_selection.RandomizedSearchCV", "model, {'alpha': [1, 2]}, cv=2, n_iter=1"),
    ("ensemble.VotingClassifier", "[('model', model)]"),
    ("ensemble.StackingClassifier", "[('model', model)], cv=2"),
    ("ensemble.BaggingClassifier", "model, n_estimators=2"),
    ("ensemble.AdaBoostClassifier", "model, n_estimators=2"),
    ("calibration.CalibratedClassifierCV", "model, cv=2"),
    ("feature_selection.SelectFromModel", "model"),
    ("feature_selection.RFE", "model"),
    ("multiclass.OneVsRestClassifier", "model"),
)

FAMILY = Family(
    name="sklearn",
    library="sklearn",
    generic="sklearn.",
    slow=True,
    samples=(
        *(
            estimator("sklearn." + path, arguments, fitted=fitted, y="target" if "Regressor" in path or "SelectK" in path else "y")
            for path, arguments in [*((each, "") for each in SINGLE), *SMALL]
            for fitted in ((False, True) if "LabelEncoder" not in path else (False,))
        ),
        *(estimator("sklearn." + path, arguments, setup=INNER, fitted=fitted) for path, arguments in COMPOSITE for fitted in (False, True)),
        Sample(
            owner="sklearn.preprocessing.LabelEncoder",
            setup=DATA + "from sklearn.preprocessing import LabelEncoder\n",
            make="LabelEncoder().fit(y)",
            calls=table("fit fit_transform transform inverse_transform: y"),
            only=True,
        ),
        *(
            Sample(
                owner=f"sklearn.model_selection.{name}",
                setup=f"{DATA}from sklearn.model_selection import {name}\n",
                make=f"{name}({arguments})",
                calls=table("split get_n_splits: X, y | X, y, y"),
            )
            for name, arguments in (
                ("KFold", "2"),
                ("StratifiedKFold", "2"),
                ("ShuffleSplit", "2"),
                ("StratifiedShuffleSplit", "2"),
                ("TimeSeriesSplit", "2"),
                ("GroupKFold", "2"),
            )
        ),
        Sample(
            owner="sklearn.feature_extraction.text.CountVectorizer",
            setup="from sklearn.feature_extraction.text import CountVectorizer\ntexts = ['a bc', 'bc de']\n",
            make="CountVectorizer()",
            calls=table("fit fit_transform: texts\nbuild_analyzer build_tokenizer build_preprocessor get_params get_stop_words:"),
            only=True,
        ),
        Sample(
            owner="sklearn.model_selection",
            module=True,
            setup=DATA + INNER + "import sklearn.model_selection as x\n",
            calls=table("""
                train_test_split: X, y
                cross_val_score cross_val_predict cross_validate: model, X, y
                cross_val_score: model, X, y, cv=2
                learning_curve: model, X, y, cv=2
                validation_curve: model, X, y, param_name='alpha', param_range=[1, 2], cv=2
                permutation_test_score: model, X, y, cv=2, n_permutations=2
            """),
            only=True,
        ),
        Sample(
            owner="sklearn.preprocessing",
            module=True,
            setup=DATA + "import sklearn.preprocessing as x\n",
            calls=table("""
                scale minmax_scale normalize robust_scale maxabs_scale binarize: X | X, copy=False
                label_binarize: y, classes=[0, 1]
                add_dummy_feature: X
            """),
            only=True,
        ),
        Sample(
            owner="sklearn.metrics",
            module=True,
            setup=DATA + "import sklearn.metrics as x\n",
            calls=table("""
                accuracy_score f1_score precision_score recall_score log_loss matthews_corrcoef confusion_matrix balanced_accuracy_score: y, y
                cohen_kappa_score jaccard_score zero_one_loss hamming_loss fbeta_score: y, y | y, y, beta=1
                precision_recall_fscore_support: y, y
                classification_report: y, y | y, y, output_dict=True
                roc_auc_score average_precision_score roc_curve precision_recall_curve brier_score_loss: y, score
                mean_squared_error mean_absolute_error r2_score median_absolute_error explained_variance_score max_error: target, score
                root_mean_squared_error mean_absolute_percentage_error: target, score
                silhouette_score silhouette_samples davies_bouldin_score calinski_harabasz_score: X, y
                pairwise_distances: X
                auc: np.array([0.0, 1.0]), np.array([0.0, 1.0])
                adjusted_rand_score normalized_mutual_info_score homogeneity_score: y, y
                make_scorer: x.accuracy_score
            """),
            only=True,
        ),
        Sample(
            owner="sklearn.base",
            module=True,
            setup=DATA + INNER + "import sklearn.base as x\nfit = model.fit(X, y)\n",
            calls=table("clone: model | scaler | fit\nis_classifier is_regressor: model"),
            only=True,
        ),
        Sample(
            owner="sklearn.pipeline",
            module=True,
            setup=INNER + "import sklearn.pipeline as x\n",
            calls=table("make_pipeline make_union: scaler\nPipeline FeatureUnion: steps"),
            only=True,
        ),
        Sample(
            owner="sklearn.utils",
            module=True,
            setup=DATA + "import sklearn.utils as x\n",
            calls=table("shuffle resample: X | X, y\ncheck_random_state: 1\nBunch: a=X\ncheck_array: X\ncheck_X_y: X, y"),
            only=True,
        ),
        Sample(
            owner="sklearn",
            module=True,
            setup="import sklearn as x\n",
            calls=table("set_config: display='text', print_changed_only=False\nget_config:"),
            only=True,
        ),
    ),
)
