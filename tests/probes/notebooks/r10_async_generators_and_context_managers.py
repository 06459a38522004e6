# %% step:a
import asyncio
async def agen():
    for i in range(3):
        yield i
class Conn:
    async def __aenter__(self): return self
    async def __aexit__(self, *a): self.closed = True
conn = Conn()
# %% step:b
got = [x async for x in agen()]
async with conn as c:
    inside = c is conn
# %% step:c
print(got, inside, conn.closed)
