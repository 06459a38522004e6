# %% step:a
a = 1
# %% step:b
%%bash
echo from bash
for i in 1 2; do echo $i; done
# %% step:c
print(a)
