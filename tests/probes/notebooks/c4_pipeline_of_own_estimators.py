# %% step:a
class Scaler:
    mean_ = None
    def fit(self, xs):
        self.mean_ = sum(xs) / len(xs)
        return self
class Model:
    coef_ = None
    def fit(self, xs):
        self.coef_ = max(xs)
        return self
class Pipe:
    def __init__(self, *parts):
        self.parts = parts
    def fit(self, xs):
        for part in self.parts:
            part.fit(xs)
        return self
scaler, clf = Scaler(), Model()
pipe = Pipe(scaler, clf)
# %% step:b
pipe.fit([1, 2, 3])
# %% step:c
print(clf.coef_, scaler.mean_)
print(pipe.parts[1] is clf)
