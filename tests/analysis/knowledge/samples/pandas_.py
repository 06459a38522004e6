"""Frames, series, indexes, groups, and the functions of pandas."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

SETUP = """
import numpy as np
import pandas as pd
array = np.array([3.0, 1.0, 2.0])
matrix = np.array([[3.0, 1.0], [2.0, 5.0], [4.0, 0.0]])
columns = {'a': [1.0, 2.0, 3.0], 'b': [6.0, 5.0, 4.0]}
other = pd.DataFrame({'a': [1.0, 2.0, 9.0], 'c': [7.0, 8.0, 0.0]})
same = pd.DataFrame({'a': [10.0, 20.0, 30.0], 'b': [60.0, 50.0, 40.0]})
series = pd.Series([10.0, 30.0, 20.0], name='s')
words = pd.Series(['2020-01-01', '2020-01-03', '2020-01-02'])
days = pd.date_range('2020', periods=3)
names = ['x', 'y']
"""
IN_PLACE = """
    fillna: 0 | 0, inplace=True
    replace: 1.0, 9.0 | 1.0, 9.0, inplace=True
    clip: 1, 2 | 1, 2, inplace=True
    where mask: x > 1 | x > 1, inplace=True
    dropna reset_index sort_index ffill bfill interpolate drop_duplicates: | inplace=True
    rename_axis: 'z' | 'z', inplace=True
