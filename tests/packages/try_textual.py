# needs: textual
import asyncio
from textual.app import App, ComposeResult
from textual.widgets import Button, Static, Input, DataTable
from textual.css.parse import parse
class Demo(App):
    CSS = "Screen { align: center middle; } #go { width: 20; background: red; }"
    def compose(self) -> ComposeResult:
        yield Static("hello", id="s"); yield Input(id="i"); yield Button("Go", id="go"); yield DataTable()
    def on_button_pressed(self, e): self.query_one("#s", Static).update("pressed"); self.done = True
async def main():
    app = Demo()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.click("#go"); await pilot.pause(); print(app.done, app.query_one("#go").size)
        await pilot.click("#i"); await pilot.press("a", "b"); print(app.query_one(Input).value)
        t = app.query_one(DataTable); t.add_columns("x", "y"); t.add_row("1", "2"); await pilot.pause(); print(t.row_count)
asyncio.run(main())
