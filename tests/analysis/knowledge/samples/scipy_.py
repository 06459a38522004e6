"""Sparse matrices and functions of SciPy."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

SETUP = """
import numpy as np
import scipy.sparse
dense = np.array([[1.0, 0.0], [2.0, 3.0]])
other = scipy.sparse.csr_matrix(dense)
xs = np.array([1.0, 2.0, 3.0, 4.0])
ys = np.array([2.0, 1.0, 4.0, 3.0])
"""
SPARSE = """
    dot multiply maximum minimum: other
    setdiag: [8.0, 9.0]
    resize reshape: (1, 4) | 1, 4
    getrow getcol getrowcol: 0
    astype asformat power: float | 'csr' | 2
    sum mean min max: | 0
    todense toarray tocsr tocsc tocoo copy transpose sort_indices sum_duplicates eliminate_zeros prune:
    setdefault: (0, 0), 1.0
    tocsr tocsc transpose: copy=True
"""

FAMILY = Family(
    name="scipy",
    library="scipy",
    slow=True,
    samples=(
        *(
            Sample(owner=f"scipy.sparse.{kind}", setup=SETUP, make=f"scipy.sparse.{kind}([[1.0, 0.0], [2.0, 3.0]])", calls=table(SPARSE))
            for kind in ("csr_matrix", "csc_matrix", "coo_matrix", "lil_matrix")
        ),
        Sample(
            owner="scipy.sparse",
            module=True,
            setup=SETUP + "x = scipy.sparse\n",
            calls=table("""
                csr_matrix csc_matrix coo_matrix lil_matrix: dense | other
                hstack vstack block_diag: [other, other]
                identity eye: 2
                diags: xs
                issparse find tril triu: other
            """),
            only=True,
        ),
        Sample(
            owner="scipy.stats",
            module=True,
            setup=SETUP + "import scipy.stats as x\n",
            calls=table("""
                zscore rankdata describe skew kurtosis sem iqr mode gmean hmean entropy shapiro normaltest: xs
                ttest_ind pearsonr spearmanr kendalltau mannwhitneyu ks_2samp ttest_rel linregress f_oneway wilcoxon: xs, ys
                trim_mean: xs, 0.1
                boxcox: xs
                percentileofscore: xs, 2.0
                chi2_contingency: dense + 1
                norm t uniform: 1, 2
            """),
            only=True,
        ),
    ),
)
