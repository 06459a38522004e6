# xfail: pickle builds an exception anew from its args, not from what its class was called with
# %% step:a
class MyError(ValueError):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
def risky(x):
    if x > 1:
        raise MyError(x)
    return x
# %% step:b
try:
    risky(5)
except MyError as error:
    caught = error
    print("caught", error)
# %% step:c
print(caught.code, isinstance(caught, MyError), str(caught))
