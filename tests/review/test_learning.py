"""What learning code is reported for, and what it is not: one line of findings for each notebook."""

from __future__ import annotations

import pytest

from nb2pipe.api import check_text

CODES = {"NB308", "NB309", "NB310", "NB311"}
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n"
LOAD = "df = pd.read_csv('https://example.org/x.csv')\nX = df.drop('y', axis=1)\ny = df['y']\n"


def findings(source: str) -> list[tuple[str, str]]:
    text = f"# %% step:a\nimport joblib, numpy as np, pandas as pd\nfrom sklearn.all import *\n# %%\n{source}\n"
    found = [each for each in check_text(text, "nb.py") if each.code in CODES and each.span]
    lines = source.split("\n")
    return [(each.code, lines[each.span.start.line - 1][each.span.start.column : each.span.end.column]) for each in found]


FOUND = {
    LOAD + "m = LinearRegression().fit(X, y)\nprint(m.score(X, y))": [("NB308", "m.score(X, y)")],
    LOAD + SPLIT + "m = SVC()\nm.fit(X, y)\nm.score(X_test, y_test)": [("NB308", "m.score(X_test, y_test)")],
    LOAD + SPLIT + "m.fit(X_train, y_train)\np = m.predict(X_train)\nr2_score(y_train, p)": [("NB308", "r2_score(y_train, p)")],
    LOAD + SPLIT + "m = SVC().fit(X_train, y_train)\ntest_score = m.score(X_train, y_train)\nm.score(X_test, y_test)": [
        ("NB308", "m.score(X_train, y_train)")
    ],
    LOAD + "s = StandardScaler()\nX = s.fit_transform(X)\n" + SPLIT: [("NB309", "s.fit_transform(X)")],
    LOAD + "s = StandardScaler()\ns.fit(X)\nX = s.transform(X)\n" + SPLIT: [("NB309", "s.fit(X)")],
    LOAD + "df[['a']] = MinMaxScaler().fit_transform(df[['a']])\ntrain, test = train_test_split(df)": [
        ("NB309", "MinMaxScaler().fit_transform(df[['a']])")
    ],
    LOAD + "X = scale(X)\ncross_val_score(SVC(), X, y)": [("NB309", "scale(X)")],
    LOAD + "Xr, yr = SMOTE().fit_resample(X, y)\na, b, c, d = train_test_split(Xr, yr)": [("NB309", "SMOTE().fit_resample(X, y)")],
    LOAD + SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.fit_transform(X_test)": [
        ("NB309", "s.fit_transform(X_test)")
    ],
    LOAD + "X = pd.get_dummies(X)\nm = SVC().fit(X, y)\njoblib.dump(m, f)": [("NB310", "pd.get_dummies(X)")],
    LOAD + "X['a'] = X['a'].fillna(X['a'].mean())\nm = SVC().fit(X, y)\njoblib.dump(m, f)": [("NB310", "X['a'].fillna(X['a'].mean())")],
    LOAD + "X = (X - X.mean()) / X.std()\nm = SVC().fit(X, y)\njoblib.dump(m, f)": [
        ("NB310", "X - X.mean()"),
        ("NB310", "(X - X.mean()) / X.std()"),
    ],
    LOAD + "df['d'] = pd.to_datetime(df['d'])\na, b = train_test_split(df)": [("NB311", "train_test_split")],
    LOAD + "df['d'] = pd.to_datetime(df['d'])\nfor a, b in KFold(3).split(df):\n    print(df.iloc[a])": [("NB311", "KFold(3).split")],
}


@pytest.mark.parametrize(
    ("source", "expected"), FOUND.items(), ids=[source.removeprefix(LOAD).split("\n")[0] + str(n) for n, source in enumerate(FOUND)]
)
def test_found(source, expected) -> None:
    assert findings(source) == expected


QUIET = [
    LOAD + SPLIT + "m = SVC().fit(X_train, y_train)\nprint(m.score(X_train, y_train), m.score(X_test, y_test))",
    LOAD + "m = SVC()\nprint(cross_val_score(m, X, y))\nm.fit(X, y)\nprint(m.score(X, y))",
    LOAD + "m = GridSearchCV(SVC(), {})\nm.fit(X, y)\nprint(m.best_score_, m.score(X, y))",
    LOAD + "m = KMeans(3, random_state=0).fit(X)\nprint(m.score(X))",
    LOAD + "X = PolynomialFeatures().fit_transform(X)\n" + SPLIT,
    LOAD + "y = LabelEncoder().fit_transform(y)\n" + SPLIT,
    LOAD + SPLIT + "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)",
    LOAD + "s = StandardScaler()\nX = s.fit_transform(X)\nm = SVC().fit(X, y)\njoblib.dump({'m': m, 's': s}, f)",
    LOAD + "m = make_pipeline(StandardScaler(), SVC()).fit(X, y)\njoblib.dump(m, f)",
    LOAD + "X = X.fillna(0)\nm = SVC().fit(X, y)\njoblib.dump(m, f)",
    LOAD + "df['d'] = pd.to_datetime(df['d'])\na, b = train_test_split(df, shuffle=False)",
    LOAD + "df['d'] = pd.to_datetime(df['d'])\ncross_val_score(SVC(), df, y, cv=TimeSeriesSplit(3))",
    "(x_train, y_train), (x_test, y_test) = mnist.load_data()\nm.fit(x_train, y_train)\nprint(m.evaluate(x_test, y_test))",
    LOAD + "for a, b in KFold(3).split(X):\n    m = SVC().fit(X.iloc[a], y.iloc[a])\n    print(m.score(X.iloc[b], y.iloc[b]))",
    "def f(X, y):\n    return SVC().fit(X, y).score(X, y)",
]


@pytest.mark.parametrize("source", QUIET)
def test_quiet(source) -> None:
    assert findings(source) == []
