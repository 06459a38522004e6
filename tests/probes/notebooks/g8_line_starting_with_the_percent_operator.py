# %% step:a
text = ("%s and %s"
% ("a",
"b"))
n = (17
%5)
# %% step:b
print(text, n)
