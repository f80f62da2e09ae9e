# needs: wheel
from wheel.wheelfile import WHEEL_INFO_RE

print(WHEEL_INFO_RE.match("a_b-1.0-1-py3-none-any.whl").groupdict())
