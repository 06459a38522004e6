# expect: NB401
# %% step:a
import sqlite3
con = sqlite3.connect(":memory:")
# %% step:b
print(con.execute("select 1").fetchone())
