# Databases: statements and their values, transactions, functions, what watches, errors.
import sqlite3
import datetime

db = sqlite3.connect(":memory:")
print(sqlite3.paramstyle, sqlite3.apilevel, db.isolation_level == "", db.in_transaction, db.autocommit)
cursor = db.execute("create table t(a integer primary key, b text, c real, d blob)")
print(cursor.description, cursor.rowcount, cursor.lastrowid, cursor.fetchone())
cursor.execute("insert into t values(?, ?, ?, ?)", (1, "één", 1.5, b"\x00\x01"))
print(cursor.rowcount, cursor.lastrowid, db.in_transaction)
cursor.executemany("insert into t(b, c, d) values(:b, :c, :d)", ({"b": str(i), "c": i / 2, "d": None} for i in range(5)))
print(cursor.rowcount, db.total_changes)
db.commit()
print(db.execute("select * from t order by a").fetchall())
cursor.execute("select a, b as 'x [text]' from t")
print(cursor.description, cursor.fetchmany(2), cursor.arraysize, cursor.fetchone(), len(list(cursor)))
print(db.execute("update t set c = 0 where a > 2 returning a").fetchall())
db.rollback()
print(db.execute("select sum(c) from t").fetchone())
for value in (None, 0, -1, 2**63 - 1, -2**63, 1.0, float("inf"), "", "a\x00b", "\U0001F600", b"", bytearray(b"ba"), memoryview(b"mv"), True):
    print(type(value).__name__, db.execute("select ?, typeof(?1)", (value,)).fetchone())


def tried(function, *arguments, **named):
    try:
        print("   no error", type(function(*arguments, **named)).__name__)
    except Exception as e:
        print("  ", type(e).__module__, type(e).__qualname__, e, getattr(e, "sqlite_errorcode", None), getattr(e, "sqlite_errorname", None))


print("errors")
execute = db.execute
tried(execute, "select")
tried(execute, "select 1; select 2")
tried(execute, "select 1; -- end\n /* x */ ")
tried(execute, "")
tried(execute, "select \x00")
tried(execute, 1)
tried(execute, "select ?")
tried(execute, "select ?", (1, 2))
tried(execute, "select :a", {"b": 1})
tried(execute, "select :a", (1,))
tried(execute, "select ?", {"b": 1})
tried(execute, "select ?", 5)
tried(execute, "select ?", (2**63,))
tried(execute, "select ?", (object,))
tried(execute, "select :name", {"name": 1j})
tried(execute, "select ?", ("\ud800",))
tried(execute, "insert into t(a) values(1)")
tried(execute, "select * from nothing")
tried(db.executemany, "select ?", [(1,)])
tried(sqlite3.connect, "/nonexistent/folder/file.db")
tried(sqlite3.connect, ":memory:", isolation_level="BOGUS")
tried(sqlite3.connect, ":memory:", autocommit=5)
tried(setattr, db, "isolation_level", 1)
tried(db.cursor, lambda connection: None)
db.execute("create unique index i on t(b)")
tried(execute, "insert into t(b) values('1')")
tried(execute, "create table t(x)")
tried(db.getlimit, 999)
closed = sqlite3.connect(":memory:")
other = closed.cursor()
closed.close()
closed.close()
tried(closed.execute, "select 1")
tried(other.execute, "select 1")
tried(lambda: closed.in_transaction)
done = db.cursor()
done.close()
tried(done.execute, "select 1")
tried(done.fetchone)

print("rows")
db.row_factory = sqlite3.Row
row = db.execute("select a, b as Name, c from t").fetchone()
print(type(row), tuple(row), row["NAME"], row[0], row[-1], row[0:2], row.keys(), len(row), row == row, hash(row) == hash(row))
tried(row.__getitem__, "missing")
tried(row.__getitem__, 10)
tried(row.__getitem__, 1.5)
db.row_factory = lambda cursor, values: {column[0]: value for column, value in zip(cursor.description, values)}
print(db.execute("select 1 as one, 2 as two").fetchone())
db.row_factory = None
db.text_factory = bytes
print(db.execute("select 'é'").fetchone())
db.text_factory = lambda data: data.decode("latin-1")
print(db.execute("select 'é'").fetchone())
db.text_factory = str
tried(execute("select cast(x'ff' as text) as bad").fetchone)

print("transactions")
with db:
    db.execute("insert into t(b) values('kept')")
try:
    with db:
        db.execute("insert into t(b) values('lost')")
        raise KeyError
except KeyError:
    pass
print(db.execute("select b from t where b in ('kept', 'lost')").fetchall())
free = sqlite3.connect(":memory:", isolation_level=None)
free.execute("create table t(a)")
free.execute("insert into t values(1)")
print(free.in_transaction)
manual = sqlite3.connect(":memory:", autocommit=False)
print(manual.in_transaction, manual.autocommit)
manual.execute("create table t(a)")
manual.commit()
print(manual.in_transaction)
manual.rollback()
manual.autocommit = True
print(manual.in_transaction, manual.autocommit)
for level in ("DEFERRED", "immediate", "Exclusive", None, ""):
    db.isolation_level = level
    print(repr(db.isolation_level))