"""
BINARY = "add sub mul div truediv floordiv mod pow radd rsub rmul rdiv rtruediv rfloordiv rmod rpow eq ne lt le gt ge"
SKIP = (
    "to_clipboard to_gbq to_hdf to_sql to_pickle to_excel to_feather to_orc to_parquet to_stata to_latex to_xml to_html to_markdown "
    "a b to_iceberg hist boxplot plot from_dict from_records from_arrow style sparse"
)

FRAME = Sample(
    owner="pandas.DataFrame",
    setup=SETUP,
    make="pd.DataFrame({'a': [1.0, 2.0, 3.0], 'b': [6.0, 5.0, 4.0]})",
    calls=table(
        IN_PLACE
        + f"{BINARY}: 2 | same\n"
        + """
        sort_values groupby value_counts nunique: 'a'
        sort_values: 'b', inplace=True
        drop: columns='a' | columns='a', inplace=True | 0
        rename: columns={'a': 'z'} | columns={'a': 'z'}, inplace=True
        set_index: 'a' | 'a', inplace=True
        query: 'a > 1' | 'a > 1', inplace=True
        eval: 'a + b' | 'c = a + b' | 'c = a + b', inplace=True
        insert: 1, 'z', array | 1, 'z', series
        pop get: 'a'
        update: same | other
        isetitem: 0, array
        assign: z=array
        join merge_ordered: other[['c']]
        merge: other, on='a' | other, 'left', 'a'
        append: other
        apply transform agg aggregate map applymap pipe: lambda v: v + 0
        apply agg: 'sum'
        astype: int | float, copy=False
        at_time: '10:00'
        between_time: '10:00', '11:00'
        filter select_dtypes: include=['a'] | include='number'
        filter: ['a']
        head tail sample nlargest nsmallest: 2 | 2, 'a'
        melt stack: | id_vars='a'
        pivot pivot_table: index='a', columns='b'
        reindex: [0, 1]
        reindex_like align combine_first corrwith compare equals: same
        combine: same, lambda l, r: l
        dot: same.T
        isin: [1.0]
        set_axis: ['p', 'q'], axis=1
        swapaxes: 0, 1
        squeeze transpose copy items iterrows itertuples describe info mean sum std var min max median count nunique idxmax:
        copy: deep=False
        sum mean min max: axis=1
        take: [0, 1]
        truncate: 0, 1
        xs: 0
        rolling: 2
        lookup: [0], ['a']
        quantile: 0.5 | [0.5]
        shift diff pct_change cumsum round abs isna isnull notna notnull duplicated memory_usage:
        to_dict to_csv to_json to_numpy to_records to_string to_period to_timestamp: | 'records'
        resample asfreq: 'D'
        explode: 'a'
        tz_localize tz_convert: 'UTC'
        cov corr kurt skew sem:
        get_value: 0, 'a'
        set_value: 0, 'a', 9.0
        reorder_levels swaplevel droplevel:
        add_prefix add_suffix: 'z'
        infer_objects convert_dtypes:
        expanding ewm: | 1
        first last: 'D'
        set_flags: allows_duplicate_labels=False
        """
    ),
    by_name={"other": "same", "func": "lambda v: v", "labels": "[0]"},
    skip=SKIP,
)

SERIES = Sample(
    owner="pandas.Series",
    setup=SETUP,
    make="pd.Series([1.0, 3.0, 2.0], name='s')",
    calls=table(
        IN_PLACE
        + f"{BINARY}: 2 | series\n"
        + """
        sort_values: | inplace=True
        rename: 't' | 't', inplace=True
        drop: 0 | 0, inplace=True
        pop get: 0
        update: series
        append: series
        apply map transform agg aggregate pipe: lambda v: v + 0 | 'sum'
        astype: int | float, copy=False
        between: 1, 2
        groupby: [1, 1, 2]
        head tail sample nlargest nsmallest: 2
        isin: [1.0]
        reindex: [0, 1]
        set_axis: ['p', 'q', 'r']
        squeeze transpose copy ravel view tolist to_list to_numpy to_frame items keys describe unique value_counts mode:
        copy: deep=False
        mean sum std var min max median count nunique idxmax idxmin argmax argmin argsort rank prod sem skew kurt:
        combine: series, lambda l, r: l
        combine_first compare equals corr cov dot align reindex_like: series
        take: [0, 1]
        truncate: 0, 1
        xs: 0
        rolling: 2
        quantile: 0.5 | [0.5]
        repeat: 2
        searchsorted: 2.0
        resample asfreq: 'D'
        at_time: '10:00'
        between_time: '10:00', '11:00'
        case_when: [(array > 1, 0.0)]
        filter: [0]
        add_prefix add_suffix: 'z'
        tz_localize tz_convert: 'UTC'
        autocorr: 1
        divmod rdivmod: 2
        explode expanding ewm: | 1
        first last: 'D'
        droplevel swaplevel reorder_levels:
        """
    ),
    by_name={"other": "series", "func": "lambda v: v"},
    skip=SKIP,
)

GROUPED = """
    agg aggregate apply transform pipe filter: 'sum' | lambda v: v + 0 | lambda v: True
    get_group: 10.0 | 1.0 | (10.0,) | (1.0,)
    head tail nth sample: 1
    quantile: 0.5
    rolling: 2
    resample: 'D'
    fillna: 0
    corrwith: same
    take: [0]
"""

GAPS = """
    fillna: 0 | 0, inplace=True
    replace: 1.0, 9.0, inplace=True
    clip: 1, 2, inplace=True
    dropna reset_index sort_index ffill bfill interpolate drop_duplicates: | inplace=True
    rename_axis: 'z' | 'z', inplace=True
"""
DATED = """
    resample: 'D'
    asfreq first last: '2D'
    at_time: '00:00'
    between_time: '00:00', '11:00'
    to_period: 'M'
    to_timestamp shift:
    tz_localize: 'UTC'
    truncate: '2020-01-02'
