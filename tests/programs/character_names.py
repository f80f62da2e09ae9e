# Names of characters are exact but for capitals, in literals and in unicodedata.
import unicodedata

NAMES = """low line|l o w line|LOW_LINE|lowline|NULL|N U L L|LF|l f|HANGUL SYLLABLE GA|hangul syllable ga
CJK UNIFIED IDEOGRAPH-4E00|cjk unified ideograph-4e00|TIBETAN LETTER -A|tibetan letter -a|tibetanletter - a|latin small letter gha
LATIN-SMALL LETTER GHA|FSSP|KEYCAP DIGIT ONE|TANGUT IDEOGRAPH-17000|BELL|ALERT|HYPHEN MINUS|hyphen-minus|CJK COMPATIBILITY IDEOGRAPH-F900
HANGUL JUNGSEONG O-E|HANGUL JUNGSEONG OE|ZWJ|zero width joiner|VS17|VARIATION SELECTOR-17| SPACE|SPACE """


def outcome(function, name):
    try:
        return ascii(function(name))
    except (KeyError, SyntaxError) as error:
        return f"{type(error).__name__}: {error}"


for name in NAMES.replace("\n", "|").split("|"):
    literal = outcome(lambda name: eval(rf"'\N{{{name}}}'"), name)
    print(repr(name), literal, outcome(unicodedata.lookup, name), sep=" | ")
