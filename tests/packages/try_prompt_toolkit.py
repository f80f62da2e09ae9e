# needs: prompt-toolkit wcwidth
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, WordCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import HTML, fragment_list_to_text, to_formatted_text
from prompt_toolkit.styles import Style
from prompt_toolkit.validation import ValidationError, Validator

document = Document("hello world\nsecond", 8)
print(document.text_before_cursor, document.get_word_under_cursor(), document.cursor_position_row, document.find("second"))
buffer = Buffer(multiline=True)
buffer.insert_text("abc def")
buffer.cursor_left(3)
buffer.delete_before_cursor(1)
print(buffer.text, buffer.cursor_position)
print([c.text for c in WordCompleter(["apple", "april", "bee"]).get_completions(Document("ap"), CompleteEvent())])
print(to_formatted_text(HTML("<b>x</b> <ansired>y</ansired>")), fragment_list_to_text(to_formatted_text("z")))
print(Style.from_dict({"a": "bold #ff0000"}).get_attrs_for_style_str("class:a"))
try:
    Validator.from_callable(str.isdigit, error_message="digits").validate(Document("x"))
except ValidationError as error:
    print(error)
