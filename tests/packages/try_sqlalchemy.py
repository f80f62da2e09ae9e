# needs: sqlalchemy
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, Session, selectinload
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "u"
    id: Mapped[int] = mapped_column(primary_key=True); name: Mapped[str]; posts: Mapped[list["Post"]] = relationship(back_populates="user")
class Post(Base):
    __tablename__ = "p"
    id: Mapped[int] = mapped_column(primary_key=True); uid: Mapped[int] = mapped_column(ForeignKey("u.id")); t: Mapped[str | None]; user: Mapped[User] = relationship(back_populates="posts")
e = create_engine("sqlite://"); Base.metadata.create_all(e)
with Session(e) as s:
    s.add(User(name="a", posts=[Post(t="x"), Post(t=None)])); s.commit()
    u = s.scalars(select(User).options(selectinload(User.posts)).where(User.name.like("a%"))).one(); print(u.name, [p.t for p in u.posts])
    print(s.execute(select(func.count(), User.name).join(Post).group_by(User.name)).all()); print(select(User).join(Post).where(Post.t == "x").order_by(desc(User.id)))
    try: s.add(Post()); s.flush()
    except Exception as ex: print(type(ex).__name__); s.rollback()
m = MetaData(); t = Table("t", m, Column("a", Integer), Column("b", String(5))); m.create_all(e)
with e.begin() as c: c.execute(t.insert(), [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]); print(c.execute(t.select().where(t.c.a > 1)).mappings().all(), c.execute(text("select :v + 1"), {"v": 3}).scalar())