print("functions")
db.create_function("twice", 1, lambda value: value * 2)
db.create_function("many", -1, lambda *values: len(values), deterministic=True)
db.create_function("bad", 0, lambda: 1 / 0)
db.create_function("odd", 0, lambda: object())
print(db.execute("select twice(2), twice('ab'), twice(1.5), many(), many(1, null, x'00')").fetchone())
tried(execute("select twice(?)", (4,)).fetchone)
tried(execute, "select bad()")
tried(execute, "select odd()")
tried(execute, "select twice(null)")


class Product:
    def __init__(self):
        self.value = 1

    def step(self, value):
        self.value *= value

    def inverse(self, value):
        self.value //= value

    def finalize(self):
        return self.value


class Window(Product):
    value_ = 0

    def value(self):
        return self.total

    def __init__(self):
        self.total = 0

    def step(self, value):
        self.total += value

    def inverse(self, value):
        self.total -= value

    def finalize(self):
        return self.total


db.create_aggregate("product", 1, Product)
db.create_window_function("total_of", 1, Window)
print(db.execute("select product(a) from t").fetchone(), db.execute("select product(a) from t where 0").fetchone())
print(db.execute("select total_of(a) over (order by a rows between 1 preceding and 1 following) from t").fetchall())
print(db.execute("select b, product(a) from t group by b order by b").fetchall())
db.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(db.execute("select b from t order by b collate backwards").fetchall())
tried(db.create_collation, "x", 5)
db.create_function("twice", 1, None)

print("watching")
texts = []
db.set_trace_callback(texts.append)
db.execute("select ?", ("bound",)).fetchall()
db.set_trace_callback(None)
print(texts)
asked = []
db.set_authorizer(lambda *values: (asked.append(values), sqlite3.SQLITE_OK)[1])
db.execute("select b from t").fetchall()
print(asked)
db.set_authorizer(lambda *values: sqlite3.SQLITE_DENY)
tried(execute, "select b, c from t")
db.set_authorizer(None)
calls = []
db.set_progress_handler(lambda: calls.append(1), 1)
db.execute("select a from t union select b from t").fetchall()
db.set_progress_handler(lambda: 1, 1)
tried(execute, "select a from t union select b from t order by 1")
db.set_progress_handler(None, 0)
print(bool(calls))

print("types")
sqlite3.register_converter("point", lambda data: tuple(map(int, data.split(b";"))))


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __conform__(self, protocol):
        if protocol is sqlite3.PrepareProtocol:
            return f"{self.x};{self.y}"


typed = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
typed.execute("create table p(p point, q POINT(3), r)")
typed.execute("insert into p values(?, ?, ?)", (Point(1, 2), Point(3, 4), Point(5, 6)))
cursor = typed.execute("select p, q, r, r as 'r [point]', null as 'n [point]' from p")
print(cursor.fetchone(), [column[0] for column in cursor.description])
sqlite3.register_adapter(datetime.timedelta, lambda value: value.total_seconds())
print(typed.execute("select ?", (datetime.timedelta(1),)).fetchone())

print("scripts, dumps, copies")
script = sqlite3.connect(":memory:")
script.executescript("create table a(x, y); insert into a values(1, 'o''ne'); insert into a values(2, null); create view v as select x from a;")
print("\n".join(script.iterdump()))
tried(script.executescript, "select 1; bogus;")
copy = sqlite3.connect(":memory:")
steps = []
script.backup(copy, pages=1, progress=lambda status, left, all: steps.append((status, left, all)))
print(copy.execute("select * from a").fetchall(), steps)
tried(script.backup, script)
data = script.serialize()
again = sqlite3.connect(":memory:")
again.deserialize(data)
print(data[:15], again.execute("select x from v").fetchall())
print(sqlite3.complete_statement("select 1;"), sqlite3.complete_statement("select 1"))

print("blobs")
db.execute("create table blobs(b)")
db.execute("insert into blobs values(zeroblob(8))")
with db.blobopen("blobs", "b", 1) as blob:
    blob.write(b"abcd")
    print(len(blob), blob.tell(), blob.read(), blob.seek(0), blob.read(3), blob[0], blob[-1], blob[1:4], blob[::2])
    blob[0] = 90
    blob[4:6] = b"xy"
    tried(blob.write, b"123456789")
    tried(blob.__getitem__, 8)
    tried(blob.__setitem__, 0, 256)
    tried(blob.__setitem__, slice(0, 2), b"abc")
    tried(blob.seek, 9)
    tried(blob.__delitem__, 0)
tried(blob.read)
print(db.execute("select b from blobs").fetchone())
tried(db.blobopen, "blobs", "b", 99)


class Own(sqlite3.Connection):
    def cursor(self):
        return super().cursor(OwnCursor)


class OwnCursor(sqlite3.Cursor):
    def execute(self, sql, *arguments):
        self.ran = sql
        return super().execute(sql, *arguments)


own = sqlite3.connect(":memory:", factory=Own)
print(type(own).__name__, own.execute("select 1").fetchone(), own.cursor().execute("select 2").ran)


class Unready(sqlite3.Cursor):
    def __init__(self, connection):
        pass


tried(Unready(db).execute, "select 1")
tried(Unready(db).fetchall)
unready = sqlite3.Connection.__new__(sqlite3.Connection)
tried(unready.cursor)
tried(unready.close)
looping = db.cursor()
db.create_function("again", 0, lambda: looping.execute("select 1").fetchone()[0])
tried(lambda: looping.execute("select again()").fetchone())
