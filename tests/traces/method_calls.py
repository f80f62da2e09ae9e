# A method that makes a new instance each time: both calls are inlined, all but the last instance are never made.


class Point:
    def __init__(self, x):
        self.x = x

    def step(self, distance):
        return Point(self.x + distance)


def walk(n):
    point = Point(0)
    while point.x < n:
        point = point.step(1)
    return point.x


assert walk(60) == 60
