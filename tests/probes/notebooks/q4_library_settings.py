# %% step:a
import decimal, sys, locale
decimal.getcontext().prec = 6
sys.setrecursionlimit(2345)
# %% step:b
import decimal
print(decimal.Decimal(1) / decimal.Decimal(3))
import sys
print(sys.getrecursionlimit())
