# slow
# %% step:a
import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
power = 2
class Raise(TransformerMixin, BaseEstimator):
    def __init__(self, k=1): self.k = k
    def fit(self, X, y=None):
        self.fitted_ = True
        return self
    def transform(self, X): return X ** power * self.k
def shift(X): return X + power
pipe = Pipeline([("shift", FunctionTransformer(shift)), ("raise", Raise(3))])
# %% step:b
pipe.fit(np.array([[1.0]]))
# %% step:c
print(pipe.transform(np.array([[1.0]])), pipe[1].fitted_, isinstance(pipe[1], Raise), pipe[0].func is shift)
