"""Who seeds and who draws from the random generators that a whole process shares.

The names of scikit-learn are what it does with its defaults: `tests/analysis/test_randomness.py` fits each class and looks whether NumPy's
global generator has moved.
"""

SEEDERS = {
    "random.seed": ("random",),
    "random.setstate": ("random",),
    "numpy.random.seed": ("numpy",),
    "numpy.random.set_state": ("numpy",),
    "torch.manual_seed": ("torch",),
    "torch.random.manual_seed": ("torch",),
    "torch.set_rng_state": ("torch",),
    "tensorflow.random.set_seed": ("tensorflow",),
    "tensorflow.set_random_seed": ("tensorflow",),
    "keras.utils.set_random_seed": ("random", "numpy", "tensorflow"),
    "tensorflow.keras.utils.set_random_seed": ("random", "numpy", "tensorflow"),
    "lightning.seed_everything": ("random", "numpy", "torch"),
    "lightning.pytorch.seed_everything": ("random", "numpy", "torch"),
    "pytorch_lightning.seed_everything": ("random", "numpy", "torch"),
    "transformers.set_seed": ("random", "numpy", "torch", "tensorflow"),
}
"""Calls that set the state of generators, and of which."""

NOT_DRAWS = frozenset(
    "random.getstate random.Random random.SystemRandom numpy.random.get_state numpy.random.default_rng numpy.random.RandomState "
    "numpy.random.Generator numpy.random.SeedSequence numpy.random.PCG64 numpy.random.MT19937 numpy.random.Philox numpy.random.SFC64 "
    "torch.random.get_rng_state torch.random.initial_seed tensorflow.random.Generator tensorflow.random.Generator.from_seed".split()
)
"""Below the paths of draws, but they leave the global generator alone."""

DRAWS = {
    "random": (("random.", "random"),),
    "numpy": (("numpy.random.", "numpy"),),
    "torch": tuple((path, "torch") for path in ("torch.rand", "torch.normal", "torch.bernoulli", "torch.multinomial", "torch.nn.")),
    "tensorflow": (("tensorflow.random.", "tensorflow"), ("tensorflow.keras.", "tensorflow")),
    "keras": (("keras.", "tensorflow"),),
}
"""Package → paths below which calls draw (numbers, or the first weights of a layer), and from whose generator."""

DRAWING_TYPES = (("torch.", "torch"), ("keras.", "tensorflow"), ("tensorflow.keras.", "tensorflow"))
"""Calling an object of these types, iterating over it or fitting it may draw: dropout, shuffled batches."""

SKLEARN_CLASSES = frozenset(
    "AdaBoostClassifier AdaBoostRegressor BaggingClassifier BaggingRegressor BayesianGaussianMixture BernoulliRBM "
    "BisectingKMeans DecisionTreeClassifier DecisionTreeRegressor DictionaryLearning EllipticEnvelope "
    "ExtraTreeClassifier ExtraTreeRegressor ExtraTreesClassifier ExtraTreesRegressor FastICA GaussianMixture GaussianRandomProjection "
    "GradientBoostingClassifier GradientBoostingRegressor HistGradientBoostingClassifier HistGradientBoostingRegressor IsolationForest "
    "KMeans LatentDirichletAllocation LinearSVC LinearSVR MDS MLPClassifier MLPRegressor MinCovDet "
    "MiniBatchDictionaryLearning MiniBatchKMeans MiniBatchNMF MiniBatchSparsePCA NMF NuSVC Nystroem "
    "OutputCodeClassifier PCA PassiveAggressiveClassifier PassiveAggressiveRegressor PolynomialCountSketch "
    "RANSACRegressor RBFSampler RandomForestClassifier RandomForestRegressor RandomTreesEmbedding RandomizedSearchCV SGDClassifier "
    "SGDOneClassSVM SGDRegressor SVC SkewedChi2Sampler SparseRandomProjection SpectralBiclustering SpectralClustering "
    "SpectralCoclustering SpectralEmbedding TSNE TheilSenRegressor TruncatedSVD ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit "
    "RepeatedKFold RepeatedStratifiedKFold SMOTE RandomOverSampler RandomUnderSampler ADASYN".split()
)
"""Without `random_state` their objects draw from NumPy's global generator when they are fitted or split."""

SKLEARN_SHUFFLED = frozenset("KFold StratifiedKFold GroupKFold StratifiedGroupKFold".split())
"""These do so with ``shuffle=True`` only."""

SKLEARN_FUNCTIONS = frozenset(
    "train_test_split shuffle resample permutation_importance permutation_test_score k_means kmeans_plusplus mutual_info_classif "
    "mutual_info_regression make_biclusters make_blobs make_checkerboard make_circles make_classification make_friedman1 make_friedman2 "
    "make_friedman3 make_gaussian_quantiles make_hastie_10_2 make_low_rank_matrix make_moons make_multilabel_classification "
    "make_regression make_s_curve make_sparse_coded_signal make_sparse_spd_matrix make_sparse_uncorrelated make_spd_matrix "
    "make_swiss_roll randomized_svd spectral_clustering".split()
)
"""Without `random_state` they draw from NumPy's global generator."""

DRAWING_METHODS = frozenset("fit fit_transform fit_predict fit_resample partial_fit split sample transform score predict".split())
"""Methods of objects of SKLEARN_CLASSES, or of what holds one, that draw."""

SAMPLING_METHODS = frozenset("sample rvs generate_sample simulate".split())
"""Methods of frames, distributions and models of time series that draw from NumPy's global generator unless `random_state` is given."""

SAMPLING_FUNCTIONS = frozenset("rvs arma_generate_sample".split())
"""Functions of SciPy and statsmodels that do so."""

GENERATOR_TYPES = ("numpy.random.", "random.Random", "torch.Generator")
"""Generators that are objects of their own: handing one over as an argument lets the callee move it on."""

GENERATOR_ARGUMENTS = ("random_state", "rng", "generator", "seed")

CARRIED = {
    "random": ("__import__('random').getstate()", "__import__('random').setstate({})", "tuple"),
    "numpy": (
        "[part.tolist() if hasattr(part, 'tolist') else part for part in __import__('numpy').random.get_state()]",
        "__import__('numpy').random.set_state({})",
        "list",
    ),
    "torch": (
        "__import__('torch').get_rng_state().tolist()",
        "__import__('torch').set_rng_state(__import__('torch').tensor({}, dtype=__import__('torch').uint8))",
        "list",
    ),
}
"""How to take the state of a generator, how to set it, and the type that carries it; TensorFlow gives no state out."""
