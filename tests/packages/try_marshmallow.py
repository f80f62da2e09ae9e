# needs: marshmallow
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates


class Item(Schema):
    name = fields.Str(required=True, validate=validate.Length(min=2))
    price = fields.Decimal(as_string=True)
    when = fields.Date()


class Order(Schema):
    id = fields.Int(required=True)
    items = fields.List(fields.Nested(Item))
    mail = fields.Email(load_default=None)

    @post_load
    def make(self, data, **kwargs):
        data["made"] = True
        return data


print(Order().load({"id": "3", "items": [{"name": "ab", "price": "1.50", "when": "2020-02-03"}]}))
print(Order().dump({"id": 1, "items": [{"name": "x", "price": 2}]}))
try:
    Order().load({"items": [{"name": "a"}], "mail": "no", "other": 1})
except ValidationError as error:
    print(error.messages)
