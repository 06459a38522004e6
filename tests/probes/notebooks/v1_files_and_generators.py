# %% step:split
import os
import pickle
from pathlib import Path

import numpy as np
import pandas as pd

np.random.seed(0)
order = np.random.permutation(10)
os.makedirs("made/here", exist_ok=True)
pd.DataFrame({"a": order}).to_csv("made/here/order.csv", index=False)
with open("made/model.pkl", "wb") as file:
    pickle.dump({"w": order.sum()}, file)
folder = Path("made")
(folder / "note.txt").write_text("x")
# %% step:noise
noise = np.random.rand(3)
print(noise)
# %% step:last
frame = pd.read_csv("made/here/order.csv")
with open("made/model.pkl", "rb") as file:
    model = pickle.load(file)
print(frame.a.tolist(), model, Path("made/note.txt").read_text(), np.random.rand())
# %% step:under
from sklearn.linear_model import SGDClassifier

print(SGDClassifier(max_iter=5, tol=None).fit(noise.reshape(-1, 1), [0, 1, 0]).coef_, np.random.randint(100))
