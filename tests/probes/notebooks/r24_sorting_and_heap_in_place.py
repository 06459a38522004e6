# %% step:a
import heapq, bisect, random
h, s = [5, 1, 4], [1, 3]
heapq.heapify(h)
# %% step:b
heapq.heappush(h, 0)
bisect.insort(s, 2)
h.sort(reverse=True)
# %% step:c
print(h, s)
