# %% step:a
import asyncio
async def fetch(n):
    await asyncio.sleep(0)
    return n * factor
factor = 3
# %% step:b
value = await fetch(2)
values = [await fetch(i) for i in range(2)]
# %% step:c
print(value, values)
