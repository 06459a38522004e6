# slow
# %% step:a
import matplotlib.pyplot as plt
plt.rcParams["figure.figsize"] = (3, 2)
fig, ax = plt.subplots()
ax.plot([1, 2])
# %% step:b
ax.set_title("t")
ax.plot([2, 1])
# %% step:c
print(len(ax.lines), ax.get_title(), fig.axes[0] is ax, fig.get_size_inches().tolist())
plt.close("all")
