# %% step:a
b, cfg = {"x": 1}, {"n": 0}
# %% step:b
cfg.update(frame=b)
# %% step:c
b["y"] = 2
# %% step:d
print(cfg, cfg["frame"] is b)
