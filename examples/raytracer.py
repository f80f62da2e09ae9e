"""A ray tracer that draws spheres over a chequered floor as text."""

import math
import sys
import time


class Vec:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vec(self.x - other.x, self.y - other.y, self.z - other.z)

    def scale(self, factor):
        return Vec(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self.scale(1.0 / math.sqrt(self.dot(self)))


class Sphere:
    def __init__(self, centre, radius, shine):
        self.centre = centre
        self.radius = radius
        self.shine = shine

    def hit(self, origin, ray):
        to_centre = self.centre - origin
        along = to_centre.dot(ray)
        square = self.radius * self.radius - to_centre.dot(to_centre) + along * along
        if square < 0.0:
            return None
        distance = along - math.sqrt(square)
        return distance if distance > 0.001 else None

    def normal(self, at):
        return (at - self.centre).unit()

    def tone(self, at):
        return 0.9


class Floor:
    shine = 0.25

    def __init__(self, height):
        self.height = height

    def hit(self, origin, ray):
        if ray.y > -0.0001:
            return None
        distance = (self.height - origin.y) / ray.y
        return distance if distance > 0.001 else None

    def normal(self, at):
        return Vec(0.0, 1.0, 0.0)

    def tone(self, at):
        return 0.9 if (math.floor(at.x) + math.floor(at.z)) % 2 == 0 else 0.35


LIGHT = Vec(-5.0, 8.0, -6.0)


def nearest(scene, origin, ray):
    best = None
    best_distance = 1e9
    for thing in scene:
        distance = thing.hit(origin, ray)
        if distance is not None and distance < best_distance:
            best = thing
            best_distance = distance
    return best, best_distance


def trace(scene, origin, ray, depth):
    thing, distance = nearest(scene, origin, ray)
    if thing is None:
        return 0.25 + 0.3 * max(0.0, ray.y)
    at = origin + ray.scale(distance)
    normal = thing.normal(at)
    to_light = (LIGHT - at).unit()
    light = 0.1
    if nearest(scene, at, to_light)[0] is None:
        light += 0.9 * max(0.0, normal.dot(to_light))
    tone = thing.tone(at) * light
    if depth > 0:
        mirrored = ray - normal.scale(2.0 * ray.dot(normal))
        tone += thing.shine * (trace(scene, at, mirrored, depth - 1) - tone)
    return tone


def render(width, height, turn):
    scene = [Floor(-1.0)]
    for i in range(5):
        angle = turn + i * 2.0 * math.pi / 5.0
        centre = Vec(2.2 * math.cos(angle), 0.3 * math.sin(angle * 2.0), 3.5 + 2.2 * math.sin(angle))
        scene.append(Sphere(centre, 0.8, 0.4))
    eye = Vec(0.0, 0.8, -3.0)
    rows = []
    for row in range(height):
        line = []
        for column in range(width):
            x = (column + 0.5) / width * 2.0 - 1.0
            y = 1.0 - (row + 0.5) / height * 2.0
            ray = Vec(x * 1.2, y * 0.8, 2.0).unit()
            tone = trace(scene, eye, ray, 2)
            line.append(" .:-=+*#%@"[min(9, max(0, int(tone * 10.0)))])
        rows.append("".join(line))
    return "\n".join(rows)


if __name__ == "__main__":
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    started = time.perf_counter()
    for frame in range(frames):
        picture = render(72, 30, frame * 0.1)
    elapsed = time.perf_counter() - started
    print(picture)
    print(f"{frames} frames in {elapsed:.3f} s", file=sys.stderr)
