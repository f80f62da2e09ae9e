# What staticmethods and classmethods wrap is as constant as a method is.


class Meta(type):
    pass


class Ratio(metaclass=Meta):
    by = 3

    @staticmethod
    def scaled(x):
        return x * Ratio.by

    @classmethod
    def offset(cls, x):
        return x + cls.by


def main():
    ratio = Ratio()
    total = 0
    for i in range(60):
        total += ratio.scaled(i) + Ratio.offset(i)
    return total


assert main() == 60 * 59 // 2 * 4 + 180
