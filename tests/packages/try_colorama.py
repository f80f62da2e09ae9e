# needs: colorama
import io
from colorama import Back, Fore, Style, ansi
from colorama.ansitowin32 import AnsiToWin32

print(repr(Fore.RED + "x" + Style.RESET_ALL), repr(Back.BLUE), repr(ansi.Cursor.UP(3)), repr(ansi.set_title("t")))
stream = io.StringIO()
AnsiToWin32(stream, strip=True, convert=False).stream.write(Fore.GREEN + "plain" + Fore.RESET)
print(repr(stream.getvalue()))
