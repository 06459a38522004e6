# %% step:a
%matplotlib inline
%env MY_MODE=fast
import os
print(os.environ["MY_MODE"])
# %% step:b
import os
print(os.environ.get("MY_MODE"))