"""

FAMILY = Family(
    name="pandas",
    library="pandas",
    slow=True,
    samples=(
        FRAME,
        SERIES,
        *(
            Sample(
                owner=f"pandas.{kind}",
                setup=SETUP + "nan = float('nan')\n",
                make=f"pd.{kind}({data}, index=[2, 0, 1])",
                calls=table(GAPS),
                only=True,
            )
            for kind, data in (("DataFrame", "{'a': [3.0, nan, 3.0], 'b': [1.0, nan, 1.0]}"), ("Series", "[3.0, nan, 3.0]"))
        ),
        *(
            Sample(owner=f"pandas.{kind}", setup=SETUP, make=f"pd.{kind}({data}, index=days)", calls=table(DATED), only=True)
            for kind, data in (("DataFrame", "{'a': [3.0, 2.0, 3.0]}"), ("Series", "[3.0, 1.0, 3.0]"))
        ),
        Sample(
            owner="pandas.Index",
            setup=SETUP,
            make="pd.Index([1.0, 3.0, 2.0], name='i')",
            calls=table("""
                rename: 'z' | 'z', inplace=True
                set_names: 'z' | 'z', inplace=True
                union intersection difference symmetric_difference append equals identical join get_indexer reindex isin: pd.Index([1.0])
                astype: int
                drop delete get_loc repeat take: [0] | 0 | 1.0
                insert: 0, 9.0
                fillna: 0
                where putmask: [True, False, True], 0.0
                map: lambda v: v
                searchsorted: 2.0
                groupby: [1, 1, 2]
                sort_values argsort unique tolist to_list to_numpy to_series to_frame copy max min ravel view value_counts:
                to_flat_index duplicated drop_duplicates nunique isna notna memory_usage dropna:
            """),
            skip="to_pickle str",
        ),
        Sample(
            owner="pandas.DatetimeIndex",
            setup=SETUP,
            make="pd.date_range('2020', periods=3)",
            calls=table("""
                union intersection difference append: pd.DatetimeIndex(['2020'])
                strftime: '%Y'
                tz_localize: 'UTC'
                shift: 1
                to_period round floor ceil: 'D'
                isin: days
            """),
            only=True,
        ),
        Sample(
            owner="pandas.api.typing.DataFrameGroupBy",
            setup=SETUP,
            make="same.groupby('a')",
            calls=table(GROUPED),
            skip="a b plot hist boxplot",
        ),
        Sample(
            owner="pandas.api.typing.SeriesGroupBy",
            setup=SETUP,
            make="series.groupby([1.0, 1.0, 2.0])",
            calls=table(GROUPED),
            skip="plot hist",
        ),
        Sample(
            owner="pandas.api.typing.Rolling",
            setup=SETUP,
            make="same.rolling(2)",
            calls=table("apply agg aggregate: 'sum' | np.sum\nquantile: 0.5"),
        ),
        Sample(
            owner="pandas.Categorical",
            setup=SETUP,
            make="pd.Categorical(['p', 'q', 'p'])",
            calls=table("""
                add_categories remove_categories: 'z' | 'p'
                rename_categories set_categories reorder_categories: ['q', 'p']
                fillna astype: 'p' | str
                map: str.upper
                sort_values: | inplace=True
            """),
            skip="from_codes",
        ),
        Sample(
            owner="pandas",
            module=True,
            setup="import pandas as x\n" + SETUP,
            variants={"same": ("series",), "words": ("days",)},
            calls=table("""
                DataFrame Series Index array: columns | matrix | array | same | series | matrix, copy=False | array, copy=True
                concat: [same, other] | [series, series] | [same, other], axis=1 | [series, series], axis=1
                merge merge_ordered: same, other
                merge_asof: same, other, on='a'
                get_dummies isna isnull notna notnull factorize unique: same | series
                to_numeric unique value_counts: array | series
                to_datetime to_timedelta: words | [1, 2]
                cut: array, 2 | series, 2
                qcut: array, 2 | series, 2
                melt: same
                pivot_table: same, index='a' | same, 'b', 'a'
                pivot: same, columns='a', index='b'
                crosstab: array, array
                date_range: '2020', periods=3
                period_range timedelta_range: '1D', periods=3
                interval_range: 0, 3
                Timestamp Timedelta: '1D' | '2020-01-01'
                Categorical CategoricalIndex: words
                DatetimeIndex: words
                MultiIndex.from_arrays: [array, array]
                json_normalize: [columns]
                eval: 'same.a + 1'
                set_option: 'display.max_rows', 7 | 'display.max_rows', 60
                reset_option get_option describe_option: 'display.max_rows'
                option_context: 'display.max_rows', 7
                wide_to_long: same, 'a', i='b', j='z'
                from_dummies: same
                lreshape: same, {'z': ['a', 'b']}
            """),
            only=True,
        ),
    ),
)
