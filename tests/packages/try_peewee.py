# needs: peewee
from peewee import *
db = SqliteDatabase(":memory:")
class Base(Model):
    class Meta: database = db
class User(Base): name = CharField(unique=True); age = IntegerField(default=3)
class Tweet(Base): user = ForeignKeyField(User, backref="tweets"); text = TextField(); when = DateTimeField(null=True)
db.connect(); db.create_tables([User, Tweet])
a = User.create(name="a"); b = User.create(name="b", age=9)
Tweet.insert_many([{"user": a, "text": f"t{i}"} for i in range(3)]).execute()
print([t.text for t in a.tweets.order_by(Tweet.text.desc())], User.select().where(User.age > 5).get().name)
print(User.select(User.name, fn.COUNT(Tweet.id).alias("n")).join(Tweet, JOIN.LEFT_OUTER).group_by(User.name).order_by(User.name).sql())
print([(u.name, u.n) for u in User.select(User.name, fn.COUNT(Tweet.id).alias("n")).join(Tweet, JOIN.LEFT_OUTER).group_by(User.name).order_by(User.name)])
try: User.create(name="a")
except IntegrityError as e: print(e)
try: User.get(User.name == "zz")
except User.DoesNotExist as e: print(type(e).__name__)
with db.atomic() as tx: User.create(name="c"); tx.rollback()
print(User.select().count(), User.update(age=1).where(User.name << ["a", "b"]).execute(), list(User.select().tuples()))
from playhouse.shortcuts import model_to_dict; print(model_to_dict(Tweet.get_by_id(1)))
