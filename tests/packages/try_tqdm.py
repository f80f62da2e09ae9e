# needs: tqdm
import io
from tqdm import tqdm, trange

out = io.StringIO()
total = 0
for number in tqdm(range(50), file=out, ncols=40, ascii=True, mininterval=0, desc="work"):
    total += number
print(total, "50/50" in out.getvalue(), "work" in out.getvalue())
print(tqdm.format_meter(5, 10, 2.0, ncols=50, ascii=True), tqdm.format_sizeof(123456), tqdm.format_interval(3700))
bar = tqdm(total=3, file=out, disable=False)
bar.update(2)
print(bar.n)
bar.close()
