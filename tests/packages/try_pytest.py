# needs: pytest pluggy iniconfig packaging pygments
import io, os, sys, tempfile, contextlib
import pytest

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "test_demo.py"), "w") as file:
        file.write('''
import pytest

@pytest.fixture
def number():
    yield 5

@pytest.mark.parametrize("n,double", [(1, 2), (2, 4), (3, 7)])
def test_double(n, double):
    assert n * 2 == double

def test_fixture(number, tmp_path, monkeypatch):
    monkeypatch.setenv("X", "1")
    (tmp_path / "f").write_text("t")
    assert number == 5

def test_raises():
    with pytest.raises(ZeroDivisionError, match="division"):
        1 / 0

@pytest.mark.skip(reason="no")
def test_skipped():
    pass

def test_compare():
    assert {"a": [1, 2]} == {"a": [1, 3]}
''')
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", folder, "-rN", "--no-header", folder])
    text = out.getvalue()
    print(int(status), "2 failed, 4 passed, 1 skipped" in text, "assert (3 * 2) == 7" in text, "At index 1 diff: 2 != 3" in text)
