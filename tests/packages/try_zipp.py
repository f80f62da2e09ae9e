# needs: zipp
import io, zipfile
import zipp

archive = zipfile.ZipFile(io.BytesIO(), "w")
for name in ("a.txt", "b/c.txt", "b/d/e.txt"):
    archive.writestr(name, name.upper())
archive.filename = "x.zip"
root = zipp.Path(archive)
print([str(p) for p in root.iterdir()], (root / "b" / "c.txt").read_text(), root.joinpath("b").is_dir(), sorted(str(p) for p in root.glob("**/*.txt")))
