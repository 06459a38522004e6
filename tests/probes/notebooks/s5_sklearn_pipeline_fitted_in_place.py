# slow
# %% step:a
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
scaler, clf = StandardScaler(), LogisticRegression()
pipe = make_pipeline(scaler, clf)
# %% step:b
pipe.fit(X, y)
# %% step:c
print(scaler.mean_, clf.coef_.round(3), pipe.predict(X), pipe.named_steps["logisticregression"] is clf)
