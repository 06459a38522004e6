# %% step:a
a, b = [1], []
x = a or b
y = b if b else a
z = (a, b)[0]
w = {"k": a}.get("k")
v = next(iter([a]))
u = max([a, b], key=len)
t = [a, b].pop(0)
s = sorted([a, b], key=len)[-1]
r = [i for i in (a, b) if i][0]
# %% step:b
x.append(2); y.append(3); z.append(4); w.append(5); v.append(6); u.append(7); t.append(8); s.append(9); r.append(10)
# %% step:c
print(a, b)
