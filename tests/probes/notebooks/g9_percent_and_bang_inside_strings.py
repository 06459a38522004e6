# %% step:a
doc = """
%matplotlib inline
!ls
? what
"""
# %% step:b
print(doc.strip().splitlines())
