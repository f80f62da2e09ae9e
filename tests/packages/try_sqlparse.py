# needs: sqlparse
import sqlparse

sql = "select a, b as c from t join u on t.id=u.id where x in (1,2) and y like 'z%' order by a desc; insert into t values (1)"
for statement in sqlparse.split(sql):
    print(sqlparse.format(statement, reindent=True, keyword_case="upper"))
parsed = sqlparse.parse(sql)[0]
print(parsed.get_type(), [str(token) for token in parsed.tokens if not token.is_whitespace])
