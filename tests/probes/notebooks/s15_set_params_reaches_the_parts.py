# slow
# %% step:a
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
sc = StandardScaler()
pipe = make_pipeline(sc)
# %% step:b
pipe.set_params(standardscaler__with_mean=False)
# %% step:c
print(pipe[0].with_mean, sc.with_mean)
