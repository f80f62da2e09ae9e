# needs: babel
from datetime import date
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

print(Locale.parse("de_CH").get_display_name("en"), format_date(date(2020, 3, 4), locale="fr"), format_decimal(1234567.891, locale="de"))
print(format_currency(12.5, "EUR", locale="en_US"), format_percent(0.256, locale="en"), Locale("pl").plural_form(3), Locale("en").territories["CH"])
