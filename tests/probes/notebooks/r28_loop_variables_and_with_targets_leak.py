# %% step:a
for i, (a, *b) in enumerate([(1, 2, 3), (4, 5, 6)]):
    total = a + sum(b)
import io
with io.StringIO("text") as handle:
    content = handle.read()
# %% step:b
print(i, a, b, total, content)
