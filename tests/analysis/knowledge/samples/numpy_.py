"""Arrays, generators, and the functions of NumPy."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

ARRAYS = """
import numpy as np
b = np.array([5.0, 6.0, 7.0])
index = np.array([0, 1])
mask = np.array([True, False, True])
matrix = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]])
whole = np.array([3, 1, 2])
buffer = np.zeros(3)
"""
A = "a = np.array([3.0, 1.0, 2.0])\n"
PANDAS = """
import pandas as pd
series = pd.Series([3.0, 1.0, 2.0])
frame = pd.DataFrame({'p': [3.0, 1.0, 2.0], 'q': [4.0, 6.0, 5.0], 'r': [7.0, 9.0, 8.0]})
"""
DRAWS = """
    choice permutation: whole | whole, 2
    shuffle permuted: whole
    integers randint: 5 | 5, size=2
    normal uniform logistic gumbel laplace lognormal beta wald vonmises gamma f: 1, 2 | 1, 2, 3 |
    multivariate_normal: [0, 0], [[1, 0], [0, 1]]
    binomial: 3, 0.5 | 3, 0.5, 4
    negative_binomial noncentral_chisquare: 3, 0.5
    multinomial: 3, [0.5, 0.5]
    hypergeometric: 3, 4, 2
    noncentral_f: 3, 4, 0.5
    triangular: 0, 1, 2
    dirichlet: [1, 2]
    poisson standard_gamma exponential chisquare geometric logseries pareto power rayleigh standard_t weibull zipf: 2 | 0.5 | 2, 3
    bytes: 3
    rand randn: | 2
    random random_sample standard_normal standard_exponential standard_cauchy: | 2
    random_integers tomaxint:
    seed: 3
    spawn: 2
    multivariate_hypergeometric: [3, 4], 2
"""

FAMILY = Family(
    name="numpy",
    library="numpy",
    slow=True,
    samples=(
        Sample(
            owner="numpy.ndarray",
            setup=ARRAYS,
            make="np.array([3.0, 1.0, 2.0])",
            calls=table("""
                argpartition partition: 1
                sort: | kind='stable'
                astype: int | float, copy=False
                choose: [buffer, buffer, buffer, buffer]
                clip: 1, 2
                compress: mask
                dot: b
                diagonal trace: 0
                fill: 9.0
                itemset: 0, 9.0
                put: index, 9.0
                repeat: 2
                reshape: 3, 1 | -1
                resize: 2, refcheck=False
                searchsorted: 2.0
                setflags: write=False
                setfield: 1.0, float
                getfield: float
                swapaxes: 0, 0
                take: index
                transpose ravel flatten squeeze copy view: | 0
                view: np.int64
                mean sum std var prod ptp max min argmax argmin all any cumsum cumprod: | axis=0
                newbyteorder: | '<'
                byteswap: | inplace=True
                tofile dump: buffer
            """),
            skip="tofile dump device",
        ),
        Sample(
            owner="numpy.ndarray",
            setup=ARRAYS,
            make="np.array([[3.0, 1.0], [2.0, 4.0]])",
            calls=table("""
                diagonal trace: 0 | 1
                swapaxes: 0, 1
                transpose ravel flatten squeeze: | 0
                mean sum std var prod ptp max min argmax argmin all any cumsum cumprod: axis=0
            """),
            only=True,
        ),
        Sample(owner="numpy.random.Generator", setup=ARRAYS, make="np.random.default_rng(1)", calls=table(DRAWS)),
        Sample(owner="numpy.random.RandomState", setup=ARRAYS, make="np.random.RandomState(1)", calls=table(DRAWS)),
        Sample(
            owner="numpy.random",
            module=True,
            setup=ARRAYS + "x = np.random\n",
            calls=table(DRAWS + "default_rng RandomState SeedSequence PCG64 MT19937: 1"),
            skip="bytes mtrand set_state set_bit_generator test Generator",
        ),
        Sample(
            owner="numpy",
            module=True,
            setup="import numpy as x\n" + ARRAYS + A + PANDAS,
            variants={"a": ("series", "frame"), "[a, b]": ("[series, series]",)},
            calls=table("""
                array asarray asanyarray ascontiguousarray asfortranarray require: a | [a, b]
                concatenate stack vstack hstack dstack column_stack row_stack block: [a, b]
                put: a, index, 9.0
                place putmask: a, mask, b
                copyto: a, b
                fill_diagonal: matrix, 9.0
                put_along_axis: a, index, 9.0, 0
                where: mask, a, b | mask
                select: [mask], [a]
                choose: index, [a, b]
                clip: a, 1, 2
                take: a, index
                compress extract: mask, a
                reshape resize: a, (3, 1)
                broadcast_to: a, (2, 3)
                broadcast_arrays meshgrid ix_: a, b
                expand_dims: a, 0
                split array_split hsplit: a, 3
                vsplit: matrix, 3
                dsplit: matrix.reshape(3, 1, 3), 3
                swapaxes rollaxis moveaxis: matrix, 0, 1
                diag diagonal triu tril trace transpose rot90 flipud fliplr: matrix
                dot matmul inner outer cross vdot kron convolve correlate: a, b
                tensordot: a, b, 1
                einsum: 'i,i->i', a, b | 'ij->ji', matrix | 'ii->i', matrix
                interp: 1.5, a, b
                polyfit: a, b, 1
                polyval: a, 2.0
                quantile percentile nanquantile nanpercentile: a, 0.5
                histogram bincount: whole
                digitize searchsorted: a, b
                insert: a, 0, 9.0
                delete: a, 0
                append: a, b
                repeat tile: a, 2
                roll: a, 1
                pad: a, 1
                linspace arange logspace geomspace: 1, 3
                zeros ones empty: 3
                full: 3, 1.0
                eye identity: 3
                zeros_like ones_like empty_like: a
                full_like: a, 1.0
                apply_along_axis: np.sum, 0, a
                vectorize: len
                partition argpartition: a, 1
                mean sum std var median max min amax amin ptp prod argmax argmin all any nanmean nansum nanstd average: a | matrix, 0
                sort argsort cumsum cumprod unique round ravel squeeze atleast_1d atleast_2d atleast_3d nan_to_num: a
                abs absolute fabs exp expm1 log log1p log2 log10 sqrt square sin cos tan tanh sign floor ceil rint isnan isfinite: a
                negative reciprocal isinf logical_not cbrt degrees radians arctan sinh cosh: a
                add subtract multiply divide power maximum minimum mod hypot arctan2 fmax fmin greater less equal not_equal: a, b
                isclose allclose array_equal: a, b
                set_printoptions: precision=3
                seterr: all='warn'
                ndenumerate nditer: a
                frombuffer: b'12345678'
                copy: a
                load loadtxt save savetxt genfromtxt fromfile: '/nowhere'
            """),
            by_name={
                "a": "a",
                "x": "a",
                "arr": "a",
                "ary": "a",
                "m": "a",
                "x1": "a",
                "x2": "b",
                "y": "b",
                "v": "b",
                "b": "b",
                "condition": "mask",
            },
            tries=("a", "a, b", ""),
            skip=(
                "random test info show_config show_runtime lookfor source save savetxt savez savez_compressed load loadtxt genfromtxt fromfile "
                "who memmap DataSource set_string_function seterrcall setbufsize get_include disp setbufsize byte_bounds deprecate "
                "deprecate_with_doc safe_eval add_docstring add_newdoc add_newdoc_ufunc compare_chararrays fromregex from_dlpack char rec ma"
            ),
        ),
    ),
)
